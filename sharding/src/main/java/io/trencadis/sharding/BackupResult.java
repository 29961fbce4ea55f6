package io.trencadis.sharding;

/// A backup that is complete.
///
/// @param timestamp every commit at or below it is in the backup
/// @param files how many the backup has, its manifest not counted
/// @param bytes of these files
public record BackupResult(long timestamp, int files, long bytes) {}
