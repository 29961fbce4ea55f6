package io.trencadis.sql.functions;

import io.trencadis.base.ByteWriter;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.Arrays;

/// `string_agg(bytea, bytea)`, with the first row's delimiter kept as for text.
final class ByteaAggAccumulator implements Accumulator {
  private static final PgType[] STATE = {Types.BYTEA, Types.INT4};

  private ByteWriter bytes;
  private int firstDelimiter;

  @Override
  public void add(Object[] args, EvalContext cx) {
    if (args[0] == null) {
      return;
    }
    byte[] delimiter = args[1] == null ? new byte[0] : (byte[]) args[1];
    if (bytes == null) {
      bytes = new ByteWriter();
      firstDelimiter = delimiter.length;
    }
    bytes.putBytes(delimiter).putBytes((byte[]) args[0]);
  }

  @Override
  public Object result(EvalContext cx) {
    return bytes == null ? null : Arrays.copyOfRange(bytes.array(), firstDelimiter, bytes.length());
  }

  @Override
  public SqlRow state() {
    return new SqlRow(
        STATE, new Object[] {bytes == null ? null : bytes.toByteArray(), firstDelimiter});
  }

  @Override
  public void merge(SqlRow state) {
    if (state.values()[0] == null) {
      return;
    }
    if (bytes == null) {
      bytes = new ByteWriter();
      firstDelimiter = (Integer) state.values()[1];
    }
    bytes.putBytes((byte[]) state.values()[0]);
  }
}
