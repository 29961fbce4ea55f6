package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.qnames;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.ObjectKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.tree.ParseTree;

/// The remaining objects: schemas, types, extensions; DROP, TRUNCATE and COMMENT of any.
final class ObjectBuilder {
  private ObjectBuilder() {}

  static Statement createSchema(PgParser.CreateSchemaContext c) {
    List<Statement> elements = new ArrayList<>();
    c.createTable().forEach(e -> elements.add(TableBuilder.createTable(e)));
    c.createView().forEach(e -> elements.add(TableBuilder.createView(e)));
    c.createIndex().forEach(e -> elements.add(IndexBuilder.createIndex(e)));
    c.createSequence().forEach(e -> elements.add(SequenceBuilder.create(e)));
    c.grantStmt().forEach(e -> elements.add(RightsBuilder.grant(e)));
    elements.sort(Comparator.comparingInt(Statement::pos));
    return new Statement.CreateSchema(
        nameOrNull(c.colId()),
        c.ifNotExists() != null,
        nameOrNull(c.roleName()),
        List.copyOf(elements),
        pos(c));
  }

  static Statement createExtension(PgParser.CreateExtensionContext c) {
    return new Statement.CreateExtension(
        name(c.colId(0)),
        c.ifNotExists() != null,
        c.K_SCHEMA().isEmpty() ? null : name(c.colId(1)),
        c.nonReservedWordOrString().isEmpty() ? null : name(c.nonReservedWordOrString(0)),
        !c.K_CASCADE().isEmpty(),
        pos(c));
  }

  static Statement alterExtension(PgParser.AlterExtensionContext c) {
    return new Statement.AlterExtension(
        name(c.colId(0)),
        c.nonReservedWordOrString() == null ? null : name(c.nonReservedWordOrString()),
        c.K_SET() == null ? null : name(c.colId(1)),
        pos(c));
  }

  static Statement createCollation(PgParser.CreateCollationContext c) {
    List<Statement.DefinitionOption> options = new ArrayList<>();
    for (PgParser.DefinitionOptionContext option : c.definitionOption()) {
      String value =
          option.EQ() == null
              ? ""
              : option.STRING() != null
                  ? value(option.STRING())
                  : option.number() != null ? option.number().getText() : name(option.colLabel(1));
      options.add(new Statement.DefinitionOption(name(option.colLabel(0)), value, pos(option)));
    }
    return new Statement.CreateCollation(
        qname(c.qname(0)),
        c.ifNotExists() != null,
        c.K_FROM() == null ? null : qname(c.qname(1)),
        options,
        pos(c));
  }

  static Statement createType(PgParser.CreateTypeContext c) {
    if (c.K_ENUM() != null) {
      return new Statement.CreateEnum(
          qname(c.qname()), c.STRING().stream().map(Nodes::value).toList(), pos(c));
    }
    return new Statement.CreateCompositeType(
        qname(c.qname()), FromBuilder.columns(c.columnDefs()), pos(c));
  }

  static Statement alterEnum(PgParser.AlterEnumContext c) {
    String first = value(c.STRING(0));
    String second = c.STRING().size() > 1 ? value(c.STRING(1)) : null;
    return c.K_RENAME() != null
        ? new Statement.AlterEnumRenameValue(qname(c.qname()), first, second, pos(c))
        : new Statement.AlterEnumAddValue(
            qname(c.qname()), first, c.ifNotExists() != null, c.K_BEFORE() != null, second, pos(c));
  }

  static Statement createDomain(PgParser.CreateDomainContext c) {
    return new Statement.CreateDomain(
        qname(c.qname()),
        TypeBuilder.type(c.typeName()),
        ConstraintBuilder.collation(c.columnConstraint()),
        ConstraintBuilder.columns(c.columnConstraint()),
        pos(c));
  }

  static Statement drop(PgParser.DropStmtContext c) {
    boolean ifExists = c.ifExists() != null;
    boolean cascade = AlterBuilder.cascade(c.dropBehavior());
    int pos = pos(c);
    return switch (c.kind.getType()) {
      case PgParser.K_DATABASE ->
          new Statement.DropDatabase(name(c.colId()), ifExists, !c.K_FORCE().isEmpty(), pos);
      case PgParser.K_ROLE, PgParser.K_USER, PgParser.K_GROUP ->
          new Statement.DropRole(RightsBuilder.roles(c.roleList()), ifExists, pos);
      case PgParser.K_OWNED ->
          new Statement.Owned(RightsBuilder.roles(c.roleList()), null, cascade, pos);
      case PgParser.K_REASSIGN ->
          new Statement.Owned(RightsBuilder.roles(c.roleList()), name(c.roleName()), false, pos);
      default -> {
        if (c.K_CONCURRENTLY() != null && c.kind.getType() != PgParser.K_INDEX) {
          throw SyntaxErrors.at(c.K_CONCURRENTLY().getSymbol());
        }
        yield new Statement.Drop(
            kind(c), qnames(c.qnameList()), ifExists, cascade, c.K_CONCURRENTLY() != null, pos);
      }
    };
  }

  private static ObjectKind kind(PgParser.DropStmtContext c) {
    return switch (c.kind.getType()) {
      case PgParser.K_MATERIALIZED -> ObjectKind.MATERIALIZED_VIEW;
      case PgParser.K_FOREIGN -> ObjectKind.FOREIGN_TABLE;
      case PgParser.K_WRAPPER -> ObjectKind.FOREIGN_DATA_WRAPPER;
      case PgParser.K_METHOD -> ObjectKind.ACCESS_METHOD;
      case PgParser.K_TRIGGER -> ObjectKind.EVENT_TRIGGER;
      case PgParser.K_SEARCH ->
          ObjectKind.valueOf("TEXT_SEARCH_" + value(c.word).toUpperCase(Locale.ROOT));
      default -> ObjectKind.valueOf(value(c.kind).toUpperCase(Locale.ROOT));
    };
  }

  static Statement truncate(PgParser.TruncateStmtContext c) {
    List<QualifiedName> names = c.relation().stream().map(r -> qname(r.qname())).toList();
    List<Boolean> only = c.relation().stream().map(r -> r.K_ONLY() != null).toList();
    return new Statement.Truncate(
        names, only, c.K_RESTART() != null, AlterBuilder.cascade(c.dropBehavior()), pos(c));
  }

  static Statement comment(PgParser.CommentStmtContext c) {
    String text = c.getStop().getType() == PgParser.STRING ? value(c.getStop()) : null;
    if (c.kind == null) {
      return new Statement.Unsupported("COMMENT ON " + words(c.getChild(2)), pos(c));
    }
    if (c.routineSignature() != null) {
      Statement.DropSignature.Signature routine = SignatureBuilder.routine(c.routineSignature());
      ObjectKind kind = ObjectKind.valueOf(value(c.kind).toUpperCase(Locale.ROOT));
      return new Statement.Comment(kind, routine.name(), null, routine, text, pos(c));
    }
    QualifiedName name = qname(c.qname());
    return switch (c.kind.getType()) {
      case PgParser.K_TRIGGER ->
          new Statement.Comment(ObjectKind.TRIGGER, name, name(c.colId()), null, text, pos(c));
      case PgParser.K_COLUMN -> {
        if (name.parts().size() < 2) {
          throw SyntaxErrors.because("column name must be qualified", -1);
        }
        List<String> table = name.parts().subList(0, name.parts().size() - 1);
        yield new Statement.Comment(
            ObjectKind.COLUMN,
            new QualifiedName(List.copyOf(table), name.pos()),
            name.name(),
            null,
            text,
            pos(c));
      }
      case PgParser.K_CONSTRAINT ->
          new Statement.Comment(ObjectKind.CONSTRAINT, name, name(c.colId()), null, text, pos(c));
      case PgParser.K_MATERIALIZED ->
          new Statement.Comment(ObjectKind.MATERIALIZED_VIEW, name, null, null, text, pos(c));
      default -> {
        ObjectKind kind =
            c.K_FOREIGN() != null
                ? ObjectKind.FOREIGN_TABLE
                : ObjectKind.valueOf(value(c.kind).toUpperCase(Locale.ROOT));
        yield new Statement.Comment(kind, name, null, null, text, pos(c));
      }
    };
  }

  private static String words(ParseTree node) {
    return node.getText().toUpperCase(Locale.ROOT);
  }
}
