package io.trencadis.sql.execute;

/// Told what runs of plans do to tables, once a scan and once a change, never once a row.
public interface AccessCounts {
  /// A scan has ended, or is given up.
  ///
  /// @param indexOid the index that it went through, a primary key's too; 0 for none
  /// @param rows how many it read, before any filter
  void scanned(int tableOid, int indexOid, long rows);

  /// A statement has changed rows.
  void changed(int tableOid, long inserted, long updated, long deleted);
}
