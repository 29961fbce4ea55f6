package io.trencadis.sql.functions;

import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// `json_agg` and `jsonb_agg`; nulls are kept.
final class JsonArrayAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.TEXT};

  private final PgType type;
  private final boolean binary;
  private StringBuilder text;

  JsonArrayAccumulator(PgType type, boolean binary) {
    this.type = type;
    this.binary = binary;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (text == null) {
      text = new StringBuilder();
    } else {
      text.append(", ");
      // PostgreSQL sets rows and arrays apart.
      if (args[0] != null && (type.isRow() || type.isArray())) {
        text.append("\n ");
      }
    }
    JsonOutput.write(args[0], type, false, text, cx);
  }

  @Override
  public Object result(EvalContext cx) {
    if (text == null) {
      return null;
    }
    String json = "[" + text + "]";
    return binary ? Json.parse(json) : json;
  }

  @Override
  public SqlRow state() {
    return new SqlRow(STATE, new Object[] {text == null ? null : text.toString()});
  }

  @Override
  public void merge(SqlRow state) {
    if (state.values()[0] != null) {
      text = text == null ? new StringBuilder() : text.append(", ");
      text.append((String) state.values()[0]);
    }
  }
}
