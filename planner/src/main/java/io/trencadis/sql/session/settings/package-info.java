/// Run-time settings: what SET, SHOW, `pg_settings` and start-up parameters speak of. Start at
/// [SessionSettings]; [SettingDefinition] is what is known of one setting, and [SettingsRegistry]
/// has all of PostgreSQL 15's, with its names, units, ranges and defaults, so that clients may set
/// what they are used to setting. Which of them have an effect here is documented with the settings
/// that do.
package io.trencadis.sql.session.settings;
