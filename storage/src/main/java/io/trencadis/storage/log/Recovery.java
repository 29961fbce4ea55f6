package io.trencadis.storage.log;

import io.trencadis.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads the log after a start, decides where it ends, and makes that end final.
///
/// **Torn or damaged.** Groups are written one after the other, each only when the one before is
/// durable, and each fragment says up to where that was. A crash may keep any sectors of the last
/// group and lose others. So where the first bad fragment is at B, a valid one behind it proves
/// damage if it says that the log was durable beyond B; one that does not belongs to the same torn
/// group, and was acknowledged to nobody.
///
/// **The cut.** What a torn group left behind the cut must never be taken for new records. Every
/// opening starts a new generation, named in a fragment at the cut; checksums cover the generation,
/// so nothing older is valid behind it, however the positions happen to meet. Segments behind the
/// cut get the new generation in their headers before that.
///
/// **fsync's lies.** What could be read may be in the operating system's cache only, marked clean
/// by an fsync that failed before the restart. Everything not proven durable is written once more.
final class Recovery {
  /// How many generations beyond the current one a valid fragment may have: as many openings may
  /// have died between a new segment's header and the fragment that names the generation.
  private static final int GENERATIONS_AHEAD = 16;

  private final Disk disk;
  private final Path directory;

  /// Null where nothing is to be changed.
  private final Segments segments;

  private final long from;
  private final RecordReader replay;
  private final Fragment fragments = new Fragment();
  private final Window window = new Window();
  private final List<Segment> opened = new ArrayList<>();

  /// A record of several fragments as far as it was read.
  private byte[] parts = new byte[0];

  private int partsLength;
  private boolean inRecord;
  private long recordStart;
  private long recordGeneration;

  private long generation;
  private long durable;
  private long records;
  private boolean orderly;
  private long tornUpTo;

  /// The oldest segment, the one that holds the end, and the newest.
  Segment head;

  Segment at;
  Segment tail;

  /// Where the next fragment goes.
  long end;

  Recovery(Disk disk, Path directory, Segments segments, long from, RecordReader replay) {
    this.disk = disk;
    this.directory = directory;
    this.segments = segments;
    this.from = from;
    this.replay = replay;
  }

  /// The generation of everything from now on.
  long generation() {
    return generation;
  }

  /// @throws LogDamagedException naming file and offset
  void run() throws IOException {
    try {
      disk.createDirectories(directory);
      disk.delete(directory.resolve(Segments.UNFINISHED));
      link();
      read();
      finish();
    } catch (IOException | RuntimeException fault) {
      for (Segment segment : opened) {
        segment.file.close();
      }
      segments.close();
      throw fault;
    }
  }

  /// Reads all that a start would read, writes nothing, and leaves damage to be told.
  LogReport check() throws IOException {
    LogDamagedException damage = null;
    try {
      link();
      read();
    } catch (LogDamagedException found) {
      damage = found;
    } finally {
      for (Segment segment : opened) {
        segment.file.close();
      }
    }
    long bytes = head == null ? 0 : Math.max(0, end - head.begin());
    long torn = damage == null ? tornUpTo - end : 0;
    return new LogReport(
        opened.size(), bytes, records, end, damage == null && orderly, torn, damage);
  }

  /// Finds the segments from the one that holds `from`, and gives the older ones away.
  private void link() throws IOException {
    for (Path path : disk.list(directory)) {
      String name = path.getFileName().toString();
      if (Segments.isSegment(name)) {
        long first = Segments.first(name);
        var file = disk.open(path);
        opened.add(new Segment(path, file, first, file.size()));
      }
    }
    opened.sort((a, b) -> Long.compareUnsigned(a.first, b.first));
    if (opened.isEmpty()) {
      if (from > 0 || segments == null) {
        throw new LogDamagedException(
            directory, 0, "there is no segment, but position " + from + " was once durable");
      }
      Segment segment = null;
      while (segment == null) {
        segment = segments.allocate(0, 1, true);
      }
      opened.add(segment);
    }
    while (opened.size() > 1 && opened.get(1).first <= from) {
      Segment old = opened.removeFirst();
      if (segments == null) {
        old.file.close();
      } else if (old.end - old.first < 4096 || (old.end - old.first) % 4096 != 0) {
        segments.discard(old);
      } else {
        segments.release(old);
      }
    }
    head = opened.getFirst();
    tail = head;
    if (head.first > from && head.first > 0) {
      throw new LogDamagedException(
          directory, 0, "the segment that holds position " + from + " is missing");
    }
    for (Segment segment : opened) {
      if (segment != head) {
        if (segment.first != tail.end) {
          throw new LogDamagedException(
              directory, 0, "the segment that begins at position " + tail.end + " is missing");
        }
        tail.next = segment;
        tail = segment;
      }
    }
  }

  private void read() throws IOException {
    at = head;
    generation = at.readHeader().generation();
    durable = at.begin();
    end = at.begin();
    while (true) {
      if (at.end - end < Fragment.SMALLEST) {
        if (at.next == null) {
          break;
        }
        enter(at.next);
      }
      int index = window.at(at, end, Fragment.HEADER);
      if (!Fragment.plausible(window.bytes, index, end, at.end - end)) {
        break;
      }
      int size = Fragment.size(Fragment.length(window.bytes, index));
      index = window.at(at, end, size);
      if (!fragments.valid(window.bytes, index, end, generation)) {
        break;
      }
      durable = Math.max(durable, Fragment.durable(window.bytes, index, end));
      take(index, end + size);
      end += size;
    }
    long bad = end;
    if (bad < from || inRecord && recordStart < from) {
      throw damaged(at, bad, "the log was once durable up to position " + from);
    }
    tornUpTo = bad;
    lookForDamage(bad);
    if (segments == null) {
      lookForTornFragment(bad);
    }
    if (inRecord) {
      end = recordStart;
      // The segments it went on in may be of a newer one, by an opening that died at work on them.
      generation = recordGeneration;
      for (at = head; at.end <= end; ) {
        at = at.next;
      }
    }
  }

  private void enter(Segment next) throws IOException {
    long before = generation;
    generation = next.readHeader().generation();
    if (generation < before) {
      throw new LogDamagedException(
          next.path, 16, "it is of generation " + generation + ", the log before it of " + before);
    }
    at = next;
    end = next.begin();
  }

  private void take(int index, long after) throws IOException {
    int length = Fragment.length(window.bytes, index);
    int body = index + Fragment.HEADER;
    int kind = Fragment.kind(window.bytes, index);
    orderly = kind == Fragment.CLOSE;
    boolean goesOn = kind == Fragment.MIDDLE || kind == Fragment.LAST;
    if (goesOn && !inRecord && at == head && after <= from) {
      // Its beginning was in a segment that is no longer needed.
      return;
    }
    if (goesOn != inRecord) {
      throw damaged(at, end, "a record does not go on where it should");
    }
    switch (kind) {
      case Fragment.FULL -> replay(body, length, after, end);
      case Fragment.FIRST -> {
        inRecord = true;
        recordStart = end;
        recordGeneration = generation;
        partsLength = 0;
        collect(body, length);
      }
      case Fragment.MIDDLE -> collect(body, length);
      case Fragment.LAST -> {
        collect(body, length);
        inRecord = false;
        if (after > from) {
          checkBoundary(recordStart);
          records++;
          replay.record(after, ByteBuffer.wrap(parts, 0, partsLength).slice());
        }
        if (parts.length > Fragment.MAX_BODY) {
          parts = new byte[0];
        }
      }
      case Fragment.GENERATION -> {
        long next = window.bytes.getLong(body);
        if (length != 8 || next <= generation) {
          throw damaged(at, end, "generation " + next + " follows generation " + generation);
        }
        generation = next;
      }
      default -> {
        // An orderly end says nothing more than where it is.
      }
    }
  }

  private void replay(int body, int length, long after, long start) throws IOException {
    if (after > from) {
      checkBoundary(start);
      records++;
      replay.record(after, window.bytes.slice(body, length));
    }
  }

  private void checkBoundary(long start) throws LogDamagedException {
    if (start < from) {
      throw damaged(at, end, "position " + from + " is not between two records");
    }
  }

  private void collect(int body, int length) {
    if (partsLength + length > parts.length) {
      int room = Math.max(partsLength + length, (int) Math.min(2L * parts.length, 1 << 30));
      parts = Arrays.copyOf(parts, room);
    }
    window.bytes.get(body, parts, partsLength, length);
    partsLength += length;
  }

  /// Throws if a valid fragment behind the first bad one proves that this was durable once.
  private void lookForDamage(long bad) throws IOException {
    long position = bad;
    for (Segment segment = at; segment != null; segment = segment.next) {
      if (segment != at) {
        segment.readHeader();
        position = segment.begin();
      }
      for (position = window.pastZeros(segment, position);
          segment.end - position >= Fragment.HEADER;
          position = window.pastZeros(segment, position + 8)) {
        int index = window.at(segment, position, Fragment.HEADER);
        if (!Fragment.plausible(window.bytes, index, position, segment.end - position)) {
          continue;
        }
        boolean damage = Fragment.durable(window.bytes, index, position) > bad;
        int size = Fragment.size(Fragment.length(window.bytes, index));
        // Who only wants to know the end need not compute the checksums of a torn group.
        if ((damage || segments == null) && validInSomeGeneration(segment, position)) {
          if (damage) {
            throw damaged(at, bad, "a later record at position " + position + " is whole");
          }
          tornUpTo = position + size;
        }
      }
    }
  }

  /// Whether the first bad fragment is one that was being written, not the remains of an older
  /// generation.
  private void lookForTornFragment(long bad) throws IOException {
    if (at.end - bad < Fragment.SMALLEST) {
      return;
    }
    int index = window.at(at, bad, Fragment.HEADER);
    if (!Fragment.plausible(window.bytes, index, bad, at.end - bad)) {
      return;
    }
    int size = Fragment.size(Fragment.length(window.bytes, index));
    index = window.at(at, bad, size);
    for (long older = generation - 1; older >= 0; older--) {
      if (fragments.valid(window.bytes, index, bad, older)) {
        return;
      }
    }
    tornUpTo = Math.max(tornUpTo, bad + size);
  }

  private boolean validInSomeGeneration(Segment segment, long position) throws IOException {
    int index = window.at(segment, position, Fragment.HEADER);
    int size = Fragment.size(Fragment.length(window.bytes, index));
    index = window.at(segment, position, size);
    for (int ahead = 0; ahead <= GENERATIONS_AHEAD; ahead++) {
      if (fragments.valid(window.bytes, index, position, generation + ahead)) {
        return true;
      }
    }
    return false;
  }

  private static LogDamagedException damaged(Segment segment, long position, String reason) {
    return new LogDamagedException(segment.path, position - segment.first, reason);
  }

  /// Writes again what may not be durable, makes the cut, and starts the new generation.
  private void finish() throws IOException {
    writeAgain();
    long old = generation;
    // An opening that died before its generation was named may have used the next one in headers.
    for (Segment later = at.next; later != null; later = later.next) {
      generation = Math.max(generation, later.readHeader().generation());
    }
    generation++;
    for (Segment later = at.next; later != null; later = later.next) {
      later.writeHeader(generation);
      segments.force(later.file);
    }
    if (at.end - end < Fragment.SMALLEST) {
      // The next segment's header names the generation.
      return;
    }
    ByteBuffer mark = ByteBuffer.allocate(Fragment.size(8));
    Fragment.begin(mark, 0, 8, Fragment.GENERATION, end);
    mark.putLong(Fragment.HEADER, generation);
    fragments.seal(mark, 0, end, old, end);
    at.file.write(mark, end - at.first);
    segments.force(at.file);
    end += mark.capacity();
  }

  private void writeAgain() throws IOException {
    for (Segment segment = head; segment != null && segment.first < end; segment = segment.next) {
      long last = Math.min(end, segment.end);
      if (last <= durable) {
        continue;
      }
      long position = Math.max(durable, segment.begin());
      while (position < last) {
        int count = (int) Math.min(Fragment.MAX_BODY, last - position);
        int index = window.at(segment, position, count);
        segment.file.write(window.bytes.slice(index, count), position - segment.first);
        position += count;
      }
      segments.force(segment.file);
    }
  }
}
