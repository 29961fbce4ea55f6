package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.sql.session.settings.SettingDefinition;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// SET, SHOW, RESET, DISCARD and SET TRANSACTION.
final class SettingCommands {
  private final LocalSession session;
  private final TransactionControl transactions;

  SettingCommands(LocalSession session, TransactionControl transactions) {
    this.session = session;
    this.transactions = transactions;
  }

  private static String canonicalName(String name) {
    return switch (name) {
      case "timezone" -> "TimeZone";
      default -> name;
    };
  }

  Result set(Statement.SetVariable set, ResponseSink sink) {
    String name = canonicalName(set.name());
    // A function's statements are within the transaction of the one that calls it.
    if (set.local() && !transactions.inBlock() && !session.executor().inRoutine()) {
      sink.notice(
          Notice.warning(
              SqlState.NO_ACTIVE_SQL_TRANSACTION,
              "SET LOCAL can only be used in transaction blocks"));
    }
    switch (name) {
      case "transaction_isolation" -> {
        if (set.values() != null) {
          transactions.setModes(
              new Statement.TransactionModes(
                  Statement.Isolation.valueOf(
                      session
                          .settings()
                          .registry()
                          .require(name)
                          .canonical(set.values().getFirst())
                          .replace(' ', '_')
                          .toUpperCase(Locale.ROOT)),
                  null,
                  null));
        }
        return Result.tag("SET");
      }
      case "role", "session_authorization" -> {
        session
            .users()
            .set(name, set.values() == null ? null : set.values().getFirst(), set.local());
        return Result.tag("SET");
      }
      case "seed" -> {
        String canonical =
            session.settings().registry().require(name).canonical(set.values().getFirst());
        session.context().seedRandom(Double.parseDouble(canonical));
        return Result.tag("SET");
      }
      default -> {}
    }
    requireAllowed(session, name);
    if (set.values() == null) {
      session.settings().reset(name, set.local());
    } else {
      session.settings().set(name, value(session, name, set.values()), set.local());
    }
    return Result.tag("SET");
  }

  /// @throws SqlException 42501 for what only superusers may set
  static void requireAllowed(LocalSession session, String name) {
    SettingDefinition definition = session.settings().registry().find(name);
    if (definition != null
        && definition.context().equals("superuser")
        && !session.currentUser().superuser()) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE,
          "permission denied to set parameter \"" + definition.name() + "\"");
    }
  }

  private static String value(LocalSession session, String name, List<String> values) {
    if (values.size() == 1) {
      // One quoted item of a list setting is one name, whatever is in it.
      return isNameList(name) && !values.getFirst().contains(",")
          ? SearchPaths.join(values)
          : values.getFirst();
    }
    if (isNameList(name)) {
      return SearchPaths.join(values);
    }
    if (name.equalsIgnoreCase("datestyle")) {
      return String.join(", ", values);
    }
    SettingDefinition definition = session.settings().registry().find(name);
    if (definition != null && !definition.type().equals("string")) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "SET " + name + " takes only one argument");
    }
    return String.join(", ", values);
  }

  private static boolean isNameList(String name) {
    return name.equals("search_path");
  }

  /// What ALTER ROLE and ALTER DATABASE keep of a setting.
  static Map.Entry<String, String> startSetting(LocalSession session, Statement set) {
    if (set instanceof Statement.SetFromCurrent current) {
      String name = canonicalName(current.name());
      return Map.entry(name, session.settings().show(name));
    }
    Map.Entry<String, String> written = writtenValue(session, set);
    if (written.getValue() == null) {
      return written;
    }
    // Kept as it was written: what it means is decided when a session begins.
    session.settings().checked(written.getKey(), written.getValue());
    SettingDefinition definition = session.settings().registry().find(written.getKey());
    return definition == null ? written : Map.entry(definition.name(), written.getValue());
  }

  /// What a SET or RESET names, and the value as it was written; null for the default.
  static Map.Entry<String, String> writtenValue(LocalSession session, Statement set) {
    if (set instanceof Statement.ResetVariable reset) {
      return new AbstractMap.SimpleEntry<>(canonicalName(reset.name()), null);
    }
    if (!(set instanceof Statement.SetVariable variable)) {
      throw SqlException.notSupported("this form of SET here").at(set.pos());
    }
    String name = canonicalName(variable.name());
    return new AbstractMap.SimpleEntry<>(
        name, variable.values() == null ? null : value(session, name, variable.values()));
  }

  Result setTransaction(Statement.SetTransaction set, ResponseSink sink) {
    if (set.snapshot() != null) {
      throw SqlException.notSupported("SET TRANSACTION SNAPSHOT").at(set.pos());
    }
    Statement.TransactionModes modes = set.modes();
    if (set.sessionCharacteristics()) {
      if (modes.isolation() != null) {
        session
            .settings()
            .set(
                "default_transaction_isolation",
                modes.isolation().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                false);
      }
      if (modes.readOnly() != null) {
        session
            .settings()
            .set("default_transaction_read_only", modes.readOnly() ? "on" : "off", false);
      }
      if (modes.deferrable() != null) {
        session
            .settings()
            .set("default_transaction_deferrable", modes.deferrable() ? "on" : "off", false);
      }
      return Result.tag("SET");
    }
    if (!transactions.inBlock()) {
      sink.notice(
          Notice.warning(
              SqlState.NO_ACTIVE_SQL_TRANSACTION,
              "SET TRANSACTION can only be used in transaction blocks"));
      return Result.tag("SET");
    }
    transactions.setModes(modes);
    return Result.tag("SET");
  }

  Result reset(Statement.ResetVariable reset) {
    if (reset.name().equals("all")) {
      session.settings().resetAll();
    } else if (reset.name().equals("role") || reset.name().equals("session_authorization")) {
      session.users().set(reset.name(), null, false);
    } else {
      session.settings().reset(canonicalName(reset.name()), false);
    }
    return Result.tag("RESET");
  }

  List<ResultColumn> columns(Statement.ShowVariable show) {
    if (show.name().equals("all")) {
      return List.of(
          UtilityCommands.textColumn("name"),
          UtilityCommands.textColumn("setting"),
          UtilityCommands.textColumn("description"));
    }
    SettingDefinition definition = session.settings().registry().find(canonicalName(show.name()));
    return List.of(
        UtilityCommands.textColumn(definition == null ? show.name() : definition.name()));
  }

  Result show(Statement.ShowVariable show) {
    List<Object[]> rows = new ArrayList<>();
    if (show.name().equals("all")) {
      for (SettingDefinition definition : session.settings().registry().all()) {
        rows.add(
            new Object[] {
              definition.name(), session.settings().show(definition.name()), definition.category()
            });
      }
    } else {
      rows.add(new Object[] {session.settings().show(canonicalName(show.name()))});
    }
    return new Result(columns(show), rows, "SHOW");
  }

  Result discard(Statement.Discard discard) {
    String what = discard.what().toUpperCase(Locale.ROOT);
    switch (what) {
      case "ALL" -> {
        if (transactions.inBlock()) {
          throw new SqlException(
              SqlState.ACTIVE_SQL_TRANSACTION, "DISCARD ALL cannot run inside a transaction block");
        }
        session.portals().values().forEach(Portal::close);
        session.portals().clear();
        session.statements().keySet().removeIf(name -> !name.isEmpty());
        session.users().reset();
        session.notifications().unlisten(null);
        session.settings().resetAll();
        session.context().forgetSequences();
        if (transactions.locksIfAny() != null) {
          transactions.locksIfAny().unlockAll();
        }
        session.temporaryTables().drop();
      }
      case "SEQUENCES" -> session.context().forgetSequences();
      case "TEMP" -> session.temporaryTables().drop();
      default -> {
        // PLANS: they are checked before each use.
      }
    }
    return Result.tag("DISCARD " + what);
  }
}
