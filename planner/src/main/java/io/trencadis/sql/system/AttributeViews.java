package io.trencadis.sql.system;

import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexExpression;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.collation.Collation;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// `pg_attribute` and `pg_attrdef`: the columns of all relations, and their defaults.
final class AttributeViews {
  private AttributeViews() {}

  static void register(Registration to) {
    to.fixed("pg_attribute", AttributeViews::systemColumns);
    to.current("pg_attribute", AttributeViews::columns);
    to.current("pg_attrdef", AttributeViews::defaults);
  }

  private static void systemColumns(Rows rows) {
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      int number = 1;
      for (SystemRelation.Column column : relation.columns()) {
        attribute(rows, relation.oid(), number++, column.name(), column.type(), column.typmod())
            .set("attnotnull", column.notNull());
      }
    }
  }

  /// The oid of a column's collation, 0 if its type has none.
  static int collation(Column column) {
    return collation(column.collation(), column.typeOid());
  }

  static int collation(IndexExpression expression) {
    return collation(expression.collation(), expression.typeOid());
  }

  private static int collation(Collation collation, int typeOid) {
    PgType type = Types.byOid(typeOid);
    int own = type == null ? 0 : type.collationOid();
    return own == 0 || collation == null ? own : collation.oid();
  }

  private static Rows attribute(
      Rows rows, int relation, int number, String name, int typeOid, int typmod) {
    rows.add()
        .set("attrelid", relation)
        .set("attname", name)
        .set("atttypid", typeOid)
        .set("attstattarget", -1)
        .set("attnum", number)
        .set("attcacheoff", -1)
        .set("atttypmod", typmod)
        .set("attislocal", true);
    PgType type = Types.byOid(typeOid);
    if (type != null) {
      rows.set("attlen", type.typlen())
          .set("attndims", type.isArray() && !type.isVector() ? 1 : 0)
          .set("attbyval", type.byval())
          .set("attalign", type.alignment())
          .set("attstorage", type.storage())
          .set("attcollation", type.collationOid());
    }
    return rows;
  }

  private static void columns(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      for (Column column : table.columns()) {
        attribute(
                rows,
                table.oid(),
                column.number(),
                column.name(),
                column.typeOid(),
                column.typmod())
            .set("attcollation", collation(column))
            .set("attnotnull", column.notNull())
            .set("atthasdef", column.defaultText() != null)
            .set("atthasmissing", column.missingText() != null)
            .set("attidentity", column.identity())
            .set("attgenerated", column.generated() ? 's' : ' ')
            .set("attisdropped", column.dropped())
            .set("attacl", reading.acl(Target.of(table), column.number()))
            .set("attislocal", table.parentOid() == 0 && !column.notLocal())
            .set("attinhcount", table.parentOid() == 0 ? column.inherited() : 1);
      }
      for (IndexDescriptor index : table.indexes()) {
        int number = 1;
        int unnamed = 0;
        for (int columnNumber : columnsOf(index)) {
          if (columnNumber == 0) {
            IndexExpression expression = index.parts().get(number - 1).expression();
            String name = Analyzer.columnName(SqlParser.parseExpression(expression.text()));
            String shown = name != null ? name : unnamed == 0 ? "expr" : "expr" + unnamed;
            unnamed += name == null ? 1 : 0;
            attribute(rows, index.oid(), number++, shown, expression.typeOid(), -1)
                .set("attcollation", collation(expression));
            continue;
          }
          Column column = table.columnNumbered(columnNumber);
          attribute(rows, index.oid(), number++, column.name(), column.typeOid(), column.typmod())
              .set("attcollation", collation(column));
        }
      }
    }
    for (TypeDescriptor type : reading.types()) {
      int number = 1;
      for (TypeDescriptor.Field field : type.fields()) {
        attribute(
                rows,
                RowTypes.relationOf(type.oid()),
                number++,
                field.name(),
                field.typeOid(),
                field.typmod())
            .set("attisdropped", field.dropped());
      }
    }
    for (SequenceDescriptor sequence : reading.sequences()) {
      attribute(rows, sequence.oid(), 1, "last_value", Types.INT8.oid(), -1)
          .set("attnotnull", true);
      attribute(rows, sequence.oid(), 2, "log_cnt", Types.INT8.oid(), -1).set("attnotnull", true);
      attribute(rows, sequence.oid(), 3, "is_called", Types.BOOL.oid(), -1).set("attnotnull", true);
    }
  }

  /// The key columns of an index, then those it only carries.
  static List<Integer> columnsOf(IndexDescriptor index) {
    List<Integer> all = new ArrayList<>();
    for (KeyPart part : index.parts()) {
      all.add(part.column());
    }
    all.addAll(index.included());
    return all;
  }

  private static void defaults(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.relations()) {
      for (Column column : table.liveColumns()) {
        if (column.defaultText() != null) {
          rows.add()
              .set("oid", Oids.columnDefault(table.oid(), column.number()))
              .set("adrelid", table.oid())
              .set("adnum", column.number())
              .set("adbin", ExpressionText.defaultOf(reading, table, column));
        }
      }
    }
  }
}
