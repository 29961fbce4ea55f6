package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.text;

import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.TableElement.ColumnConstraint;
import io.trencadis.sql.ast.TableElement.ConstraintIndex;
import io.trencadis.sql.ast.TableElement.Deferral;
import io.trencadis.sql.ast.TableElement.ExcludeElement;
import io.trencadis.sql.ast.TableElement.ForeignKeyAction;
import io.trencadis.sql.ast.TableElement.ForeignKeyRule;
import io.trencadis.sql.ast.TableElement.ForeignKeyTarget;
import io.trencadis.sql.ast.TableElement.MatchType;
import io.trencadis.sql.ast.TableElement.TableConstraint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Constraints of columns and of tables.
final class ConstraintBuilder {
  private ConstraintBuilder() {}

  /// The collation among a column's clauses, or null.
  static QualifiedName collation(List<PgParser.ColumnConstraintContext> list) {
    QualifiedName collation = null;
    for (PgParser.ColumnConstraintContext c : list) {
      if (c.K_COLLATE() != null) {
        if (collation != null) {
          throw SyntaxErrors.because("multiple COLLATE clauses not allowed", pos(c));
        }
        collation = new QualifiedName(qname(c.qname()).parts(), pos(c.K_COLLATE()));
      }
    }
    return collation;
  }

  /// The constraints of a column. The words about deferral follow the constraint they belong to.
  static List<ColumnConstraint> columns(List<PgParser.ColumnConstraintContext> list) {
    List<ColumnConstraint> result = new ArrayList<>();
    int i = 0;
    while (i < list.size()) {
      PgParser.ColumnConstraintContext c = list.get(i++);
      if (c.K_COLLATE() != null) {
        continue;
      }
      if (c.deferralWord() != null) {
        throw SyntaxErrors.because("misplaced " + misplaced(c.deferralWord()) + " clause", pos(c));
      }
      PgParser.ColumnConstraintBodyContext body = c.columnConstraintBody();
      boolean deferrable =
          body instanceof PgParser.UniqueColumnContext
              || body instanceof PgParser.PrimaryColumnContext
              || body instanceof PgParser.ReferencesColumnContext;
      List<PgParser.DeferralWordContext> words = new ArrayList<>();
      while (deferrable && i < list.size() && list.get(i).deferralWord() != null) {
        words.add(list.get(i++).deferralWord());
      }
      result.add(column(nameOrNull(c.colId()), body, columnDeferral(words), pos(c)));
    }
    return List.copyOf(result);
  }

  private static String misplaced(PgParser.DeferralWordContext c) {
    return c.K_DEFERRABLE() != null
        ? (c.K_NOT() != null ? "NOT DEFERRABLE" : "DEFERRABLE")
        : c.K_DEFERRED() != null ? "INITIALLY DEFERRED" : "INITIALLY IMMEDIATE";
  }

  /// The words behind a column's constraint, none of which may come twice.
  private static Deferral columnDeferral(List<PgParser.DeferralWordContext> words) {
    Set<Boolean> kinds = new HashSet<>();
    for (PgParser.DeferralWordContext w : words) {
      boolean deferrable = w.K_DEFERRABLE() != null;
      if (!kinds.add(deferrable)) {
        throw SyntaxErrors.because(
            deferrable
                ? "multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed"
                : "multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed",
            pos(w));
      }
    }
    return deferral(words);
  }

  /// The words behind a table's constraint, which may be repeated but must not contradict.
  static Deferral deferral(List<PgParser.DeferralWordContext> words) {
    Boolean deferrable = null;
    Boolean deferred = null;
    for (PgParser.DeferralWordContext w : words) {
      Boolean before = w.K_DEFERRABLE() != null ? deferrable : deferred;
      boolean wanted = w.K_DEFERRABLE() != null ? w.K_NOT() == null : w.K_DEFERRED() != null;
      if (w.K_DEFERRABLE() != null) {
        deferrable = wanted;
      } else {
        deferred = wanted;
      }
      if (Boolean.TRUE.equals(deferred) && Boolean.FALSE.equals(deferrable)) {
        throw SyntaxErrors.because(
            "constraint declared INITIALLY DEFERRED must be DEFERRABLE", pos(w));
      }
      if (before != null && before != wanted) {
        throw SyntaxErrors.because("conflicting constraint properties", pos(w));
      }
    }
    boolean initially = Boolean.TRUE.equals(deferred);
    return new Deferral(initially || Boolean.TRUE.equals(deferrable), initially);
  }

  private static ColumnConstraint column(
      String name, PgParser.ColumnConstraintBodyContext c, Deferral deferral, int pos) {
    return switch (c) {
      case PgParser.NotNullColumnContext x -> new ColumnConstraint.NotNull(name, pos);
      case PgParser.NullColumnContext x -> new ColumnConstraint.Null(name, pos);
      case PgParser.UniqueColumnContext x ->
          new ColumnConstraint.Unique(
              name, notDistinct(x.nullsDistinct()), index(null, x.indexOptions()), deferral, pos);
      case PgParser.PrimaryColumnContext x ->
          new ColumnConstraint.PrimaryKey(name, index(null, x.indexOptions()), deferral, pos);
      case PgParser.CheckColumnContext x ->
          new ColumnConstraint.Check(
              name, ExprBuilder.expr(x.expr()), text(x.expr()), x.noInherit() != null, pos);
      case PgParser.DefaultColumnContext x ->
          new ColumnConstraint.DefaultValue(
              name, BExprBuilder.expr(x.bExpr()), text(x.bExpr()), pos);
      case PgParser.IdentityColumnContext x ->
          new ColumnConstraint.Identity(
              name, x.K_ALWAYS() != null, SequenceBuilder.options(x.sequenceOption()), pos);
      case PgParser.GeneratedColumnContext x -> {
        if (x.K_ALWAYS() == null) {
          throw SyntaxErrors.because(
              "for a generated column, GENERATED ALWAYS must be specified", pos(x.K_BY()));
        }
        yield new ColumnConstraint.Generated(name, ExprBuilder.expr(x.expr()), text(x.expr()), pos);
      }
      case PgParser.ReferencesColumnContext x ->
          new ColumnConstraint.References(
              name,
              new ForeignKeyTarget(
                  qname(x.qname()),
                  names(x.nameList()),
                  match(x.matchType()),
                  rule(x.fkRule(), PgParser.K_DELETE),
                  rule(x.fkRule(), PgParser.K_UPDATE)),
              deferral,
              pos);
      default -> throw new IllegalStateException("no constraint: " + c.getClass());
    };
  }

  private static boolean notDistinct(PgParser.NullsDistinctContext c) {
    return c != null && c.K_NOT() != null;
  }

  private static ConstraintIndex index(
      PgParser.IncludeContext include, PgParser.IndexOptionsContext c) {
    return new ConstraintIndex(
        include == null ? List.of() : names(include.nameList()),
        IndexBuilder.options(c.storageOptions()),
        nameOrNull(c.colId()));
  }

  private static MatchType match(PgParser.MatchTypeContext c) {
    return c == null || c.K_SIMPLE() != null
        ? MatchType.SIMPLE
        : c.K_FULL() != null ? MatchType.FULL : MatchType.PARTIAL;
  }

  /// What the clauses say about one event, K_DELETE or K_UPDATE.
  private static ForeignKeyRule rule(List<PgParser.FkRuleContext> list, int event) {
    PgParser.FkRuleContext found = null;
    for (PgParser.FkRuleContext c : list) {
      if (has(c, event)) {
        if (found != null) {
          throw SyntaxErrors.at(c.getStart());
        }
        found = c;
      }
    }
    if (found == null) {
      return ForeignKeyRule.NONE;
    }
    ForeignKeyAction action =
        found.K_NO() != null
            ? ForeignKeyAction.NO_ACTION
            : found.K_RESTRICT() != null
                ? ForeignKeyAction.RESTRICT
                : found.K_CASCADE() != null
                    ? ForeignKeyAction.CASCADE
                    : found.K_NULL() != null
                        ? ForeignKeyAction.SET_NULL
                        : ForeignKeyAction.SET_DEFAULT;
    return new ForeignKeyRule(action, names(found.nameList()));
  }

  static boolean notValid(PgParser.TableConstraintContext c) {
    return c.constraintAttribute().stream().anyMatch(a -> a.K_VALID() != null);
  }

  static Deferral deferral(PgParser.TableConstraintContext c) {
    List<PgParser.DeferralWordContext> words = new ArrayList<>();
    c.constraintAttribute()
        .forEach(
            a -> {
              if (a.deferralWord() != null) {
                words.add(a.deferralWord());
              }
            });
    return deferral(words);
  }

  static TableConstraint table(PgParser.TableConstraintContext c) {
    String name = nameOrNull(c.colId());
    Deferral deferral = deferral(c);
    boolean noInherit = c.constraintAttribute().stream().anyMatch(a -> a.noInherit() != null);
    int pos = pos(c);
    return switch (c.tableConstraintBody()) {
      case PgParser.CheckTableContext x ->
          new TableConstraint.Check(
              name, ExprBuilder.expr(x.expr()), text(x.expr()), noInherit, pos);
      case PgParser.UniqueTableContext x ->
          new TableConstraint.Unique(
              name,
              names(x.nameList()),
              notDistinct(x.nullsDistinct()),
              index(x.include(), x.indexOptions()),
              deferral,
              pos);
      case PgParser.PrimaryTableContext x ->
          new TableConstraint.PrimaryKey(
              name, names(x.nameList()), index(x.include(), x.indexOptions()), deferral, pos);
      case PgParser.ForeignTableContext x ->
          new TableConstraint.ForeignKey(
              name,
              names(x.nameList(0)),
              new ForeignKeyTarget(
                  qname(x.qname()),
                  names(x.nameList(1)),
                  match(x.matchType()),
                  rule(x.fkRule(), PgParser.K_DELETE),
                  rule(x.fkRule(), PgParser.K_UPDATE)),
              deferral,
              pos);
      case PgParser.ExcludeTableContext x ->
          new TableConstraint.Exclude(
              name,
              nameOrNull(x.colId()),
              x.excludeElement().stream()
                  .map(
                      e ->
                          new ExcludeElement(
                              IndexBuilder.element(e.indexElement()),
                              ExprBuilder.operator(e.qualAllOp())))
                  .toList(),
              index(x.include(), x.indexOptions()),
              ExprBuilder.exprOrNull(x.expr()),
              x.expr() == null ? null : text(x.expr()),
              deferral,
              pos);
      case PgParser.UsingIndexTableContext x ->
          throw SyntaxErrors.because(
              "an index can be turned into a constraint by ALTER TABLE only", pos(x.K_USING()));
      default -> throw new IllegalStateException("no constraint: " + name(c));
    };
  }
}
