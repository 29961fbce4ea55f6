package io.trencadis.sql.execute;

/// What the system columns of a row are. A row has no physical place here, and its key stays when
/// it changes: `ctid` is a number made of the key, written as PostgreSQL writes a place. It is the
/// hidden row id where the table has no primary key, and else a digest of 48 bits of the key.
public enum SystemColumn {
  CTID,
  XMIN,
  CMIN,
  XMAX,
  CMAX,
  TABLEOID;

  private static final int ROW_ID_BYTES = 8;
  private static final long PLACES = 0xffff;

  /// PostgreSQL's FrozenTransactionId: the row is visible to whoever can read it.
  private static final long FROZEN = 2;

  /// @param locator of the row; null where an outer join found none
  public Object of(RowLocator locator) {
    if (locator == null) {
      return null;
    }
    return switch (this) {
      case TABLEOID -> Integer.toUnsignedLong(locator.table().descriptor().oid());
      case CTID -> place(locator);
      case XMIN -> FROZEN;
      // Applications tell by it what ON CONFLICT DO UPDATE has updated.
      case XMAX -> locator.lockedBy();
      case CMIN, CMAX -> 0L;
    };
  }

  private static Long place(RowLocator locator) {
    byte[] key = locator.key();
    long number = 0;
    if (locator.table().key() == null) {
      for (int i = key.length - ROW_ID_BYTES; i < key.length; i++) {
        number = number << 8 | key[i] & 0xff;
      }
      // Keys flip the sign, so that they sort.
      number ^= Long.MIN_VALUE;
    } else {
      for (byte each : key) {
        number = (number ^ each & 0xff) * 0x100000001b3L;
      }
      number = (number ^ number >>> 29) * 0xbf58476d1ce4e5b9L;
      number ^= number >>> 32;
      number &= 0x7fff_ffff_ffffL;
    }
    long block = number / PLACES & 0xffff_ffffL;
    return block << 16 | number % PLACES + 1;
  }
}
