package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Execution;
import io.trencadis.sql.execute.TableWriter;
import io.trencadis.sql.session.Notice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What a DDL statement works on. Confined to the session's thread.
public interface DdlContext {
  /// The names as the transaction sees them, its own changes included.
  Names names();

  default Catalog catalog() {
    return names().catalog();
  }

  default int databaseOid() {
    return names().databaseOid();
  }

  /// The current role.
  RoleDescriptor role();

  /// The role that the session has logged in as, or changed to by SET SESSION AUTHORIZATION.
  RoleDescriptor sessionRole();

  /// The name and checked value of a setting, as SET, RESET or SET … FROM CURRENT mean it for the
  /// sessions to come; the value is null for RESET.
  ///
  /// @throws SqlException 42704 for an unknown name, 22023 for a bad value
  Map.Entry<String, String> startSetting(Statement set);

  /// The store's transaction, with the catalog locked for it.
  Transaction store();

  /// Runs work as the owner of a schema, which comes first in the search path meanwhile.
  void within(SchemaDescriptor schema, Runnable work);

  /// Changes descriptors by oid, for this transaction at once; null removes. The shards of a
  /// changed table, which must be locked or new, are told its schema version.
  void change(Map<Integer, Descriptor> changes);

  /// Whether what takes long may be only begun, for others to go on with beside running statements.
  boolean beside();

  /// Stands for this life of this node.
  long incarnation();

  default void put(Descriptor descriptor) {
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(descriptor.oid(), descriptor);
    change(changes);
  }

  /// Stores a changed table, and its partitions: plans of the older versions fail from now on.
  default void putFamily(TableDescriptor changed) {
    put(changed);
    for (TableDescriptor partition : catalog().partitionsOf(changed.oid())) {
      putFamily(partition.change().build());
    }
  }

  default void remove(int oid) {
    Map<Integer, Descriptor> changes = new LinkedHashMap<>();
    changes.put(oid, null);
    change(changes);
  }

  /// The schema of the session's temporary tables, made now if need be.
  SchemaDescriptor temporarySchema();

  /// What happens to a temporary table when a transaction commits, for as long as it is there.
  void onCommit(int tableOid, Statement.OnCommit action);

  int newOid();

  int newRelationId();

  int shardCount();

  /// See [io.trencadis.sharding.Gateway#shardBytes].
  long[] shardBytes();

  TableWriter.RowIds rowIds();

  /// A run of expressions and plans in this transaction.
  Execution execution(Object[] slots);

  void checkInterrupts();

  /// How much may be read at a time, by the settings `vacuum_cost_*`.
  CostDelay costDelay();

  void notice(Notice notice);

  /// Something to do once the transaction has committed.
  void afterCommit(Runnable action);

  /// Tells the statistics that a table has so many rows.
  void rows(int tableOid, long rows);

  /// Whether other sessions use a database.
  boolean databaseInUse(int databaseOid);

  /// How many transactions are prepared by name in a database.
  int preparedTransactions(int databaseOid);

  /// Reads the body of a routine that was just made, unless `check_function_bodies` is off.
  ///
  /// @throws SqlException what is wrong with it
  void checkRoutine(RoutineDescriptor routine);

  /// Analyzes the WHEN condition of a trigger that is about to be made.
  ///
  /// @throws SqlException what is wrong with it
  void checkTrigger(Statement.CreateTrigger create, TableDescriptor table);

  /// Oids of the users' routines that the body of one in SQL's own syntax calls.
  Set<Integer> routinesOf(RoutineDescriptor routine);

  /// The SCRAM-SHA-256 verifier of a password, in PostgreSQL's form.
  String passwordVerifier(String password);
}
