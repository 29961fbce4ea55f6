package io.trencadis.sql.session.settings;

/// What became of one line of a configuration file: a row of `pg_file_settings`.
///
/// @param line from 1
/// @param name null for a line that cannot be read
/// @param applied whether the value is in force because of this line
/// @param error why it could not be applied; null where it was, or another line's value is in force
public record FileSetting(
    String file, int line, String name, String value, boolean applied, String error) {}
