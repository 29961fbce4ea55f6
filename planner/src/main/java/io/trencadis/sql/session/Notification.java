package io.trencadis.sql.session;

/// A message to the listeners of a channel.
///
/// @param processId of the session that sent it
public record Notification(int processId, String channel, String payload) {}
