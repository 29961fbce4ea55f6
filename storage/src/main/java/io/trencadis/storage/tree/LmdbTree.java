package io.trencadis.storage.tree;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.storage.StoredVersion;
import io.trencadis.storage.lmdb.LmdbEnvironment;
import io.trencadis.storage.lmdb.LmdbException;
import io.trencadis.storage.lmdb.LmdbTable;
import io.trencadis.storage.lmdb.LmdbTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// The base tree on LMDB: one environment a node, with its default sync.
///
/// Readers take their transaction from a pool, copy a batch and put it back. The map of the file is
/// replaced by a larger one when a write meets its end; the replacing waits until no reader is in
/// the middle of a batch, and readers wait for it.
public final class LmdbTree implements BaseTree {
  private static final String FILE = "data.mdb";
  private static final long MAYBE_UNWRITTEN_BYTES = 1 << 20;
  private static final int MAX_READERS = 4096;

  /// Reads by key within one transaction: the longer it is, the longer the writer has to wait for
  /// pages to use again, and a file for growing.
  private static final int MOST_AT_ONCE = 1024;

  private static final int OWNER_ONLY = 0600;

  /// A multiple of every page size.
  private static final long MAP_UNIT = 1 << 16;

  private static final int NO_SPACE = 28;
  private static final int IO_ERROR = 5;

  /// With less than this left, an I/O error was a short write: LMDB reports those as one.
  private static final long NEARLY_FULL_BYTES = 16 << 20;

  private static final long READER_WAIT_NANOS = 20_000;

  private final Path directory;
  private final LmdbSize size;
  private final LmdbEnvironment env;
  private final Tables tables;

  /// The one used last comes first, for what the caches still have of it.
  private final Deque<Reader> idle = new ConcurrentLinkedDeque<>();

  private final Object gate = new Object();
  private final List<Reader> readers = new ArrayList<>();
  private volatile boolean gateShut;

  /// Held while the file is copied: its map must stay where it is.
  private final ReentrantLock copying = new ReentrantLock();

  private boolean closed;
  private long mapBytes;
  private SqlException fatal;

  /// A pooled read transaction.
  private static final class Reader {
    final TxnView view;

    /// Between taking it out of the pool and putting it back.
    volatile boolean busy;

    Reader(TxnView view) {
      this.view = view;
    }
  }

  private LmdbTree(Path directory, int shards, LmdbSize size, boolean readOnly) {
    this.directory = directory;
    this.size = size;
    long present;
    try {
      if (!readOnly) {
        Files.createDirectories(directory);
      }
      Path file = directory.resolve(FILE);
      present = readOnly || Files.exists(file) ? Files.size(file) : 0;
      mapBytes = Math.max(size.initialBytes(), present + present / 4);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mapBytes = (mapBytes + MAP_UNIT - 1) / MAP_UNIT * MAP_UNIT;
    env =
        LmdbEnvironment.open(
            directory,
            LmdbEnvironment.NO_THREAD_LOCAL_STORAGE
                | (readOnly ? LmdbEnvironment.READ_ONLY | LmdbEnvironment.NO_LOCK : 0),
            mapBytes,
            shards + 3,
            MAX_READERS,
            OWNER_ONLY);
    try {
      if (readOnly) {
        requireWhole(present);
      }
      tables = openTables(shards, !readOnly);
    } catch (RuntimeException e) {
      env.close();
      throw e;
    }
    if (present == 0) {
      syncNames(directory);
      syncNames(directory.toAbsolutePath().getParent());
    }
  }

  /// Pages that the file should have and has not would be the end of the process when they are
  /// touched. The very last ones may be missing: those that a transaction took and gave back.
  private void requireWhole(long present) {
    long needed = env.pages() * env.pageBytes();
    if (present < needed - MAYBE_UNWRITTEN_BYTES) {
      throw new SqlException(
          SqlState.DATA_CORRUPTED,
          "the base tree in " + directory + " has " + present + " bytes of " + needed);
    }
  }

  /// LMDB syncs its file, not the directory's entry for it.
  private static void syncNames(Path directory) {
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Loads LMDB's native library, which takes a while and is otherwise done by the first [#open].
  public static void loadLibrary() {
    LmdbEnvironment.loadLibrary();
  }

  /// Opens the tree of a directory, or makes an empty one.
  ///
  /// @param directory created if need be; no other process may have it open
  /// @param shards the number the directory was made with
  /// @throws SqlException 55000 if the directory was made with another number of shards or by
  ///   another version; 58030 if it cannot be opened
  public static LmdbTree open(Path directory, int shards, LmdbSize size) {
    return open(directory, shards, size, false);
  }

  /// As [#open], for a tree that nobody writes to: no file is changed or made, and nobody is kept
  /// out. [#update] fails.
  ///
  /// @throws SqlException as [#open]; 58030 too if there is no tree, XX001 if it is cut short
  public static LmdbTree openReadOnly(Path directory, int shards) {
    return open(directory, shards, LmdbSize.DEFAULT, true);
  }

  private static LmdbTree open(Path directory, int shards, LmdbSize size, boolean readOnly) {
    LmdbTree tree;
    try {
      tree = new LmdbTree(directory, shards, size, readOnly);
    } catch (LmdbException | UncheckedIOException e) {
      throw new SqlException(
          SqlState.IO_ERROR, "could not open the base tree in " + directory + ": " + e, e);
    }
    try {
      tree.checkFormat(shards, readOnly);
      return tree;
    } catch (RuntimeException e) {
      tree.close();
      throw e;
    }
  }

  private Tables openTables(int shards, boolean make) {
    try (LmdbTransaction txn = make ? env.beginWrite() : env.beginRead()) {
      List<LmdbTable> open = new ArrayList<>();
      for (int i = 0; i < shards; i++) {
        open.add(env.openTable(txn, "shard." + i, make));
      }
      Tables all =
          new Tables(
              open,
              env.openTable(txn, "continuations", make),
              env.openTable(txn, "deletions", make),
              env.openTable(txn, "meta", make));
      // A reader's too: the tables stay open only then.
      txn.commit();
      return all;
    }
  }

  private void checkFormat(int shards, boolean readOnly) {
    byte[] format = meta(TreeMeta.FORMAT);
    if (format == null && readOnly) {
      throw new SqlException(
          SqlState.DATA_CORRUPTED, "the base tree in " + directory + " has no format");
    }
    if (format == null) {
      update(
          writer -> {
            writer.putMeta(TreeMeta.FORMAT, TreeMeta.ofInt(TreeMeta.FORMAT_VERSION));
            writer.putMeta(TreeMeta.SHARDS, TreeMeta.ofInt(shards));
          });
      return;
    }
    if (TreeMeta.toInt(format) != TreeMeta.FORMAT_VERSION) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "the base tree in "
              + directory
              + " has format "
              + TreeMeta.toInt(format)
              + ", this server writes "
              + TreeMeta.FORMAT_VERSION);
    }
    int made = TreeMeta.toInt(meta(TreeMeta.SHARDS));
    if (made != shards) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "the base tree in " + directory + " has " + made + " shards, not " + shards);
    }
  }

  @Override
  public int shards() {
    return tables.shards().size();
  }

  @Override
  public StoredVersion get(int shard, byte[] key) {
    Reader reader = acquire();
    try {
      return reader.view.get(shard, key);
    } catch (LmdbException e) {
      throw readFailed(e);
    } finally {
      release(reader);
    }
  }

  @Override
  public void get(int shard, byte[][] keys, int count, StoredVersion[] found) {
    for (int done = 0; done < count; ) {
      int to = Math.min(count, done + MOST_AT_ONCE);
      Reader reader = acquire();
      try {
        for (; done < to; done++) {
          found[done] = reader.view.getNear(shard, keys[done]);
        }
      } catch (LmdbException e) {
        throw readFailed(e);
      } finally {
        release(reader);
      }
    }
  }

  @Override
  public void read(int shard, byte[] from, byte[] to, boolean reverse, RowBatch batch) {
    batch.reset();
    Reader reader = acquire();
    try {
      reader.view.read(shard, from, to, reverse, batch);
    } catch (LmdbException e) {
      throw readFailed(e);
    } finally {
      release(reader);
    }
  }

  @Override
  public byte[] meta(String name) {
    return reading(view -> view.meta(name));
  }

  @Override
  public SortedMap<String, byte[]> metaWithPrefix(String prefix) {
    return reading(view -> view.metaWithPrefix(prefix));
  }

  private <R> R reading(Function<TxnView, R> work) {
    Reader reader = acquire();
    try {
      return work.apply(reader.view);
    } catch (LmdbException e) {
      throw readFailed(e);
    } finally {
      release(reader);
    }
  }

  private Reader acquire() {
    Reader reader = idle.pollFirst();
    if (reader == null) {
      reader = newReader();
    }
    reader.busy = true;
    while (gateShut) {
      reader.busy = false;
      synchronized (gate) {
        requireOpen();
      }
      reader.busy = true;
    }
    try {
      reader.view.renew();
    } catch (LmdbException e) {
      reader.busy = false;
      throw readFailed(e);
    }
    return reader;
  }

  private Reader newReader() {
    synchronized (gate) {
      requireOpen();
      try {
        LmdbTransaction txn = env.beginRead();
        txn.reset();
        Reader reader = new Reader(new TxnView(tables, txn));
        readers.add(reader);
        return reader;
      } catch (LmdbException e) {
        throw readFailed(e);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new SqlException(SqlState.ADMIN_SHUTDOWN, "the base tree is closed");
    }
  }

  private void release(Reader reader) {
    reader.view.txn.reset();
    reader.busy = false;
    idle.addFirst(reader);
  }

  /// Runs something while no reader is inside a transaction. The caller holds the gate.
  private void withoutReaders(Runnable work) {
    gateShut = true;
    try {
      for (Reader reader : readers) {
        while (reader.busy) {
          LockSupport.parkNanos(READER_WAIT_NANOS);
        }
      }
      work.run();
    } finally {
      gateShut = closed;
    }
  }

  @Override
  public synchronized void update(Consumer<TreeWriter> work) {
    if (Thread.currentThread().isVirtual()) {
      // LMDB's writer lock belongs to the operating system's thread, which may change under it.
      throw new IllegalStateException("a virtual thread cannot write to the tree");
    }
    if (fatal != null) {
      throw fatal;
    }
    while (!attempt(work)) {
      grow();
    }
  }

  /// @return false if the map is full
  private boolean attempt(Consumer<TreeWriter> work) {
    try (LmdbTransaction txn = env.beginWrite()) {
      LmdbWriter writer = new LmdbWriter(tables, txn);
      try {
        work.accept(writer);
      } finally {
        writer.closeCursors();
      }
      txn.commit();
      return true;
    } catch (LmdbException e) {
      if (e.code() == LmdbException.MAP_FULL) {
        return false;
      }
      throw writeFailed(e);
    }
  }

  private void grow() {
    long larger = Math.min(size.maxBytes(), mapBytes * 2) / MAP_UNIT * MAP_UNIT;
    if (larger <= mapBytes) {
      throw new SqlException(SqlState.DISK_FULL, "the base tree has reached its maximum size")
          .detail("It may take " + size.maxBytes() + " bytes in " + directory + ".");
    }
    copying.lock();
    try {
      synchronized (gate) {
        withoutReaders(() -> env.setMapSize(larger));
      }
    } finally {
      copying.unlock();
    }
    mapBytes = larger;
  }

  @Override
  public void copyTo(Path target) {
    synchronized (this) {
      if (2 * statistics().fileBytes() > mapBytes) {
        // So that writing can go on: while it is copied, it cannot grow.
        grow();
      }
      copying.lock();
    }
    try {
      synchronized (gate) {
        requireOpen();
      }
      Files.createDirectories(target);
      env.copyTo(target);
      try (FileChannel copy = FileChannel.open(target.resolve(FILE), StandardOpenOption.WRITE)) {
        copy.force(true);
      }
      syncNames(target);
    } catch (LmdbException | IOException | UncheckedIOException e) {
      throw new SqlException(
          SqlState.IO_ERROR, "could not copy the base tree to " + target + ": " + e, e);
    } finally {
      copying.unlock();
    }
  }

  private SqlException readFailed(LmdbException e) {
    boolean damaged =
        e.code() == LmdbException.CORRUPTED || e.code() == LmdbException.PAGE_NOT_FOUND;
    return new SqlException(
        damaged ? SqlState.DATA_CORRUPTED : SqlState.IO_ERROR,
        "could not read the base tree in " + directory + ": " + e.getMessage(),
        e);
  }

  private SqlException writeFailed(LmdbException e) {
    int code = e.code();
    if (code == NO_SPACE || code == IO_ERROR && isNearlyFull()) {
      return new SqlException(
          SqlState.DISK_FULL, "could not write the base tree: No space left on device", e);
    }
    // No second try after a failed write or fsync: only what a new start finds is known.
    fatal =
        new SqlException(
            SqlState.IO_ERROR,
            "could not write the base tree in " + directory + ": " + e.getMessage(),
            e);
    return fatal;
  }

  private boolean isNearlyFull() {
    try {
      return Files.getFileStore(directory).getUsableSpace() < NEARLY_FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public TreeStatistics statistics() {
    return reading(
        view -> {
          List<LmdbTable.Statistics> tables = new ArrayList<>();
          List<Long> entries = new ArrayList<>();
          List<Long> bytes = new ArrayList<>();
          for (LmdbTable shard : this.tables.shards()) {
            LmdbTable.Statistics table = shard.statistics(view.txn);
            tables.add(table);
            entries.add(table.entries());
            bytes.add(table.bytes());
          }
          tables.add(this.tables.continuations().statistics(view.txn));
          return new TreeStatistics(
              env.pages() * tables.getFirst().pageBytes(),
              env.mapSize(),
              tables.stream().mapToLong(LmdbTable.Statistics::branchPages).sum(),
              tables.stream().mapToLong(LmdbTable.Statistics::leafPages).sum(),
              tables.stream().mapToLong(LmdbTable.Statistics::overflowPages).sum(),
              tables.stream().mapToInt(LmdbTable.Statistics::depth).max().orElse(0),
              entries,
              bytes);
        });
  }

  @Override
  public TreeReport verify() {
    while (true) {
      try {
        return reading(view -> new LmdbCheck(view, () -> gateShut).run());
      } catch (LmdbCheck.Interrupted e) {
        // The map has to grow, and everybody would wait for this walk. It starts again afterwards;
        // the map doubles, so not often.
        continue;
      }
    }
  }

  @Override
  public synchronized void close() {
    copying.lock();
    try {
      closeAll();
    } finally {
      copying.unlock();
    }
  }

  private void closeAll() {
    synchronized (gate) {
      if (closed) {
        return;
      }
      closed = true;
      withoutReaders(
          () -> {
            for (Reader reader : readers) {
              reader.view.closeCursors();
              reader.view.txn.close();
            }
            env.close();
          });
    }
  }
}
