package io.trencadis.sql.session.settings;

import java.util.List;

/// A line of the host rules, as `pg_hba_file_rules` shows it.
///
/// @param error what is wrong with the line; then the rest is null
public record HostRuleInfo(
    int line,
    String type,
    List<String> databases,
    List<String> users,
    String address,
    String netmask,
    String method,
    List<String> options,
    String error) {}
