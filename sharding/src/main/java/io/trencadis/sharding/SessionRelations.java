package io.trencadis.sharding;

/// System relations of a cluster whose rows are of its sessions: they mean nothing where those are
/// not, and no backup has them.
public final class SessionRelations {
  /// Notifications that sessions have yet to read; 3 is that of [SessionLocks].
  public static final int NOTIFICATIONS = 4;

  /// Who holds an advisory lock for longer than a transaction.
  public static final int LOCK_HOLDERS = 5;

  private SessionRelations() {}

  /// Whether a relation's rows are of sessions.
  public static boolean has(int relationId) {
    return relationId == SessionLocks.RELATION
        || relationId == NOTIFICATIONS
        || relationId == LOCK_HOLDERS;
  }
}
