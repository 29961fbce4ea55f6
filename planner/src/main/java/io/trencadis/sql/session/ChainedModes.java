package io.trencadis.sql.session;

import io.trencadis.sql.session.settings.SessionSettings;

/// The modes of a transaction that AND CHAIN gives to the next one (PostgreSQL 15 manual, COMMIT).
/// Immutable.
record ChainedModes(String isolation, String readOnly, String deferrable) {
  /// @param readOnly `transaction_read_only` outside of all savepoints
  ChainedModes(SessionSettings settings, String readOnly) {
    this(settings.get("transaction_isolation"), readOnly, settings.get("transaction_deferrable"));
  }

  void apply(SessionSettings settings) {
    settings.setInternal("transaction_isolation", isolation);
    settings.setInternal("transaction_read_only", readOnly);
    settings.setInternal("transaction_deferrable", deferrable);
  }
}
