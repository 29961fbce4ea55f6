package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.BackupResult;
import io.trencadis.sharding.ClusterStatus;
import io.trencadis.sharding.NodeCounters;
import io.trencadis.sharding.PreparedTransactions;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.session.settings.FileSetting;
import io.trencadis.sql.session.settings.HostRuleInfo;
import io.trencadis.sql.session.settings.SessionSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What system views and catalog functions may ask of the session that reads them, beyond what
/// every function may. The [EvalContext] of a session's statements is always one.
public interface CatalogAccess extends EvalContext {
  /// One session of the server, for `pg_stat_activity`.
  ///
  /// @param state as in PostgreSQL: `active`, `idle`, `idle in transaction`, …
  /// @param waits for another transaction: for a lock, or to learn whether it has committed
  /// @param query the text of the last or running statement
  /// @param queryStartMicros since 2000-01-01 UTC; likewise the others, 0 for none
  record Activity(
      int processId,
      int databaseOid,
      String databaseName,
      int roleOid,
      String roleName,
      String applicationName,
      String clientAddress,
      int clientPort,
      long backendStartMicros,
      long transactionStartMicros,
      long queryStartMicros,
      long stateChangeMicros,
      String state,
      boolean waits,
      String query) {}

  /// A prepared statement of this session.
  record PreparedInfo(
      String name, String statement, long preparedMicros, int[] parameterTypes, boolean fromSql) {}

  /// An open cursor of this session.
  record CursorInfo(
      String name,
      String statement,
      boolean holdable,
      boolean binary,
      boolean scrollable,
      long createdMicros) {}

  /// The catalog and search path as the running statement sees them.
  Names names();

  RoleDescriptor role();

  SessionSettings settings();

  List<Activity> activity();

  /// The same, by the nodes that the sessions are of.
  Map<Integer, List<Activity>> activityByNode();

  List<PreparedInfo> preparedStatements();

  List<CursorInfo> cursors();

  /// NOTIFY, when the transaction commits.
  ///
  /// @throws SqlException 22023 for a bad channel or payload
  void sendNotification(String channel, String payload);

  /// What this session listens to.
  List<String> listeningChannels();

  /// The host rules, as their file has them now.
  default List<HostRuleInfo> hostRules() {
    return List.of();
  }

  /// The lines of the configuration files as they are now.
  default List<FileSetting> fileSettings() {
    return List.of();
  }

  /// Whether the current user is shown which file a setting's value is from.
  default boolean seesConfigurationFiles() {
    return true;
  }

  /// Reads the configuration files again; false where one of them cannot be used.
  default boolean reloadConfiguration() {
    return true;
  }

  /// When the server was started, in microseconds since 2000.
  default long startedMicros() {
    return 0;
  }

  /// When its configuration was read last, in microseconds since 2000.
  default long configuredMicros() {
    return startedMicros();
  }

  /// The transactions of the server that are prepared by name.
  List<PreparedTransactions.View> preparedTransactions();

  /// How many rows a table has, roughly.
  long rowCount(TableDescriptor table);

  /// The last value of a sequence, or null before the first.
  Long sequenceLastValue(SequenceDescriptor sequence);

  /// What sessions have locked and wait for. Asks the shards.
  List<LockInfo> locks();

  /// How the nodes and shards are. Asks the nodes.
  ClusterStatus clusterStatus();

  /// What this node has sent to others and written to its log since its start.
  NodeCounters nodeCounters();

  /// What sessions of this node move now.
  List<MoveProgress> moves();

  /// Has a node moved out of all groups; returns when that has begun.
  ///
  /// @param force also if fewer nodes are left than each shard has copies
  /// @return in a line what has begun
  String drain(int node, boolean force);

  /// Has each shard of the cluster have so many copies; returns when that has begun.
  ///
  /// @return in a line what has begun
  String copies(int copies);

  /// What was done to tables and databases.
  ActivityCounts activityCounts();

  /// How long statements took.
  StatementTimes statementTimes();

  /// Forgets all that was counted.
  void resetCounts();

  /// The advisory lock functions: `pg_advisory_lock` and its like.
  AdvisoryLocks advisoryLocks();

  /// Copies all data of this node into a directory of its machine; see
  /// [io.trencadis.sharding.Gateway#backup]. The client is sent notices of how far it is.
  ///
  /// @param directory absolute
  BackupResult backup(Path directory);

  /// Cancels (or with `terminate`, ends) the session with that process id; false if there is none.
  boolean signal(int processId, boolean terminate);
}
