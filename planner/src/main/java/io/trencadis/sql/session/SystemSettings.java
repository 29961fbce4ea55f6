package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.session.UtilityCommands.Result;
import io.trencadis.sql.session.settings.ServerConfiguration;
import io.trencadis.sql.session.settings.SettingDefinition;
import java.util.Map;

/// ALTER SYSTEM: keeps values for the whole server, which take effect at the next reload or start.
final class SystemSettings {
  private final LocalSession session;

  SystemSettings(LocalSession session) {
    this.session = session;
  }

  Result alter(Statement.AlterSystem alter) {
    ServerConfiguration files = session.engine().configuration();
    if (alter.set() instanceof Statement.ResetVariable reset && reset.name().equals("all")) {
      if (!session.currentUser().superuser()) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to perform ALTER SYSTEM RESET ALL");
      }
      files.keepNone();
      return Result.tag("ALTER SYSTEM");
    }
    Map.Entry<String, String> wanted = SettingCommands.writtenValue(session, alter.set());
    String name = wanted.getKey();
    SettingDefinition definition = session.settings().registry().find(name);
    if (!session.currentUser().superuser()) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set parameter \"" + name + "\"");
    }
    session.settings().registry().require(name);
    session.settings().registry().requireKept(name);
    String value = wanted.getValue();
    if (value != null) {
      session.settings().registry().canonical(definition, value);
    }
    if (value != null && value.indexOf('\n') >= 0) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "parameter value for ALTER SYSTEM must not contain a newline");
    }
    files.keep(definition.name(), value);
    return Result.tag("ALTER SYSTEM");
  }
}
