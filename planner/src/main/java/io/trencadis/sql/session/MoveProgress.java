package io.trencadis.sql.session;

/// How far a move of a partition is. Written by the session that does it, read by anybody.
public final class MoveProgress {
  private final int processId;
  private final int databaseOid;
  private final int tableOid;
  private volatile State state = new State("initializing", 0, 0, 0);

  /// @param phase `initializing`, `copying rows` or `waiting for the last lock`
  /// @param rowsTotal how many rows there are, roughly
  /// @param rows how many of them were copied
  /// @param bytes their bytes
  public record State(String phase, long rowsTotal, long rows, long bytes) {}

  MoveProgress(int processId, int databaseOid, int tableOid) {
    this.processId = processId;
    this.databaseOid = databaseOid;
    this.tableOid = tableOid;
  }

  public int processId() {
    return processId;
  }

  public int databaseOid() {
    return databaseOid;
  }

  public int tableOid() {
    return tableOid;
  }

  public State state() {
    return state;
  }

  void begins(long rowsTotal) {
    state = new State("copying rows", rowsTotal, 0, 0);
  }

  void copied(long rows, long bytes) {
    state = new State(state.phase, state.rowsTotal, rows, bytes);
  }

  void ends() {
    state = new State("waiting for the last lock", state.rowsTotal, state.rows, state.bytes);
  }
}
