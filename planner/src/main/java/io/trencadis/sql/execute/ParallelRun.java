package io.trencadis.sql.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads parts side by side: the session's thread and as many helpers as there is room for each
/// take one part after the other. It returns when no helper is at work any more, whatever happens.
final class ParallelRun<T> {
  private static final int LOOK_EVERY_MILLIS = 10;

  /// What becomes of one part's rows.
  @FunctionalInterface
  interface Work<T> {
    T of(RowSource rows, Execution worker);
  }

  private final Parts parts;
  private final Execution x;
  private final Work<T> work;
  private final Object[] results;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();

  ParallelRun(Parts parts, Execution x, Work<T> work) {
    this.parts = parts;
    this.x = x;
    this.work = work;
    this.results = new Object[parts.count()];
  }

  /// The results, in the parts' order.
  List<T> run() {
    List<FutureTask<Void>> helpers = new ArrayList<>();
    try {
      for (int i = 1; i < parts.count() && x.helpers().enter(); i++) {
        FutureTask<Void> helper =
            new FutureTask<>(
                () -> {
                  try {
                    takeParts(x.worker(this::stopIfAsked));
                  } finally {
                    x.helpers().leave();
                  }
                },
                null);
        helpers.add(helper);
        // Not a virtual thread, of which a long one leaves the others no processor.
        Thread.ofPlatform().daemon().name("helper").start(helper);
      }
      takeParts(x.worker(x::checkInterrupts));
      for (FutureTask<Void> helper : helpers) {
        await(helper);
      }
    } finally {
      stop.set(true);
      helpers.forEach(ParallelRun::join);
    }
    for (int part = 0; part < results.length; part++) {
      if (results[part] == Parts.InDoubtException.INSTANCE) {
        try (RowSource rows = parts.openAlone(part, x)) {
          results[part] = work.of(rows, x);
        }
      }
    }
    parts.finish();
    @SuppressWarnings("unchecked")
    List<T> all = (List<T>) List.of(results);
    return all;
  }

  private void takeParts(Execution worker) {
    for (int part = next.getAndIncrement();
        part < results.length && !stop.get();
        part = next.getAndIncrement()) {
      try (RowSource rows = parts.open(part, worker)) {
        results[part] = work.of(rows, worker);
      } catch (Parts.InDoubtException doubt) {
        results[part] = doubt;
      } catch (Throwable failure) {
        stop.set(true);
        throw failure;
      }
    }
  }

  /// Thrown in helpers, and seen by nobody: the session's thread knows why it has stopped them.
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("stopped", null, false, false);
    }
  }

  private void stopIfAsked() {
    if (stop.get()) {
      throw new StoppedException();
    }
  }

  private void await(FutureTask<Void> helper) {
    while (true) {
      try {
        helper.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        x.checkInterrupts();
      } catch (InterruptedException e) {
        // The session's interrupts say what it means.
        x.checkInterrupts();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StoppedException) {
          return;
        }
        throw thrown(e.getCause());
      }
    }
  }

  private static RuntimeException thrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }

  private static void join(FutureTask<Void> helper) {
    boolean interrupted = false;
    while (true) {
      try {
        helper.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        // Told already, or it has stopped because of another one's failure.
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
