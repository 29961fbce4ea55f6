package io.trencadis.sql.system;

import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// What information_schema says of composite types.
final class InformationComposites {
  private InformationComposites() {}

  static void register(Registration to) {
    to.current("information_schema.user_defined_types", InformationComposites::types);
    to.current("information_schema.attributes", InformationComposites::attributes);
  }

  private static void types(Rows rows, Reading reading) {
    for (TypeDescriptor type : reading.types()) {
      if (type.isComposite()) {
        rows.add()
            .set("user_defined_type_catalog", reading.databaseName())
            .set("user_defined_type_schema", reading.schemaName(type.schemaOid()))
            .set("user_defined_type_name", type.name())
            .set("user_defined_type_category", "STRUCTURED")
            .set("is_instantiable", true);
      }
    }
  }

  private static void attributes(Rows rows, Reading reading) {
    for (TypeDescriptor type : reading.types()) {
      for (int i = 0; i < type.fields().size(); i++) {
        TypeDescriptor.Field field = type.fields().get(i);
        if (field.dropped()) {
          continue;
        }
        PgType own = Types.byOid(field.typeOid());
        PgType base = own.isDomain() ? own.directBase() : own;
        InformationColumns.base(
            rows.add(),
            reading.databaseName(),
            base,
            own.isDomain() ? own.baseTypmod() : field.typmod());
        rows.set("udt_schema", reading.schemaName(type.schemaOid()))
            .set("udt_name", type.name())
            .set("attribute_name", field.name())
            .set("ordinal_position", i + 1)
            .set("is_nullable", true)
            .set("data_type", InformationColumns.dataType(own))
            .set("attribute_udt_catalog", reading.databaseName())
            .set("attribute_udt_schema", own.schema())
            .set("attribute_udt_name", own.name())
            .set("dtd_identifier", Integer.toString(i + 1))
            .set("is_derived_reference_attribute", false);
      }
    }
  }
}
