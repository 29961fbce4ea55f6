package io.trencadis.storage.log;

/// What the log has done since it was opened.
///
/// @param records records made durable
/// @param bytes bytes of log made durable: bodies, headers and padding
/// @param fsyncs calls of force on segments, for commits and for new segments
/// @param groups how many times everything pending was written and made durable at once
public record LogMetrics(long records, long bytes, long fsyncs, long groups) {}
