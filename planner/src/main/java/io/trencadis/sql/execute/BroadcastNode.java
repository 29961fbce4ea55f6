package io.trencadis.sql.execute;

import java.util.List;

/// Does something by fragments with which the rows of small tables are sent, where those are as few
/// as they were expected to be, or for which nodes send rows to each other, where they can, and
/// without that otherwise. Which it is turns out when the first row is asked for.
public final class BroadcastNode extends PlanNode {
  private final PlanNode sending;
  private final PlanNode instead;
  private final List<SentRows> sent;
  private final List<Filter> filters;
  private final ExchangeNode exchange;

  /// A filter of the fragments' scan by what is sent.
  ///
  /// @param column of the rows sent
  public record Filter(RuntimeFilter filter, SentRows sent, int column) {}

  /// @param sending what there is to send with
  /// @param instead gives the same, reading the rows by itself
  /// @param filters what else the fragments may be told
  /// @param exchange what of it has larger tables' rows sent from node to node; null for nothing
  public BroadcastNode(
      PlanNode sending,
      PlanNode instead,
      List<SentRows> sent,
      List<Filter> filters,
      ExchangeNode exchange) {
    super(sending.estimate());
    this.sending = sending;
    this.instead = instead;
    this.sent = sent;
    this.filters = filters;
    this.exchange = exchange;
  }

  public PlanNode sending() {
    return sending;
  }

  private boolean collect(Execution x) {
    for (SentRows each : sent) {
      if (!each.collect(x)) {
        sent.forEach(other -> other.giveBack(x));
        return false;
      }
    }
    for (Filter each : filters) {
      x.filter(each.filter, each.sent.numbers(each.column, x));
    }
    if (exchange != null && !exchange.ship(x)) {
      sent.forEach(each -> each.giveBack(x));
      return false;
    }
    return true;
  }

  @Override
  protected RowSource start(Execution x) {
    return new RowSource() {
      private RowSource rows;

      private RowSource rows() {
        if (rows == null) {
          rows = (collect(x) ? sending : instead).open(x);
        }
        return rows;
      }

      @Override
      public Object[] next() {
        return rows().next();
      }

      @Override
      public BatchSource batches() {
        return rows().batches();
      }

      @Override
      public void close() {
        if (rows != null) {
          rows.close();
        }
      }
    };
  }

  /// What EXPLAIN shows: what has been done, or would be.
  public PlanNode shown(Execution x) {
    NodeCounters done = x.counters(instead);
    return done != null && done.loops() > 0 ? instead : sending;
  }

  @Override
  public String label() {
    return sending.label();
  }

  @Override
  public List<PlanNode> children() {
    return List.of(sending);
  }
}
