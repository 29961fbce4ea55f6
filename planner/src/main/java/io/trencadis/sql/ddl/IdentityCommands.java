package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.AlterAction;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// ALTER COLUMN … ADD GENERATED … AS IDENTITY: a column that is there gets a sequence.
final class IdentityCommands {
  private final DdlContext cx;

  IdentityCommands(DdlContext cx) {
    this.cx = cx;
  }

  void add(TableDescriptor table, Column column, AlterAction.AddIdentity add) {
    PgType type = Types.byOid(column.typeOid());
    requireType(type);
    if (column.identity() != ' ') {
      throw refused(table, column, " is already an identity column");
    }
    if (!column.notNull()) {
      throw refused(table, column, " must be declared NOT NULL before identity can be added");
    }
    if (column.defaultText() != null) {
      throw refused(table, column, " already has a default value");
    }
    SchemaDescriptor schema = (SchemaDescriptor) cx.catalog().byOid(table.schemaOid());
    String name;
    if (add.options().sequenceName() == null) {
      name =
          ObjectNames.choose(
              table.name(),
              column.name(),
              "seq",
              candidate -> cx.catalog().relationNameTaken(table.schemaOid(), candidate));
    } else {
      name = add.options().sequenceName().name();
      if (add.options().sequenceName().schema() != null) {
        schema = cx.names().schema(add.options().sequenceName().schema(), -1);
      }
      ObjectNames.requireFree(cx.catalog(), schema.oid(), name);
    }
    SequenceDescriptor sequence =
        SequenceCommands.create(cx, schema, name, type, add.options())
            .withOwner(table.oid(), column.number())
            .withIdentity(true)
            .withRole(table.ownerOid());
    cx.put(sequence);
    cx.put(
        table
            .change()
            .column(column.withIdentity(add.always() ? 'a' : 'd', sequence.oid()))
            .build());
  }

  static void requireType(PgType type) {
    if (type != Types.INT2 && type != Types.INT4 && type != Types.INT8) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "identity column type must be smallint, integer, or bigint");
    }
  }

  /// SET GENERATED, and SET of the sequence's options.
  void set(TableDescriptor table, Column column, AlterAction.SetIdentity set) {
    if (column.identity() == ' ') {
      throw refused(table, column, " is not an identity column");
    }
    SequenceDescriptor old = (SequenceDescriptor) cx.catalog().byOid(column.sequenceOid());
    cx.put(new SequenceCommands(cx).altered(old, set.options()));
    if (set.always() != null) {
      cx.put(
          table
              .change()
              .column(column.withIdentity(set.always() ? 'a' : 'd', column.sequenceOid()))
              .build());
    }
  }

  void drop(TableDescriptor table, Column column, AlterAction.DropIdentity drop) {
    if (column.identity() == ' ') {
      if (!drop.ifExists()) {
        throw refused(table, column, " is not an identity column");
      }
      cx.notice(
          Notice.notice(
              "column \""
                  + column.name()
                  + "\" of relation \""
                  + table.name()
                  + "\" is not an identity column, skipping"));
      return;
    }
    cx.remove(column.sequenceOid());
    cx.put(table.change().column(column.withIdentity(' ', 0)).build());
  }

  /// What a change says that identity columns do not take.
  static SqlException isIdentity(TableDescriptor table, Column column) {
    return new SqlException(
        SqlState.SYNTAX_ERROR,
        "column \""
            + column.name()
            + "\" of relation \""
            + table.name()
            + "\" is an identity column");
  }

  private static SqlException refused(TableDescriptor table, Column column, String why) {
    return new SqlException(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "column \"" + column.name() + "\" of relation \"" + table.name() + "\"" + why);
  }
}
