package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.qnameOrNull;
import static io.trencadis.sql.parser.Nodes.text;

import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// ALTER of relations, schemas, types and domains.
final class AlterBuilder {
  private AlterBuilder() {}

  static Statement alter(PgParser.AlterTableContext c) {
    List<AlterAction> actions = new ArrayList<>();
    c.tableAction().forEach(a -> actions.add(table(a)));
    if (c.partitionAction() != null) {
      actions.add(partition(c.partitionAction()));
    }
    if (c.renameAction() != null) {
      actions.add(rename(c.renameAction()));
    }
    if (c.domainAction() != null) {
      actions.add(domain(c.domainAction()));
    }
    c.attributeAction().forEach(a -> actions.add(attribute(a)));
    if (c.K_ATTACH() != null) {
      actions.add(new AlterAction.AttachPartition(qname(c.qname(1)), null, pos(c.K_ATTACH())));
    }
    if (c.K_REFRESH() != null) {
      actions.add(new AlterAction.RefreshVersion(pos(c.K_REFRESH())));
    }
    ObjectKind kind = kind(c);
    if (c.K_OWNER() != null) {
      actions.add(new AlterAction.OwnerTo(name(c.roleName()), pos(c.K_OWNER())));
    } else if (c.K_SET() != null) {
      actions.add(new AlterAction.SetSchema(name(c.colId()), pos(c.K_SET())));
    }
    QualifiedName name;
    if (c.relation() != null) {
      name = qname(c.relation().qname());
    } else if (kind == ObjectKind.SCHEMA) {
      name = QualifiedName.of(name(c.colId()), pos(c.colId()));
    } else {
      name = qname(c.qname(0));
    }
    boolean only = c.relation() != null && c.relation().K_ONLY() != null;
    return new Statement.AlterTable(
        kind, name, c.ifExists() != null, only, List.copyOf(actions), pos(c));
  }

  private static ObjectKind kind(PgParser.AlterTableContext c) {
    return switch (c.kind.getType()) {
      case PgParser.K_TABLE -> c.K_FOREIGN() != null ? ObjectKind.FOREIGN_TABLE : ObjectKind.TABLE;
      case PgParser.K_INDEX -> ObjectKind.INDEX;
      case PgParser.K_VIEW -> ObjectKind.VIEW;
      case PgParser.K_SEQUENCE -> ObjectKind.SEQUENCE;
      case PgParser.K_MATERIALIZED -> ObjectKind.MATERIALIZED_VIEW;
      case PgParser.K_SCHEMA -> ObjectKind.SCHEMA;
      case PgParser.K_TYPE -> ObjectKind.TYPE;
      case PgParser.K_COLLATION -> ObjectKind.COLLATION;
      default -> ObjectKind.DOMAIN;
    };
  }

  private static AlterAction rename(PgParser.RenameActionContext c) {
    return switch (c) {
      case PgParser.RenameTableContext x -> new AlterAction.RenameTable(name(x.colId()), pos(c));
      case PgParser.RenameConstraintContext x ->
          new AlterAction.RenameConstraint(name(x.colId(0)), name(x.colId(1)), pos(c));
      case PgParser.RenameColumnContext x ->
          new AlterAction.RenameColumn(name(x.colId(0)), name(x.colId(1)), pos(c));
      default -> throw new IllegalStateException("no action: " + c.getClass());
    };
  }

  private static AlterAction partition(PgParser.PartitionActionContext c) {
    if (c.K_AT() != null) {
      return new AlterAction.SplitPartition(ExprBuilder.exprs(c.exprList()), pos(c));
    }
    if (c.K_MOVE() != null) {
      IndexBuilder.expect(c.IDENT().getSymbol(), "shard");
      int shard = TypeBuilder.integer(c.ICONST(c.ICONST().size() - 1));
      return c.exprList() != null
          ? new AlterAction.MovePartition(ExprBuilder.exprs(c.exprList()), null, shard, pos(c))
          : new AlterAction.MovePartition(null, TypeBuilder.integer(c.ICONST(0)), shard, pos(c));
    }
    return c.K_ATTACH() != null
        ? new AlterAction.AttachPartition(
            qname(c.qname()), IndexBuilder.bound(c.partitionBound()), pos(c))
        : new AlterAction.DetachPartition(
            qname(c.qname()), c.K_CONCURRENTLY() != null, c.K_FINALIZE() != null, pos(c));
  }

  /// Actions on a domain; it is its own column, so to speak, and the column's name is null.
  private static AlterAction domain(PgParser.DomainActionContext c) {
    int pos = pos(c);
    if (c.K_DEFAULT() != null) {
      return c.K_SET() != null
          ? new AlterAction.SetDefault(null, ExprBuilder.expr(c.expr()), text(c.expr()), pos)
          : new AlterAction.DropDefault(null, pos);
    }
    if (c.K_NULL() != null) {
      return c.K_SET() != null
          ? new AlterAction.SetNotNull(null, pos)
          : new AlterAction.DropNotNull(null, pos);
    }
    if (c.tableConstraint() != null) {
      return addConstraint(c.tableConstraint(), pos);
    }
    if (c.K_VALIDATE() != null) {
      return new AlterAction.ValidateConstraint(name(c.colId()), pos);
    }
    return new AlterAction.DropConstraint(
        name(c.colId()), c.ifExists() != null, cascade(c.dropBehavior()), pos);
  }

  private static AlterAction attribute(PgParser.AttributeActionContext c) {
    int pos = pos(c);
    if (c.K_ADD() != null) {
      return new AlterAction.AddAttribute(FromBuilder.column(c.columnDefItem()), pos);
    }
    if (c.K_DROP() != null) {
      return new AlterAction.DropAttribute(name(c.colId(0)), c.ifExists() != null, pos);
    }
    return c.K_RENAME() != null
        ? new AlterAction.RenameAttribute(name(c.colId(0)), name(c.colId(1)), pos)
        : new AlterAction.AlterAttribute(
            name(c.colId(0)), TypeBuilder.type(c.typeName()), qnameOrNull(c.qname()), pos);
  }

  static boolean cascade(PgParser.DropBehaviorContext c) {
    return c != null && c.K_CASCADE() != null;
  }

  private static AlterAction addConstraint(PgParser.TableConstraintContext c, int pos) {
    if (c.tableConstraintBody() instanceof PgParser.UsingIndexTableContext x) {
      return new AlterAction.AddConstraintUsingIndex(
          nameOrNull(c.colId()),
          x.K_PRIMARY() != null,
          name(x.colId()),
          ConstraintBuilder.deferral(c),
          pos);
    }
    return new AlterAction.AddConstraint(
        ConstraintBuilder.table(c), ConstraintBuilder.notValid(c), pos);
  }

  private static AlterAction table(PgParser.TableActionContext c) {
    int pos = pos(c);
    return switch (c) {
      case PgParser.AddColumnContext x ->
          new AlterAction.AddColumn(
              TableBuilder.column(x.columnDef()), x.ifNotExists() != null, pos);
      case PgParser.DropColumnContext x ->
          new AlterAction.DropColumn(
              name(x.colId()), x.ifExists() != null, cascade(x.dropBehavior()), pos);
      case PgParser.AlterColumnContext x ->
          column(
              x.colId() != null ? name(x.colId()) : Nodes.value(x.ICONST()), x.columnAction(), pos);
      case PgParser.AddConstraintContext x -> addConstraint(x.tableConstraint(), pos);
      case PgParser.AlterConstraintContext x ->
          new AlterAction.AlterConstraint(
              name(x.colId()), ConstraintBuilder.deferral(x.deferralWord()), pos);
      case PgParser.ValidateConstraintContext x ->
          new AlterAction.ValidateConstraint(name(x.colId()), pos);
      case PgParser.DropConstraintContext x ->
          new AlterAction.DropConstraint(
              name(x.colId()), x.ifExists() != null, cascade(x.dropBehavior()), pos);
      case PgParser.OwnerToContext x -> new AlterAction.OwnerTo(name(x.roleName()), pos);
      case PgParser.SetOptionsContext x ->
          new AlterAction.SetOptions(IndexBuilder.options(x.storageOptions()), pos);
      case PgParser.ResetOptionsContext x ->
          new AlterAction.ResetOptions(IndexBuilder.options(x.storageOptions()), pos);
      case PgParser.SetTablespaceContext x ->
          new AlterAction.SetTablespace(name(x.colId()), x.K_NOWAIT() != null, pos);
      case PgParser.SetLoggedContext x -> new AlterAction.SetLogged(x.K_LOGGED() != null, pos);
      case PgParser.SetAccessMethodContext x ->
          new AlterAction.SetAccessMethod(name(x.colId()), pos);
      case PgParser.InheritActionContext x ->
          new AlterAction.Inherit(qname(x.qname()), x.K_NO() != null, pos);
      case PgParser.ReplicaIdentityContext x -> {
        String what = x.colId() != null ? "index" : Nodes.value(x.getStop());
        yield new AlterAction.ReplicaIdentity(what, nameOrNull(x.colId()), pos);
      }
      case PgParser.TriggerActionContext x when x.K_TRIGGER() != null ->
          new AlterAction.EnableTrigger(
              nameOrNull(x.colId()),
              x.K_DISABLE() != null
                  ? 'D'
                  : x.K_ALWAYS() != null ? 'A' : x.K_REPLICA() != null ? 'R' : 'O',
              pos);
      case PgParser.TriggerActionContext x -> unsupported(x.getStart().getText() + " RULE", pos);
      case PgParser.RowSecurityContext x -> unsupported("ROW LEVEL SECURITY", pos);
      case PgParser.ClusterActionContext x ->
          new AlterAction.ClusterOn(x.K_ON() == null ? null : name(x.colId()), pos);
      case PgParser.OtherActionContext x when x.K_OIDS() != null ->
          // Rows have had no oids since PostgreSQL 12, where this says nothing any more.
          new AlterAction.SetOptions(List.of(), pos);
      case PgParser.OtherActionContext x ->
          unsupported(x.getStart().getText() + " " + x.getChild(1).getText(), pos);
      default -> throw new IllegalStateException("no action: " + c.getClass());
    };
  }

  private static AlterAction unsupported(String what, int pos) {
    return new AlterAction.Unsupported(what.toUpperCase(Locale.ROOT), pos);
  }

  private static AlterAction column(String column, PgParser.ColumnActionContext c, int pos) {
    return switch (c) {
      case PgParser.ColumnTypeContext x ->
          new AlterAction.AlterColumnType(
              column,
              TypeBuilder.type(x.typeName()),
              qnameOrNull(x.qname()),
              ExprBuilder.exprOrNull(x.expr()),
              x.expr() == null ? null : text(x.expr()),
              pos);
      case PgParser.ColumnSetDefaultContext x ->
          new AlterAction.SetDefault(column, ExprBuilder.expr(x.expr()), text(x.expr()), pos);
      case PgParser.ColumnDropDefaultContext x -> new AlterAction.DropDefault(column, pos);
      case PgParser.ColumnNotNullContext x ->
          x.K_SET() != null
              ? new AlterAction.SetNotNull(column, pos)
              : new AlterAction.DropNotNull(column, pos);
      case PgParser.ColumnDropExpressionContext x ->
          new AlterAction.DropExpression(column, x.ifExists() != null, pos);
      case PgParser.ColumnStatisticsContext x ->
          new AlterAction.SetStatistics(column, SequenceBuilder.longValue(x.number()), pos);
      case PgParser.ColumnOptionsContext x ->
          new AlterAction.SetColumnOptions(
              column, IndexBuilder.options(x.storageOptions()), x.K_RESET() != null, pos);
      case PgParser.ColumnStorageContext x ->
          new AlterAction.SetStorage(column, name(x.colId()), pos);
      case PgParser.ColumnCompressionContext x ->
          new AlterAction.SetCompression(column, Nodes.value(x.getStop()), pos);
      case PgParser.ColumnAddIdentityContext x ->
          new AlterAction.AddIdentity(
              column, x.K_ALWAYS() != null, SequenceBuilder.options(x.sequenceOption()), pos);
      case PgParser.ColumnSetIdentityContext x -> {
        Boolean always = null;
        for (PgParser.IdentityChangeContext change : x.identityChange()) {
          if (change.K_GENERATED() != null) {
            always = change.K_ALWAYS() != null;
          }
        }
        yield new AlterAction.SetIdentity(
            column, always, SequenceBuilder.changes(x.identityChange()), pos);
      }
      case PgParser.ColumnDropIdentityContext x ->
          new AlterAction.DropIdentity(column, x.ifExists() != null, pos);
      default -> throw new IllegalStateException("no action: " + c.getClass());
    };
  }
}
