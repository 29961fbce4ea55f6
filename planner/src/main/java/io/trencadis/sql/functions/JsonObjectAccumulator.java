package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.List;

/// `json_object_agg` and `jsonb_object_agg`.
final class JsonObjectAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.TEXT};

  private final List<PgType> types;
  private final boolean binary;
  private StringBuilder text;

  JsonObjectAccumulator(List<PgType> types, boolean binary) {
    this.types = types;
    this.binary = binary;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "field name must not be null");
    }
    text = text == null ? new StringBuilder() : text.append(", ");
    Json.quote(JsonOutput.key(args[0], types.get(0), cx), text);
    JsonOutput.write(args[1], types.get(1), false, text.append(" : "), cx);
  }

  @Override
  public Object result(EvalContext cx) {
    if (text == null) {
      return null;
    }
    String json = "{ " + text + " }";
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
