package io.trencadis.sql.functions;

import io.trencadis.sql.types.Json;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;

/// Gathers the members of a json array or object as text; nothing gathered gives null.
abstract class JsonTextAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.TEXT};

  private final boolean binary;
  private final String open;
  private final String close;
  private StringBuilder text;

  /// @param binary whether the result is jsonb
  JsonTextAccumulator(boolean binary, String open, String close) {
    this.binary = binary;
    this.open = open;
    this.close = close;
  }

  /// Where the next member goes, behind a comma unless it is the first.
  final StringBuilder next() {
    text = text == null ? new StringBuilder() : text.append(", ");
    return text;
  }

  @Override
  public final Object result(EvalContext cx) {
    if (text == null) {
      return null;
    }
    String json = open + text + close;
    return binary ? Json.parse(json) : json;
  }

  @Override
  public final SqlRow state() {
    return new SqlRow(STATE, new Object[] {text == null ? null : text.toString()});
  }

  @Override
  public final void merge(SqlRow state) {
    if (state.values()[0] != null) {
      next().append((String) state.values()[0]);
    }
  }
}
