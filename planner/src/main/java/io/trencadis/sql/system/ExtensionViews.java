package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.ExtensionDescriptor;
import io.trencadis.sql.catalog.OperatorClasses;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.execute.InvertedTerms;
import io.trencadis.sql.functions.Extension;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Extensions: those that were created and those that could be.
final class ExtensionViews {
  private static final String TRIGRAMS = "pg_trgm";
  private static final String CITEXT = "citext";
  private static final int PG_OPCLASS = 2616;
  private static final int PG_EXTENSION = 3079;
  private static final int PG_PROC = 1255;
  private static final int PG_TYPE = 1247;
  private static final int PG_LANGUAGE = 2612;

  private ExtensionViews() {}

  static void register(Registration to) {
    to.current("pg_extension", ExtensionViews::created);
    to.current("pg_available_extensions", ExtensionViews::available);
    to.current("pg_available_extension_versions", ExtensionViews::versions);
  }

  private static List<ExtensionDescriptor> all(Reading reading) {
    return reading.catalog().all(ExtensionDescriptor.class, reading.databaseOid());
  }

  private static void created(Rows rows, Reading reading) {
    rows.add()
        .set("oid", Extension.PLPGSQL_OID)
        .set("extname", "plpgsql")
        .set("extowner", Catalog.BOOTSTRAP_ROLE)
        .set("extnamespace", Catalog.PG_CATALOG)
        .set("extrelocatable", false)
        .set("extversion", "1.0");
    for (ExtensionDescriptor each : all(reading)) {
      rows.add()
          .set("oid", each.oid())
          .set("extname", each.name())
          .set("extowner", each.ownerOid())
          .set("extnamespace", each.schemaOid())
          .set("extrelocatable", true)
          .set("extversion", each.version());
    }
  }

  private static String installed(Reading reading, Extension extension) {
    if (extension.name().equals("plpgsql")) {
      return extension.defaultVersion();
    }
    return all(reading).stream()
        .filter(each -> each.name().equals(extension.name()))
        .map(ExtensionDescriptor::version)
        .findFirst()
        .orElse(null);
  }

  private static void available(Rows rows, Reading reading) {
    for (Extension each : Extension.ALL) {
      rows.add()
          .set("name", each.name())
          .set("default_version", each.defaultVersion())
          .set("installed_version", installed(reading, each))
          .set("comment", each.comment());
    }
  }

  private static void versions(Rows rows, Reading reading) {
    for (Extension each : Extension.ALL) {
      for (String version : each.versions()) {
        rows.add()
            .set("name", each.name())
            .set("version", version)
            .set("installed", version.equals(installed(reading, each)))
            .set("superuser", true)
            .set("trusted", each.trusted())
            .set("relocatable", each.relocatable())
            .set("schema", each.relocatable() ? null : "pg_catalog")
            .set("comment", each.comment());
      }
    }
  }

  /// What belongs to extensions: `pg_depend` with deptype e.
  static void members(Rows rows, Reading reading) {
    member(rows, PG_LANGUAGE, Oids.PLPGSQL, Extension.PLPGSQL_OID);
    for (ExtensionDescriptor each : all(reading)) {
      for (int oid : each.members()) {
        int kind = reading.catalog().byOid(oid) instanceof TypeDescriptor ? PG_TYPE : PG_PROC;
        member(rows, kind, oid, each.oid());
      }
      if (each.name().equals(TRIGRAMS)) {
        member(rows, PG_OPCLASS, trigramClass().oid(), each.oid());
      }
      if (each.name().equals(CITEXT)) {
        OperatorClasses.ofCitext().forEach(own -> member(rows, PG_OPCLASS, own.oid(), each.oid()));
      }
      rows.add()
          .set("classid", PG_EXTENSION)
          .set("objid", each.oid())
          .set("refclassid", Oids.PG_NAMESPACE)
          .set("refobjid", each.schemaOid())
          .set("deptype", 'n');
    }
  }

  private static void member(Rows rows, int kind, int oid, int extension) {
    rows.add()
        .set("classid", kind)
        .set("objid", oid)
        .set("refclassid", PG_EXTENSION)
        .set("refobjid", extension)
        .set("deptype", 'e');
  }

  private static OperatorClasses.OperatorClass trigramClass() {
    return OperatorClasses.named(OperatorClasses.method("gin"), InvertedTerms.TRIGRAM_CLASS);
  }

  /// The name of an operator class as those who read have to write it.
  static String classShown(Reading reading, String name) {
    for (ExtensionDescriptor each : all(reading)) {
      boolean far =
          each.name().equals(TRIGRAMS)
              && name.equals(InvertedTerms.TRIGRAM_CLASS)
              && reading.access().names().schemasOnPath().stream()
                  .noneMatch(schema -> schema.oid() == each.schemaOid());
      if (far) {
        return Identifiers.quote(reading.schemaName(each.schemaOid())) + "." + name;
      }
    }
    return name;
  }

  /// The operator classes that `pg_trgm` and `citext` bring.
  static void operatorClasses(Rows rows, Reading reading) {
    for (ExtensionDescriptor each : all(reading)) {
      if (each.name().equals(TRIGRAMS)) {
        operatorClass(rows, each, "gin", trigramClass(), Types.TEXT.oid(), false)
            .set("opckeytype", Types.INT4.oid());
      }
      if (each.name().equals(CITEXT)) {
        int type =
            each.members().stream()
                .filter(oid -> reading.catalog().byOid(oid) instanceof TypeDescriptor)
                .findFirst()
                .orElse(0);
        operatorClass(rows, each, "btree", OperatorClasses.ofCitext().getFirst(), type, true);
        operatorClass(rows, each, "hash", OperatorClasses.ofCitext().getLast(), type, true);
      }
    }
  }

  private static Rows operatorClass(
      Rows rows,
      ExtensionDescriptor extension,
      String method,
      OperatorClasses.OperatorClass operatorClass,
      int type,
      boolean usual) {
    return rows.add()
        .set("oid", operatorClass.oid())
        .set("opcmethod", OperatorClasses.method(method))
        .set("opcname", operatorClass.name())
        .set("opcnamespace", extension.schemaOid())
        .set("opcowner", extension.ownerOid())
        .set("opcfamily", operatorClass.oid() + 1)
        .set("opcintype", type)
        .set("opcdefault", usual);
  }
}
