package io.trencadis.sql.ddl;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ColumnStatistics;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.StoredRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.TypeContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Rows of a table taken by chance from all its shards (Vitter, "Random sampling with a reservoir",
/// TOMS 1985, algorithm R), and what they tell of its columns.
final class TableSample {
  /// PostgreSQL's: 300 for each of the 100 values and bounds kept.
  private static final int SIZE = 30_000;

  private static final int KEPT = 100;

  /// Longer values are not kept, as in PostgreSQL.
  private static final int LONGEST = 1_000;

  private final StoredTable table;
  private final CostDelay delay;
  private final List<Object[]> rows = new ArrayList<>();
  private long count;

  TableSample(DdlContext cx, TableDescriptor descriptor) {
    table = new StoredTable(descriptor);
    List<byte[]> chosen = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(descriptor.oid());
    int mark = cx.store().writeMark();
    delay = cx.costDelay();
    for (int shard : table.placement().shards()) {
      // Outside the read set: that rows change meanwhile is no conflict for what is a guess anyway.
      try (RowCursor cursor =
          cx.store()
              .scanUntracked(
                  shard,
                  table.relation(),
                  StoredRows.firstKey(table),
                  StoredRows.endKey(table),
                  false,
                  mark)) {
        while (cursor.next()) {
          if ((++count & 0x3ff) == 0) {
            cx.checkInterrupts();
          }
          delay.read(cursor.length());
          if (chosen.size() < SIZE) {
            chosen.add(cursor.value());
          } else {
            long place = random.nextLong(count);
            if (place < SIZE) {
              chosen.set((int) place, cursor.value());
            }
          }
        }
      }
    }
    chosen.forEach(bytes -> rows.add(StoredRows.decode(table, bytes)));
  }

  /// All rows of the table, not of the sample.
  long count() {
    return count;
  }

  List<ColumnStatistics> columns() {
    List<ColumnStatistics> all = new ArrayList<>();
    List<Column> columns = table.descriptor().liveColumns();
    for (int place = 0; place < columns.size() && !rows.isEmpty(); place++) {
      all.add(column(columns.get(place), place));
    }
    return all;
  }

  /// Equal values that follow each other in the sorted sample.
  private record Run(Object value, int length) {}

  private ColumnStatistics column(Column column, int place) {
    TypeCodec codec = table.codec(place);
    List<Object> values = new ArrayList<>();
    long bytes = 0;
    boolean isShort = true;
    for (Object[] row : rows) {
      if (row[place] != null) {
        values.add(row[place]);
        int width = row[place] instanceof String text ? text.length() + 1 : 8;
        bytes += width;
        isShort &= width <= LONGEST;
      }
    }
    double nullPart = 1 - (double) values.size() / rows.size();
    int width = values.isEmpty() ? 0 : (int) (bytes / values.size());
    if (values.isEmpty() || !codec.ordered() || !isShort) {
      return new ColumnStatistics(
          column.number(), nullPart, width, -1, List.of(), List.of(), List.of());
    }
    Object[] sorted = values.toArray();
    Arrays.sort(
        sorted,
        (a, b) -> {
          delay.compared();
          return codec.compare(a, b);
        });
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < sorted.length; ) {
      int end = i + 1;
      while (end < sorted.length && codec.compare(sorted[i], sorted[end]) == 0) {
        end++;
      }
      runs.add(new Run(sorted[i], end - i));
      i = end;
    }
    double distinct = distinct(runs, sorted.length);
    List<Run> common = common(runs, sorted.length);
    List<String> commonTexts = new ArrayList<>();
    List<Double> parts = new ArrayList<>();
    for (Run run : common) {
      commonTexts.add(text(codec, run.value));
      parts.add((double) run.length / rows.size());
    }
    return new ColumnStatistics(
        column.number(),
        nullPart,
        width,
        distinct,
        commonTexts,
        parts,
        bounds(runs, common, codec));
  }

  private static String text(TypeCodec codec, Object value) {
    return codec.format(value, TypeContext.DEFAULTS);
  }

  /// The estimator of Haas and Stokes ("Estimating the number of classes in a finite population",
  /// IBM research report RJ 10025, 1996) that PostgreSQL uses.
  private double distinct(List<Run> runs, int known) {
    long once = runs.stream().filter(run -> run.length == 1).count();
    if (once == known) {
      return -1;
    }
    double all = Math.max(known, (double) count * known / rows.size());
    double found = runs.size();
    double estimate =
        once == 0 || count <= rows.size()
            ? found
            : known * found / (known - once + once * known / all);
    estimate = Math.clamp(estimate, found, all);
    return estimate > 0.1 * count ? -estimate / count : Math.floor(estimate + 0.5);
  }

  /// All values where they are few; else those a quarter more common than the average.
  private static List<Run> common(List<Run> runs, int known) {
    double least = runs.size() <= KEPT ? 1 : 1.25 * known / runs.size();
    return runs.stream()
        .filter(run -> run.length > least)
        .sorted(Comparator.comparingInt((Run run) -> -run.length))
        .limit(KEPT)
        .toList();
  }

  private static List<String> bounds(List<Run> runs, List<Run> common, TypeCodec codec) {
    List<Object> rest = new ArrayList<>();
    for (Run run : runs) {
      if (!common.contains(run)) {
        for (int i = 0; i < run.length; i++) {
          rest.add(run.value);
        }
      }
    }
    if (rest.size() < 2 || runs.size() - common.size() < 2) {
      return List.of();
    }
    int parts = Math.min(KEPT, rest.size() - 1);
    List<String> bounds = new ArrayList<>();
    for (int i = 0; i <= parts; i++) {
      bounds.add(text(codec, rest.get((int) ((long) i * (rest.size() - 1) / parts))));
    }
    return bounds;
  }
}
