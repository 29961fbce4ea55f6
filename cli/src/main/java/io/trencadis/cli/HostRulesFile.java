package io.trencadis.cli;

import io.trencadis.sql.session.LocalSqlEngine;
import io.trencadis.sql.session.settings.HostRuleInfo;
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

  /// The rules that a file says.
  ///
  /// @throws StartException for a file that cannot be read or has errors
  static HostRulesFile open(String file, LocalSqlEngine engine) {
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
    return all;
  }

  /// What they say now, and after each [#reload].
  AuthPolicy policy() {
    return (client, tls, user, database) -> rules.methodFor(client, tls, user, database);
  }

  private HostRules read() throws IOException {
    return HostRules.parse(Files.readString(file), engine::isMember);
  }

  /// As the file is now, which may be other than what is in force.
  List<HostRuleInfo> list() {
    try {
      return read().list();
    } catch (IOException e) {
      return rules.list();
    }
  }

  /// Rules with errors leave those before in force.
  void reload() {
    try {
      HostRules fresh = read();
      if (fresh.errors().isEmpty()) {
        rules = fresh;
      } else {
        log.warn("{} was not reloaded: {}", file, String.join("; ", fresh.errors()));
      }
    } catch (IOException e) {
      log.warn("{} was not reloaded: {}", file, e.getMessage());
    }
  }
}
