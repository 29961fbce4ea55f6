package io.trencadis.sql.rel;

import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rel.type.RelDataTypeFieldImpl;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rel.type.RelRecordType;
import org.apache.calcite.rel.type.StructKind;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;

/// Makes types for Calcite, all of them [PgRelType]s or rows of them. Stateless but for caches;
/// thread-safe.
public final class PgTypeFactory extends SqlTypeFactoryImpl {
  public static final PgTypeFactory INSTANCE = new PgTypeFactory();

  private PgTypeFactory() {
    super(RelDataTypeSystem.DEFAULT);
  }

  public static RelDataType of(PgType type) {
    return of(type, -1);
  }

  public static RelDataType of(PgType type, int typmod) {
    return new PgRelType(type, typmod);
  }

  /// A row type whose fields are known.
  public static RelDataType row(List<String> names, List<PgType> types) {
    return new PgRelType(Types.RECORD, -1, true, null, names, types);
  }

  /// The type of a column's values.
  public static RelDataType of(Column column) {
    return collated(Types.byOid(column.typeOid()), column.typmod(), column.collation());
  }

  /// @param collation null for the default one
  public static RelDataType collated(PgType type, int typmod, Collation collation) {
    return new PgRelType(type, typmod, true, collation, List.of(), List.of());
  }

  /// The same type under another collation.
  public static RelDataType collated(RelDataType type, Collation collation) {
    PgRelType pg = (PgRelType) type;
    return pg.collation() == collation || pg.collation() != null && pg.collation().equals(collation)
        ? type
        : new PgRelType(
            pg.type(), pg.typmod(), pg.isNullable(), collation, pg.fieldNames(), pg.fieldTypes());
  }

  /// Calcite keeps one row type for all of the same digest, for good. Users' types change under
  /// their oid, so that rows of them are made anew.
  @Override
  public RelDataType createStructType(
      StructKind kind, List<RelDataType> types, List<String> names) {
    boolean users =
        types.stream()
            .anyMatch(
                type ->
                    type instanceof PgRelType pg
                        && (pg.type().isUsers()
                            || pg.fieldTypes().stream().anyMatch(PgType::isUsers)));
    if (!users) {
      return super.createStructType(kind, types, names);
    }
    List<RelDataTypeField> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      fields.add(new RelDataTypeFieldImpl(names.get(i), i, types.get(i)));
    }
    return new RelRecordType(kind, fields, false);
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name) {
    return switch (name) {
      case BOOLEAN -> new PgRelType(Types.BOOL, -1, false);
      case INTEGER -> new PgRelType(Types.INT4, -1, false);
      case BIGINT -> new PgRelType(Types.INT8, -1, false);
      default -> super.createSqlType(name);
    };
  }

  @Override
  public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
    if (type instanceof PgRelType pg) {
      return pg.isNullable() == nullable
          ? pg
          : new PgRelType(
              pg.type(), pg.typmod(), nullable, pg.collation(), pg.fieldNames(), pg.fieldTypes());
    }
    return type.isStruct() ? type : super.createTypeWithNullability(type, nullable);
  }

  @Override
  public RelDataType enforceTypeWithNullability(RelDataType type, boolean nullable) {
    return createTypeWithNullability(type, nullable);
  }

  /// The analyzer has already brought all inputs of a set operation to one type; a type modifier is
  /// kept where all of them have it.
  @Override
  public RelDataType leastRestrictive(List<RelDataType> types, SqlTypeMappingRule mapping) {
    RelDataType first = types.getFirst();
    if (!first.isStruct()) {
      return first;
    }
    List<RelDataType> fields = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < first.getFieldCount(); i++) {
      RelDataType type = first.getFieldList().get(i).getType();
      int column = i;
      if (type instanceof PgRelType pg
          && pg.typmod() != -1
          && types.stream()
              .map(row -> row.getFieldList().get(column).getType())
              .anyMatch(other -> PgRelType.typmodOf(other) != pg.typmod())) {
        type =
            new PgRelType(
                pg.type(), -1, pg.isNullable(), pg.collation(), pg.fieldNames(), pg.fieldTypes());
        changed = true;
      }
      fields.add(type);
    }
    return changed ? createStructType(fields, first.getFieldNames()) : first;
  }
}
