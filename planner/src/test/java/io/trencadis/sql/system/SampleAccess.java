package io.trencadis.sql.system;

import io.trencadis.base.SqlState;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.functions.SystemViews;
import io.trencadis.sql.session.CatalogAccess;
import io.trencadis.sql.session.settings.SessionSettings;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.types.PgType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A session over the [Sample], in which every table has seven rows.
final class SampleAccess implements CatalogAccess {
  final List<String> notices = new ArrayList<>();
  private final Catalog catalog = Sample.catalog();
  private final SessionSettings settings =
      new SessionSettings(new SettingsRegistry(Map.of()), (_, _) -> {});
  private final Names names;
  private final CatalogAnswers answers;

  SampleAccess(SystemViews views, CatalogAnswers answers) {
    this.answers = answers;
    names =
        new Names(
            catalog,
            Catalog.POSTGRES_DATABASE,
            "postgres",
            List.of("public"),
            "pg_temp_1",
            this,
            views,
            new EmptyTables(),
            0);
  }

  /// Tables without rows, of which nothing is read.
  private static final class EmptyTables implements Names.Environment {
    @Override
    public double estimatedRows(TableDescriptor table) {
      return 0;
    }

    @Override
    public SystemView sequenceView(SequenceDescriptor sequence) {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  public void sendNotification(String channel, String payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> listeningChannels() {
    return List.of();
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public RoleDescriptor role() {
    return catalog.role(Catalog.BOOTSTRAP_ROLE);
  }

  @Override
  public SessionSettings settings() {
    return settings;
  }

  @Override
  public List<Activity> activity() {
    return List.of(
        new Activity(
            7,
            Catalog.POSTGRES_DATABASE,
            "postgres",
            Catalog.BOOTSTRAP_ROLE,
            "postgres",
            "test",
            null,
            -1,
            1,
            0,
            2,
            3,
            "idle",
            false,
            "select 1"));
  }

  @Override
  public List<PreparedInfo> preparedStatements() {
    return List.of(new PreparedInfo("s1", "select $1", 5, new int[] {23}, true));
  }

  @Override
  public List<io.trencadis.sharding.PreparedTransactions.View> preparedTransactions() {
    return List.of();
  }

  @Override
  public List<CursorInfo> cursors() {
    return List.of(new CursorInfo("c1", "select 1", false, false, true, 5));
  }

  @Override
  public long rowCount(TableDescriptor table) {
    return 7;
  }

  @Override
  public Long sequenceLastValue(SequenceDescriptor sequence) {
    return sequence.oid() == Sample.ID_SEQ ? 41L : null;
  }

  @Override
  public io.trencadis.sql.session.ActivityCounts activityCounts() {
    return new io.trencadis.sql.session.ActivityCounts();
  }

  @Override
  public io.trencadis.sql.session.StatementTimes statementTimes() {
    return new io.trencadis.sql.session.StatementTimes();
  }

  @Override
  public void resetCounts() {}

  @Override
  public io.trencadis.sql.session.AdvisoryLocks advisoryLocks() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<io.trencadis.sql.session.LockInfo> locks() {
    return List.of();
  }

  @Override
  public ClusterStatus clusterStatus() {
    return ClusterStatus.single(4, NodeCounters.NONE);
  }

  @Override
  public java.util.Map<Integer, List<Activity>> activityByNode() {
    return java.util.Map.of(0, activity());
  }

  @Override
  public NodeCounters nodeCounters() {
    return NodeCounters.NONE;
  }

  @Override
  public List<io.trencadis.sql.session.MoveProgress> moves() {
    return List.of();
  }

  @Override
  public String drain(int node, boolean force) {
    return "node " + node + " is drained" + (force ? " by force" : "");
  }

  @Override
  public String copies(int copies) {
    return "each shard is to have " + copies + " copies";
  }

  @Override
  public BackupResult backup(Path directory) {
    return new BackupResult(9, 3, directory.toString().length());
  }

  @Override
  public boolean signal(int processId, boolean terminate) {
    return processId == 7;
  }

  @Override
  public void notice(String severity, SqlState state, String message) {
    notices.add(severity + ": " + message);
  }

  @Override
  public long lookupReg(PgType regType, String text) {
    return answers.lookupReg(regType, text, this);
  }

  @Override
  public String regName(PgType regType, long oid) {
    return answers.regName(regType, oid, this);
  }
}
