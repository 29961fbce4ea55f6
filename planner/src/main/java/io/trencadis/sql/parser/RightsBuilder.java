package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qnames;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.ObjectKind;
import io.trencadis.sql.ast.Statement.RoleOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/// Databases, roles and rights.
final class RightsBuilder {
  private static final Set<String> FLAGS =
      Set.of("superuser", "createdb", "createrole", "replication", "bypassrls", "login", "inherit");

  private RightsBuilder() {}

  // ---------------------------------------------------------------- databases

  static Statement createDatabase(PgParser.CreateDatabaseContext c) {
    return new Statement.CreateDatabase(
        name(c.colId()), databaseOptions(c.databaseOption()), pos(c));
  }

  private static List<Statement.StorageOption> databaseOptions(
      List<PgParser.DatabaseOptionContext> list) {
    List<Statement.StorageOption> options = new ArrayList<>();
    for (PgParser.DatabaseOptionContext o : list) {
      boolean limit = o.K_CONNECTION() != null;
      String name = limit ? "connection limit" : name(o.nonReservedWord(0));
      String value;
      if (o.number() != null) {
        value = SequenceBuilder.text(o.number());
      } else {
        value = has(o, PgParser.K_DEFAULT) ? null : Nodes.value(o.getStop());
      }
      options.add(new Statement.StorageOption(name, value, pos(o)));
    }
    return List.copyOf(options);
  }

  static Statement alterDatabase(PgParser.AlterDatabaseContext c) {
    String database = name(c.colId(0));
    Statement set = null;
    if (c.setClause() != null) {
      set = SettingBuilder.set(c.setClause().setRest(), false, pos(c.setClause()));
    } else if (c.resetStmt() != null) {
      set = SettingBuilder.reset(c.resetStmt());
    } else if (c.K_TABLESPACE() != null || c.K_REFRESH() != null) {
      return new Statement.Unsupported(
          c.K_REFRESH() != null ? "ALTER DATABASE REFRESH" : "ALTER DATABASE SET TABLESPACE",
          pos(c));
    }
    return new Statement.AlterDatabase(
        database,
        databaseOptions(c.databaseOption()),
        set,
        c.K_RENAME() == null ? null : name(c.colId(1)),
        c.roleName() == null ? null : name(c.roleName()),
        pos(c));
  }

  // ---------------------------------------------------------------- roles

  private static Statement.RoleKind kind(Token token) {
    return switch (token.getType()) {
      case PgParser.K_USER -> Statement.RoleKind.USER;
      case PgParser.K_GROUP -> Statement.RoleKind.GROUP;
      default -> Statement.RoleKind.ROLE;
    };
  }

  static List<String> roles(PgParser.RoleListContext c) {
    return c.roleName().stream().map(Nodes::name).toList();
  }

  static Statement createRole(PgParser.CreateRoleContext c) {
    return new Statement.CreateRole(
        kind(c.kind), name(c.roleName()), options(c.roleOption()), pos(c));
  }

  static Statement alterRole(PgParser.AlterRoleContext c) {
    String role = c.K_ALL() != null ? null : name(c.roleName(0));
    Statement set = null;
    if (c.setClause() != null) {
      set = SettingBuilder.set(c.setClause().setRest(), false, pos(c.setClause()));
    } else if (c.resetStmt() != null) {
      set = SettingBuilder.reset(c.resetStmt());
    } else if (c.roleList() != null) {
      String change = c.K_DROP() != null ? "drop members" : "add members";
      return new Statement.AlterRole(
          kind(c.kind),
          role,
          List.of(new RoleOption(change, roles(c.roleList()), pos(c))),
          null,
          null,
          null,
          pos(c));
    } else if (role == null) {
      throw SyntaxErrors.at(c.K_ALL().getSymbol());
    }
    return new Statement.AlterRole(
        kind(c.kind),
        role,
        options(c.roleOption()),
        c.colId() == null ? null : name(c.colId()),
        set,
        c.K_RENAME() == null ? null : name(c.roleName(1)),
        pos(c));
  }

  private static List<RoleOption> options(List<PgParser.RoleOptionContext> list) {
    return list.stream().map(RightsBuilder::option).toList();
  }

  private static RoleOption option(PgParser.RoleOptionContext c) {
    int pos = pos(c);
    if (c.K_PASSWORD() != null) {
      if (c.K_UNENCRYPTED() != null) {
        throw SqlException.notSupported("UNENCRYPTED PASSWORD").at(pos);
      }
      return new RoleOption("password", c.K_NULL() != null ? null : Nodes.value(c.STRING()), pos);
    }
    if (c.K_CONNECTION() != null) {
      return new RoleOption("connection limit", (int) SequenceBuilder.longValue(c.number()), pos);
    }
    if (c.K_VALID() != null) {
      return new RoleOption("valid until", Nodes.value(c.STRING()), pos);
    }
    if (c.K_SYSID() != null) {
      return new RoleOption("sysid", TypeBuilder.integer(c.ICONST()), pos);
    }
    if (c.roleList() != null) {
      String name = c.K_IN() != null ? "in role" : c.K_ADMIN() != null ? "admin" : "role";
      return new RoleOption(name, roles(c.roleList()), pos);
    }
    String word = Nodes.value(c.getStart());
    boolean positive = FLAGS.contains(word);
    return new RoleOption(positive ? word : word.substring(2), positive, pos);
  }

  /// Refuses a word that is no option of roles, with or without NO before it.
  static void checkFlag(Token token) {
    String word = Nodes.value(token);
    if (!FLAGS.contains(word) && !(word.startsWith("no") && FLAGS.contains(word.substring(2)))) {
      throw SyntaxErrors.because("unrecognized role option \"" + word + "\"", pos(token));
    }
  }

  // ---------------------------------------------------------------- GRANT and REVOKE

  static Statement grant(PgParser.GrantStmtContext c) {
    boolean revoke = c.revoke != null;
    boolean option = c.K_OPTION() != null;
    if (c.grantTarget() == null) {
      List<String> roles = new ArrayList<>();
      for (PgParser.PrivilegeContext p : c.privilege()) {
        if (p.nameList() != null) {
          throw SyntaxErrors.because(
              "column names cannot be included in GRANT/REVOKE ROLE", pos(p));
        }
        roles.add(Nodes.value(p.getStart()));
      }
      return new Statement.GrantRole(
          revoke,
          List.copyOf(roles),
          roles(c.roleList()),
          option,
          grantor(c.grantedBy()),
          AlterBuilder.cascade(c.dropBehavior()),
          pos(c));
    }
    List<String> grantees =
        c.grantees() != null
            ? c.grantees().roleName().stream().map(Nodes::name).toList()
            : roles(c.roleList());
    PgParser.GrantTargetContext t = c.grantTarget();
    return new Statement.Grant(
        revoke,
        privileges(c.privileges()),
        kind(t),
        t.K_ALL() != null,
        targets(t),
        arguments(t),
        grantees,
        option,
        grantor(c.grantedBy()),
        AlterBuilder.cascade(c.dropBehavior()),
        pos(c));
  }

  private static String grantor(PgParser.GrantedByContext c) {
    return c == null ? null : name(c.roleName());
  }

  private static List<Statement.DropSignature.Signature> arguments(PgParser.GrantTargetContext t) {
    return t.routineSignature().stream().map(SignatureBuilder::routine).toList();
  }

  static Statement defaultPrivileges(PgParser.DefaultPrivilegesContext c) {
    List<String> schemas = new ArrayList<>();
    c.nameList().forEach(list -> schemas.addAll(names(list)));
    List<String> roles = new ArrayList<>();
    c.roleList().forEach(list -> roles.addAll(roles(list)));
    String target = Nodes.value(c.defaultTarget().getStart());
    return new Statement.AlterDefaultPrivileges(
        List.copyOf(roles),
        List.copyOf(schemas),
        c.K_REVOKE() != null,
        privileges(c.privileges()),
        target.equals("routines") ? "functions" : target,
        c.grantees().roleName().stream().map(Nodes::name).toList(),
        c.K_OPTION() != null,
        AlterBuilder.cascade(c.dropBehavior()),
        pos(c));
  }

  static Statement alterSystem(PgParser.AlterSystemContext c) {
    return new Statement.AlterSystem(
        c.setClause() != null
            ? SettingBuilder.set(c.setClause().setRest(), false, pos(c.setClause()))
            : SettingBuilder.reset(c.resetStmt()),
        pos(c));
  }

  private static List<Statement.Privilege> privileges(PgParser.PrivilegesContext c) {
    if (c.K_ALL() != null) {
      return List.of(new Statement.Privilege("all", names(c.nameList())));
    }
    return c.privilege().stream()
        .map(
            p ->
                new Statement.Privilege(
                    p.K_ALTER() != null ? "alter system" : Nodes.value(p.getStart()),
                    names(p.nameList())))
        .toList();
  }

  private static ObjectKind kind(PgParser.GrantTargetContext t) {
    if (t.kind == null) {
      return ObjectKind.TABLE;
    }
    return switch (t.kind.getType()) {
      case PgParser.K_SEQUENCE, PgParser.K_SEQUENCES -> ObjectKind.SEQUENCE;
      case PgParser.K_DATABASE -> ObjectKind.DATABASE;
      case PgParser.K_DOMAIN -> ObjectKind.DOMAIN;
      case PgParser.K_LANGUAGE -> ObjectKind.LANGUAGE;
      case PgParser.K_SCHEMA -> ObjectKind.SCHEMA;
      case PgParser.K_TABLESPACE -> ObjectKind.TABLESPACE;
      case PgParser.K_TYPE -> ObjectKind.TYPE;
      case PgParser.K_PARAMETER -> ObjectKind.PARAMETER;
      case PgParser.K_DATA -> ObjectKind.FOREIGN_DATA_WRAPPER;
      case PgParser.K_SERVER -> ObjectKind.SERVER;
      case PgParser.K_LARGE -> ObjectKind.LARGE_OBJECT;
      case PgParser.K_FUNCTION, PgParser.K_PROCEDURE, PgParser.K_ROUTINE -> ObjectKind.FUNCTION;
      case PgParser.K_FUNCTIONS, PgParser.K_PROCEDURES, PgParser.K_ROUTINES -> ObjectKind.FUNCTION;
      default -> ObjectKind.TABLE;
    };
  }

  private static List<QualifiedName> targets(PgParser.GrantTargetContext t) {
    if (t.qnameList() != null) {
      return qnames(t.qnameList());
    }
    if (t.nameList() != null) {
      return t.nameList().colId().stream().map(n -> QualifiedName.of(name(n), pos(n))).toList();
    }
    if (!t.routineSignature().isEmpty()) {
      return t.routineSignature().stream().map(f -> ExprBuilder.function(f.funcName())).toList();
    }
    return t.number().stream().map(n -> QualifiedName.of(SequenceBuilder.text(n), pos(n))).toList();
  }
}
