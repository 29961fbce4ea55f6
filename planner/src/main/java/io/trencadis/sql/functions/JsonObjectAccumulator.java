package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// `json_object_agg` and `jsonb_object_agg`.
final class JsonObjectAccumulator extends JsonTextAccumulator {
  private final List<PgType> types;

  JsonObjectAccumulator(List<PgType> types, boolean binary) {
    super(binary, "{ ", " }");
    this.types = types;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "field name must not be null");
    }
    StringBuilder text = next();
    Json.quote(JsonOutput.key(args[0], types.get(0), cx), text);
    JsonOutput.write(args[1], types.get(1), false, text.append(" : "), cx);
  }
}
