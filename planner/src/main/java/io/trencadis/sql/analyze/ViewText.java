package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.parser.SqlParser;
import java.util.Locale;

/// The query of a view, which the catalog keeps as text.
final class ViewText {
  private ViewText() {}

  /// Whose rights count inside the view: its owner's, or with security_invoker those of whoever
  /// runs the statement.
  static int roleOf(TableDescriptor view) {
    for (String option : view.options()) {
      if (option.toLowerCase(Locale.ROOT).matches("security_invoker(=(true|on|yes|1))?")) {
        return 0;
      }
    }
    return view.ownerOid();
  }

  static Query parse(TableDescriptor view) {
    return SqlParser.parseQuery(view.viewText());
  }
}
