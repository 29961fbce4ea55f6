package io.trencadis.sql.session.settings;

import io.trencadis.base.SqlException;
import java.util.List;

/// The files that configure a server, as sessions see and change them. Thread-safe.
public interface ServerConfiguration {
  /// A server without files.
  ServerConfiguration NONE =
      new ServerConfiguration() {
        @Override
        public void keep(String name, String value) {
          throw SqlException.notSupported("ALTER SYSTEM without a data directory");
        }

        @Override
        public void keepNone() {
          throw SqlException.notSupported("ALTER SYSTEM without a data directory");
        }

        @Override
        public boolean reload() {
          return true;
        }

        @Override
        public List<FileSetting> fileSettings() {
          return List.of();
        }

        @Override
        public List<HostRuleInfo> hostRules() {
          return List.of();
        }
      };

  /// Keeps a value for the starts and reloads to come (ALTER SYSTEM). It has been checked.
  ///
  /// @param value null to keep none any more
  /// @throws SqlException 58030 if it cannot be written
  void keep(String name, String value);

  /// Forgets all that [#keep] has kept.
  void keepNone();

  /// Reads all files again. What is wrong in them is logged, and what it concerns stays as it was.
  ///
  /// @return true, as PostgreSQL's answer is
  boolean reload();

  /// The files' lines as they are now, and what a reload would make of them.
  List<FileSetting> fileSettings();

  /// The host rules, as their file has them now.
  List<HostRuleInfo> hostRules();
}
