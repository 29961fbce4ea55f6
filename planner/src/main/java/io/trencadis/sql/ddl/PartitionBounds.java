package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.Partitioning;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// FOR VALUES clauses: what they mean, and whether they fit beside the partitions that are there.
final class PartitionBounds {
  /// Types without an order in PostgreSQL, too.
  private static final Set<String> UNORDERED =
      Set.of("point", "box", "circle", "line", "lseg", "path", "polygon", "json", "xml");

  private final DdlContext cx;

  PartitionBounds(DdlContext cx) {
    this.cx = cx;
  }

  PartitionBound bound(TableDescriptor parent, Statement.PartitionBoundSpec spec, String name) {
    char strategy = parent.partitioning().strategy();
    PartitionBound bound =
        switch (spec) {
          case Statement.PartitionBoundSpec.Default _ -> {
            if (strategy == 'h') {
              throw new SqlException(
                  SqlState.INVALID_TABLE_DEFINITION,
                  "a hash-partitioned table may not have a default partition");
            }
            yield new PartitionBound.Default();
          }
          case Statement.PartitionBoundSpec.Hash hash -> {
            requireStrategy(strategy, 'h', "hash", spec.pos());
            if (hash.modulus() < 1) {
              throw new SqlException(
                  SqlState.INVALID_TABLE_DEFINITION,
                  "modulus for hash partition must be an integer value greater than zero");
            }
            if (hash.remainder() < 0 || hash.remainder() >= hash.modulus()) {
              throw new SqlException(
                  SqlState.INVALID_TABLE_DEFINITION,
                  "remainder for hash partition must be less than modulus");
            }
            yield new PartitionBound.Hash(hash.modulus(), hash.remainder());
          }
          case Statement.PartitionBoundSpec.ListOf list -> {
            requireStrategy(strategy, 'l', "list", spec.pos());
            List<String> values = new ArrayList<>();
            for (Expr value : list.values()) {
              values.add(text(value, parent, 0));
            }
            yield new PartitionBound.ListOf(values);
          }
          case Statement.PartitionBoundSpec.Range range -> {
            requireStrategy(strategy, 'r', "range", spec.pos());
            requireAll(parent, range.from(), "FROM");
            requireAll(parent, range.to(), "TO");
            yield new PartitionBound.Range(edges(parent, range.from()), edges(parent, range.to()));
          }
        };
    if (bound instanceof PartitionBound.Range range
        && compare(parent, range.lower(), range.upper()) >= 0) {
      throw new SqlException(
          SqlState.INVALID_OBJECT_DEFINITION,
          "empty range bound specified for partition \"" + name + "\"");
    }
    if (bound instanceof PartitionBound.Hash hash) {
      requireFactor(parent, hash);
    }
    for (TableDescriptor sibling : cx.catalog().partitionsOf(parent.oid())) {
      if (overlap(parent, bound, sibling.bound())) {
        if (bound instanceof PartitionBound.Default) {
          throw new SqlException(
              SqlState.INVALID_OBJECT_DEFINITION,
              "partition \""
                  + name
                  + "\" conflicts with existing default partition \""
                  + sibling.name()
                  + "\"");
        }
        throw new SqlException(
                SqlState.INVALID_OBJECT_DEFINITION,
                "partition \"" + name + "\" would overlap partition \"" + sibling.name() + "\"")
            .at(overlapAt(parent, spec, bound, sibling.bound()));
      }
    }
    return bound;
  }

  /// Where the bound says what another partition has.
  private int overlapAt(
      TableDescriptor parent,
      Statement.PartitionBoundSpec spec,
      PartitionBound bound,
      PartitionBound other) {
    return switch (spec) {
      case Statement.PartitionBoundSpec.Range range -> range.from().getFirst().pos();
      case Statement.PartitionBoundSpec.ListOf list -> {
        List<String> values = ((PartitionBound.ListOf) bound).values();
        for (int i = 0; i < values.size(); i++) {
          List<String> one = new ArrayList<>();
          one.add(values.get(i));
          if (overlap(parent, new PartitionBound.ListOf(one), other)) {
            yield list.values().get(i).pos();
          }
        }
        yield list.pos();
      }
      case Statement.PartitionBoundSpec.Hash hash -> hash.pos();
      case Statement.PartitionBoundSpec.Default none -> none.pos();
    };
  }

  /// Whether rows with equal keys meet in one partition cannot be said of an expression.
  ///
  /// @throws SqlException 0A000 where the partition key has one
  static void requirePlainKey(Partitioning partitioning, boolean primary) {
    if (!partitioning.expressions().isEmpty()) {
      String word = primary ? "PRIMARY KEY" : "UNIQUE";
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "unsupported " + word + " constraint with partition key definition")
          .detail(word + " constraints cannot be used when partition keys include expressions.");
    }
  }

  /// Partition keys are compared, or hashed.
  ///
  /// @throws SqlException 42704 for a type that has no operator class for that
  static void requireOrdered(
      Names names, Column column, Statement.PartitionSpec spec, Statement.IndexElement element) {
    PgType type = Types.byOid(column.typeOid());
    Collations.requirePlain(names, element.collation(), type, "a partition key");
    if (Collation.special(column.collation()) != null) {
      throw SqlException.notSupported(
              "a partition key with collation \"" + column.collation().name() + "\"")
          .at(element.pos());
    }
    if (type.codec().ordered() || !UNORDERED.contains(type.name())) {
      return;
    }
    String method = spec.strategy().equalsIgnoreCase("hash") ? "hash" : "btree";
    throw element.opclass() != null
        ? new SqlException(
                SqlState.UNDEFINED_OBJECT,
                "operator class \""
                    + element.opclass()
                    + "\" does not exist for access method \""
                    + method
                    + "\"")
            .at(element.opclass().pos())
        : new SqlException(
                SqlState.UNDEFINED_OBJECT,
                "data type "
                    + type.displayName()
                    + " has no default operator class for access method \""
                    + method
                    + "\"")
            .hint(
                "You must specify a "
                    + method
                    + " operator class or define a default "
                    + method
                    + " operator class for the data type.");
  }

  private static void requireStrategy(char strategy, char wanted, String word, int pos) {
    if (strategy != wanted) {
      String of = strategy == 'h' ? "hash" : strategy == 'l' ? "list" : "range";
      throw new SqlException(
              SqlState.INVALID_TABLE_DEFINITION,
              "invalid bound specification for a " + of + " partition")
          .at(pos);
    }
  }

  private String text(Expr expr, TableDescriptor parent, int part) {
    Partitioning key = parent.partitioning();
    PgType type = Types.byOid(key.typeOid(part, parent));
    int typmod =
        key.expression(part) != null ? -1 : parent.columnNumbered(key.columns().get(part)).typmod();
    Expressions expressions = new Expressions(cx);
    Object value =
        expressions.evaluate(expressions.bound(expr, key.name(part, parent), type, typmod));
    // Kept in the form that needs no session's settings to be read.
    return value == null ? null : type.codec().format(value, TypeContext.DEFAULTS);
  }

  /// Of the moduli of a table, each divides the next larger one.
  private void requireFactor(TableDescriptor parent, PartitionBound.Hash hash) {
    for (TableDescriptor sibling : cx.catalog().partitionsOf(parent.oid())) {
      if (sibling.bound() instanceof PartitionBound.Hash other
          && Math.max(other.modulus(), hash.modulus()) % Math.min(other.modulus(), hash.modulus())
              != 0) {
        boolean larger = hash.modulus() > other.modulus();
        throw new SqlException(
                SqlState.INVALID_OBJECT_DEFINITION,
                "every hash partition modulus must be a factor of the next larger modulus")
            .detail(
                "The new modulus "
                    + hash.modulus()
                    + (larger ? " is not divisible by " : " is not a factor of ")
                    + other.modulus()
                    + ", the modulus of existing partition \""
                    + sibling.name()
                    + "\".");
      }
    }
  }

  private static void requireAll(
      TableDescriptor parent, List<Statement.RangeDatum> data, String which) {
    if (data.size() != parent.partitioning().columns().size()) {
      throw new SqlException(
          SqlState.INVALID_TABLE_DEFINITION,
          which + " must specify exactly one value per partitioning column");
    }
  }

  private List<PartitionBound.Edge> edges(TableDescriptor parent, List<Statement.RangeDatum> data) {
    List<PartitionBound.Edge> edges = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      Statement.RangeDatum datum = data.get(i);
      Statement.RangeDatum before = i == 0 ? datum : data.get(i - 1);
      if (before.kind() != Statement.RangeKind.VALUE && datum.kind() != before.kind()) {
        throw new SqlException(
                SqlState.DATATYPE_MISMATCH,
                "every bound following " + before.kind() + " must also be " + before.kind())
            .at(datum.pos());
      }
      edges.add(
          switch (datum.kind()) {
            case MINVALUE -> new PartitionBound.Edge(-1, null);
            case MAXVALUE -> new PartitionBound.Edge(1, null);
            case VALUE -> {
              String text = text(datum.value(), parent, i);
              if (text == null) {
                throw new SqlException(
                        SqlState.INVALID_OBJECT_DEFINITION, "cannot specify NULL in range bound")
                    .at(datum.pos());
              }
              yield new PartitionBound.Edge(0, text);
            }
          });
    }
    return edges;
  }

  private int compare(
      TableDescriptor parent, List<PartitionBound.Edge> a, List<PartitionBound.Edge> b) {
    for (int i = 0; i < a.size(); i++) {
      PartitionBound.Edge x = a.get(i);
      PartitionBound.Edge y = b.get(i);
      int order;
      if (x.infinity() != 0 || y.infinity() != 0) {
        order = Integer.compare(x.infinity(), y.infinity());
      } else {
        PgType type = Types.byOid(parent.partitioning().typeOid(i, parent));
        order =
            type.codec()
                .compare(
                    type.codec().parse(x.value(), -1, TypeContext.DEFAULTS),
                    type.codec().parse(y.value(), -1, TypeContext.DEFAULTS));
      }
      if (order != 0) {
        return order;
      }
      if (x.infinity() != 0) {
        return 0;
      }
    }
    return 0;
  }

  private boolean overlap(TableDescriptor parent, PartitionBound a, PartitionBound b) {
    if (a instanceof PartitionBound.Default || b instanceof PartitionBound.Default) {
      return a.getClass() == b.getClass();
    }
    if (a instanceof PartitionBound.Hash x && b instanceof PartitionBound.Hash y) {
      int common = gcd(x.modulus(), y.modulus());
      return x.remainder() % common == y.remainder() % common;
    }
    if (a instanceof PartitionBound.ListOf x && b instanceof PartitionBound.ListOf y) {
      return x.values().stream().anyMatch(y.values()::contains);
    }
    if (a instanceof PartitionBound.Range x && b instanceof PartitionBound.Range y) {
      return compare(parent, x.lower(), y.upper()) < 0 && compare(parent, y.lower(), x.upper()) < 0;
    }
    return false;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
