package io.trencadis.sql.planning;

/// In which order a scan has to give its rows.
enum ScanOrder {
  /// In none: one shard after the other.
  NONE,
  /// As the key has them that it reads by.
  FORWARD,
  /// Against that.
  BACKWARD
}
