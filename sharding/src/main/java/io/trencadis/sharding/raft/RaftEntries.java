package io.trencadis.sharding.raft;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.log.RecordReader;
import io.trencadis.storage.log.WriteAheadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The entries of all groups of a node, in its one write-ahead log: groups that append at the same
/// moment share an fsync. What the groups may still need is kept in memory, too, since the log is
/// read only at a start.
///
/// A record's body is a kind, the group, an index, and for entries their bytes; byte by byte in
/// `docs/storage-format.md`. Thread-safe.
final class RaftEntries {
  private static final int ENTRY = 16;
  private static final int PREFIX = 17;
  private static final int SUFFIX = 18;
  private static final int RESET = 19;

  /// An entry once more, so that the log's beginning can go.
  private static final int AGAIN = 20;

  /// An idle group whose entries hold the log's beginning back has them written again, if they are
  /// no more than this.
  private static final long SMALL_GROUP = 1 << 20;

  private final Map<Integer, GroupEntries> groups = new HashMap<>();
  private WriteAheadLog log;

  /// The end of the last record: every record is written here.
  private long end;

  /// For the opening of the write-ahead log: takes what it has of groups.
  RecordReader reader() {
    return this::read;
  }

  /// From now on entries are written there.
  void attach(WriteAheadLog opened) {
    log = opened;
    end = opened.end();
  }

  private synchronized void read(long recordEnd, ByteBuffer body) throws IOException {
    long start = end;
    end = recordEnd;
    byte[] copy = new byte[body.remaining()];
    body.get(copy);
    ByteReader in = new ByteReader(copy);
    int kind = in.getByte();
    GroupEntries entries = entries(in.getInt());
    long index = in.getLong();
    switch (kind) {
      case ENTRY -> entries.append(index, in.getBytes(in.remaining()), start);
      case AGAIN -> entries.moved(index, in.getBytes(in.remaining()), start);
      case PREFIX -> entries.truncatePrefix(index);
      case SUFFIX -> entries.truncateSuffix(index);
      case RESET -> entries.reset(index);
      default ->
          throw new IOException(
              "the log holds a record of kind " + kind + ", which this version does not know");
    }
  }

  private GroupEntries entries(int group) {
    return groups.computeIfAbsent(group, _ -> new GroupEntries());
  }

  synchronized long first(int group) {
    return entries(group).first();
  }

  synchronized long last(int group) {
    return entries(group).last();
  }

  synchronized byte[] get(int group, long index) {
    return entries(group).get(index);
  }

  /// Appends entries and returns when they are durable.
  ///
  /// @param from the first one's index
  void append(int group, long from, List<byte[]> encoded) throws IOException {
    long written;
    synchronized (this) {
      GroupEntries entries = entries(group);
      for (int i = 0; i < encoded.size(); i++) {
        long start = write(ENTRY, group, from + i, encoded.get(i));
        entries.append(from + i, encoded.get(i), start);
      }
      written = end;
    }
    log.awaitDurable(written);
  }

  /// @return the end of the record before, behind which this one is found
  private long write(int kind, int group, long index, byte[] entry) throws IOException {
    ByteWriter body = new ByteWriter(16 + entry.length);
    body.putByte(kind).putInt(group).putLong(index).putBytes(entry);
    long start = end;
    end = log.append(body.array(), 0, body.length());
    return start;
  }

  void truncatePrefix(int group, long firstKept) throws IOException {
    synchronized (this) {
      write(PREFIX, group, firstKept, new byte[0]);
      entries(group).truncatePrefix(firstKept);
    }
  }

  void truncateSuffix(int group, long lastKept) throws IOException {
    long written;
    synchronized (this) {
      write(SUFFIX, group, lastKept, new byte[0]);
      entries(group).truncateSuffix(lastKept);
      written = end;
    }
    log.awaitDurable(written);
  }

  void reset(int group, long next) throws IOException {
    long written;
    synchronized (this) {
      write(RESET, group, next, new byte[0]);
      entries(group).reset(next);
      written = end;
    }
    log.awaitDurable(written);
  }

  /// Bytes of entries that groups may still need.
  synchronized long bytes() {
    return groups.values().stream().mapToLong(GroupEntries::bytes).sum();
  }

  synchronized long bytes(int group) {
    return entries(group).bytes();
  }

  /// Up to where no group needs the write-ahead log: the end of a record, durable.
  long floor() throws IOException {
    long needed;
    long written;
    synchronized (this) {
      long behind = end - 2L * SMALL_GROUP;
      for (Map.Entry<Integer, GroupEntries> each : groups.entrySet()) {
        GroupEntries entries = each.getValue();
        if (entries.firstPosition() < behind && entries.bytes() <= SMALL_GROUP) {
          for (long index = entries.first(); index <= entries.last(); index++) {
            byte[] entry = entries.get(index);
            entries.moved(index, entry, write(AGAIN, each.getKey(), index, entry));
          }
        }
      }
      needed = end;
      for (GroupEntries entries : groups.values()) {
        needed = Math.min(needed, entries.firstPosition());
      }
      written = end;
    }
    log.awaitDurable(written);
    return needed;
  }
}
