package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// `string_agg(text, text)`. The first row's delimiter is kept too, so that states can be merged:
/// it is needed where this state is not the first.
final class StringAggAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.TEXT, Types.INT4};

  private StringBuilder text;
  private int firstDelimiter;

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      return;
    }
    String delimiter = args[1] == null ? "" : (String) args[1];
    if (text == null) {
      text = new StringBuilder();
      firstDelimiter = delimiter.length();
    }
    text.append(delimiter).append((String) args[0]);
  }

  @Override
  public Object result(EvalContext cx) {
    return text == null ? null : text.substring(firstDelimiter);
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {text == null ? null : text.toString(), firstDelimiter});
  }

  @Override
  public void merge(SqlRow state) {
    if (state.values()[0] == null) {
      return;
    }
    if (text == null) {
      text = new StringBuilder();
      firstDelimiter = (Integer) state.values()[1];
    }
    text.append((String) state.values()[0]);
  }
}
