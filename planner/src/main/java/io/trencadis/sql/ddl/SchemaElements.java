package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.SchemaDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// What CREATE SCHEMA makes in the new schema: its elements run as the schema's owner, with the
/// schema first in the search path, those first that others may need.
final class SchemaElements {
  private SchemaElements() {}

  static void run(
      DdlContext cx, SchemaDescriptor schema, List<Statement> elements, Consumer<Statement> run) {
    List<Statement> ordered = new ArrayList<>(elements);
    ordered.sort(Comparator.comparingInt(SchemaElements::rank));
    for (Statement element : ordered) {
      QualifiedName name = nameOf(element);
      if (name != null && name.schema() != null && !name.schema().equals(schema.name())) {
        throw new SqlException(
            SqlState.INVALID_SCHEMA_DEFINITION,
            "CREATE specifies a schema ("
                + name.schema()
                + ") different from the one being created ("
                + schema.name()
                + ")");
      }
    }
    cx.within(schema, () -> ordered.forEach(run));
  }

  private static int rank(Statement element) {
    return switch (element) {
      case Statement.CreateSequence _ -> 0;
      case Statement.CreateTable _ -> 1;
      case Statement.CreateView _ -> 2;
      case Statement.CreateIndex _ -> 3;
      default -> 4;
    };
  }

  private static QualifiedName nameOf(Statement element) {
    return switch (element) {
      case Statement.CreateSequence create -> create.name();
      case Statement.CreateTable create -> create.name();
      case Statement.CreateView create -> create.name();
      case Statement.CreateIndex create -> create.table();
      default -> null;
    };
  }
}
