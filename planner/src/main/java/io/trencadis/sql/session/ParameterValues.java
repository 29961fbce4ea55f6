package io.trencadis.sql.session;

import io.trencadis.base.ByteReader;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.BinaryText;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;

/// The values that a client binds to a statement's parameters. Stateless.
final class ParameterValues {
  private ParameterValues() {}

  /// Reads as many values as there are types.
  ///
  /// @param formats none, one for all, or one a parameter: 0 text, 1 binary
  /// @param client the encoding of the texts
  /// @throws SqlException where one is no value of its type
  static Object[] decode(
      byte[][] parameters, short[] formats, int[] types, Encoding client, SessionContext context) {
    Object[] values = new Object[types.length];
    for (int i = 0; i < values.length; i++) {
      int format = formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[i];
      PgType type = Types.byOid(types[i]);
      Object value =
          parameters[i] == null ? null : decode(parameters[i], type, format, client, context);
      values[i] = type.hasRules() ? context.checked(type, value) : value;
    }
    return values;
  }

  private static Object decode(
      byte[] bytes, PgType type, int format, Encoding client, TypeContext context) {
    return switch (format) {
      case 0 -> type.codec().parse(client.decode(bytes), -1, context);
      case 1 -> {
        try {
          byte[] value = BinaryText.received(type, bytes, client);
          yield type.codec().readBinary(new ByteReader(value), value.length);
        } catch (IndexOutOfBoundsException e) {
          throw new SqlException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
        }
      }
      default ->
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + format);
    };
  }
}
