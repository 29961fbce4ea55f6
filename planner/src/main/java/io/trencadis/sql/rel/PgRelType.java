package io.trencadis.sql.rel;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/// A PostgreSQL type with its modifier, as Calcite sees it. Columns are always nullable: what is known of NOT NULL
/// is the table's business. Only Calcite's own literals are not.
public final class PgRelType extends AbstractSqlType {
  private final transient PgType type;
  private final int typmod;

  public PgRelType(PgType type, int typmod) {
    this(type, typmod, true);
  }

  PgRelType(PgType type, int typmod, boolean nullable) {
    super(kindOf(type), nullable, null);
    this.type = type;
    this.typmod = typmod;
    computeDigest();
  }

  /// What Calcite's own code has to recognise: truth values, and the integers of its row counts.
  private static SqlTypeName kindOf(PgType type) {
    if (type == Types.BOOL) {
      return SqlTypeName.BOOLEAN;
    }
    return SqlTypeName.OTHER;
  }

  public PgType type() {
    return type;
  }

  /// The type modifier, -1 for none.
  public int typmod() {
    return typmod;
  }

  /// The PostgreSQL type behind a type of a tree of ours.
  public static PgType of(RelDataType type) {
    return ((PgRelType) type).type;
  }

  public static int typmodOf(RelDataType type) {
    return ((PgRelType) type).typmod;
  }

  @Override
  protected void generateTypeString(StringBuilder out, boolean withDetail) {
    out.append(type.name()).append('#').append(type.oid());
    if (typmod >= 0) {
      out.append('(').append(typmod).append(')');
    }
  }
}
