package io.trencadis.sql.encoding;

import io.trencadis.base.ByteWriter;

/// What an encoding's bytes mean. Thread-safe.
sealed interface CodeTable permits ByteTable, CharsetTable {
  /// See [Encoding#decode(byte[], int, int)].
  String decode(byte[] bytes, int from, int to);

  /// See [Encoding#put].
  void encode(String text, ByteWriter out);

  /// Whether the encoding has a character.
  boolean has(String character);
}
