package io.trencadis.sql.session;

import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupProgress;

/// Tells a client how far its backup is, at each further twentieth.
final class BackupNotices implements BackupProgress {
  private static final int STEP_PERCENT = 5;

  private final SessionContext context;
  private long told;

  BackupNotices(SessionContext context) {
    this.context = context;
  }

  @Override
  public void copied(long done, long total) {
    long percent = total == 0 ? 0 : 100 * done / total;
    if (percent >= told + STEP_PERCENT) {
      told = percent;
      context.notice(
          "NOTICE",
          SqlState.SUCCESSFUL_COMPLETION,
          "backup: " + percent + " % of about " + (total >> 20) + " MiB");
    }
  }
}
