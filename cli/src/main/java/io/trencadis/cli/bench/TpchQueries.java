package io.trencadis.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The 22 queries with the validation parameters of the specification.
final class TpchQueries {
  static final int COUNT = 22;

  private final SortedMap<Integer, String> byNumber = new TreeMap<>();

  TpchQueries(TpchScale scale) {
    String fraction =
        new BigDecimal("0.0001")
            .divide(BigDecimal.valueOf(scale.factor()), MathContext.DECIMAL32)
            .toPlainString();
    try (InputStream in = TpchQueries.class.getResourceAsStream("tpch.sql")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String part : List.of(all.split("\n--- ")).subList(1, COUNT + 1)) {
        int line = part.indexOf('\n');
        byNumber.put(
            Integer.valueOf(part.substring(0, line)),
            part.substring(line + 1).strip().replace(":fraction", fraction));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param number from 1 to 22
  String text(int number) {
    return byNumber.get(number);
  }
}
