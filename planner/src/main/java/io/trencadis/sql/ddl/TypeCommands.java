package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// ALTER TYPE … RENAME, OWNER and SET SCHEMA, of types of any kind, and DROP TYPE.
final class TypeCommands {
  private final DdlContext cx;
  private final TypeNaming naming;
  private final CompositeCommands composites;
  private final TypeRemoval removal;
  private final DomainCommands domains;
  private final OwnerCommands owners;

  TypeCommands(
      DdlContext cx,
      AlterTableCommands tables,
      DropCommands drops,
      DomainCommands domains,
      OwnerCommands owners) {
    this.owners = owners;
    this.domains = domains;
    this.cx = cx;
    this.naming = new TypeNaming(cx);
    this.composites = new CompositeCommands(cx);
    this.removal = new TypeRemoval(cx, tables, drops);
    drops.removal(removal);
  }

  void alter(Statement.AlterTable alter) {
    PgType named = cx.names().findType(alter.name().parts(), -1);
    if (TypeNaming.isTableRow(named)
        && !named.isArray()
        && alter.actions().stream().anyMatch(CompositeCommands::isOfField)) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE, "\"" + named.name() + "\" is not a composite type");
    }
    TypeDescriptor type = naming.toAlter(alter.name());
    if (alter.kind() == Statement.ObjectKind.DOMAIN && !type.isDomain()) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE,
          cx.catalog().types().byOid(type.oid()).displayName() + " is not a domain");
    }
    for (AlterAction action : alter.actions()) {
      apply(cx.catalog().types().descriptor(type.oid()), action);
    }
  }

  private void apply(TypeDescriptor type, AlterAction action) {
    switch (action) {
      case AlterAction.RenameTable rename -> {
        SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(type.schemaOid());
        naming.requireFree(schema, rename.newName());
        requireUnmentioned(type, "RENAME TO of a type");
        cx.put(
            type.withName(
                schema.oid(), rename.newName(), naming.arrayName(schema, rename.newName())));
      }
      case AlterAction.SetSchema set -> {
        SchemaDescriptor schema = cx.names().schema(set.schema(), set.pos());
        if (schema.oid() == type.schemaOid()) {
          return;
        }
        if (TypeNaming.taken(cx.catalog(), schema.oid(), type.name())) {
          throw new SqlException(
              SqlState.DUPLICATE_OBJECT,
              "type \"" + type.name() + "\" already exists in schema \"" + schema.name() + "\"");
        }
        requireUnmentioned(type, "SET SCHEMA of a type");
        cx.put(type.withName(schema.oid(), type.name(), naming.arrayName(schema, type.name())));
      }
      case AlterAction.OwnerTo owner -> owners.alter(type, owner.role());
      default -> {
        if (composites.apply(type, action)) {
          return;
        }
        if (!type.isDomain()) {
          throw SqlException.notSupported("ALTER TYPE of this kind").at(action.pos());
        }
        domains.apply(type, action);
      }
    }
  }

  private void requireUnmentioned(TypeDescriptor type, String change) {
    new TypeUses(cx)
        .requireUnmentioned(
            Pattern.compile(
                "(?<![\\w'])" + Pattern.quote(type.name()) + "(?![\\w'])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS),
            change);
  }

  TypeRemoval removal() {
    return removal;
  }

  void drop(Statement.Drop drop) {
    List<TypeDescriptor> doomed = new ArrayList<>();
    for (QualifiedName name : drop.names()) {
      if (name.schema() != null
          && drop.ifExists()
          && cx.names().findSchema(name.schema()) == null
          && !name.schema().equals("pg_catalog")) {
        cx.notice(Notice.notice("schema \"" + name.schema() + "\" does not exist, skipping"));
        continue;
      }
      TypeDescriptor type = naming.toDrop(name, drop.kind() == Statement.ObjectKind.DOMAIN);
      if (type != null) {
        ExtensionCommands.requireNoMember(
            cx, type.oid(), "type " + Types.byOid(type.oid()).displayName());
        doomed.add(type);
      } else if (drop.ifExists()) {
        cx.notice(Notice.notice("type \"" + name + "\" does not exist, skipping"));
      } else {
        throw TypeNaming.missing(name);
      }
    }
    if (!doomed.isEmpty()) {
      removal.remove(doomed, drop.cascade());
    }
  }
}
