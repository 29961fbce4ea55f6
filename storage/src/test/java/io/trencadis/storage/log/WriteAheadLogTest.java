package io.trencadis.storage.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlState;
import io.trencadis.storage.disk.DiskFullException;
import io.trencadis.storage.disk.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteAheadLogTest {
  private static final Path DIRECTORY = Path.of("/data/wal");
  private static final LogConfig SMALL = LogConfig.small(4096);
  private static final LogFailure UNEXPECTED =
      failure -> {
        throw new AssertionError(failure);
      };

  private final FaultyDisk disk = new FaultyDisk(1, 512);
  private final List<String> found = new ArrayList<>();
  private final List<LogFailedException> failures = new ArrayList<>();

  private WriteAheadLog open(LogConfig config, long from) throws IOException {
    found.clear();
    return WriteAheadLog.openStepped(
        disk,
        DIRECTORY,
        config,
        from,
        (_, body) -> found.add(StandardCharsets.UTF_8.decode(body).toString()),
        failures::add);
  }

  private static long append(WriteAheadLog log, String text) throws IOException {
    return log.append(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Path segment(long first) {
    return DIRECTORY.resolve(Segments.name(first));
  }

  @Test
  void whatWasAppendedComesBackInOrder() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long first = append(log, "one");
    long second = append(log, "");
    long third = append(log, "three");
    assertTrue(first < second && second < third);
    assertTrue(log.durable() < first);
    log.awaitDurable(third);
    assertEquals(third, log.durable());
    disk.crash();
    open(SMALL, 0);
    assertEquals(List.of("one", "", "three"), found);
    open(SMALL, first);
    assertEquals(List.of("", "three"), found);
  }

  @Test
  void oneForceServesEverybodyWhoWasPending() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long forces = disk.forces();
    long writes = disk.writes();
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      log.whenDurable(
          append(log, "record " + i), failure -> done.add(failure == null ? number : -1));
    }
    assertEquals(List.of(), done);
    log.step();
    assertEquals(20, done.size());
    assertEquals(done.stream().sorted().toList(), done);
    assertEquals(forces + 1, disk.forces());
    assertEquals(writes + 1, disk.writes());
    assertEquals(new LogMetrics(20, 10 * 24 + 10 * 32, forces + 1, 1), log.metrics());
  }

  @Test
  void anActionForAPositionThatIsDurableRunsWithTheNextStep() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long end = append(log, "a");
    log.awaitDurable(end);
    List<String> done = new ArrayList<>();
    log.whenDurable(end, failure -> done.add("durable " + failure));
    log.step();
    assertEquals(List.of("durable null"), done);
  }

  @Test
  void aRecordOfManySegmentsIsOneRecord() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    byte[] body = new byte[3_000_000];
    new Random(5).nextBytes(body);
    append(log, "before");
    log.awaitDurable(log.append(body, 1, body.length - 1));
    log.awaitDurable(append(log, "after"));
    disk.crash();
    List<byte[]> bodies = new ArrayList<>();
    WriteAheadLog.openStepped(
        disk,
        DIRECTORY,
        SMALL,
        0,
        (_, record) -> {
          byte[] bytes = new byte[record.remaining()];
          record.get(bytes);
          bodies.add(bytes);
        },
        UNEXPECTED);
    assertEquals(3, bodies.size());
    assertArrayEquals(java.util.Arrays.copyOfRange(body, 1, body.length), bodies.get(1));
  }

  @Test
  void everyLengthAtASegmentsEndIsReadBack() throws IOException {
    for (int length = 3900; length < 4100; length++) {
      FaultyDisk fresh = new FaultyDisk(length, 512);
      WriteAheadLog log =
          WriteAheadLog.openStepped(fresh, DIRECTORY, SMALL, 0, (_, _) -> {}, UNEXPECTED);
      byte[] body = new byte[length];
      log.append(body);
      log.append(new byte[1]);
      log.close();
      List<Integer> lengths = new ArrayList<>();
      WriteAheadLog.openStepped(
          fresh, DIRECTORY, SMALL, 0, (_, b) -> lengths.add(b.remaining()), UNEXPECTED);
      assertEquals(List.of(length, 1), lengths);
    }
  }

  @Test
  void aFailedForceEndsTheLog() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long kept = append(log, "kept");
    log.awaitDurable(kept);
    disk.failForce(1);
    long forces = disk.forces();
    long unknown = append(log, "unknown");
    List<LogFailedException> told = new ArrayList<>();
    log.whenDurable(unknown, told::add);
    LogFailedException thrown =
        assertThrows(LogFailedException.class, () -> log.awaitDurable(unknown));
    assertTrue(thrown.getMessage().contains("Input/output error"), thrown.getMessage());
    assertEquals(1, failures.size());
    assertSame(failures.getFirst(), told.getFirst());
    assertThrows(LogFailedException.class, () -> append(log, "later"));
    log.whenDurable(unknown, told::add);
    log.whenDurable(kept, told::add);
    log.step();
    assertEquals(3, told.size());
    assertNull(told.get(2), "what was durable before stays durable");
    log.awaitDurable(kept);
    assertEquals(kept, log.durable());
    assertThrows(LogFailedException.class, log::close);
    assertEquals(forces + 1, disk.forces(), "the force was tried again");
    assertEquals(1, failures.size());
  }

  @Test
  void whatOnlyTheCacheHeldAfterAFailedForceIsWrittenAgainBeforeItCounts() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    disk.failForce(1);
    append(log, "x".repeat(2000));
    log.step();
    // The process starts anew, the operating system runs on with pages it believes clean.
    open(SMALL, 0);
    assertEquals(1, found.size());
    disk.crash();
    open(SMALL, 0);
    assertEquals(List.of("x".repeat(2000)), found);
  }

  @Test
  void aRecordThatFindsNoRoomIsRefusedAndNothingOfItIsWritten() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    disk.limitTo(0);
    append(log, "a".repeat(1000));
    long end = log.end();
    long bytes = disk.used();
    DiskFullException refused =
        assertThrows(DiskFullException.class, () -> append(log, "b".repeat(4000)));
    assertEquals(
        "could not write to file \"/data/wal/allocating.tmp\": No space left on device",
        refused.getMessage());
    assertEquals(SqlState.DISK_FULL, refused.toSqlException().state());
    assertEquals(refused.getMessage(), refused.toSqlException().getMessage());
    assertEquals(end, log.end());
    assertEquals(bytes, disk.used(), "room was kept that others could use");
    // There is room for a shorter one, and later for a long one.
    log.awaitDurable(append(log, "c"));
    assertThrows(DiskFullException.class, () -> append(log, "b".repeat(4000)));
    disk.limitTo(-1);
    log.awaitDurable(append(log, "d".repeat(4000)));
    disk.crash();
    open(SMALL, 0);
    assertEquals(List.of("a".repeat(1000), "c", "d".repeat(4000)), found);
    assertEquals(List.of(), failures);
  }

  @Test
  void aRefusedLongRecordGivesItsSegmentsBack() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    disk.limitTo(10 * 4096);
    assertThrows(DiskFullException.class, () -> log.append(new byte[100_000]));
    assertTrue(disk.used() <= 2 * 4096, () -> disk.used() + " bytes are kept");
    log.awaitDurable(append(log, "e".repeat(5000)));
    disk.crash();
    open(SMALL, 0);
    assertEquals(List.of("e".repeat(5000)), found);
  }

  @Test
  void recycledSegmentsMakeRoomOnAFullDisk() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long end = 0;
    for (int i = 0; i < 3; i++) {
      end = append(log, "f".repeat(3000));
      log.awaitDurable(end);
    }
    while (log.step()) {
      // Until the next segment is ready.
    }
    disk.limitTo(0);
    long used = disk.used();
    log.recycle(end);
    for (int i = 0; i < 20; i++) {
      end = append(log, "g".repeat(3000));
      log.awaitDurable(end);
      log.recycle(end);
    }
    assertTrue(disk.used() <= used);
    disk.crash();
    open(SMALL, end);
    assertEquals(List.of(), found);
  }

  @Test
  void aTornTailIsCutAndDoesNotComeBack() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    log.awaitDurable(append(log, "kept"));
    long torn = log.end();
    append(log, "first");
    append(log, "other");
    log.step();
    // The sector with the first of the two did not make it.
    disk.flip(segment(0), torn + Fragment.HEADER);
    WriteAheadLog second =
        WriteAheadLog.openStepped(
            disk, DIRECTORY, SMALL, 0, (_, body) -> found.add(text(body)), failures::add);
    assertEquals(List.of("kept"), found);
    // Whatever is appended now, "other" still lies where it was.
    for (int i = 0; i < 3; i++) {
      second.awaitDurable(append(second, "i" + i));
      second = open(SMALL, 0);
      assertFalse(found.contains("other"));
    }
    assertEquals(List.of("kept", "i0", "i1", "i2"), found);
  }

  private static String text(ByteBuffer body) {
    return StandardCharsets.UTF_8.decode(body).toString();
  }

  @Test
  void damageBeforeTheTailIsRefusedWithFileAndOffset() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long first = append(log, "one");
    log.awaitDurable(first);
    long second = append(log, "two");
    log.awaitDurable(second);
    log.awaitDurable(append(log, "three"));
    disk.flip(segment(0), first + Fragment.HEADER + 1);
    LogDamagedException refused = assertThrows(LogDamagedException.class, () -> open(SMALL, 0));
    assertEquals(segment(0), refused.file());
    assertEquals(first, refused.offset());
    assertEquals(
        "log segment \""
            + segment(0)
            + "\" is damaged at offset "
            + first
            + ": a later record at position "
            + second
            + " is whole",
        refused.getMessage());
  }

  @Test
  void damageOfTheLastRecordIsNoticedAfterAnOrderlyEnd() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long start = log.end();
    append(log, "last");
    log.close();
    disk.flip(segment(0), start + Fragment.HEADER);
    assertEquals(start, assertThrows(LogDamagedException.class, () -> open(SMALL, 0)).offset());
  }

  @Test
  void damageBelowTheKnownPositionIsRefusedEvenAtTheTail() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long start = log.end();
    long end = append(log, "last");
    log.awaitDurable(end);
    disk.flip(segment(0), start + Fragment.HEADER);
    assertEquals(start, assertThrows(LogDamagedException.class, () -> open(SMALL, end)).offset());
  }

  @Test
  void everyFlippedByteOfADurableRecordIsNoticed() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long start = log.end();
    long end = append(log, "some text in a record");
    log.awaitDurable(end);
    log.awaitDurable(append(log, "behind it"));
    log.awaitDurable(append(log, "and behind that"));
    byte[] good = disk.content(segment(0));
    int padding = 3;
    for (long at = start; at < end - padding; at++) {
      FaultyDisk copy = new FaultyDisk(at, 512);
      var file = copy.create(segment(0));
      file.write(ByteBuffer.wrap(good), 0);
      copy.flip(segment(0), at);
      LogDamagedException refused =
          assertThrows(
              LogDamagedException.class,
              () -> WriteAheadLog.openStepped(copy, DIRECTORY, SMALL, 0, (_, _) -> {}, UNEXPECTED));
      assertEquals(start, refused.offset());
    }
  }

  @Test
  void aMissingSegmentIsRefused() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    for (int i = 0; i < 6; i++) {
      log.awaitDurable(append(log, "h".repeat(3000)));
    }
    disk.delete(segment(8192));
    assertTrue(
        assertThrows(LogDamagedException.class, () -> open(SMALL, 0))
            .getMessage()
            .contains("the segment that begins at position 8192 is missing"));
    disk.delete(segment(0));
    assertThrows(LogDamagedException.class, () -> open(SMALL, 100));
  }

  @Test
  void anEmptyDirectoryIsRefusedWhereALogOnceWas() {
    assertThrows(LogDamagedException.class, () -> open(SMALL, 100));
  }

  @Test
  void anotherFormatVersionIsNamed() throws IOException {
    open(SMALL, 0);
    byte[] bytes = disk.content(segment(0));
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(8, 7);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes, 0, 60);
    header.putInt(60, (int) crc.getValue());
    disk.open(segment(0)).write(header, 0);
    String message = assertThrows(LogDamagedException.class, () -> open(SMALL, 0)).getMessage();
    assertTrue(message.contains("format version 7"), message);
  }

  @Test
  void anActionThatThrowsFailsTheLogAndTheOthersStillRun() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    long end = append(log, "a");
    List<String> done = new ArrayList<>();
    log.whenDurable(
        end,
        _ -> {
          throw new IllegalArgumentException("a bug");
        });
    log.whenDurable(end, _ -> done.add("ran"));
    log.step();
    assertEquals(List.of("ran"), done);
    assertInstanceOf(IllegalArgumentException.class, failures.getFirst().getCause().getCause());
  }

  @Test
  void aClosedLogTakesNothing() throws IOException {
    WriteAheadLog log = open(SMALL, 0);
    append(log, "a");
    log.close();
    log.close();
    assertThrows(LogFailedException.class, () -> append(log, "b"));
    open(SMALL, 0);
    assertEquals(List.of("a"), found);
    assertEquals(List.of(), failures);
  }

  @Test
  void aNewLogTakesAsMuchRoomAsItsFirstSegment() throws IOException {
    open(new LogConfig(8192, 1 << 20, 4096, 0), 0);
    assertEquals(8192, disk.used());
  }

  @Test
  void aServersDefaultsAreThese() {
    assertEquals(new LogConfig(4 << 20, 64 << 20, 32 << 20, 2), LogConfig.server());
    assertThrows(IllegalArgumentException.class, () -> new LogConfig(4096, 5000, 4096, 0));
    assertThrows(IllegalArgumentException.class, () -> new LogConfig(4096, 4096, 4095, 0));
    assertThrows(IllegalArgumentException.class, () -> new LogConfig(4096, 4096, 4096, -1));
  }
}
