package io.trencadis.sql.rel;

import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/// A PostgreSQL type with its modifier, as Calcite sees it. Columns are always nullable: what is
/// known of NOT NULL is the table's business. Only Calcite's own literals are not.
public final class PgRelType extends AbstractSqlType {
  private final transient PgType type;
  private final int typmod;
  private final transient Collation collation;
  private final transient List<String> fieldNames;
  private final transient List<PgType> fieldTypes;

  public PgRelType(PgType type, int typmod) {
    this(type, typmod, true);
  }

  PgRelType(PgType type, int typmod, boolean nullable) {
    this(type, typmod, nullable, null, List.of(), List.of());
  }

  /// @param collation null for the default one
  /// @param fieldNames of a row type, where they are known
  PgRelType(
      PgType type,
      int typmod,
      boolean nullable,
      Collation collation,
      List<String> fieldNames,
      List<PgType> fieldTypes) {
    super(kindOf(type), nullable, null);
    this.fieldNames = List.copyOf(fieldNames);
    this.fieldTypes = List.copyOf(fieldTypes);
    this.type = type;
    this.collation = collation;
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

  /// Names of a row type's fields; empty where they are not known.
  public List<String> fieldNames() {
    return fieldNames;
  }

  public List<PgType> fieldTypes() {
    return fieldTypes;
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

  /// By which rules values are compared; null for the default collation.
  public Collation collation() {
    return collation;
  }

  public static Collation collationOf(RelDataType type) {
    return ((PgRelType) type).collation;
  }

  /// The codec for values of a type under its collation.
  ///
  /// @throws io.trencadis.base.SqlException 42P21 for a conflict of collations
  public static TypeCodec codecOf(RelDataType type) {
    PgRelType pg = (PgRelType) type;
    if (pg.collation != null && pg.collation.isConflict()) {
      throw CollationRules.undecided(pg.collation);
    }
    return pg.collation == null ? pg.type.codec() : pg.type.codec(pg.collation);
  }

  @Override
  protected void generateTypeString(StringBuilder out, boolean withDetail) {
    out.append(type.name()).append('#').append(type.oid());
    if (!fieldNames.isEmpty()) {
      out.append(fieldNames).append(fieldTypes);
    }
    if (typmod >= 0) {
      out.append('(').append(typmod).append(')');
    }
    if (collation != null) {
      out.append('~').append(collation.oid());
    }
  }
}
