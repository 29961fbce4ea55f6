package io.trencadis.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// A disk in memory that does, under a seed, what real ones do on bad days. It keeps what would
/// survive a loss of power apart from what a running server sees. Thread-safe, deterministic as far
/// as its callers are.
///
/// What a crash does: of each file's sectors written since the last force, any may be kept and any
/// lost; the file's length is anything from the forced one to the current; the changes of names in
/// a directory since its last sync are kept up to some moment and lost after it. Sectors are
/// written whole or not at all.
public final class FaultyDisk implements Disk {
  private final Random random;
  private final int sector;
  private final Map<Path, Node> names = new TreeMap<>();
  private final Map<Path, Node> durableNames = new TreeMap<>();
  private final Map<Path, List<Runnable>> renames = new HashMap<>();
  private final Set<Path> locked = new HashSet<>();
  private long capacity = Long.MAX_VALUE;
  private long used;
  private long operationsLeft = Long.MAX_VALUE;
  private boolean off;
  private int forcesUntilFailure = Integer.MAX_VALUE;
  private boolean forcesHeld;
  private long forces;
  private long writes;

  /// A disk whose sectors have 512 or 4,096 bytes, as the seed says.
  public FaultyDisk(long seed) {
    this(seed, new Random(~seed).nextBoolean() ? 512 : 4096);
  }

  /// @param sector bytes that are written as one
  public FaultyDisk(long seed, int sector) {
    // Random's first numbers hardly differ between small seeds.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.sector = sector;
  }

  /// From now on the disk holds this many bytes more than now; negative for no limit.
  public synchronized void limitTo(long bytesMore) {
    capacity = bytesMore < 0 ? Long.MAX_VALUE : used + bytesMore;
  }

  /// The power goes in the middle of the n-th change (write, force, name) from now, n from 1.
  public synchronized void powerOffAfter(long operations) {
    operationsLeft = operations;
  }

  /// Whether the power went.
  public synchronized boolean isOff() {
    return off;
  }

  /// The n-th force from now, n from 1, fails, and as in Linux the pages it was to write count as
  /// clean from then on.
  public synchronized void failForce(int nth) {
    forcesUntilFailure = nth;
  }

  /// From now on whoever forces a file waits, until [#letForces] or a [#crash].
  public synchronized void holdForces() {
    forcesHeld = true;
  }

  /// Whoever forces a file, or waits to, goes on.
  public synchronized void letForces() {
    forcesHeld = false;
    notifyAll();
  }

  private void awaitForces() throws IOException {
    try {
      while (forcesHeld) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// How many times a file was forced.
  public synchronized long forces() {
    return forces;
  }

  /// How many times a file was written.
  public synchronized long writes() {
    return writes;
  }

  /// Bytes that all files take.
  public synchronized long used() {
    return used;
  }

  /// Turns some bits of a byte over, on the disk itself.
  public synchronized void flip(Path file, long offset) {
    Node node = names.get(file);
    int mask = 1 + random.nextInt(255);
    node.content[(int) offset] ^= (byte) mask;
    if (offset < node.durable.length) {
      node.durable[(int) offset] ^= (byte) mask;
    }
  }

  /// What a file holds now, with its first `length` bytes.
  public synchronized byte[] content(Path file) {
    Node node = names.get(file);
    return Arrays.copyOf(node.content, node.size);
  }

  /// The power goes, if it has not, and comes back. Files opened before are of no use any more.
  public synchronized void crash() {
    off = false;
    operationsLeft = Long.MAX_VALUE;
    forcesUntilFailure = Integer.MAX_VALUE;
    for (List<Runnable> pending : renames.values()) {
      int kept = random.nextInt(pending.size() + 1);
      pending.subList(0, kept).forEach(Runnable::run);
    }
    renames.clear();
    locked.clear();
    names.clear();
    names.putAll(durableNames);
    Set<Node> nodes = new HashSet<>();
    used = 0;
    for (Map.Entry<Path, Node> entry : names.entrySet()) {
      if (nodes.add(entry.getValue())) {
        entry.getValue().crash();
        used += entry.getValue().size;
      }
    }
  }

  private void operation() throws PowerLossException {
    alive();
    if (--operationsLeft <= 0) {
      off = true;
    }
  }

  private void alive() throws PowerLossException {
    if (off) {
      throw new PowerLossException();
    }
  }

  private final class Node implements DiskFile {
    private final Path path;
    private byte[] content = new byte[0];
    private int size;
    private byte[] durable = new byte[0];
    private int durableSize;
    private final BitSet dirty = new BitSet();
    private boolean named = true;

    Node(Path path) {
      this.path = path;
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      synchronized (FaultyDisk.this) {
        alive();
        int count = (int) Math.max(0, Math.min(into.remaining(), size - offset));
        if (count > 0) {
          into.put(content, (int) offset, count);
        }
        return count;
      }
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      synchronized (FaultyDisk.this) {
        operation();
        writes++;
        int count = from.remaining();
        if (off) {
          // The power goes in the middle, between two sectors.
          long end = (offset + random.nextInt(count + 1)) / sector * sector;
          count = (int) Math.max(0, end - offset);
        }
        long room = capacity == Long.MAX_VALUE ? Long.MAX_VALUE : size + capacity - used;
        boolean full = named && offset + count > Math.max(size, room);
        if (full) {
          count = (int) Math.max(0, room - offset);
        }
        put(from, (int) offset, count);
        alive();
        if (full) {
          throw new DiskFullException(path, null);
        }
      }
    }

    private void put(ByteBuffer from, int offset, int count) {
      int end = offset + count;
      if (count == 0) {
        return;
      }
      if (end > content.length) {
        content = Arrays.copyOf(content, Math.max(end, 2 * content.length));
      }
      from.get(content, offset, count);
      if (end > size) {
        used += named ? end - size : 0;
        size = end;
      }
      int firstSector = offset / sector;
      int lastSector = (end - 1) / sector;
      dirty.set(firstSector, lastSector + 1);
      if (random.nextInt(4) == 0) {
        // The operating system writes a page on its own: a crash may find it as it is now.
        keep(firstSector + random.nextInt(lastSector - firstSector + 1));
      }
    }

    /// Makes one sector durable as it is now.
    private void keep(int number) {
      int from = number * sector;
      int to = Math.min(from + sector, size);
      if (to <= from) {
        return;
      }
      if (to > durable.length) {
        durable = Arrays.copyOf(durable, Math.max(to, 2 * durable.length));
      }
      System.arraycopy(content, from, durable, from, to - from);
      durableSize = Math.max(durableSize, to);
    }

    @Override
    public void force() throws IOException {
      synchronized (FaultyDisk.this) {
        awaitForces();
        operation();
        forces++;
        boolean fails = --forcesUntilFailure <= 0;
        for (int at = dirty.nextSetBit(0); at >= 0; at = dirty.nextSetBit(at + 1)) {
          if (!off && !fails || random.nextBoolean()) {
            keep(at);
          }
        }
        if (off) {
          alive();
        }
        dirty.clear();
        if (fails) {
          forcesUntilFailure = Integer.MAX_VALUE;
          throw new IOException("Input/output error");
        }
        durableSize = size;
        if (durable.length < size) {
          durable = Arrays.copyOf(durable, size);
        }
      }
    }

    @Override
    public void preallocate(long offset, long bytes) throws IOException {
      write(ByteBuffer.allocate((int) bytes), offset);
    }

    @Override
    public long size() throws IOException {
      synchronized (FaultyDisk.this) {
        alive();
        return size;
      }
    }

    @Override
    public void close() {
      // Reading and writing a closed file is not something this disk looks for.
    }

    private void crash() {
      for (int at = dirty.nextSetBit(0); at >= 0; at = dirty.nextSetBit(at + 1)) {
        if (random.nextBoolean()) {
          keep(at);
        }
      }
      dirty.clear();
      if (size > durableSize && random.nextBoolean()) {
        durableSize += random.nextInt(size - durableSize + 1);
      }
      size = durableSize;
      durable = Arrays.copyOf(durable, size);
      content = durable.clone();
    }
  }

  private void change(Path directory, Runnable durably) {
    renames.computeIfAbsent(directory, _ -> new ArrayList<>()).add(durably);
  }

  @Override
  public synchronized DiskFile open(Path file) throws IOException {
    alive();
    Node node = names.get(file);
    if (node == null) {
      throw new NoSuchFileException(file.toString());
    }
    return node;
  }

  @Override
  public synchronized DiskFile create(Path file) throws IOException {
    operation();
    if (names.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Node node = new Node(file);
    names.put(file, node);
    change(file.getParent(), () -> durableNames.put(file, node));
    alive();
    return node;
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    // Directories are there when something is in them.
    alive();
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    alive();
    return names.keySet().stream().filter(path -> directory.equals(path.getParent())).toList();
  }

  @Override
  public synchronized boolean exists(Path file) throws IOException {
    alive();
    return names.containsKey(file);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    operation();
    Node node = names.remove(file);
    if (node != null) {
      forget(node);
      change(file.getParent(), () -> durableNames.remove(file));
    }
    alive();
  }

  private void forget(Node node) {
    node.named = false;
    used -= node.size;
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    operation();
    Node node = names.remove(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    Node old = names.put(to, node);
    if (old != null) {
      forget(old);
    }
    change(
        to.getParent(),
        () -> {
          durableNames.remove(from);
          durableNames.put(to, node);
        });
    alive();
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    operation();
    alive();
    List<Runnable> pending = renames.remove(directory);
    if (pending != null) {
      pending.forEach(Runnable::run);
    }
  }

  @Override
  public synchronized Closeable lock(Path file) throws IOException {
    alive();
    if (!locked.add(file)) {
      throw new IOException("lock file \"" + file + "\" is held by a running server");
    }
    return () -> {
      synchronized (this) {
        locked.remove(file);
      }
    };
  }
}
