package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.SharedScan;
import io.trencadis.storage.RowBlock;

/// A shared scan as a cursor of a worker, whose part ends where the scan gives up.
final class SharedCursor implements RowCursor {
  private final SharedScan scan;

  SharedCursor(SharedScan scan) {
    this.scan = scan;
  }

  @Override
  public boolean next() {
    if (scan.next()) {
      return true;
    }
    if (scan.inDoubt()) {
      throw Parts.InDoubtException.INSTANCE;
    }
    return false;
  }

  @Override
  public byte[] key() {
    return scan.key();
  }

  @Override
  public byte[] value() {
    return scan.value();
  }

  @Override
  public int length() {
    return scan.length();
  }

  @Override
  public void addTo(RowBlock rows) {
    scan.addTo(rows);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
