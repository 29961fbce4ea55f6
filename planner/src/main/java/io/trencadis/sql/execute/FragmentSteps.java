package io.trencadis.sql.execute;

import io.trencadis.base.ByteReader;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.execute.FragmentPipeline.Step;
import java.util.List;
import java.util.function.Consumer;

/// The steps that a fragment's batches go through, in one run. Confined to one thread.
final class FragmentSteps {
  private final List<Step> steps;
  private final Execution x;
  private final JoinTable[] tables;
  private final LookedUpPartners[] partners;

  /// @param tables what [#tables] has made
  /// @param rows where partners are looked up; null for steps that look up none
  FragmentSteps(List<Step> steps, Execution x, JoinTable[] tables, FragmentEngine.Rows rows) {
    this.steps = steps;
    this.x = x;
    this.tables = tables;
    this.partners = new LookedUpPartners[steps.size()];
    for (int i = 0; i < partners.length; i++) {
      if (steps.get(i) instanceof Step.Look look) {
        partners[i] = new LookedUpPartners(look, rows, x);
      }
    }
  }

  /// How many tables' rows have to be sent with the steps.
  static int sent(List<Step> steps) {
    return (int) steps.stream().filter(Step.Meet.class::isInstance).count();
  }

  /// Hash tables of the rows that were sent.
  static JoinTable[] tables(List<Step> steps, FragmentArguments arguments) {
    JoinTable[] tables = new JoinTable[sent(steps)];
    for (Step step : steps) {
      if (step instanceof Step.Meet meet) {
        ByteReader in = new ByteReader(arguments.sent()[meet.sent()]);
        tables[meet.sent()] =
            meet.join().table(() -> in.remaining() == 0 ? null : meet.codec().read(in));
      }
    }
    return tables;
  }

  /// @param last takes what comes of a batch, and is done with it when it returns
  void run(Batch batch, Consumer<Batch> last) {
    step(batch, 0, last);
  }

  private void step(Batch batch, int number, Consumer<Batch> last) {
    if (batch.count() == 0) {
      return;
    }
    if (number == steps.size()) {
      last.accept(batch);
      return;
    }
    switch (steps.get(number)) {
      case Step.Keep(BatchCondition condition) -> {
        condition.keep(batch, x);
        step(batch, number + 1, last);
      }
      case Step.Compute(BatchEval[] evals) -> {
        Column[] columns = new Column[evals.length];
        for (int i = 0; i < columns.length; i++) {
          columns[i] = evals[i] == null ? null : evals[i].eval(batch, x);
        }
        step(new Batch(columns, batch.places(), batch.count()), number + 1, last);
      }
      case Step.Look _ -> partners[number].meet(batch, joined -> step(joined, number + 1, last));
      case Step.Meet meet -> {
        BatchJoin.Meeting meeting =
            meet.join().meeting(batch, x, joined -> step(joined, number + 1, last));
        meeting.with(tables[meet.sent()]);
        meeting.end();
      }
    }
  }
}
