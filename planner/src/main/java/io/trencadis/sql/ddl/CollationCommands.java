package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.collation.TextOrder;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.session.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// CREATE, ALTER and DROP COLLATION. Those of the C library are only the ones in which texts are in
/// the order of their code points.
final class CollationCommands {
  private static final Set<String> OPTIONS =
      Set.of("from", "locale", "lc_collate", "lc_ctype", "provider", "deterministic", "version");
  private static final Set<String> CODE_POINTS =
      Set.of("C", "POSIX", "C.UTF-8", "C.utf8", "C.UTF8");

  private final DdlContext cx;

  CollationCommands(DdlContext cx) {
    this.cx = cx;
  }

  void create(Statement.CreateCollation create) {
    SchemaDescriptor schema = new TypeNaming(cx).schemaFor(create.name());
    String name = create.name().name();
    CollationDescriptor made =
        create.from() != null ? copy(create, schema) : defined(create, schema);
    if (cx.catalog().collation(schema.oid(), name) != null) {
      String taken = "collation \"" + name + "\" already exists";
      if (create.ifNotExists()) {
        cx.notice(Notice.notice(taken + ", skipping"));
        return;
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, taken);
    }
    cx.put(made);
  }

  private CollationDescriptor copy(Statement.CreateCollation create, SchemaDescriptor schema) {
    CollationDescriptor made = Collations.made(cx.names(), create.from());
    Collation known = Collations.find(cx.names(), create.from());
    if (known == null) {
      throw Collations.undefined(create.from());
    }
    if (known.oid() == Collation.DEFAULT.oid()) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION, "collation \"default\" cannot be copied");
    }
    boolean ofLibrary = known.locale() == null;
    String libraryName = known.name().equals("ucs_basic") ? "C" : known.name();
    return descriptor(
        create,
        schema,
        ofLibrary ? 'c' : 'i',
        known.deterministic(),
        ofLibrary ? (made == null ? libraryName : made.collate()) : null,
        ofLibrary ? (made == null ? libraryName : made.ctype()) : null,
        known.locale());
  }

  private CollationDescriptor defined(Statement.CreateCollation create, SchemaDescriptor schema) {
    Map<String, String> options = new HashMap<>();
    for (Statement.DefinitionOption option : create.options()) {
      if (!OPTIONS.contains(option.name())) {
        throw new SqlException(
                SqlState.SYNTAX_ERROR,
                "collation attribute \"" + option.name() + "\" not recognized")
            .at(option.pos());
      }
      if (options.put(option.name(), option.value()) != null) {
        throw conflicting().at(option.pos());
      }
    }
    if (options.containsKey("locale")
        && (options.containsKey("lc_collate") || options.containsKey("lc_ctype"))) {
      throw conflicting()
          .detail("LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE.");
    }
    String provider = options.getOrDefault("provider", "libc").toLowerCase(Locale.ROOT);
    boolean deterministic = truth(options.get("deterministic"));
    if (!provider.equals("icu") && !provider.equals("libc")) {
      throw invalid("unrecognized collation provider: " + options.get("provider"));
    }
    String locale = options.get("locale");
    if (provider.equals("icu")) {
      if (locale == null) {
        throw invalid("parameter \"locale\" must be specified");
      }
      return descriptor(create, schema, 'i', deterministic, null, null, locale);
    }
    String collate = options.getOrDefault("lc_collate", locale);
    String ctype = options.getOrDefault("lc_ctype", locale);
    if (collate == null || ctype == null) {
      throw invalid(
          "parameter \"" + (collate == null ? "lc_collate" : "lc_ctype") + "\" must be specified");
    }
    if (!deterministic) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "nondeterministic collations not supported with this provider");
    }
    for (String each : List.of(collate, ctype)) {
      if (!CODE_POINTS.contains(each)) {
        throw SqlException.notSupported("locale \"" + each + "\" of the C library")
            .at(create.pos());
      }
    }
    return descriptor(create, schema, 'c', true, collate, ctype, null);
  }

  private CollationDescriptor descriptor(
      Statement.CreateCollation create,
      SchemaDescriptor schema,
      char provider,
      boolean deterministic,
      String collate,
      String ctype,
      String locale) {
    return new CollationDescriptor(
        cx.newOid(),
        cx.databaseOid(),
        schema.oid(),
        create.name().name(),
        cx.role().oid(),
        provider,
        deterministic,
        collate,
        ctype,
        locale,
        locale == null ? null : new TextOrder(locale).version());
  }

  private static SqlException conflicting() {
    return new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options");
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message);
  }

  private static boolean truth(String value) {
    return switch (value == null ? "true" : value.toLowerCase(Locale.ROOT)) {
      case "", "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw new SqlException(SqlState.SYNTAX_ERROR, "deterministic requires a Boolean value");
    };
  }

  /// The user's collation of that name.
  ///
  /// @throws SqlException 42704 if there is none
  CollationDescriptor require(QualifiedName name) {
    if (name.schema() != null) {
      cx.names().schema(name.schema(), -1);
    }
    CollationDescriptor found = Collations.made(cx.names(), name);
    if (found != null) {
      return found;
    }
    if (Collations.find(cx.names(), name) != null) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of collation " + name.name());
    }
    throw Collations.undefined(name);
  }

  static Target target(CollationDescriptor collation) {
    return new Target(
        Kind.COLLATION,
        collation.oid(),
        collation.databaseOid(),
        collation.ownerOid(),
        collation.name(),
        false);
  }

  private void requireOwner(CollationDescriptor collation) {
    new Rights(cx.catalog(), cx.databaseOid()).requireOwner(cx.role().oid(), target(collation));
  }

  void alter(Statement.AlterTable alter, OwnerCommands owners) {
    if (Collations.made(cx.names(), alter.name()) == null
        && Collations.find(cx.names(), alter.name()) != null
        && cx.role().superuser()
        && alter.actions().getFirst() instanceof AlterAction.RefreshVersion) {
      // What came with the server has the version of the server's own library.
      cx.notice(Notice.notice("version has not changed"));
      return;
    }
    for (AlterAction action : alter.actions()) {
      CollationDescriptor collation = require(alter.name());
      requireOwner(collation);
      switch (action) {
        case AlterAction.RenameTable rename ->
            cx.put(
                moved(
                    collation,
                    (SchemaDescriptor) cx.catalog().byOid(collation.schemaOid()),
                    rename.newName()));
        case AlterAction.SetSchema set -> {
          SchemaDescriptor schema = cx.names().schema(set.schema(), set.pos());
          if (schema.oid() != collation.schemaOid()) {
            cx.put(moved(collation, schema, collation.name()));
          }
        }
        case AlterAction.OwnerTo owner -> owners.alter(collation, owner.role());
        case AlterAction.RefreshVersion _ -> refresh(collation);
        default -> throw SqlException.notSupported("ALTER COLLATION of this kind");
      }
    }
  }

  private CollationDescriptor moved(
      CollationDescriptor collation, SchemaDescriptor schema, String name) {
    if (cx.catalog().collation(schema.oid(), name) != null) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "collation \"" + name + "\" already exists in schema \"" + schema.name() + "\"");
    }
    new DdlRights(cx).requireCreate(schema);
    return collation.withName(schema.oid(), name);
  }

  private void refresh(CollationDescriptor collation) {
    String now = collation.locale() == null ? null : new TextOrder(collation.locale()).version();
    if (now == null || now.equals(collation.version())) {
      cx.notice(Notice.notice("version has not changed"));
      return;
    }
    cx.notice(Notice.notice("changing version from " + collation.version() + " to " + now));
    cx.put(
        new CollationDescriptor(
            collation.oid(),
            collation.databaseOid(),
            collation.schemaOid(),
            collation.name(),
            collation.ownerOid(),
            collation.provider(),
            collation.deterministic(),
            collation.collate(),
            collation.ctype(),
            collation.locale(),
            now));
  }

  void drop(Statement.Drop drop) {
    List<CollationDescriptor> doomed = new ArrayList<>();
    for (QualifiedName name : drop.names()) {
      if (name.schema() != null
          && drop.ifExists()
          && cx.names().findSchema(name.schema()) == null) {
        cx.notice(Notice.notice("schema \"" + name.schema() + "\" does not exist, skipping"));
        continue;
      }
      CollationDescriptor found = Collations.made(cx.names(), name);
      if (found != null) {
        requireOwner(found);
        doomed.add(found);
      } else if (Collations.find(cx.names(), name) != null) {
        throw new SqlException(
            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot drop collation "
                + name.quoted()
                + " because it is required by the database system");
      } else if (drop.ifExists()) {
        cx.notice(Notice.notice("collation \"" + name + "\" does not exist, skipping"));
      } else {
        throw Collations.undefined(name);
      }
    }
    for (CollationDescriptor collation : doomed) {
      requireUnused(collation, drop);
      cx.remove(collation.oid());
    }
  }

  private void requireUnused(CollationDescriptor collation, Statement.Drop drop) {
    List<String> users = new ArrayList<>();
    String shown = new ObjectDescriptions(cx).of(collation);
    for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
      for (Column column : table.liveColumns()) {
        if (isOf(column.collation(), collation)) {
          users.add(
              "column "
                  + column.name()
                  + " of "
                  + new ObjectDescriptions(cx).of(table)
                  + " depends on "
                  + shown);
        }
      }
      for (IndexDescriptor index : table.indexes()) {
        for (KeyPart part : index.parts()) {
          if (part.expression() != null && isOf(part.expression().collation(), collation)) {
            users.add("index " + index.name() + " depends on " + shown);
          }
        }
      }
    }
    if (users.isEmpty()) {
      return;
    }
    if (drop.cascade()) {
      throw SqlException.notSupported("DROP COLLATION … CASCADE of one that columns have")
          .at(drop.pos());
    }
    throw new SqlException(
            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot drop " + shown + " because other objects depend on it")
        .detail(String.join("\n", users))
        .hint("Use DROP ... CASCADE to drop the dependent objects too.");
  }

  private static boolean isOf(Collation used, CollationDescriptor collation) {
    return used != null && used.oid() == collation.oid();
  }
}
