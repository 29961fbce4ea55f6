package io.trencadis.storage.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// An environment: one file with named tables in it (`MDB_env`).
///
/// Any number of threads may begin read transactions; write transactions exclude each other, across
/// processes. Changing the size of the map and closing must not overlap with anything else. Every
/// method throws [LmdbException] if the call fails.
public final class LmdbEnvironment implements AutoCloseable {
  /// Transactions belong to objects, not to threads (`MDB_NOTLS`).
  public static final int NO_THREAD_LOCAL_STORAGE = 0x200000;

  /// Nothing is written (`MDB_RDONLY`).
  public static final int READ_ONLY = 0x20000;

  /// Takes no locks and makes no lock file (`MDB_NOLOCK`): the caller knows that nobody writes.
  public static final int NO_LOCK = 0x400000;

  /// [#copyTo] leaves out free pages (`MDB_CP_COMPACT`).
  private static final int COMPACT = 0x01;

  private static final int CREATE = 0x40000;

  private final long env;

  private final int pageBytes;

  private LmdbEnvironment(long env) {
    this.env = env;
    this.pageBytes = readPageBytes();
  }

  /// Loads the native library, which is otherwise done by the first [#open].
  public static void loadLibrary() {
    Lmdb.failure("mdb_strerror", 0);
  }

  /// Opens the environment of a directory.
  ///
  /// @param directory must exist
  /// @param flags of the constants above, or-ed
  /// @param mapBytes upper limit of the file's size, a multiple of the page size
  /// @param maxTables how many named tables can be open
  /// @param maxReaders how many read transactions can be open
  /// @param mode permissions of files made
  public static LmdbEnvironment open(
      Path directory, int flags, long mapBytes, int maxTables, int maxReaders, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
      Lmdb.check("mdb_env_create", Lmdb.ENV_CREATE, result.address(), 0, 0, 0, 0);
      long env = result.get(ValueLayout.JAVA_LONG, 0);
      try {
        Lmdb.check("mdb_env_set_mapsize", Lmdb.ENV_SET_MAPSIZE, env, mapBytes, 0, 0, 0);
        Lmdb.check("mdb_env_set_maxdbs", Lmdb.ENV_SET_MAXDBS, env, maxTables, 0, 0, 0);
        Lmdb.check("mdb_env_set_maxreaders", Lmdb.ENV_SET_MAXREADERS, env, maxReaders, 0, 0, 0);
        long path = arena.allocateFrom(directory.toString()).address();
        Lmdb.check("mdb_env_open", Lmdb.ENV_OPEN, env, path, flags, mode, 0);
        return new LmdbEnvironment(env);
      } catch (LmdbException e) {
        // What could not be opened still has to be given back.
        Lmdb.call(Lmdb.ENV_CLOSE, env);
        throw e;
      }
    }
  }

  /// Sets the upper limit of the file's size. No transaction may be open.
  public void setMapSize(long bytes) {
    Lmdb.check("mdb_env_set_mapsize", Lmdb.ENV_SET_MAPSIZE, env, bytes, 0, 0, 0);
  }

  /// Opens a named table, for use after the transaction has committed.
  ///
  /// @param create whether to make it if there is none; the transaction must then be a writer
  /// @throws LmdbException [LmdbException#NOT_FOUND] if there is none and none is to be made
  public LmdbTable openTable(LmdbTransaction txn, String name, boolean create) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
      long text = arena.allocateFrom(name).address();
      Lmdb.check(
          "mdb_dbi_open",
          Lmdb.DBI_OPEN,
          txn.handle(),
          text,
          create ? CREATE : 0,
          result.address(),
          0);
      return new LmdbTable(result.get(ValueLayout.JAVA_INT, 0));
    }
  }

  public LmdbTransaction beginRead() {
    return begin(READ_ONLY);
  }

  /// Waits for the other write transaction, if there is one.
  public LmdbTransaction beginWrite() {
    return begin(0);
  }

  private LmdbTransaction begin(int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
      Lmdb.check("mdb_txn_begin", Lmdb.TXN_BEGIN, env, 0, flags, result.address(), 0);
      boolean readsPages = flags == READ_ONLY && pageBytes == LmdbPage.BYTES;
      return new LmdbTransaction(result.get(ValueLayout.JAVA_LONG, 0), readsPages);
    }
  }

  /// Upper limit of the file's size, in bytes.
  public long mapSize() {
    return info(1);
  }

  /// The number of pages that the file has room for in use, or had.
  public long pages() {
    return info(2) + 1;
  }

  /// Bytes of a page.
  public int pageBytes() {
    return pageBytes;
  }

  /// Looks at no page but the two that every environment begins with.
  private int readPageBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stat = arena.allocate(5 * Long.BYTES, Long.BYTES);
      Lmdb.check("mdb_env_stat", Lmdb.ENV_STAT, env, stat.address(), 0, 0, 0);
      return stat.getAtIndex(ValueLayout.JAVA_INT, 0);
    }
  }

  /// A word of `MDB_envinfo`: 1 the map's size, 2 the last page's number.
  private long info(int word) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(5 * Long.BYTES, Long.BYTES);
      Lmdb.check("mdb_env_info", Lmdb.ENV_INFO, env, info.address(), 0, 0, 0);
      return info.getAtIndex(ValueLayout.JAVA_LONG, word);
    }
  }

  /// Writes a copy as of one transaction, without its free pages; writers go on meanwhile. The copy
  /// is not synced.
  ///
  /// @param directory must exist and be empty
  public void copyTo(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom(directory.toString()).address();
      Lmdb.check("mdb_env_copy2", Lmdb.ENV_COPY, env, path, COMPACT, 0, 0);
    }
  }

  /// Closes the file. All transactions must have ended.
  @Override
  public void close() {
    Lmdb.call(Lmdb.ENV_CLOSE, env);
  }
}
