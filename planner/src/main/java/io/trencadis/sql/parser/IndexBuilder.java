package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.nameOrNull;
import static io.trencadis.sql.parser.Nodes.names;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;
import static io.trencadis.sql.parser.Nodes.qnameOrNull;
import static io.trencadis.sql.parser.Nodes.text;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.Token;

/// Indexes, and the partitioning clauses, which list their keys in the same way.
final class IndexBuilder {
  private IndexBuilder() {}

  static Statement createIndex(PgParser.CreateIndexContext c) {
    Expr where = ChangeBuilder.where(c.whereClause());
    return new Statement.CreateIndex(
        c.K_UNIQUE() != null,
        c.K_CONCURRENTLY() != null,
        c.ifNotExists() != null,
        name(c),
        qname(c.qname()),
        c.K_ONLY() != null,
        c.K_USING() == null ? null : Nodes.name(c.colId(c.colId().size() - 1)),
        c.indexElement().stream().map(IndexBuilder::element).toList(),
        c.include() == null ? List.of() : names(c.include().nameList()),
        c.nullsDistinct() != null && c.nullsDistinct().K_NOT() != null,
        options(c.storageOptions()),
        where,
        where == null ? null : text(c.whereClause().expr()),
        c.tablespace() == null ? null : Nodes.name(c.tablespace().colId()),
        c.partitionBy() == null ? null : partitionBy(c.partitionBy()),
        pos(c));
  }

  private static String name(PgParser.CreateIndexContext c) {
    int names = c.colId().size() - (c.K_USING() == null ? 0 : 1);
    return names == 0 ? null : Nodes.name(c.colId(0));
  }

  static Statement.IndexElement element(PgParser.IndexElementContext c) {
    String column = nameOrNull(c.colId());
    Expr expr = null;
    String source = null;
    if (c.expr() != null) {
      expr = ExprBuilder.expr(c.expr());
      source = text(c.expr());
    } else if (c.specialFunc() != null) {
      expr = SpecialFunctions.build(c.specialFunc());
      source = text(c.specialFunc());
    } else if (c.funcName() != null) {
      expr = PrimaryBuilder.plainCall(ExprBuilder.function(c.funcName()), c.funcArgs());
      source = text(c.getStart(), c.RPAREN().getSymbol());
    }
    QualifiedName collation = c.K_COLLATE() == null ? null : qname(c.qname(0));
    int opclass = c.K_COLLATE() == null ? 0 : 1;
    return new Statement.IndexElement(
        column,
        expr,
        source,
        collation,
        qnameOrNull(c.qname(opclass)),
        options(c.storageOptions()),
        SortBuilder.direction(c.dir),
        SortBuilder.nulls(c.nulls()),
        pos(c));
  }

  static List<Statement.StorageOption> options(PgParser.WithOptionsContext c) {
    return c == null ? List.of() : options(c.storageOptions());
  }

  static List<Statement.StorageOption> options(PgParser.StorageOptionsContext c) {
    return c == null ? List.of() : c.storageOption().stream().map(IndexBuilder::option).toList();
  }

  private static Statement.StorageOption option(PgParser.StorageOptionContext c) {
    String name = Nodes.name(c.colLabel(0));
    if (c.colLabel().size() > 1) {
      name += "." + Nodes.name(c.colLabel(1));
    }
    String value = null;
    PgParser.OptionValueContext v = c.optionValue();
    if (v != null) {
      value = v.getStart() == v.getStop() ? Nodes.value(v.getStart()) : text(v);
    }
    return new Statement.StorageOption(name, value, pos(c));
  }

  // ---------------------------------------------------------------- partitions

  static Statement.PartitionSpec partitionBy(PgParser.PartitionByContext c) {
    String strategy = Nodes.name(c.colId()).toLowerCase(Locale.ROOT);
    Integer partitions = null;
    int words = 0;
    if (c.ICONST() != null) {
      expect(c.IDENT(words++).getSymbol(), "partitions");
      partitions = TypeBuilder.integer(c.ICONST());
    }
    List<List<Expr>> splits = new ArrayList<>();
    if (!c.splitPoint().isEmpty()) {
      expect(c.IDENT(words).getSymbol(), "split");
      c.splitPoint().forEach(s -> splits.add(ExprBuilder.exprs(s.exprList())));
    }
    return new Statement.PartitionSpec(
        strategy,
        c.indexElement().stream().map(IndexBuilder::element).toList(),
        partitions,
        List.copyOf(splits),
        pos(c));
  }

  /// Our own words are no keywords, so that nobody's column has to be quoted for them.
  static void expect(Token token, String word) {
    if (!word.equals(Nodes.value(token))) {
      throw SyntaxErrors.at(token);
    }
  }

  static Statement.PartitionBoundSpec bound(PgParser.PartitionBoundContext c) {
    if (c.K_DEFAULT() != null) {
      return new Statement.PartitionBoundSpec.Default(pos(c));
    }
    if (c.K_WITH() != null) {
      return hashBound(c);
    }
    if (c.K_IN() != null) {
      return new Statement.PartitionBoundSpec.ListOf(
          ExprBuilder.exprs(c.exprList(0)), pos(c.K_IN()));
    }
    return new Statement.PartitionBoundSpec.Range(
        range(c.exprList(0)), range(c.exprList(1)), pos(c.K_FROM()));
  }

  private static Statement.PartitionBoundSpec hashBound(PgParser.PartitionBoundContext c) {
    int modulus = -1;
    int remainder = -1;
    for (int i = 0; i < c.ICONST().size(); i++) {
      PgParser.NonReservedWordContext word = c.nonReservedWord(i);
      int value = TypeBuilder.integer(c.ICONST(i));
      switch (Nodes.name(word)) {
        case "modulus" -> {
          once(modulus, "modulus", pos(word));
          modulus = value;
        }
        case "remainder" -> {
          once(remainder, "remainder", pos(word));
          remainder = value;
        }
        default ->
            throw SyntaxErrors.because(
                "unrecognized hash partition bound specification \"" + Nodes.name(word) + "\"",
                pos(word));
      }
    }
    if (modulus == -1 || remainder == -1) {
      String missing = modulus == -1 ? "modulus" : "remainder";
      throw new SqlException(
          SqlState.SYNTAX_ERROR, missing + " for hash partition must be specified");
    }
    return new Statement.PartitionBoundSpec.Hash(modulus, remainder, pos(c.K_WITH()));
  }

  private static void once(int value, String what, int pos) {
    if (value != -1) {
      throw new SqlException(
              SqlState.DUPLICATE_OBJECT, what + " for hash partition provided more than once")
          .at(pos);
    }
  }

  private static List<Statement.RangeDatum> range(PgParser.ExprListContext c) {
    List<Statement.RangeDatum> data = new ArrayList<>();
    for (Expr e : ExprBuilder.exprs(c)) {
      Statement.RangeKind kind = Statement.RangeKind.VALUE;
      if (e instanceof Expr.ColumnRef ref && ref.parts().size() == 1) {
        kind =
            switch (ref.parts().getFirst()) {
              case "minvalue" -> Statement.RangeKind.MINVALUE;
              case "maxvalue" -> Statement.RangeKind.MAXVALUE;
              default -> Statement.RangeKind.VALUE;
            };
      }
      data.add(
          new Statement.RangeDatum(kind, kind == Statement.RangeKind.VALUE ? e : null, e.pos()));
    }
    return List.copyOf(data);
  }
}
