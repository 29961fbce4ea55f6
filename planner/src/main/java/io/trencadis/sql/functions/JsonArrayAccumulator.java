package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;

/// `json_agg` and `jsonb_agg`; nulls are kept.
final class JsonArrayAccumulator extends JsonTextAccumulator {
  private final PgType type;

  JsonArrayAccumulator(PgType type, boolean binary) {
    super(binary, "[", "]");
    this.type = type;
  }

  @Override
  public void add(Object[] args, EvalContext cx) {
    StringBuilder text = next();
    // PostgreSQL sets rows and arrays apart.
    if (!text.isEmpty() && args[0] != null && (type.isRow() || type.isArray())) {
      text.append("\n ");
    }
    JsonOutput.write(args[0], type, false, text, cx);
  }
}
