package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;

/// Which accumulator an aggregate has, by its oid.
final class AggregateCode {
  private AggregateCode() {}

  static AggregateFunction find(ResolvedCall call) {
    String name = call.proc().name();
    PgType argument = call.argTypes().isEmpty() ? null : call.argTypes().getFirst();
    int type = argument == null ? 0 : argument.oid();
    return switch (name) {
      case "count" ->
          call.proc().argTypes().length == 0
              ? () -> new CountAccumulator(false)
              : () -> new CountAccumulator(true);
      case "sum" -> sum(type);
      case "avg" -> average(type);
      case "min" ->
          argument.codec().ordered()
              ? () -> new ExtremeAccumulator(argument, call.collation(), -1)
              : null;
      case "max" ->
          argument.codec().ordered()
              ? () -> new ExtremeAccumulator(argument, call.collation(), 1)
              : null;
      case "bool_and", "every" -> () -> new BooleanAccumulator(true);
      case "bool_or" -> () -> new BooleanAccumulator(false);
      case "bit_and" -> bits(argument, '&');
      case "bit_or" -> bits(argument, '|');
      case "bit_xor" -> bits(argument, '^');
      case "string_agg" -> type == 17 ? ByteaAggAccumulator::new : StringAggAccumulator::new;
      case "array_agg" ->
          call.proc().oid() == 4053
              ? () -> new NestedArrayAccumulator(argument.elementType())
              : () -> new ArrayAccumulator(argument);
      case "json_agg", "jsonb_agg" ->
          () -> new JsonArrayAccumulator(argument, name.equals("jsonb_agg"));
      case "json_object_agg", "jsonb_object_agg" ->
          () -> new JsonObjectAccumulator(call.argTypes(), name.equals("jsonb_object_agg"));
      case "variance", "var_samp" -> spread(type, true, false);
      case "var_pop" -> spread(type, false, false);
      case "stddev", "stddev_samp" -> spread(type, true, true);
      case "stddev_pop" -> spread(type, false, true);
      case "corr",
          "covar_pop",
          "covar_samp",
          "regr_avgx",
          "regr_avgy",
          "regr_count",
          "regr_intercept",
          "regr_r2",
          "regr_slope",
          "regr_sxx",
          "regr_sxy",
          "regr_syy" ->
          () -> new PairAccumulator(name);
      default -> null;
    };
  }

  private static AggregateFunction sum(int type) {
    return switch (type) {
      case 21, 23 -> () -> new IntegerSumAccumulator(IntegerSumAccumulator.Result.BIGINT_SUM);
      case 20 -> () -> new IntegerSumAccumulator(IntegerSumAccumulator.Result.NUMERIC_SUM);
      case 700, 701 -> () -> new FloatSumAccumulator(type == 700);
      case 1700 -> () -> new NumericSumAccumulator(false);
      case 1186 -> () -> new IntervalSumAccumulator(false);
      default -> null;
    };
  }

  private static AggregateFunction average(int type) {
    return switch (type) {
      case 20, 21, 23 -> () -> new IntegerSumAccumulator(IntegerSumAccumulator.Result.AVERAGE);
      case 700, 701 -> () -> new FloatSpreadAccumulator(FloatSpreadAccumulator.Result.AVERAGE);
      case 1700 -> () -> new NumericSumAccumulator(true);
      case 1186 -> () -> new IntervalSumAccumulator(true);
      default -> null;
    };
  }

  private static AggregateFunction spread(int type, boolean sample, boolean root) {
    return switch (type) {
      case 700, 701 ->
          () -> new FloatSpreadAccumulator(FloatSpreadAccumulator.Result.of(sample, root));
      case 20, 21, 23, 1700 -> () -> new NumericSpreadAccumulator(sample, root);
      default -> null;
    };
  }

  private static AggregateFunction bits(PgType type, char operator) {
    return switch (type.oid()) {
      case 20, 21, 23, 1560 -> () -> new BitAccumulator(type, operator);
      default -> null;
    };
  }
}
