package io.trencadis.cli;

import io.trencadis.sql.session.HostRuleInfo;
import io.trencadis.sql.session.LocalSqlEngine;
import io.trencadis.wire.auth.AuthPolicy;
import io.trencadis.wire.auth.HostRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of host rules (setting `hba_file`): read at the start and by `pg_reload_conf()`.
final class HostRulesFile {
  private static final Logger log = LoggerFactory.getLogger(HostRulesFile.class);

  private final Path file;
  private final LocalSqlEngine engine;
  private volatile HostRules rules;

  private HostRulesFile(Path file, LocalSqlEngine engine) {
    this.file = file;
    this.engine = engine;
  }

  /// The policy that a file says, or the other one where none is named.
  ///
  /// @throws StartException for a file that cannot be read or has errors
  static AuthPolicy policy(String file, LocalSqlEngine engine, AuthPolicy otherwise) {
    if (file.isEmpty()) {
      return otherwise;
    }
    HostRulesFile all = new HostRulesFile(Path.of(file), engine);
    try {
      all.rules = all.read();
    } catch (IOException e) {
      throw new StartException("the host rules " + file + " cannot be read: " + e.getMessage());
    }
    if (!all.rules.errors().isEmpty()) {
      throw new StartException(
          "the host rules " + file + " cannot be used: " + String.join("; ", all.rules.errors()));
    }
    engine.configuration(all::list, all::reload);
    return (client, tls, user, database) -> all.rules.methodFor(client, tls, user, database);
  }

  private HostRules read() throws IOException {
    return HostRules.parse(Files.readString(file), engine::isMember);
  }

  /// As the file is now, which may be other than what is in force.
  private List<HostRuleInfo> list() {
    try {
      return read().list();
    } catch (IOException e) {
      return rules.list();
    }
  }

  /// Rules with errors leave those before in force.
  private boolean reload() {
    // The answer is true in any case, as PostgreSQL's is.
    try {
      HostRules fresh = read();
      if (fresh.errors().isEmpty()) {
        rules = fresh;
        return true;
      }
      log.warn("{} was not reloaded: {}", file, String.join("; ", fresh.errors()));
    } catch (IOException e) {
      log.warn("{} was not reloaded: {}", file, e.getMessage());
    }
    return true;
  }
}
