package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// CREATE SEQUENCE and ALTER SEQUENCE.
final class SequenceCommands {
  private final DdlContext cx;

  SequenceCommands(DdlContext cx) {
    this.cx = cx;
  }

  private static long minimumOf(PgType type) {
    return type == Types.INT2
        ? Short.MIN_VALUE
        : type == Types.INT4 ? Integer.MIN_VALUE : Long.MIN_VALUE;
  }

  private static long maximumOf(PgType type) {
    return type == Types.INT2
        ? Short.MAX_VALUE
        : type == Types.INT4 ? Integer.MAX_VALUE : Long.MAX_VALUE;
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  /// The descriptor of a new sequence.
  static SequenceDescriptor create(
      DdlContext cx,
      SchemaDescriptor schema,
      String name,
      PgType type,
      Statement.SequenceOptions options) {
    long increment = options.increment() == null ? 1 : options.increment();
    if (increment == 0) {
      throw invalid("INCREMENT must not be zero");
    }
    boolean up = increment > 0;
    long minimum = options.minValue() != null ? options.minValue() : up ? 1 : minimumOf(type);
    long maximum = options.maxValue() != null ? options.maxValue() : up ? maximumOf(type) : -1;
    long start = options.start() != null ? options.start() : up ? minimum : maximum;
    long cache = options.cache() == null ? 1 : options.cache();
    SequenceDescriptor sequence =
        new SequenceDescriptor(
            cx.newOid(),
            cx.databaseOid(),
            schema.oid(),
            name,
            cx.role().oid(),
            type.oid(),
            start,
            increment,
            minimum,
            maximum,
            cache,
            Boolean.TRUE.equals(options.cycle()),
            0,
            0,
            false,
            0);
    check(sequence, type);
    return sequence;
  }

  private static void check(SequenceDescriptor sequence, PgType type) {
    if (sequence.minimum() < minimumOf(type) || sequence.minimum() > maximumOf(type)) {
      throw invalid(
          "MINVALUE ("
              + sequence.minimum()
              + ") is out of range for sequence data type "
              + type.displayName());
    }
    if (sequence.maximum() < minimumOf(type) || sequence.maximum() > maximumOf(type)) {
      throw invalid(
          "MAXVALUE ("
              + sequence.maximum()
              + ") is out of range for sequence data type "
              + type.displayName());
    }
    if (sequence.minimum() >= sequence.maximum()) {
      throw invalid(
          "MINVALUE ("
              + sequence.minimum()
              + ") must be less than MAXVALUE ("
              + sequence.maximum()
              + ")");
    }
    if (sequence.start() < sequence.minimum()) {
      throw invalid(
          "START value ("
              + sequence.start()
              + ") cannot be less than MINVALUE ("
              + sequence.minimum()
              + ")");
    }
    if (sequence.start() > sequence.maximum()) {
      throw invalid(
          "START value ("
              + sequence.start()
              + ") cannot be greater than MAXVALUE ("
              + sequence.maximum()
              + ")");
    }
    if (sequence.cache() < 1) {
      throw invalid("CACHE (" + sequence.cache() + ") must be greater than zero");
    }
  }

  private PgType typeOf(Statement.SequenceOptions options) {
    if (options.typeName() == null) {
      return Types.INT8;
    }
    PgType type = cx.names().type(options.typeName()).type();
    if (type != Types.INT2 && type != Types.INT4 && type != Types.INT8) {
      throw invalid("sequence type must be smallint, integer, or bigint");
    }
    return type;
  }

  void create(Statement.CreateSequence create) {
    SchemaDescriptor schema =
        ObjectNames.schemaFor(
            cx, create.name(), create.persistence() == Statement.Persistence.TEMPORARY);
    if (cx.catalog().relationNameTaken(schema.oid(), create.name().name())) {
      if (create.ifNotExists()) {
        cx.notice(
            new Notice(
                "NOTICE",
                SqlState.DUPLICATE_TABLE,
                "relation \"" + create.name().name() + "\" already exists, skipping",
                null,
                null));
        return;
      }
      throw ObjectNames.taken(create.name().name());
    }
    SequenceDescriptor sequence =
        create(cx, schema, create.name().name(), typeOf(create.options()), create.options());
    cx.put(owned(sequence, create.options()));
  }

  private SequenceDescriptor owned(SequenceDescriptor sequence, Statement.SequenceOptions options) {
    if (options.ownedByNone()) {
      return sequence.withOwner(0, 0);
    }
    if (options.ownedBy() == null) {
      return sequence;
    }
    var parts = options.ownedBy().parts();
    if (parts.size() < 2) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid OWNED BY option")
          .hint("Specify OWNED BY table.column or OWNED BY NONE.");
    }
    TableDescriptor table =
        cx.names()
            .table(
                new io.trencadis.sql.ast.QualifiedName(
                    parts.subList(0, parts.size() - 1), options.ownedBy().pos()));
    Column column = table.column(parts.getLast());
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \"" + parts.getLast() + "\" of relation \"" + table.name() + "\" does not exist");
    }
    return sequence.withOwner(table.oid(), column.number());
  }

  void alter(Statement.AlterSequence alter) {
    Descriptor found = cx.names().findRelation(alter.name());
    if (found == null && alter.ifExists()) {
      cx.notice(Notice.notice("relation \"" + alter.name() + "\" does not exist, skipping"));
      return;
    }
    if (!(found instanceof SequenceDescriptor old)) {
      throw found == null
          ? io.trencadis.sql.analyze.Names.undefined(alter.name())
          : new SqlException(
              SqlState.WRONG_OBJECT_TYPE, "\"" + alter.name().name() + "\" is not a sequence");
    }
    cx.put(altered(old, alter.options()));
  }

  SequenceDescriptor altered(SequenceDescriptor old, Statement.SequenceOptions options) {
    PgType type = options.typeName() == null ? Types.byOid(old.typeOid()) : typeOf(options);
    return altered(old, type, options);
  }

  /// The same sequence of another type; bounds that were the old type's become the new type's.
  SequenceDescriptor retyped(SequenceDescriptor old, PgType type) {
    return altered(old, type, Statement.SequenceOptions.NONE);
  }

  private SequenceDescriptor altered(
      SequenceDescriptor old, PgType type, Statement.SequenceOptions options) {
    PgType oldType = Types.byOid(old.typeOid());
    long increment = options.increment() == null ? old.increment() : options.increment();
    boolean up = increment > 0;
    boolean typeChanged = type != oldType;
    long minimum =
        options.minValue() != null
            ? options.minValue()
            : options.noMin() || (typeChanged && old.minimum() == minimumOf(oldType))
                ? (up ? 1 : minimumOf(type))
                : old.minimum();
    long maximum =
        options.maxValue() != null
            ? options.maxValue()
            : options.noMax() || (typeChanged && old.maximum() == maximumOf(oldType))
                ? (up ? maximumOf(type) : -1)
                : old.maximum();
    long start = options.start() == null ? old.start() : options.start();
    SequenceDescriptor changed =
        new SequenceDescriptor(
            old.oid(),
            old.databaseOid(),
            old.schemaOid(),
            old.name(),
            old.ownerOid(),
            type.oid(),
            start,
            increment,
            minimum,
            maximum,
            options.cache() == null ? old.cache() : options.cache(),
            options.cycle() == null ? old.cycle() : options.cycle(),
            old.ownerTableOid(),
            old.ownerColumn(),
            old.identity(),
            old.generation());
    check(changed, type);
    if (options.restart()) {
      SequenceDescriptor restarted =
          changed.restarted(options.restartWith() == null ? start : options.restartWith());
      check(restarted, type);
      changed = restarted;
    }
    return owned(changed, options);
  }
}
