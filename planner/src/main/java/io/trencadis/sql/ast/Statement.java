package io.trencadis.sql.ast;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.List;
import java.util.Locale;

/// One statement. `pos` is the offset of its first token.
///
/// Where the catalog keeps SQL text (the query of a view, a default, a check) the statement carries
/// the source text of that part, exactly as written, without surrounding blanks.
public sealed interface Statement {
  int pos();

  // ---------------------------------------------------------------- queries and changes of rows

  /// Any query: SELECT, VALUES, TABLE, WITH … SELECT. `SELECT … INTO` arrives as [CreateTableAs].
  ///
  /// @param asOf the expression of `AS OF SYSTEM TIME`, or null
  record Select(Query query, Expr asOf, int pos) implements Statement {}

  enum Overriding {
    NONE,
    SYSTEM,
    USER
  }

  /// A column that is given a value. `indirection` is rarely more than empty: `SET point.x = …`,
  /// `SET items[2] = …`.
  ///
  /// @param indirection applications of [Expr.FieldAccess] and [Expr.Subscript], innermost first,
  ///   whose base is null
  record ColumnTarget(String name, List<Expr> indirection, int pos) {
    /// A plain column.
    public ColumnTarget(String name, int pos) {
      this(name, List.of(), pos);
    }
  }

  /// @param with null without WITH
  /// @param alias null without AS
  /// @param columns empty when none were given
  /// @param source null for DEFAULT VALUES
  /// @param onConflict null without ON CONFLICT
  record Insert(
      Query.With with,
      QualifiedName table,
      String alias,
      List<ColumnTarget> columns,
      Overriding overriding,
      Query source,
      OnConflict onConflict,
      List<Query.Target> returning,
      int pos)
      implements Statement {}

  /// @param target what decides that there is a conflict; empty means any
  /// @param targetWhere the predicate of a partial index, or null
  /// @param constraint the name after ON CONSTRAINT, or null
  /// @param set empty for DO NOTHING
  record OnConflict(
      List<IndexElement> target,
      Expr targetWhere,
      String constraint,
      boolean doNothing,
      List<SetClause> set,
      Expr where,
      int pos) {}

  /// `column = value`, or `(columns) = row`.
  ///
  /// @param value may be [Expr.Default]. For several columns it is usually a [Expr.Row] or a
  ///   [Expr.ScalarSubquery]
  /// @param multiple whether the columns were in parentheses
  record SetClause(List<ColumnTarget> columns, Expr value, boolean multiple, int pos) {}

  record Update(
      Query.With with,
      QualifiedName table,
      boolean only,
      String alias,
      List<SetClause> set,
      List<TableRef> from,
      Expr where,
      List<Query.Target> returning,
      int pos)
      implements Statement {}

  record Delete(
      Query.With with,
      QualifiedName table,
      boolean only,
      String alias,
      List<TableRef> using,
      Expr where,
      List<Query.Target> returning,
      int pos)
      implements Statement {}

  /// @param with null without WITH
  /// @param alias null without AS
  record Merge(
      Query.With with,
      QualifiedName table,
      boolean only,
      String alias,
      TableRef source,
      Expr condition,
      List<MergeWhen> clauses,
      int pos)
      implements Statement {}

  enum MergeKind {
    INSERT,
    UPDATE,
    DELETE,
    NOTHING
  }

  /// `WHEN [NOT] MATCHED AND condition THEN …`.
  ///
  /// @param condition null without AND
  /// @param columns the columns of INSERT, empty when none were given
  /// @param values the values of INSERT, null for DEFAULT VALUES
  record MergeWhen(
      boolean matched,
      Expr condition,
      MergeKind kind,
      List<SetClause> set,
      List<ColumnTarget> columns,
      Overriding overriding,
      List<Expr> values,
      int pos) {}

  /// @param only for each name, whether descendants are left alone
  record Truncate(
      List<QualifiedName> names,
      List<Boolean> only,
      boolean restartIdentity,
      boolean cascade,
      int pos)
      implements Statement {}

  enum CopyEnd {
    STDIN,
    STDOUT,
    FILE,
    PROGRAM
  }

  /// COPY. Exactly one of `table`, `query` and `change` is set.
  ///
  /// @param columns empty means all
  /// @param change an INSERT, UPDATE or DELETE whose RETURNING is copied, or null
  /// @param file the file's name or the program's command line; null for STDIN and STDOUT
  /// @param where null without WHERE
  record Copy(
      QualifiedName table,
      List<String> columns,
      Query query,
      Statement change,
      boolean from,
      CopyEnd end,
      String file,
      List<CopyOption> options,
      Expr where,
      int pos)
      implements Statement {}

  /// An option of COPY under its name in the modern syntax: the old `CSV HEADER` arrives as
  /// `format` = `csv`, `header` = null.
  ///
  /// @param value a String, a List of column names, `"*"` for all columns, or null
  record CopyOption(String name, Object value, int pos) {}

  // ---------------------------------------------------------------- tables and their kin

  enum Persistence {
    PERMANENT,
    TEMPORARY,
    UNLOGGED
  }

  enum OnCommit {
    NOOP,
    PRESERVE_ROWS,
    DELETE_ROWS,
    DROP
  }

  /// `name = value` of a WITH clause; `name` may be dotted (`toast.autovacuum_enabled`).
  ///
  /// @param value null when only the name was given
  record StorageOption(String name, String value, int pos) {}

  /// @param partitionBy null for a table that is not partitioned
  /// @param partitionOf null for a table that is no partition
  /// @param ofType the type of a typed table, or null
  /// @param tablespace null when none was written
  /// @param using the access method, or null
  record CreateTable(
      QualifiedName name,
      boolean ifNotExists,
      Persistence persistence,
      List<TableElement> elements,
      List<QualifiedName> inherits,
      PartitionSpec partitionBy,
      PartitionOf partitionOf,
      QualifiedName ofType,
      List<StorageOption> options,
      OnCommit onCommit,
      String tablespace,
      String using,
      int pos)
      implements Statement {}

  /// PARTITION BY.
  ///
  /// @param strategy in lower case: hash, list or range
  /// @param hashPartitions the n of our `PARTITIONS n`, or null
  /// @param splitPoints the rows of our `SPLIT AT VALUES (…), (…)`, each a prefix of a key
  record PartitionSpec(
      String strategy,
      List<IndexElement> elements,
      Integer hashPartitions,
      List<List<Expr>> splitPoints,
      int pos) {}

  record PartitionOf(QualifiedName parent, PartitionBoundSpec bound, int pos) {}

  /// What rows a partition holds.
  sealed interface PartitionBoundSpec {
    int pos();

    record Hash(int modulus, int remainder, int pos) implements PartitionBoundSpec {}

    record ListOf(List<Expr> values, int pos) implements PartitionBoundSpec {}

    record Range(List<RangeDatum> from, List<RangeDatum> to, int pos)
        implements PartitionBoundSpec {}

    record Default(int pos) implements PartitionBoundSpec {}
  }

  enum RangeKind {
    MINVALUE,
    VALUE,
    MAXVALUE
  }

  /// One column of a range's bound; `value` is set for VALUE only.
  record RangeDatum(RangeKind kind, Expr value, int pos) {}

  /// @param columns empty when none were given
  record CreateTableAs(
      QualifiedName name,
      boolean ifNotExists,
      Persistence persistence,
      List<String> columns,
      List<StorageOption> options,
      OnCommit onCommit,
      Query query,
      boolean withData,
      int pos)
      implements Statement {}

  enum CheckOption {
    NONE,
    LOCAL,
    CASCADED
  }

  /// @param queryText the source text of the query
  record CreateView(
      QualifiedName name,
      boolean orReplace,
      boolean temporary,
      boolean recursive,
      List<String> columns,
      List<StorageOption> options,
      Query query,
      String queryText,
      CheckOption checkOption,
      int pos)
      implements Statement {}

  /// @param name null when PostgreSQL shall choose one
  /// @param method null when none was written
  /// @param where the predicate, or null
  /// @param partitionBy how we shall distribute the index, or null
  record CreateIndex(
      boolean unique,
      boolean concurrently,
      boolean ifNotExists,
      String name,
      QualifiedName table,
      boolean only,
      String method,
      List<IndexElement> elements,
      List<String> include,
      boolean nullsNotDistinct,
      List<StorageOption> options,
      Expr where,
      String whereText,
      String tablespace,
      PartitionSpec partitionBy,
      int pos)
      implements Statement {}

  /// A column or an expression of an index: exactly one of `column` and `expr` is set.
  ///
  /// @param text the source text of the expression, or null
  /// @param collation null when none was written
  /// @param opclass null when none was written
  record IndexElement(
      String column,
      Expr expr,
      String text,
      QualifiedName collation,
      QualifiedName opclass,
      List<StorageOption> opclassOptions,
      SortKey.Direction direction,
      SortKey.Nulls nulls,
      int pos) {}

  /// What was written of a sequence's options; null where nothing was.
  ///
  /// @param noMin `NO MINVALUE`
  /// @param restart whether RESTART was written; its value, if any, is `restartWith`
  /// @param ownedBy the column's dotted name
  record SequenceOptions(
      TypeName typeName,
      Long increment,
      Long minValue,
      boolean noMin,
      Long maxValue,
      boolean noMax,
      Long start,
      boolean restart,
      Long restartWith,
      Long cache,
      Boolean cycle,
      QualifiedName ownedBy,
      boolean ownedByNone,
      QualifiedName sequenceName) {
    /// Nothing written.
    public static final SequenceOptions NONE =
        new SequenceOptions(
            null, null, null, false, null, false, null, false, null, null, null, null, false, null);
  }

  record CreateSequence(
      QualifiedName name,
      boolean ifNotExists,
      Persistence persistence,
      SequenceOptions options,
      int pos)
      implements Statement {}

  record AlterSequence(QualifiedName name, boolean ifExists, SequenceOptions options, int pos)
      implements Statement {}

  /// @param name null when only AUTHORIZATION was written
  /// @param authorization null when none was written
  /// @param elements the statements written inside
  record CreateSchema(
      String name, boolean ifNotExists, String authorization, List<Statement> elements, int pos)
      implements Statement {}

  record CreateExtension(
      String name, boolean ifNotExists, String schema, String version, boolean cascade, int pos)
      implements Statement {}

  /// ALTER EXTENSION: UPDATE, or SET SCHEMA.
  ///
  /// @param version after UPDATE TO, or null
  /// @param schema after SET SCHEMA, or null
  record AlterExtension(String name, String version, String schema, int pos) implements Statement {}

  /// `name = value` of a definition in parentheses.
  ///
  /// @param value empty where none was written
  record DefinitionOption(String name, String value, int pos) {}

  /// @param from the collation to copy, or null
  record CreateCollation(
      QualifiedName name,
      boolean ifNotExists,
      QualifiedName from,
      List<DefinitionOption> options,
      int pos)
      implements Statement {}

  record CreateEnum(QualifiedName name, List<String> labels, int pos) implements Statement {}

  /// @param neighbor the label after BEFORE or AFTER, or null
  record AlterEnumAddValue(
      QualifiedName name,
      String label,
      boolean ifNotExists,
      boolean before,
      String neighbor,
      int pos)
      implements Statement {}

  record AlterEnumRenameValue(QualifiedName name, String label, String newLabel, int pos)
      implements Statement {}

  /// `CREATE TYPE name AS (columns)`.
  record CreateCompositeType(QualifiedName name, List<TableRef.ColumnDefinition> columns, int pos)
      implements Statement {}

  record CreateDomain(
      QualifiedName name,
      TypeName type,
      QualifiedName collation,
      List<TableElement.ColumnConstraint> constraints,
      int pos)
      implements Statement {}

  /// The kinds of objects that statements name.
  enum ObjectKind {
    TABLE("TABLE"),
    VIEW("VIEW"),
    MATERIALIZED_VIEW("MATERIALIZED VIEW"),
    FOREIGN_TABLE("FOREIGN TABLE"),
    INDEX("INDEX"),
    SEQUENCE("SEQUENCE"),
    SCHEMA("SCHEMA"),
    TYPE("TYPE"),
    DOMAIN("DOMAIN"),
    EXTENSION("EXTENSION"),
    COLLATION("COLLATION"),
    CONVERSION("CONVERSION"),
    STATISTICS("STATISTICS"),
    TEXT_SEARCH_PARSER("TEXT SEARCH PARSER"),
    TEXT_SEARCH_DICTIONARY("TEXT SEARCH DICTIONARY"),
    TEXT_SEARCH_TEMPLATE("TEXT SEARCH TEMPLATE"),
    TEXT_SEARCH_CONFIGURATION("TEXT SEARCH CONFIGURATION"),
    ACCESS_METHOD("ACCESS METHOD"),
    EVENT_TRIGGER("EVENT TRIGGER"),
    FOREIGN_DATA_WRAPPER("FOREIGN DATA WRAPPER"),
    LANGUAGE("LANGUAGE"),
    PUBLICATION("PUBLICATION"),
    SUBSCRIPTION("SUBSCRIPTION"),
    SERVER("SERVER"),
    COLUMN("COLUMN"),
    CONSTRAINT("CONSTRAINT"),
    DATABASE("DATABASE"),
    ROLE("ROLE"),
    TABLESPACE("TABLESPACE"),
    FUNCTION("FUNCTION"),
    PROCEDURE("PROCEDURE"),
    ROUTINE("ROUTINE"),
    TRIGGER("TRIGGER"),
    LARGE_OBJECT("LARGE OBJECT"),
    PARAMETER("PARAMETER");

    private final String words;

    ObjectKind(String words) {
      this.words = words;
    }

    /// The kind as SQL spells it.
    public String words() {
      return words;
    }
  }

  /// DROP of objects that are told by more than a name.
  ///
  /// @param kind as SQL spells it: `FUNCTION`, `OPERATOR CLASS`
  record DropSignature(
      String kind, List<Signature> objects, boolean ifExists, boolean cascade, int pos)
      implements Statement {
    /// One of them.
    ///
    /// @param name of the object, or of the table that a trigger, rule or policy is of; null for a
    ///   cast
    /// @param arguments types of a routine's arguments, an operator's operands (null for one that
    ///   it does not have) or a cast; null where none were written
    /// @param detail the access method of an operator class, or the name of a trigger
    /// @param all types of all arguments of a routine, those of OUT included; null where none were
    ///   written
    public record Signature(
        QualifiedName name, List<TypeName> arguments, String detail, List<TypeName> all) {}
  }

  record Drop(
      ObjectKind kind,
      List<QualifiedName> names,
      boolean ifExists,
      boolean cascade,
      boolean concurrently,
      int pos)
      implements Statement {}

  /// ALTER of a relation, schema, type or domain by actions.
  record AlterTable(
      ObjectKind kind,
      QualifiedName name,
      boolean ifExists,
      boolean only,
      List<AlterAction> actions,
      int pos)
      implements Statement {
    /// The same of another object.
    public AlterTable of(QualifiedName other) {
      return new AlterTable(kind, other, ifExists, only, actions, pos);
    }
  }

  /// @param name what the comment is on; for a column or a constraint, its table (or domain)
  /// @param member the column's or the constraint's name, else null
  /// @param text null removes the comment
  /// @param signature the routine that it is on; else null
  record Comment(
      ObjectKind kind,
      QualifiedName name,
      String member,
      DropSignature.Signature signature,
      String text,
      int pos)
      implements Statement {}

  // ---------------------------------------------------------------- functions and procedures

  /// An argument of a routine, or a column of RETURNS TABLE.
  ///
  /// @param mode i, o, b, v or t, as in `pg_proc.proargmodes`
  /// @param name null where none was written
  /// @param defaultText source of the default, or null
  record RoutineArgument(
      char mode, String name, TypeName type, Expr defaultValue, String defaultText, int pos) {}

  /// An option of CREATE or ALTER FUNCTION. Names and values: `as` a List of one or two Strings,
  /// `language` String, `window`, `transform`, `support` Boolean, `strict`, `leakproof`, `definer`
  /// Boolean, `volatility` and `parallel` String, `cost` and `rows` String, `set` a Statement.
  record RoutineOption(String name, Object value, int pos) {}

  /// The body of a routine in SQL's own syntax.
  ///
  /// @param statements of BEGIN ATOMIC, or the one query that RETURN means
  /// @param text the source, from its first word to its last
  record RoutineBody(List<BodyPart> statements, boolean atomic, String text, int pos) {}

  /// A statement of a body and its source.
  record BodyPart(Statement statement, String text) {}

  /// CREATE FUNCTION and CREATE PROCEDURE.
  ///
  /// @param returns null where nothing was written, or RETURNS TABLE was
  /// @param body null where AS was written, or nothing
  record CreateRoutine(
      boolean procedure,
      boolean replace,
      QualifiedName name,
      List<RoutineArgument> arguments,
      TypeName returns,
      List<RoutineOption> options,
      RoutineBody body,
      int pos)
      implements Statement {}

  /// @param kind FUNCTION, PROCEDURE or ROUTINE
  /// @param newName of RENAME TO, or null; likewise the next two
  /// @param options empty with one of these
  record AlterRoutine(
      ObjectKind kind,
      DropSignature.Signature routine,
      String newName,
      String owner,
      String schema,
      List<RoutineOption> options,
      int pos)
      implements Statement {}

  record Call(Expr.FunctionCall call, int pos) implements Statement {}

  /// @param language null where none was written
  /// @param bodyPos where the body's literal begins
  record Do(String language, String body, int bodyPos, int pos) implements Statement {}

  // ---------------------------------------------------------------- triggers

  /// What a trigger fires at.
  ///
  /// @param columns of UPDATE OF; else empty
  record TriggerEvent(String kind, List<String> columns) {}

  /// A transition table.
  record Transition(boolean isNew, boolean isTable, String name, int pos) {}

  /// @param timing BEFORE, AFTER or INSTEAD OF
  /// @param from the referenced table of a constraint trigger, or null
  /// @param whenText source of the condition, or null
  record CreateTrigger(
      boolean replace,
      boolean constraint,
      String name,
      String timing,
      List<TriggerEvent> events,
      QualifiedName table,
      QualifiedName from,
      boolean deferrable,
      boolean deferred,
      List<Transition> transitions,
      boolean row,
      Expr when,
      String whenText,
      QualifiedName function,
      List<String> arguments,
      int pos)
      implements Statement {}

  record RenameTrigger(String name, QualifiedName table, String newName, int pos)
      implements Statement {}

  // ---------------------------------------------------------------- databases, roles, rights

  record CreateDatabase(String name, List<StorageOption> options, int pos) implements Statement {}

  /// @param set a [SetVariable] or [ResetVariable], or null
  /// @param newName of RENAME TO, or null
  /// @param owner of OWNER TO, or null
  record AlterDatabase(
      String name,
      List<StorageOption> options,
      Statement set,
      String newName,
      String owner,
      int pos)
      implements Statement {}

  record DropDatabase(String name, boolean ifExists, boolean force, int pos) implements Statement {}

  enum RoleKind {
    ROLE,
    USER,
    GROUP
  }

  /// An option of a role. Its name is in lower case and positive, as in `pg_authid`: NOLOGIN is
  /// `login` = false. The others: `superuser`, `createdb`, `createrole`, `inherit`, `replication`,
  /// `bypassrls`: Boolean; `password`: String or null; `connection limit`: Integer; `valid until`:
  /// String; `sysid`: Integer; `in role`, `role`, `admin`, and of ALTER GROUP `add members`, `drop
  /// members`: List of names.
  record RoleOption(String name, Object value, int pos) {}

  record CreateRole(RoleKind kind, String name, List<RoleOption> options, int pos)
      implements Statement {}

  /// @param name null for ALL
  /// @param database of IN DATABASE, or null
  /// @param set a [SetVariable] or [ResetVariable]; null when `options` are changed
  /// @param newName of RENAME TO, or null
  record AlterRole(
      RoleKind kind,
      String name,
      List<RoleOption> options,
      String database,
      Statement set,
      String newName,
      int pos)
      implements Statement {}

  record DropRole(List<String> names, boolean ifExists, int pos) implements Statement {}

  /// `DROP OWNED BY` and `REASSIGN OWNED BY … TO newOwner` (null for DROP).
  record Owned(List<String> roles, String newOwner, boolean cascade, int pos)
      implements Statement {}

  /// One privilege in lower case; `all` stands for every one. `columns` is empty for the whole
  /// object.
  record Privilege(String name, List<String> columns) {}

  /// @param allInSchema whether `names` are schemas all of whose objects are meant
  /// @param routines of functions, in the order of `names`
  /// @param grantees role names; `public` unquoted arrives as `public`, as do the words
  ///   CURRENT_USER …
  /// @param grantor of GRANTED BY, or null
  /// @param grantOption WITH GRANT OPTION, or for REVOKE: GRANT OPTION FOR
  record Grant(
      boolean revoke,
      List<Privilege> privileges,
      ObjectKind kind,
      boolean allInSchema,
      List<QualifiedName> names,
      List<DropSignature.Signature> routines,
      List<String> grantees,
      boolean grantOption,
      String grantor,
      boolean cascade,
      int pos)
      implements Statement {}

  /// @param forRoles empty for the current role
  /// @param schemas empty for everywhere
  /// @param target tables, sequences, functions, types or schemas
  record AlterDefaultPrivileges(
      List<String> forRoles,
      List<String> schemas,
      boolean revoke,
      List<Privilege> privileges,
      String target,
      List<String> grantees,
      boolean grantOption,
      boolean cascade,
      int pos)
      implements Statement {}

  /// @param set a [SetVariable] or [ResetVariable]
  record AlterSystem(Statement set, int pos) implements Statement {}

  /// Membership: GRANT roles TO grantees.
  ///
  /// @param grantor of GRANTED BY, or null
  record GrantRole(
      boolean revoke,
      List<String> roles,
      List<String> grantees,
      boolean adminOption,
      String grantor,
      boolean cascade,
      int pos)
      implements Statement {}

  // ---------------------------------------------------------------- transactions

  enum Isolation {
    SERIALIZABLE,
    REPEATABLE_READ,
    READ_COMMITTED,
    READ_UNCOMMITTED
  }

  /// What was written of a transaction's modes; null where nothing was.
  record TransactionModes(Isolation isolation, Boolean readOnly, Boolean deferrable) {
    /// Nothing written.
    public static final TransactionModes NONE = new TransactionModes(null, null, null);
  }

  /// BEGIN and START TRANSACTION.
  record Begin(TransactionModes modes, boolean start, int pos) implements Statement {}

  /// COMMIT and END.
  record Commit(boolean chain, int pos) implements Statement {}

  /// ROLLBACK and ABORT.
  record Rollback(boolean chain, int pos) implements Statement {}

  record Savepoint(String name, int pos) implements Statement {}

  record RollbackTo(String name, int pos) implements Statement {}

  record Release(String name, int pos) implements Statement {}

  record PrepareTransaction(String gid, int pos) implements Statement {}

  record CommitPrepared(String gid, int pos) implements Statement {}

  record RollbackPrepared(String gid, int pos) implements Statement {}

  /// @param sessionCharacteristics `SET SESSION CHARACTERISTICS AS TRANSACTION`
  /// @param snapshot of `SET TRANSACTION SNAPSHOT`, or null
  record SetTransaction(
      TransactionModes modes, boolean sessionCharacteristics, String snapshot, int pos)
      implements Statement {}

  /// @param names empty for ALL
  record SetConstraints(List<QualifiedName> names, boolean deferred, int pos)
      implements Statement {}

  // ---------------------------------------------------------------- session

  /// SET. The special forms arrive as the variables behind them: `timezone`, `client_encoding`,
  /// `session_authorization`, `role`, `search_path`, `xmloption`.
  ///
  /// @param name dotted and in lower case
  /// @param values null means DEFAULT
  record SetVariable(String name, List<String> values, boolean local, int pos)
      implements Statement {}

  /// SET … FROM CURRENT, which only ALTER DATABASE, ROLE and FUNCTION know.
  record SetFromCurrent(String name, int pos) implements Statement {}

  /// @param name `all` for SHOW ALL
  record ShowVariable(String name, int pos) implements Statement {}

  /// @param name `all` for RESET ALL
  record ResetVariable(String name, int pos) implements Statement {}

  /// @param text the source text of the statement
  record Prepare(String name, List<TypeName> types, Statement statement, String text, int pos)
      implements Statement {}

  record Execute(String name, List<Expr> args, int pos) implements Statement {}

  /// `CREATE TABLE name AS EXECUTE …`.
  record CreateTableAsExecute(
      CreateTableAsTarget target, Execute execute, boolean withData, int pos)
      implements Statement {}

  record CreateTableAsTarget(
      QualifiedName name, boolean ifNotExists, Persistence persistence, List<String> columns) {}

  /// @param name null for ALL
  record Deallocate(String name, int pos) implements Statement {}

  /// @param sensitivity true for INSENSITIVE, false for ASENSITIVE, null when not written
  /// @param scroll null when not written
  /// @param text the source text of the query
  record DeclareCursor(
      String name,
      boolean binary,
      Boolean sensitivity,
      Boolean scroll,
      boolean hold,
      Query query,
      String text,
      int pos)
      implements Statement {}

  enum FetchDirection {
    FORWARD,
    BACKWARD,
    ABSOLUTE,
    RELATIVE
  }

  /// FETCH and MOVE. NEXT is FORWARD 1, PRIOR is BACKWARD 1, FIRST is ABSOLUTE 1, LAST is ABSOLUTE
  /// -1.
  ///
  /// @param count [#ALL] for ALL
  record Fetch(FetchDirection direction, long count, String cursor, boolean move, int pos)
      implements Statement {
    /// The count of FETCH ALL.
    public static final long ALL = Long.MAX_VALUE;
  }

  /// @param name null for ALL
  record ClosePortal(String name, int pos) implements Statement {}

  /// @param what in lower case: all, plans, sequences or temp
  record Discard(String what, int pos) implements Statement {}

  record Listen(String channel, int pos) implements Statement {}

  /// @param payload null when none was written
  record Notify(String channel, String payload, int pos) implements Statement {}

  /// @param channel null for `*`
  record Unlisten(String channel, int pos) implements Statement {}

  /// @param mode the lock's name in capitals: `ACCESS EXCLUSIVE`, …
  record LockTable(List<QualifiedName> names, boolean only, String mode, boolean nowait, int pos)
      implements Statement {}

  // ---------------------------------------------------------------- explanation and maintenance

  /// @param options those in parentheses; `analyze` and `verbose` say the same of the old syntax
  ///   and are not repeated there
  record Explain(
      boolean analyze, boolean verbose, List<ExplainOption> options, Statement statement, int pos)
      implements Statement {}

  /// An option in parentheses: its name in lower case, its value or null.
  record ExplainOption(String name, String value, int pos) {
    /// Whether it is switched on: also where no value is given.
    ///
    /// @throws SqlException 42601 for another value than a Boolean
    public boolean isOn() {
      if (value == null) {
        return true;
      }
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "on", "true", "1" -> true;
        case "off", "false", "0" -> false;
        default ->
            throw new SqlException(SqlState.SYNTAX_ERROR, name + " requires a Boolean value");
      };
    }
  }

  /// A table of VACUUM or ANALYZE; no columns means all.
  record VacuumTarget(QualifiedName table, List<String> columns) {}

  /// @param options those in parentheses, or the old words, each in lower case
  record Vacuum(List<ExplainOption> options, List<VacuumTarget> tables, int pos)
      implements Statement {}

  record Analyze(List<ExplainOption> options, List<VacuumTarget> tables, int pos)
      implements Statement {}

  record Checkpoint(int pos) implements Statement {}

  /// @param kind table, index, schema, database or system
  /// @param name null when none was written
  record Reindex(
      String kind, QualifiedName name, boolean concurrently, List<ExplainOption> options, int pos)
      implements Statement {}

  /// @param table null for all
  /// @param index null when none was written
  record Cluster(QualifiedName table, String index, List<ExplainOption> options, int pos)
      implements Statement {}

  /// A statement that PostgreSQL has and we refuse, named by its leading keywords: `CREATE
  /// FUNCTION`.
  record Unsupported(String what, int pos) implements Statement {}
}
