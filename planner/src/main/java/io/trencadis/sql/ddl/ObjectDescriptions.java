package io.trencadis.sql.ddl;

import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.AclDescriptor;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CollationDescriptor;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.DefaultAclDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ExtensionDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Objects in the words of messages: `table t`, `schema s`.
final class ObjectDescriptions {
  private final DdlContext cx;

  ObjectDescriptions(DdlContext cx) {
    this.cx = cx;
  }

  String of(Descriptor descriptor) {
    return switch (descriptor) {
      case TableDescriptor table ->
          (table.isView() ? "view " : "table ") + name(table.schemaOid(), table);
      case SequenceDescriptor sequence -> "sequence " + name(sequence.schemaOid(), sequence);
      case TypeDescriptor type -> "type " + cx.catalog().types().byOid(type.oid()).displayName();
      case RoutineDescriptor routine -> RoutineNames.describe(routine);
      case ExtensionDescriptor extension -> "extension " + extension.name();
      case CollationDescriptor collation -> "collation " + name(collation);
      case SchemaDescriptor schema -> "schema " + schema.name();
      case DatabaseDescriptor database -> "database " + database.name();
      case RoleDescriptor role -> "role " + role.name();
      case DefaultAclDescriptor defaults -> defaults(defaults);
      default -> "object " + descriptor.oid();
    };
  }

  private String name(int schemaOid, Descriptor relation) {
    Descriptor visible = cx.names().findRelation(new QualifiedName(List.of(relation.name()), -1));
    return visible != null && visible.oid() == relation.oid()
        ? relation.name()
        : cx.catalog().byOid(schemaOid).name() + "." + relation.name();
  }

  private String name(CollationDescriptor collation) {
    Collation visible =
        Collations.find(cx.names(), new QualifiedName(List.of(collation.name()), -1));
    String own = Identifiers.quote(collation.name());
    return visible != null && visible.oid() == collation.oid()
        ? own
        : Identifiers.quote(cx.catalog().byOid(collation.schemaOid()).name()) + "." + own;
  }

  private String defaults(DefaultAclDescriptor defaults) {
    String what =
        switch (defaults.kind()) {
          case 'r' -> "relations";
          case 'S' -> "sequences";
          case 'f' -> "functions";
          case 'T' -> "types";
          default -> "schemas";
        };
    Catalog catalog = cx.catalog();
    return "default privileges on new "
        + what
        + " belonging to role "
        + catalog.role(defaults.roleOid()).name()
        + (defaults.schemaOid() == 0
            ? ""
            : " in schema " + catalog.byOid(defaults.schemaOid()).name());
  }

  /// The object that privileges are on.
  String of(AclDescriptor acl) {
    Descriptor own = cx.catalog().byOid(acl.objectOid());
    if (own != null && acl.column() > 0 && own instanceof TableDescriptor table) {
      return "column " + table.columnNumbered(acl.column()).name() + " of " + of(table);
    }
    if (own != null) {
      return of(own);
    }
    if (acl.classOid() == Kind.FUNCTION.classOid()) {
      ProcInfo proc = PgCatalog.function(acl.objectOid());
      List<String> types = new ArrayList<>();
      for (int type : proc.argTypes()) {
        types.add(Types.byOid(type).displayName());
      }
      return "function " + proc.name() + "(" + String.join(",", types) + ")";
    }
    if (acl.classOid() == Kind.TYPE.classOid()) {
      PgType type = Types.byOid(acl.objectOid());
      return "type " + type.displayName();
    }
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      if (relation.oid() == acl.objectOid()) {
        return (relation.kind() == 'v' ? "view " : "table ") + relation.name();
      }
    }
    return "object " + Integer.toUnsignedString(acl.objectOid());
  }
}
