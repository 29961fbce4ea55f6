package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import io.trencadis.storage.encoding.KeyWriter;

/// The columns whose values decide which shard a row is in. Immutable and thread-safe.
public final class PartitionColumns {
  private final int[] places;
  private final TypeCodec[] codecs;

  PartitionColumns(int[] places, TypeCodec[] codecs) {
    this.places = places;
    this.codecs = codecs;
  }

  public int width() {
    return places.length;
  }

  /// Places of the columns in a row of live columns.
  public int[] places() {
    return places;
  }

  /// The columns of a row, encoded as ascending key columns: what placements look at.
  byte[] bytesOf(Object[] row) {
    return bytesOf(row, new KeyWriter());
  }

  /// @param out what to begin with; nothing
  byte[] bytesOf(Object[] row, KeyWriter out) {
    for (int i = 0; i < places.length; i++) {
      put(out, i, row[places[i]]);
    }
    return out.toByteArray();
  }

  /// The same of the columns' values alone.
  public byte[] bytesOfValues(Object... values) {
    KeyWriter out = new KeyWriter();
    for (int i = 0; i < values.length; i++) {
      put(out, i, values[i]);
    }
    return out.toByteArray();
  }

  private void put(KeyWriter out, int part, Object value) {
    if (value == null) {
      out.nullColumn(false);
    } else {
      codecs[part].encodeKey(value, out.beginColumn());
      out.endColumn(false);
    }
  }
}
