package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Collations;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.TableElement.ColumnConstraint;
import io.trencadis.sql.ast.TableElement.TableConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationLock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// CREATE DOMAIN, and the actions of ALTER DOMAIN that change its rules.
final class DomainCommands {
  private final DdlContext cx;
  private final TableLocks locks;
  private final TypeNaming naming;

  DomainCommands(DdlContext cx, TableLocks locks) {
    this.cx = cx;
    this.locks = locks;
    this.naming = new TypeNaming(cx);
  }

  void create(Statement.CreateDomain create) {
    SchemaDescriptor schema = naming.schemaFor(create.name());
    Names.TypeReference base = cx.names().type(create.type());
    PgType type = base.type();
    if (type.isPseudo()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH,
              "\"" + create.type().name() + "\" is not a valid base type for a domain")
          .at(create.type().pos());
    }
    DdlRights.requireUsage(cx, type);
    Collations.requirePlain(cx.names(), create.collation(), type, "a domain");
    TypeDescriptor domain =
        new TypeDescriptor(
            cx.newOid(),
            cx.databaseOid(),
            schema.oid(),
            create.name().name(),
            cx.role().oid(),
            'd',
            cx.newOid(),
            naming.arrayName(schema, create.name().name()),
            List.of(),
            type.oid(),
            base.typmod(),
            false,
            null,
            List.of(),
            List.of());
    cx.put(withRules(domain, create.constraints(), type, base.typmod()));
  }

  private TypeDescriptor withRules(
      TypeDescriptor plain, List<ColumnConstraint> constraints, PgType type, int typmod) {
    Boolean notNull = null;
    String defaultText = null;
    boolean hasDefault = false;
    TypeDescriptor domain = plain;
    List<ColumnConstraint.Check> checks = new ArrayList<>();
    for (ColumnConstraint constraint : constraints) {
      switch (constraint) {
        case ColumnConstraint.DefaultValue value -> {
          if (hasDefault) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "multiple default expressions");
          }
          hasDefault = true;
          defaultText = defaultOf(plain.name(), value.expr(), value.text(), type, typmod);
        }
        case ColumnConstraint.NotNull _, ColumnConstraint.Null _ -> {
          boolean refuses = constraint instanceof ColumnConstraint.NotNull;
          if (notNull != null && notNull != refuses) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting NULL/NOT NULL constraints");
          }
          notNull = refuses;
        }
        case ColumnConstraint.Check check -> {
          if (check.noInherit()) {
            throw noInherit();
          }
          checks.add(check);
        }
        case ColumnConstraint.Unique _ -> throw impossible("unique");
        case ColumnConstraint.PrimaryKey _ -> throw impossible("primary key");
        case ColumnConstraint.References _ -> throw impossible("foreign key");
        default ->
            throw new SqlException(
                SqlState.SYNTAX_ERROR, "specifying GENERATED not supported for domains");
      }
    }
    domain = domain.withRules(Boolean.TRUE.equals(notNull), defaultText, List.of());
    for (ColumnConstraint.Check check : checks) {
      domain = withCheck(domain, check.name(), check.expr(), check.text(), true);
    }
    return domain;
  }

  private static SqlException noInherit() {
    return new SqlException(
        SqlState.INVALID_OBJECT_DEFINITION,
        "check constraints for domains cannot be marked NO INHERIT");
  }

  private static SqlException impossible(String kind) {
    return new SqlException(SqlState.SYNTAX_ERROR, kind + " constraints not possible for domains");
  }

  /// The text of a default, or null for a plain NULL.
  private String defaultOf(String name, Expr expr, String text, PgType type, int typmod) {
    new Expressions(cx).value(expr, name, type.baseType(), typmod);
    return expr instanceof Expr.NullLiteral ? null : StoredText.ofExpression(cx.names(), text);
  }

  private TypeDescriptor withCheck(
      TypeDescriptor domain, String given, Expr expr, String text, boolean validated) {
    Predicate<String> taken =
        name -> domain.checks().stream().anyMatch(check -> check.name().equals(name));
    String name = given != null ? given : ObjectNames.choose(domain.name(), null, "check", taken);
    if (taken.test(name)) {
      throw new SqlException(
          SqlState.DUPLICATE_OBJECT,
          "constraint \"" + name + "\" for domain \"" + domain.name() + "\" already exists");
    }
    new Expressions(cx).condition(expr, domain.valueRow());
    List<TypeDescriptor.DomainCheck> checks = new ArrayList<>(domain.checks());
    checks.add(
        new TypeDescriptor.DomainCheck(
            cx.newOid(), name, upperValue(StoredText.ofExpression(cx.names(), text)), validated));
    return domain.withRules(domain.notNull(), domain.defaultText(), checks);
  }

  /// The condition with VALUE in capitals, as it is shown.
  private static String upperValue(String text) {
    StringBuilder out = new StringBuilder();
    char quote = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (quote != 0 || c == '\'' || c == '"') {
        quote = quote == 0 ? c : c == quote ? 0 : quote;
        out.append(c);
        i++;
      } else if (Character.isJavaIdentifierStart(c)) {
        int end = i;
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
          end++;
        }
        String word = text.substring(i, end);
        out.append(word.equalsIgnoreCase("value") ? "VALUE" : word);
        i = end;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /// An action that is not one of all types.
  void apply(TypeDescriptor domain, AlterAction action) {
    List<TypeDescriptor.DomainCheck> checks = new ArrayList<>(domain.checks());
    switch (action) {
      case AlterAction.SetDefault set -> {
        PgType type = Types.byOid(domain.baseOid());
        String text = defaultOf(domain.name(), set.expr(), set.text(), type, domain.baseTypmod());
        cx.put(domain.withRules(domain.notNull(), text, checks));
      }
      case AlterAction.DropDefault _ -> cx.put(domain.withRules(domain.notNull(), null, checks));
      case AlterAction.SetNotNull _ -> {
        if (!domain.notNull()) {
          requireNoNulls(domain);
          cx.put(domain.withRules(true, domain.defaultText(), checks));
        }
      }
      case AlterAction.DropNotNull _ ->
          cx.put(domain.withRules(false, domain.defaultText(), checks));
      case AlterAction.AddConstraint add -> add(domain, add);
      case AlterAction.DropConstraint drop -> {
        TypeDescriptor.DomainCheck found = find(domain, drop.name());
        if (found != null) {
          checks.remove(found);
          cx.put(domain.withRules(domain.notNull(), domain.defaultText(), checks));
        } else if (drop.ifExists()) {
          cx.notice(
              Notice.notice(
                  "constraint \""
                      + drop.name()
                      + "\" of domain \""
                      + domain.name()
                      + "\" does not exist, skipping"));
        } else {
          throw missing(domain, drop.name());
        }
      }
      case AlterAction.ValidateConstraint validate -> {
        TypeDescriptor.DomainCheck found = find(domain, validate.name());
        if (found == null) {
          throw missing(domain, validate.name());
        }
        if (!found.validated()) {
          requireHolds(domain, SqlParser.parseExpression(found.text()));
          checks.set(
              checks.indexOf(found),
              new TypeDescriptor.DomainCheck(found.oid(), found.name(), found.text(), true));
          cx.put(domain.withRules(domain.notNull(), domain.defaultText(), checks));
        }
      }
      case AlterAction.RenameConstraint rename -> {
        TypeDescriptor.DomainCheck found = find(domain, rename.constraint());
        if (found == null) {
          throw new SqlException(
              SqlState.UNDEFINED_OBJECT,
              "constraint \""
                  + rename.constraint()
                  + "\" for domain "
                  + Types.byOid(domain.oid()).displayName()
                  + " does not exist");
        }
        if (find(domain, rename.newName()) != null) {
          throw new SqlException(
              SqlState.DUPLICATE_OBJECT,
              "constraint \""
                  + rename.newName()
                  + "\" for domain "
                  + Types.byOid(domain.oid()).displayName()
                  + " already exists");
        }
        checks.set(
            checks.indexOf(found),
            new TypeDescriptor.DomainCheck(
                found.oid(), rename.newName(), found.text(), found.validated()));
        cx.put(domain.withRules(domain.notNull(), domain.defaultText(), checks));
      }
      default -> throw SqlException.notSupported("ALTER DOMAIN of this kind").at(action.pos());
    }
  }

  private void add(TypeDescriptor domain, AlterAction.AddConstraint add) {
    switch (add.constraint()) {
      case TableConstraint.Check check -> {
        if (check.noInherit()) {
          throw noInherit();
        }
        TypeDescriptor changed =
            withCheck(domain, check.name(), check.expr(), check.text(), !add.notValid());
        if (!add.notValid()) {
          requireHolds(domain, check.expr());
        }
        cx.put(changed);
      }
      case TableConstraint.Unique _ -> throw impossible("unique");
      case TableConstraint.PrimaryKey _ -> throw impossible("primary key");
      case TableConstraint.ForeignKey _ -> throw impossible("foreign key");
      case TableConstraint.Exclude _ -> throw impossible("exclusion");
    }
  }

  private static TypeDescriptor.DomainCheck find(TypeDescriptor domain, String name) {
    return domain.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static SqlException missing(TypeDescriptor domain, String name) {
    return new SqlException(
        SqlState.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" of domain \"" + domain.name() + "\" does not exist");
  }

  private void requireNoNulls(TypeDescriptor domain) {
    forEachValue(
        domain,
        (table, column) ->
            value -> {
              if (value == null) {
                throw ErrorFields.about(
                    table,
                    column,
                    new SqlException(
                        SqlState.NOT_NULL_VIOLATION,
                        "column \""
                            + column.name()
                            + "\" of table \""
                            + table.name()
                            + "\" contains null values"));
              }
            });
  }

  private void requireHolds(TypeDescriptor domain, Expr condition) {
    Expressions expressions = new Expressions(cx);
    Expressions.Compiled compiled = expressions.condition(condition, domain.valueRow());
    forEachValue(
        domain,
        (table, column) ->
            value -> {
              if (Boolean.FALSE.equals(
                  compiled.eval().eval(new Object[] {value}, expressions.execution(compiled)))) {
                throw ErrorFields.about(
                    table,
                    column,
                    new SqlException(
                        SqlState.CHECK_VIOLATION,
                        "column \""
                            + column.name()
                            + "\" of table \""
                            + table.name()
                            + "\" contains values that violate the new constraint"));
              }
            });
  }

  /// What looks at the values of one column.
  @FunctionalInterface
  private interface Looker {
    Consumer<Object> at(TableDescriptor table, Column column);
  }

  private void forEachValue(TypeDescriptor domain, Looker looker) {
    Set<Integer> domains = new LinkedHashSet<>();
    Set<Integer> containers = new LinkedHashSet<>();
    addOver(domain, domains, containers);
    for (TableDescriptor table : cx.catalog().all(TableDescriptor.class, cx.databaseOid())) {
      if (table.isView()) {
        continue;
      }
      for (Column column : table.liveColumns()) {
        if (containers.contains(column.typeOid())) {
          throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cannot alter type \""
                  + domain.name()
                  + "\" because column \""
                  + table.name()
                  + "."
                  + column.name()
                  + "\" uses it");
        }
      }
    }
    for (TableDescriptor table : new TypeUses(cx).tables(domains)) {
      if (table.isView() || table.isPartitioned()) {
        continue;
      }
      locks.lock(cx.store(), table, RelationLock.ACCESS_EXCLUSIVE, LockWait.WAIT);
      List<Column> live = table.liveColumns();
      for (int i = 0; i < live.size(); i++) {
        if (domains.contains(live.get(i).typeOid())) {
          int place = i;
          Consumer<Object> look = looker.at(table, live.get(i));
          new TableRewriter(cx).forEach(table, row -> look.accept(row[place]));
        }
      }
      // A new version, so that nobody goes on to write by the old rules.
      cx.put(table.change().build());
    }
  }

  /// A domain and those over it, and the types that have it inside.
  private void addOver(TypeDescriptor domain, Set<Integer> domains, Set<Integer> containers) {
    domains.add(domain.oid());
    containers.add(domain.arrayOid());
    for (TypeDescriptor other : cx.catalog().all(TypeDescriptor.class, cx.databaseOid())) {
      if (other.baseOid() == domain.oid()) {
        addOver(other, domains, containers);
      } else if (TypeUses.madeOf(other, TypeUses.oids(domain))) {
        containers.add(other.oid());
      }
    }
  }
}
