package io.trencadis.sql.session;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import java.util.List;

/// How the rows of a result are to be sent: their columns, each in text (0) or binary (1) format.
/// Immutable but for the context, which is the session's.
public final class RowFormat {
  private final List<ResultColumn> columns;
  private final PgType[] types;
  private final short[] formats;
  private final TypeContext context;

  /// @param formats none for text, one for all columns, or one a column
  public RowFormat(List<ResultColumn> columns, short[] formats, TypeContext context) {
    this.columns = columns;
    this.context = context;
    this.types = new PgType[columns.size()];
    this.formats = new short[columns.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = columns.get(i).type();
      this.formats[i] = formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[i];
    }
  }

  public List<ResultColumn> columns() {
    return columns;
  }

  public int size() {
    return types.length;
  }

  public PgType type(int column) {
    return types[column];
  }

  public boolean binary(int column) {
    return formats[column] == 1;
  }

  /// The session's settings that text output depends on.
  public TypeContext context() {
    return context;
  }
}
