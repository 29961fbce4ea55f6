package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.parser.SqlParser;

/// The query of a view, which the catalog keeps as text.
final class ViewText {
  private ViewText() {}

  static Query parse(TableDescriptor view) {
    return SqlParser.parseQuery(view.viewText());
  }
}
