package io.trencadis.cli.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/// Who sits at a terminal of a warehouse and district. Confined to one thread; the tallies may be
/// read when that has ended.
final class TpccUser implements Supplier<Terminal.Transaction> {
  private static final double NANOS = 1e9;

  /// No thinking lasts longer than ten times its mean (clause 5.2.5.4).
  private static final double LONGEST = 10;

  private final TpccScale scale;
  private final TpccRandom random;
  private final int warehouse;
  private final int district;
  private final boolean thinks;
  private final Map<TpccType, Tally> tallies = tallies();

  /// @param thinks whether there are keying and think times
  TpccUser(TpccScale scale, TpccRandom random, int warehouse, int district, boolean thinks) {
    this.scale = scale;
    this.random = random;
    this.warehouse = warehouse;
    this.district = district;
    this.thinks = thinks;
  }

  /// An empty one of each type.
  static Map<TpccType, Tally> tallies() {
    Map<TpccType, Tally> tallies = new EnumMap<>(TpccType.class);
    for (TpccType type : TpccType.values()) {
      tallies.put(type, new Tally());
    }
    return tallies;
  }

  /// Adds what came of the transactions.
  void addTo(Map<TpccType, Tally> sums) {
    tallies.forEach((type, tally) -> sums.get(type).add(tally));
  }

  @Override
  public Terminal.Transaction get() {
    TpccInput input = TpccInput.draw(random, scale, warehouse, district);
    long keying = thinks ? (long) (input.type().keyingSeconds() * NANOS) : 0;
    long thinking = thinks ? (long) (thinkSeconds(input.type()) * NANOS) : 0;
    return new Terminal.Transaction() {
      @Override
      public Tally tally() {
        return tallies.get(input.type());
      }

      @Override
      public boolean run(Connection connection) throws SQLException {
        return TpccTransactions.run(connection, input);
      }

      @Override
      public long keyingNanos() {
        return keying;
      }

      @Override
      public long thinkNanos() {
        return thinking;
      }
    };
  }

  private double thinkSeconds(TpccType type) {
    double mean = type.meanThinkSeconds();
    return Math.min(-Math.log(1 - random.fraction()) * mean, LONGEST * mean);
  }
}
