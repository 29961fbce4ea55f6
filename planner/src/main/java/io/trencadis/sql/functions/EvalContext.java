package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/// What functions may ask of the session they run in. The defaults answer 0A000, or a neutral value
/// where that is said; the session overrides them.
public interface EvalContext extends TypeContext {
  /// A session that has nothing: for folding constants and for tests.
  EvalContext NONE = new EvalContext() {};

  private static SqlException missing(String what) {
    return SqlException.notSupported(what + " outside of a session");
  }

  /// Start of the current statement, in microseconds since 2000-01-01 UTC.
  default long statementTimestampMicros() {
    return transactionTimestampMicros();
  }

  /// Now, in microseconds since 2000-01-01 UTC.
  default long clockTimestampMicros() {
    return statementTimestampMicros();
  }

  /// Waits, and ends early with 57014 if the statement is cancelled.
  default void sleepMicros(long micros) {
    throw missing("pg_sleep");
  }

  default String currentUser() {
    return "postgres";
  }

  default String sessionUser() {
    return currentUser();
  }

  default String currentDatabase() {
    return "postgres";
  }

  /// The schemas of `search_path` that exist, without the implicit ones.
  default List<String> searchPath() {
    return List.of("public");
  }

  default int backendPid() {
    return 0;
  }

  /// `version()`, whole.
  default String versionText() {
    return "PostgreSQL 15.0 (Trencadís)";
  }

  /// A parameter's value as SHOW prints it; null if there is no such parameter.
  default String setting(String name) {
    return null;
  }

  /// Changes a parameter as SET or, if `local`, SET LOCAL does. Returns the new value as SHOW
  /// prints it.
  default String setSetting(String name, String value, boolean local) {
    throw missing("set_config");
  }

  /// The session's generator behind `random()`.
  default RandomGenerator random() {
    throw missing("random");
  }

  /// `setseed`.
  default void seedRandom(double seed) {
    throw missing("setseed");
  }

  default long nextval(long sequenceOid) {
    throw missing("nextval");
  }

  default long currval(long sequenceOid) {
    throw missing("currval");
  }

  default long lastval() {
    throw new SqlException(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
  }

  default long setval(long sequenceOid, long value, boolean isCalled) {
    throw missing("setval");
  }

  /// The client's end of the session's connection; null where it has no Internet address.
  default InetSocketAddress clientAddress() {
    return null;
  }

  /// This end of the session's connection; null where it has no Internet address.
  default InetSocketAddress serverAddress() {
    return null;
  }

  /// The transaction's id for `txid_current()` and `pg_current_xact_id()`.
  ///
  /// @param assign whether one has to be given where there is none yet
  /// @return the id, or null if there is none and `assign` is false
  default Long transactionId(boolean assign) {
    return assign ? 0L : null;
  }

  /// The snapshot as `txid_current_snapshot()` prints it.
  default String snapshotText() {
    throw missing("txid_current_snapshot");
  }

  /// Functions that only the catalog can answer: `pg_get_*`, `*_is_visible`, `has_*_privilege`,
  /// `obj_description` and their like. Called for each of [Builtins#catalogFunctions].
  ///
  /// @param prosrc the function's internal name, which tells overloads apart, such as
  ///   `pg_table_is_visible`
  /// @param args not null where the function is strict
  default Object catalogFunction(String prosrc, Object[] args) {
    throw SqlException.notSupported("function " + prosrc);
  }

  /// The schema of the session's temporary tables where it comes first without being named; else
  /// null.
  default String temporarySchema() {
    return null;
  }

  /// Schemas as `current_schemas(includeImplicit)` gives them.
  default SqlArray currentSchemas(boolean includeImplicit) {
    List<Object> names = new java.util.ArrayList<>();
    if (includeImplicit && temporarySchema() != null) {
      names.add(temporarySchema());
    }
    if (includeImplicit && !searchPath().contains("pg_catalog")) {
      names.add("pg_catalog");
    }
    names.addAll(searchPath());
    return SqlArray.of(io.trencadis.sql.types.Types.NAME, names);
  }

  /// The value, if it is one of the type: see [PgType#hasRules].
  ///
  /// @param value may be null
  default Object checked(PgType type, Object value) {
    throw missing("domains");
  }

  /// Sends a NOTICE, WARNING or the like to the client.
  default void notice(String severity, SqlState state, String message) {
    // nobody listens
  }
}
