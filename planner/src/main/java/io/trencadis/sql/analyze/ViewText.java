package io.trencadis.sql.analyze;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.parser.SqlParser;

/// The query of a view, which the catalog keeps as text.
final class ViewText {
  private ViewText() {}

  /// Whose rights count inside the view: its owner's, or with security_invoker nobody's of its own.
  static int roleOf(TableDescriptor view) {
    for (String option : view.options()) {
      if (option.equalsIgnoreCase("security_invoker=true")
          || option.equalsIgnoreCase("security_invoker=on")
          || option.equals("security_invoker=1")
          || option.equals("security_invoker")) {
        return 0;
      }
    }
    return view.ownerOid();
  }

  static Query parse(TableDescriptor view) {
    return SqlParser.parseQuery(view.viewText());
  }
}
