package io.trencadis.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The log with its own thread and many appenders.
@Timeout(60)
class LogThreadsTest {
  private static final int RECORDS = 300;

  private static byte[] record(int thread, int number) {
    int length = number % 50 == 49 ? 100_000 + thread : 20 + number % 7 * 100;
    ByteBuffer bytes = ByteBuffer.allocate(length);
    bytes.putInt(0, thread).putInt(4, number);
    for (int at = 8; at < length; at++) {
      bytes.put(at, (byte) (thread * 31 + number + at));
    }
    return bytes.array();
  }

  private static List<Thread> start(int count, boolean virtual, ThrowingTask task) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Runnable body = () -> task.run(number);
      threads.add(virtual ? Thread.startVirtualThread(body) : Thread.ofPlatform().start(body));
    }
    return threads;
  }

  private interface ThrowingTask {
    void run(int thread);
  }

  @Test
  void manyThreadsAppendAwaitAndFindEverythingAgain(@TempDir Path directory) throws Exception {
    LogConfig config = new LogConfig(64 << 10, 128 << 10, 32 << 10, 2);
    AtomicReference<Throwable> fault = new AtomicReference<>();
    AtomicInteger told = new AtomicInteger();
    Map<Long, byte[]> appended = new HashMap<>();
    WriteAheadLog log =
        WriteAheadLog.open(new RealDisk(), directory, config, 0, (_, _) -> {}, fault::set);
    ThrowingTask task =
        thread -> {
          try {
            long last = 0;
            for (int number = 0; number < RECORDS; number++) {
              byte[] body = record(thread, number);
              long end = log.append(body);
              assertTrue(end > last);
              last = end;
              synchronized (appended) {
                assertNull(appended.put(end, body));
              }
              if (number % 3 == 0) {
                log.awaitDurable(end);
                assertTrue(log.durable() >= end);
              } else if (number % 3 == 1) {
                log.whenDurable(
                    end,
                    failure -> {
                      if (failure == null && log.durable() >= end) {
                        told.incrementAndGet();
                      }
                    });
              }
            }
          } catch (Throwable thrown) {
            fault.set(thrown);
          }
        };
    List<Thread> threads = start(8, true, task);
    threads.addAll(start(4, false, thread -> task.run(100 + thread)));
    for (Thread thread : threads) {
      thread.join();
    }
    long end = log.end();
    log.close();
    assertNull(fault.get());
    assertEquals(12 * RECORDS / 3, told.get());
    assertTrue(log.metrics().groups() < 12 * RECORDS, "nobody shared a force");
    assertEquals(12 * RECORDS, log.metrics().records());
    List<Long> order = new ArrayList<>();
    Map<Integer, Integer> next = new HashMap<>();
    WriteAheadLog again =
        WriteAheadLog.open(
            new RealDisk(),
            directory,
            config,
            0,
            (position, body) -> {
              assertEquals(ByteBuffer.wrap(appended.get(position)), body);
              order.add(position);
              int thread = body.getInt(0);
              assertEquals(next.getOrDefault(thread, 0), body.getInt(4));
              next.put(thread, body.getInt(4) + 1);
            },
            fault::set);
    assertEquals(appended.keySet().stream().sorted().toList(), order);
    again.recycle(end);
    again.close();
  }

  @Test
  void aFailedForceReachesEveryWaiter() throws Exception {
    FaultyDisk disk = new FaultyDisk(3);
    CountDownLatch stopped = new CountDownLatch(1);
    WriteAheadLog log =
        WriteAheadLog.open(
            disk,
            Path.of("/data/wal"),
            LogConfig.small(1 << 20),
            0,
            (_, _) -> {},
            _ -> stopped.countDown());
    AtomicInteger failed = new AtomicInteger();
    disk.failForce(50);
    List<Thread> threads =
        start(
            6,
            true,
            thread -> {
              try {
                while (true) {
                  log.awaitDurable(log.append(record(thread, 1)));
                }
              } catch (LogFailedException expected) {
                failed.incrementAndGet();
              } catch (IOException unexpected) {
                throw new AssertionError(unexpected);
              }
            });
    for (Thread thread : threads) {
      thread.join();
    }
    stopped.await();
    assertEquals(6, failed.get());
    assertThrows(LogFailedException.class, log::close);
  }

  @Test
  void anAppendThatNobodyAwaitsBecomesDurableByItself(@TempDir Path directory) throws Exception {
    try (WriteAheadLog log =
        WriteAheadLog.open(
            new RealDisk(), directory, LogConfig.small(1 << 20), 0, (_, _) -> {}, _ -> {})) {
      CountDownLatch durable = new CountDownLatch(1);
      log.whenDurable(log.append(new byte[10]), _ -> durable.countDown());
      durable.await();
    }
  }

  @Test
  void anInterruptedWaiterWaitsOnAndStaysInterrupted(@TempDir Path directory) throws Exception {
    try (WriteAheadLog log =
        WriteAheadLog.open(
            new RealDisk(), directory, LogConfig.small(1 << 20), 0, (_, _) -> {}, _ -> {})) {
      AtomicLong durable = new AtomicLong();
      AtomicReference<Boolean> interrupted = new AtomicReference<>();
      Thread waiter =
          Thread.startVirtualThread(
              () -> {
                try {
                  Thread.currentThread().interrupt();
                  long end = log.append(new byte[100]);
                  log.awaitDurable(end);
                  durable.set(log.durable() - end);
                  interrupted.set(Thread.currentThread().isInterrupted());
                } catch (IOException fault) {
                  throw new AssertionError(fault);
                }
              });
      waiter.join();
      assertTrue(durable.get() >= 0);
      assertEquals(true, interrupted.get());
    }
  }
}
