package io.trencadis.sql.system;

import io.trencadis.sql.analyze.StoredText;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Defaults of columns and domains as `pg_get_expr` prints them. Most are plain constants, words or
/// calls, which are known without being analyzed: every query of a catalog asks for all of them.
final class ExpressionText {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}|[0-9]+\\.[0-9]+");
  private static final Pattern STRING = Pattern.compile("'[^'\\\\]*'");
  private static final Pattern CALL =
      Pattern.compile("(now|gen_random_uuid|clock_timestamp)\\(\\)");
  private static final Pattern SEQUENCE = Pattern.compile("nextval\\('[0-9]+'::regclass\\)");
  private static final Set<String> WORDS =
      Set.of(
          "TRUE",
          "FALSE",
          "CURRENT_DATE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "CURRENT_ROLE",
          "CURRENT_USER",
          "SESSION_USER",
          "CURRENT_CATALOG",
          "CURRENT_SCHEMA");

  private ExpressionText() {}

  /// What a column gets where nothing is given, or what it is computed from.
  static String defaultOf(Reading reading, TableDescriptor table, Column column) {
    String known = known(reading, column.defaultText(), column.typeOid());
    return known != null ? known : DefinitionText.deparser(reading, false).defaultOf(table, column);
  }

  /// The default of a domain.
  static String value(Reading reading, String text, int typeOid, int typmod) {
    String known = known(reading, text, typeOid);
    return known != null
        ? known
        : DefinitionText.deparser(reading, false).value(text, Types.byOid(typeOid), typmod);
  }

  /// An expression that is shown already, without the parentheses that it does not need.
  ///
  /// @param table whose it is, or null
  static String pretty(Reading reading, TableDescriptor table, String text) {
    List<Column> columns = table == null ? List.of() : table.liveColumns();
    for (Column column : columns) {
      boolean its =
          column.defaultText() != null
              && known(reading, column.defaultText(), column.typeOid()) == null
              && text.equals(defaultOf(reading, table, column));
      if (its) {
        // What a default is converted to decides about its parentheses, too.
        return DefinitionText.deparser(reading, true).defaultOf(table, column);
      }
    }
    return DefinitionText.deparser(reading, true).again(table, text);
  }

  private static String known(Reading reading, String text, int typeOid) {
    PgType type = Types.byOid(typeOid);
    PgType base = type != null && type.isDomain() ? type.baseType() : type;
    if (NUMBER.matcher(text).matches() || CALL.matcher(text).matches()) {
      return text;
    }
    if (SEQUENCE.matcher(text).matches()) {
      return StoredText.shownExpression(reading.access().names(), text);
    }
    boolean textual = base == Types.TEXT || base == Types.VARCHAR || base == Types.BPCHAR;
    if (textual && STRING.matcher(text).matches()) {
      return text + "::" + Types.formatType(base.oid(), -1);
    }
    String upper = text.toUpperCase(Locale.ROOT);
    return !WORDS.contains(upper)
        ? null
        : upper.equals("TRUE") || upper.equals("FALSE") ? upper.toLowerCase(Locale.ROOT) : upper;
  }
}
