package io.trencadis.storage.log;

import io.trencadis.storage.disk.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Prints what commits cost on this machine's disk. A tool, not a test: it asserts nothing.
public final class MeasureLog {
  private static final int BODY = 500;
  private static final int COMMITS = 40_000;

  private final Path directory;
  private long replayed;

  private MeasureLog(Path directory) {
    this.directory = directory;
  }

  /// @param args a directory to work in; what is below its `measure-log` is deleted
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args.length > 0 ? args[0] : "target").resolve("measure-log");
    MeasureLog measure = new MeasureLog(directory);
    for (int round = 0; round < 2; round++) {
      measure.clear();
      measure.start();
      for (boolean virtual : new boolean[] {false, true}) {
        for (int committers : new int[] {1, 8, 16, 32}) {
          measure.commits(committers, virtual);
        }
      }
      measure.clear();
      measure.recovery();
    }
    measure.clear();
  }

  private void clear() throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> paths = Files.walk(directory)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private WriteAheadLog open() throws IOException {
    replayed = 0;
    return WriteAheadLog.open(
        new RealDisk(),
        directory,
        LogConfig.server(),
        0,
        (_, body) -> replayed += body.remaining(),
        failure -> System.out.println(failure.getMessage()));
  }

  private void start() throws IOException {
    long start = System.nanoTime();
    open().close();
    System.out.printf("first opening and closing: %.1f ms%n", (System.nanoTime() - start) / 1e6);
  }

  private void commits(int committers, boolean virtual) throws Exception {
    try (WriteAheadLog log = open()) {
      int each = (committers == 1 ? COMMITS / 4 : COMMITS) / committers;
      LogMetrics before = log.metrics();
      Thread[] threads = new Thread[committers];
      long[] allocated = new long[1];
      long start = System.nanoTime();
      for (int i = 0; i < committers; i++) {
        Runnable task = () -> allocated[0] = commit(log, each);
        threads[i] = virtual ? Thread.startVirtualThread(task) : Thread.ofPlatform().start(task);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long commits = (long) each * committers;
      LogMetrics after = log.metrics();
      System.out.printf(
          "%2d %s committers: %.0f commits/s, %.0f µs a commit, %.3f fsyncs a commit, %d bytes allocated%n",
          committers,
          virtual ? "virtual" : "platform",
          commits / seconds,
          seconds * 1e6 * committers / commits,
          (double) (after.fsyncs() - before.fsyncs()) / commits,
          virtual ? -1 : allocated[0] / each);
    }
  }

  private static long commit(WriteAheadLog log, int count) {
    byte[] body = new byte[BODY];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    boolean virtual = Thread.currentThread().isVirtual();
    long before = virtual ? 0 : threads.getCurrentThreadAllocatedBytes();
    try {
      for (int i = 0; i < count; i++) {
        log.awaitDurable(log.append(body));
      }
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
    return virtual ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void recovery() throws IOException {
    byte[] body = new byte[BODY];
    long start = System.nanoTime();
    try (WriteAheadLog log = open()) {
      for (int i = 0; i < 1_000_000; i++) {
        log.append(body);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("appending without waiting: %.0f MB/s%n", BODY / seconds);
    for (int i = 0; i < 3; i++) {
      start = System.nanoTime();
      WriteAheadLog log = open();
      seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "recovery of %d MB of bodies: %.2f s, %.0f MB/s%n",
          replayed / 1_000_000, seconds, replayed / 1e6 / seconds);
      log.close();
    }
  }
}
