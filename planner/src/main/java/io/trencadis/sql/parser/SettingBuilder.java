package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.has;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qnames;
import static io.trencadis.sql.parser.Nodes.value;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.Token;

/// SET, SHOW and RESET.
final class SettingBuilder {
  private SettingBuilder() {}

  static Statement set(PgParser.SetStmtContext c) {
    if (c.K_CONSTRAINTS() != null) {
      return new Statement.SetConstraints(qnames(c.qnameList()), c.K_DEFERRED() != null, pos(c));
    }
    return set(c.setRest(), c.K_LOCAL() != null, pos(c));
  }

  static Statement set(PgParser.SetRestContext c, boolean local, int pos) {
    return switch (c) {
      case PgParser.SetTransactionContext x ->
          new Statement.SetTransaction(
              TransactionBuilder.modes(x.transactionModes()),
              false,
              x.STRING() == null ? null : value(x.STRING()),
              pos);
      case PgParser.SetCharacteristicsContext x ->
          new Statement.SetTransaction(
              TransactionBuilder.modes(x.transactionModes()), true, null, pos);
      case PgParser.SetZoneContext x -> variable("timezone", zone(x.zoneValue()), local, pos);
      case PgParser.SetNamesContext x ->
          variable("client_encoding", x.STRING() == null ? null : value(x.STRING()), local, pos);
      case PgParser.SetCatalogContext x ->
          throw SqlException.notSupported("SET CATALOG").at(pos(x.STRING()));
      case PgParser.SetSchemaVariableContext x ->
          variable("search_path", value(x.STRING()), local, pos);
      case PgParser.SetRoleContext x -> variable("role", value(x.getStop()), local, pos);
      case PgParser.SetAuthorizationContext x ->
          variable(
              "session_authorization",
              x.K_DEFAULT() != null ? null : value(x.getStop()),
              local,
              pos);
      case PgParser.SetXmlContext x -> variable("xmloption", value(x.getStop()), local, pos);
      case PgParser.SetVariableContext x -> {
        List<String> values = null;
        if (x.K_DEFAULT() == null) {
          values = new ArrayList<>();
          for (PgParser.VarValueContext v : x.varValue()) {
            values.add(v.number() != null ? SequenceBuilder.text(v.number()) : value(v.getStart()));
          }
          values = List.copyOf(values);
        }
        yield new Statement.SetVariable(name(x.varName()), values, local, pos);
      }
      case PgParser.SetFromCurrentContext x -> new Statement.SetFromCurrent(name(x.varName()), pos);
      default -> throw new IllegalStateException("no setting: " + c.getClass());
    };
  }

  /// @param text null means DEFAULT
  private static Statement variable(String name, String text, boolean local, int pos) {
    return new Statement.SetVariable(name, text == null ? null : List.of(text), local, pos);
  }

  /// The zone as the variable `timezone` takes it; null means the default.
  private static String zone(PgParser.ZoneValueContext c) {
    if (c.K_DEFAULT() != null || c.K_LOCAL() != null) {
      return null;
    }
    if (c.K_INTERVAL() != null) {
      PgParser.IntervalFieldContext fields = c.intervalField();
      if (fields != null) {
        Token last = fields.getStop();
        boolean allowed =
            has(fields, PgParser.K_HOUR)
                && (last.getType() == PgParser.K_HOUR || last.getType() == PgParser.K_MINUTE);
        if (!allowed) {
          throw SyntaxErrors.because(
              "time zone interval must be HOUR or HOUR TO MINUTE", pos(fields));
        }
      }
      return "interval '"
          + value(c.STRING()).replace("'", "''")
          + "'"
          + (fields == null ? "" : " " + Nodes.text(fields).toLowerCase(Locale.ROOT));
    }
    return c.number() != null ? SequenceBuilder.text(c.number()) : value(c.getStart());
  }

  /// A variable's dotted name in lower case; even a quoted one is not told apart by case.
  private static String name(PgParser.VarNameContext c) {
    List<String> parts = c.colId().stream().map(Nodes::name).toList();
    return String.join(".", parts).toLowerCase(Locale.ROOT);
  }

  private static String name(PgParser.VariableNameContext c) {
    if (c.varName() != null) {
      return name(c.varName());
    }
    return c.K_ALL() != null
        ? "all"
        : c.K_ZONE() != null
            ? "timezone"
            : c.K_ISOLATION() != null ? "transaction_isolation" : "session_authorization";
  }

  static Statement show(PgParser.ShowStmtContext c) {
    return new Statement.ShowVariable(name(c.variableName()), pos(c));
  }

  static Statement reset(PgParser.ResetStmtContext c) {
    return new Statement.ResetVariable(name(c.variableName()), pos(c));
  }
}
