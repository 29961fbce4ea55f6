package io.trencadis.storage.log;

import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The node's write-ahead log. Thread-safe; platform and virtual threads alike.
///
/// **Positions** are byte offsets in the endless log, from 0. A record is known by the position of
/// its end. Appending gives positions out in order, and the records become durable in that order.
///
/// **Group commit.** Appenders copy into a shared buffer and go on; one thread writes all that is
/// pending, calls fsync once, and lets go everybody it covered, while the next group gathers.
/// Nothing waits for company: a record is written as soon as the thread is free.
///
/// **A full disk.** A record gets a position only when all of its bytes have their place in files
/// that are already allocated. So an append either is refused with [DiskFullException], and then
/// nothing of it was written and no position was used, or it cannot meet a full disk any more. No
/// record that has a position is ever refused, so nothing that depends on it has to be undone. A
/// refusal leaves the log as it was; each later append that lacks room tries the disk again.
///
/// **Failure.** After a failed write or fsync nobody knows what is on disk: every waiter and every
/// later append gets the [LogFailedException], and [LogFailure] is called once. fsync is never
/// tried again.
public final class WriteAheadLog implements Closeable {
  private static final int FIRST_BUFFER = 1 << 16;

  private final LogConfig config;
  private final Segments segments;
  private final LogFailure onFailure;
  private final long generation;
  private final Fragment fragments = new Fragment();
  private final Waiters waiters = new Waiters();
  private final Thread thread;
  private final AtomicBoolean idle = new AtomicBoolean();

  private final ReentrantLock lock = new ReentrantLock();

  /// Signalled when an appender that lacked something may look again.
  private final Condition progress = lock.newCondition();

  // Guarded by the lock, as are the links between segments.
  private Segment head;
  private Segment appendSegment;
  private Segment tail;
  private long position;
  private long records;
  private ByteBuffer pending;
  private long pendingBase;
  private boolean longRecord;
  private boolean wanted;
  private boolean tryLater;
  private DiskFullException refusal;
  private long refusals;
  private List<Segment> recycled = new ArrayList<>();
  private boolean closing;

  // Of the log's thread, or whoever steps.
  private Segment writeSegment;
  private ByteBuffer spare;

  private volatile boolean closed;
  private volatile long durable;
  private volatile LogFailedException failure;
  private volatile LogMetrics metrics = new LogMetrics(0, 0, 0, 0);

  private WriteAheadLog(
      LogConfig config,
      Segments segments,
      Recovery recovered,
      LogFailure onFailure,
      boolean threaded) {
    this.config = config;
    this.segments = segments;
    this.onFailure = onFailure;
    generation = recovered.generation();
    head = recovered.head;
    appendSegment = recovered.at;
    writeSegment = recovered.at;
    tail = recovered.tail;
    position = recovered.end;
    pendingBase = position;
    durable = position;
    int buffer = Math.min(FIRST_BUFFER, config.maxPendingBytes());
    pending = ByteBuffer.allocateDirect(buffer);
    spare = ByteBuffer.allocateDirect(buffer);
    thread =
        threaded ? Thread.ofPlatform().daemon().name("write-ahead-log").unstarted(this::run) : null;
  }

  /// Recovers the log and starts its thread. What `replay` does with the records must not be made
  /// durable elsewhere before this returns.
  ///
  /// @param directory made if need be; nobody else may use it at the same time
  /// @param from the end of a record (or 0) up to which the records are not needed any more; those
  ///   that end behind it are replayed. It was durable once: a log that ends before it is damaged
  /// @throws LogDamagedException if something once durable is not there any more
  /// @throws DiskFullException if the first segment finds no room
  public static WriteAheadLog open(
      Disk disk,
      Path directory,
      LogConfig config,
      long from,
      RecordReader replay,
      LogFailure onFailure)
      throws IOException {
    WriteAheadLog log = recover(disk, directory, config, from, replay, onFailure, true);
    log.thread.start();
    return log;
  }

  /// As [#open], without a thread: nothing is written except in [#step], which a caller that would
  /// have to wait calls by itself. For simulations, which use the log from one thread.
  public static WriteAheadLog openStepped(
      Disk disk,
      Path directory,
      LogConfig config,
      long from,
      RecordReader replay,
      LogFailure onFailure)
      throws IOException {
    return recover(disk, directory, config, from, replay, onFailure, false);
  }

  private static WriteAheadLog recover(
      Disk disk,
      Path directory,
      LogConfig config,
      long from,
      RecordReader replay,
      LogFailure onFailure,
      boolean threaded)
      throws IOException {
    Segments segments = new Segments(disk, directory, config);
    Recovery recovery = new Recovery(disk, directory, segments, from, replay);
    recovery.run();
    return new WriteAheadLog(config, segments, recovery, onFailure, threaded);
  }

  /// As [#append(byte\[\], int, int)], all of the array.
  public long append(byte[] body) throws IOException {
    return append(body, 0, body.length);
  }

  /// Gives a record its place in the log. It is durable some time later, in the order of positions;
  /// the bytes may be changed as soon as this returns. Does no input or output, but waits where too
  /// much is pending, where a new segment has to be allocated, and for a longer record's end.
  ///
  /// @param length 0 to 1 GiB
  /// @return the position of the record's end, always greater than the one before
  /// @throws DiskFullException if there is no room; nothing was written
  /// @throws LogFailedException if the log has failed or was closed
  public long append(byte[] body, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, body.length);
    if (length > 1 << 30) {
      throw new IllegalArgumentException("a log record may not have " + length + " bytes");
    }
    long after;
    lock.lock();
    try {
      while (longRecord) {
        await();
      }
      reserve(length);
      if (length <= Fragment.MAX_BODY) {
        awaitBuffer(length);
        put(body, offset, length, true, true);
      } else {
        putLong(body, offset, length);
      }
      records++;
      after = position;
    } finally {
      lock.unlock();
    }
    wake();
    return after;
  }

  /// Waits until all of a record's bytes have a place. Nobody else may take it: either the lock is
  /// kept from here on, or [#longRecord] is set.
  private void reserve(int length) throws IOException {
    checkOpen();
    while (!fits(length)) {
      long before = refusals;
      wanted = true;
      await();
      if (refusals != before && !fits(length)) {
        throw new DiskFullException(refusal.file(), refusal);
      }
      while (longRecord) {
        await();
      }
    }
  }

  private boolean fits(int length) {
    Segment segment = appendSegment;
    long at = position;
    int left = length;
    while (true) {
      if (segment.end - at < Fragment.SMALLEST) {
        segment = segment.next;
        if (segment == null) {
          return false;
        }
        at = segment.begin();
      }
      int part = part(left, segment.end - at);
      at += Fragment.size(part);
      left -= part;
      if (left == 0) {
        return true;
      }
    }
  }

  private static int part(int left, long room) {
    return (int) Math.min(Math.min(left, Fragment.MAX_BODY), room - Fragment.HEADER);
  }

  /// Holds an appender up while the pending buffer is full. Another one may have taken the place
  /// meanwhile, so the reservation is made again.
  private void awaitBuffer(int length) throws IOException {
    while (position - pendingBase > 0
        && position - pendingBase + length > config.maxPendingBytes()) {
      await();
      while (longRecord) {
        await();
      }
      reserve(length);
    }
  }

  /// Puts a record through the buffer piece by piece; other appenders wait for its end.
  private void putLong(byte[] body, int offset, int length) throws IOException {
    longRecord = true;
    try {
      for (int done = 0; done < length; ) {
        int piece = Math.min(Fragment.MAX_BODY, length - done);
        while (position - pendingBase > 0
            && position - pendingBase + piece > config.maxPendingBytes()) {
          await();
        }
        put(body, offset + done, piece, done == 0, done + piece == length);
        done += piece;
      }
    } finally {
      longRecord = false;
      progress.signalAll();
    }
  }

  /// Copies a piece of a record into the pending buffer, as fragments.
  private void put(byte[] body, int offset, int length, boolean first, boolean last) {
    int done = 0;
    do {
      long room = enterSegment();
      int part = part(length - done, room);
      boolean begins = first && done == 0;
      boolean ends = last && done + part == length;
      int kind =
          begins ? ends ? Fragment.FULL : Fragment.FIRST : ends ? Fragment.LAST : Fragment.MIDDLE;
      int index = begin(kind, part);
      pending.put(index + Fragment.HEADER, body, offset + done, part);
      done += part;
    } while (done < length);
  }

  /// Moves on to the next segment if this one has no room for a fragment.
  private long enterSegment() {
    if (appendSegment.end - position < Fragment.SMALLEST) {
      appendSegment = appendSegment.next;
      long begin = appendSegment.begin();
      makeRoom(begin);
      position = begin;
    }
    return appendSegment.end - position;
  }

  private int begin(int kind, int length) {
    makeRoom(position + Fragment.size(length));
    int index = (int) (position - pendingBase);
    Fragment.begin(pending, index, length, kind, position);
    position += Fragment.size(length);
    return index;
  }

  private void makeRoom(long end) {
    int needed = (int) (end - pendingBase);
    if (needed > pending.capacity()) {
      ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(needed, 2 * pending.capacity()));
      larger.put(0, pending, 0, (int) (position - pendingBase));
      pending = larger;
    }
  }

  /// Lets the log's thread get on, with the lock given up meanwhile.
  private void await() throws IOException {
    checkOpen();
    if (thread == null) {
      step();
    } else {
      wake();
      progress.awaitUninterruptibly();
    }
    checkOpen();
  }

  private void checkOpen() throws LogFailedException {
    if (failure != null) {
      throw new LogFailedException(failure.getMessage(), failure);
    }
    if (closing) {
      throw new LogFailedException("the write-ahead log is closed", null);
    }
  }

  /// Has an action run by the log's thread when everything up to a position is durable, or when the
  /// log fails before that. Actions run in the order they were registered, as far as their
  /// positions become durable together.
  ///
  /// @param upTo a position that append returned; one never reached waits until the log is closed.
  ///   Not after [#close]
  public void whenDurable(long upTo, DurableAction action) {
    waiters.add(upTo, action);
    if (upTo <= durable || failure != null) {
      wake();
    }
  }

  /// Everything up to here survives a loss of power.
  public long durable() {
    return durable;
  }

  /// The end of the last record appended.
  public long end() {
    lock.lock();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything up to a position is durable. Interrupts are kept for later.
  ///
  /// @param upTo a position that append returned
  /// @throws LogFailedException if the log failed before that; the record may or may not be found
  ///   when the log is read again
  public void awaitDurable(long upTo) throws LogFailedException {
    if (upTo <= durable) {
      return;
    }
    if (thread == null) {
      while (upTo > durable && failure == null && step()) {
        // Each step gets further.
      }
    } else {
      park(upTo);
    }
    if (upTo > durable) {
      LogFailedException reason = failure;
      throw reason != null
          ? new LogFailedException(reason.getMessage(), reason)
          : new LogFailedException("the write-ahead log ends before position " + upTo, null);
    }
  }

  private void park(long upTo) {
    waiters.add(upTo, Thread.currentThread());
    boolean interrupted = false;
    while (upTo > durable && failure == null && !closed) {
      LockSupport.park(this);
      // Else the next park would return at once.
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Says that the records up to here will not be needed by any later opening: segments that hold
  /// nothing else are reused or deleted.
  ///
  /// @param below a position that append returned, and durable; never more than what the next
  ///   [#open] is given
  public void recycle(long below) {
    boolean any = false;
    lock.lock();
    try {
      long limit = Math.min(below, durable);
      // The segment that holds the durable end is still the writer's.
      while (head.end <= limit && head.end < pendingBase && head != appendSegment) {
        recycled.add(head);
        head = head.next;
        any = true;
      }
    } finally {
      lock.unlock();
    }
    if (any) {
      wake();
    }
  }

  /// What was done since the log was opened.
  public LogMetrics metrics() {
    return metrics;
  }

  /// Makes durable what was appended, notes the orderly end, and closes the files. Later appends
  /// are refused.
  ///
  /// @throws LogFailedException if the log had failed or fails now
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      while (longRecord && failure == null) {
        await();
      }
      closing = true;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    if (thread == null) {
      while (step()) {
        // Until nothing is left to do.
      }
    } else {
      wake();
      join();
    }
    if (failure != null) {
      throw new LogFailedException(failure.getMessage(), failure);
    }
  }

  private void join() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    if (thread != null && idle.get() && idle.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      if (step()) {
        continue;
      }
      idle.set(true);
      if (!hasWork()) {
        LockSupport.park(this);
      }
      idle.set(false);
    }
  }

  private boolean hasWork() {
    lock.lock();
    try {
      if (waiters.arrivals() || closing || failure != null) {
        return waiters.arrivals() || closing;
      }
      return position > pendingBase || wanted || !recycled.isEmpty() || wantsNextSegment();
    } finally {
      lock.unlock();
    }
  }

  /// Writes what is pending and makes it durable, tells who waited for it, and does a piece of the
  /// upkeep. Only for a log that was opened without a thread.
  ///
  /// @return whether there was something to do
  public boolean step() {
    if (closed) {
      waiters.release(durable, failure);
      return false;
    }
    try {
      if (failure != null) {
        waiters.release(durable, failure);
        return closeIfAsked();
      }
      boolean worked = writeGroup();
      worked |= recycleSome();
      worked |= allocateSome();
      return worked || closeIfAsked();
    } catch (IOException | RuntimeException | Error fault) {
      fail(fault);
      return true;
    }
  }

  private boolean writeGroup() throws IOException {
    ByteBuffer group;
    long base;
    long end;
    long covered;
    lock.lock();
    try {
      group = pending;
      base = pendingBase;
      end = position;
      covered = records;
      if (end > base) {
        pending = spare;
        spare = null;
        pendingBase = end;
        progress.signalAll();
      }
    } finally {
      lock.unlock();
    }
    boolean worked = end > base || waiters.arrivals();
    if (end > base) {
      write(group, base, end);
      spare = group;
      durable = end;
      LogMetrics before = metrics;
      metrics =
          new LogMetrics(
              covered, before.bytes() + end - base, segments.fsyncs(), before.groups() + 1);
    }
    Throwable thrown = waiters.release(durable, null);
    if (thrown != null) {
      throw new IllegalStateException("an action that waited for the log failed", thrown);
    }
    return worked;
  }

  private void write(ByteBuffer group, long base, long end) throws IOException {
    Segment from = writeSegment;
    Segment segment = from;
    while (true) {
      long low = Math.max(base, segment.begin());
      long high = Math.min(end, segment.end);
      if (low < high) {
        high = seal(group, base, low, high, segment.end);
        group.limit((int) (high - base)).position((int) (low - base));
        segment.file.write(group, low - segment.first);
        group.clear();
      }
      if (end <= segment.end) {
        break;
      }
      segment = next(segment);
    }
    writeSegment = segment;
    for (Segment written = from; ; written = next(written)) {
      if (base < written.end) {
        segments.force(written.file);
      }
      if (written == segment) {
        break;
      }
    }
  }

  /// Completes the fragments of a segment.
  ///
  /// @return the position behind the last
  private long seal(ByteBuffer group, long base, long low, long high, long segmentEnd) {
    long at = low;
    while (at < high && segmentEnd - at >= Fragment.SMALLEST) {
      int index = (int) (at - base);
      fragments.seal(group, index, at, generation, durable);
      at += Fragment.size(Fragment.length(group, index));
    }
    return at;
  }

  private Segment next(Segment segment) {
    lock.lock();
    try {
      return segment.next;
    } finally {
      lock.unlock();
    }
  }

  private boolean recycleSome() throws IOException {
    List<Segment> released;
    lock.lock();
    try {
      if (recycled.isEmpty()) {
        return false;
      }
      released = recycled;
      recycled = new ArrayList<>();
      tryLater = false;
    } finally {
      lock.unlock();
    }
    for (Segment segment : released) {
      segments.release(segment);
    }
    return true;
  }

  /// The next segment is begun when the last one is half full, so that a node with little to do
  /// stays small.
  private boolean wantsNextSegment() {
    return tail == appendSegment
        && !tryLater
        && !closing
        && 2 * (position - tail.first) > tail.end - tail.first;
  }

  private boolean allocateSome() throws IOException {
    boolean urgent;
    Segment last;
    lock.lock();
    try {
      urgent = wanted;
      if (!urgent && !wantsNextSegment()) {
        return false;
      }
      last = tail;
    } finally {
      lock.unlock();
    }
    Segment made;
    try {
      made = segments.allocate(last.end, generation, urgent);
    } catch (DiskFullException full) {
      refuse(full);
      return true;
    }
    if (made != null) {
      lock.lock();
      try {
        last.next = made;
        tail = made;
        wanted = false;
        tryLater = false;
        progress.signalAll();
      } finally {
        lock.unlock();
      }
    }
    return true;
  }

  private void refuse(DiskFullException full) throws IOException {
    List<Segment> unused = new ArrayList<>();
    lock.lock();
    try {
      refusal = full;
      refusals++;
      wanted = false;
      tryLater = true;
      // What a record too long for the disk had got already, but one for those that are shorter.
      Segment keep = appendSegment.next == null ? appendSegment : appendSegment.next;
      for (Segment segment = keep.next; segment != null; segment = segment.next) {
        unused.addFirst(segment);
      }
      keep.next = null;
      tail = keep;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    for (Segment segment : unused) {
      segments.discard(segment);
    }
  }

  private boolean closeIfAsked() throws IOException {
    lock.lock();
    try {
      if (!closing) {
        return false;
      }
      if (failure == null && fits(0)) {
        // On its own, when all else is durable: that is what it says.
        enterSegment();
        begin(Fragment.CLOSE, 0);
      }
    } finally {
      lock.unlock();
    }
    if (failure == null) {
      writeGroup();
    }
    closed = true;
    waiters.release(
        durable,
        failure != null ? failure : new LogFailedException("the write-ahead log is closed", null));
    for (Segment segment = head; segment != null; segment = segment.next) {
      segment.file.close();
    }
    segments.close();
    return true;
  }

  private void fail(Throwable fault) {
    LogFailedException reason =
        new LogFailedException(
            "the write-ahead log failed: " + String.valueOf(fault.getMessage()), fault);
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      failure = reason;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    waiters.release(durable, reason);
    onFailure.failed(reason);
  }
}
