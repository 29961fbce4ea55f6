package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.functions.CastInfo;
import io.trencadis.sql.functions.OperatorInfo;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.rights.Target;
import java.util.ArrayList;
import java.util.List;

/// Functions, operators, casts, access methods and languages.
final class FunctionViews {
  private FunctionViews() {}

  static void register(Registration to) {
    to.fixed("pg_proc", FunctionViews::functions);
    to.current("pg_proc", FunctionViews::routines);
    to.current("pg_trigger", TriggerViews::triggers);
    to.current("information_schema.triggers", TriggerViews::standard);
    to.fixed("pg_operator", FunctionViews::operators);
    to.fixed("pg_cast", FunctionViews::casts);
    to.fixed("pg_aggregate", FunctionViews::aggregates);
    plain(to, "pg_am", "oid", "amname", "amhandler", "amtype");
    plain(to, "pg_amop");
    plain(to, "pg_amproc");
    owned(to, "pg_opfamily", "opf", "oid", "opfmethod", "opfname");
    owned(
        to,
        "pg_opclass",
        "opc",
        "oid",
        "opcmethod",
        "opcname",
        "opcfamily",
        "opcintype",
        "opcdefault",
        "opckeytype");
    to.current("pg_opclass", ExtensionViews::operatorClasses);
    to.fixed("pg_language", FunctionViews::languages);
    to.current("pg_collation", CollationRows::all);
  }

  /// A relation whose rows are just those of the resource.
  private static void plain(Registration to, String relation, String... columns) {
    to.fixed(
        relation,
        rows -> {
          for (String[] row : PgCatalog.rows(relation)) {
            rows.add();
            if (columns.length == 0) {
              rows.setAll((Object[]) row);
            } else {
              set(rows, row, columns);
            }
          }
        });
  }

  /// The same for one that also says whose each is and in which schema.
  private static void owned(Registration to, String relation, String prefix, String... columns) {
    to.fixed(
        relation,
        rows -> {
          for (String[] row : PgCatalog.rows(relation)) {
            rows.add()
                .set(prefix + "namespace", Catalog.PG_CATALOG)
                .set(prefix + "owner", Catalog.BOOTSTRAP_ROLE);
            set(rows, row, columns);
          }
        });
  }

  private static void set(Rows rows, String[] row, String... columns) {
    for (int i = 0; i < columns.length; i++) {
      rows.set(columns[i], row[i]);
    }
  }

  static int language(ProcInfo proc) {
    return switch (proc.language()) {
      case 'c' -> 13;
      case 's' -> 14;
      case 'p' -> Oids.PLPGSQL;
      default -> 12;
    };
  }

  private static void functions(Rows rows) {
    for (ProcInfo proc : PgCatalog.allFunctions()) {
      function(rows, proc)
          .set("pronamespace", Oids.systemSchema(proc.schema()))
          .set("proowner", Catalog.BOOTSTRAP_ROLE)
          .set("prosrc", proc.source() == null ? "" : proc.source());
    }
  }

  private static void routines(Rows rows, Reading reading) {
    for (RoutineDescriptor routine :
        reading.catalog().all(RoutineDescriptor.class, reading.databaseOid())) {
      function(rows, reading.catalog().routine(routine.oid()))
          .set("pronamespace", routine.schemaOid())
          .set("proowner", routine.ownerOid())
          .set("prosecdef", routine.securityDefiner())
          .set("prosrc", routine.source() == null ? "" : routine.source())
          .set("prosqlbody", routine.body())
          .set("proconfig", routine.settings().isEmpty() ? null : routine.settings())
          .set("proacl", reading.acl(Target.of(routine)));
    }
  }

  /// What is known of all functions alike.
  private static Rows function(Rows rows, ProcInfo proc) {
    return rows.add()
        .set("oid", proc.oid())
        .set("proname", proc.name())
        .set("prolang", language(proc))
        .set("procost", proc.cost())
        .set("prorows", proc.rows())
        .set("provariadic", proc.variadicType())
        .set("prosupport", proc.supportFunction())
        .set("prokind", proc.kind())
        .set("proleakproof", proc.leakproof())
        .set("proisstrict", proc.strict())
        .set("proretset", proc.returnsSet())
        .set("provolatile", proc.volatility())
        .set("proparallel", proc.parallel())
        .set("pronargs", proc.argTypes().length)
        .set("pronargdefaults", proc.defaults().size())
        .set("prorettype", proc.resultType())
        .set("proargtypes", list(proc.argTypes()))
        .set("proallargtypes", proc.allArgTypes() == null ? null : list(proc.allArgTypes()))
        .set("proargmodes", proc.argModes() == null ? null : letters(proc.argModes()))
        .set("proargnames", proc.argNames())
        .set(
            "proargdefaults",
            proc.defaults().isEmpty() ? null : String.join(", ", proc.defaults()));
  }

  private static List<Integer> list(int[] values) {
    List<Integer> all = new ArrayList<>(values.length);
    for (int value : values) {
      all.add(value);
    }
    return all;
  }

  private static List<String> letters(String text) {
    List<String> all = new ArrayList<>(text.length());
    for (int i = 0; i < text.length(); i++) {
      all.add(text.substring(i, i + 1));
    }
    return all;
  }

  private static void operators(Rows rows) {
    for (OperatorInfo operator : PgCatalog.allOperators()) {
      rows.add()
          .set("oid", operator.oid())
          .set("oprname", operator.name())
          .set("oprnamespace", Catalog.PG_CATALOG)
          .set("oprowner", Catalog.BOOTSTRAP_ROLE)
          .set("oprkind", operator.kind())
          .set("oprcanmerge", operator.canMerge())
          .set("oprcanhash", operator.canHash())
          .set("oprleft", operator.left())
          .set("oprright", operator.right())
          .set("oprresult", operator.result())
          .set("oprcom", operator.commutator())
          .set("oprnegate", operator.negator())
          .set("oprcode", operator.function())
          .set("oprrest", operator.restrictFunction())
          .set("oprjoin", operator.joinFunction());
    }
  }

  private static void casts(Rows rows) {
    for (CastInfo cast : PgCatalog.allCasts()) {
      rows.add()
          .setAll(
              cast.oid(),
              cast.source(),
              cast.target(),
              cast.function(),
              cast.context(),
              cast.method());
    }
  }

  private static void aggregates(Rows rows) {
    for (String[] row : PgCatalog.rows("pg_aggregate")) {
      rows.add().setAll((Object[]) row);
      rows.set("agginitval", row[20].isEmpty() ? null : row[20].substring(1));
      rows.set("aggminitval", row[21].isEmpty() ? null : row[21].substring(1));
    }
  }

  private static void languages(Rows rows) {
    for (String[] row : PgCatalog.rows("pg_language")) {
      rows.add().set("lanowner", Catalog.BOOTSTRAP_ROLE);
      set(
          rows,
          row,
          "oid",
          "lanname",
          "lanispl",
          "lanpltrusted",
          "lanplcallfoid",
          "laninline",
          "lanvalidator");
    }
    rows.add()
        .set("oid", Oids.PLPGSQL)
        .set("lanname", "plpgsql")
        .set("lanowner", Catalog.BOOTSTRAP_ROLE)
        .set("lanispl", true)
        .set("lanpltrusted", true)
        .set("lanplcallfoid", 0)
        .set("laninline", 0)
        .set("lanvalidator", 0);
  }
}
