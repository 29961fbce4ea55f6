package io.trencadis.storage;

import java.util.Arrays;

/// Rows in the order of a scan, each with its key. Their bytes may lie in arrays that they share
/// with others, which nobody modifies. Not thread-safe while it is filled.
public final class RowBlock {
  /// For each row the array that its key is in, and the one that its value is in.
  private byte[][] arrays;

  /// For each row where its key begins, how long it is, and the same of its value.
  private int[] places;

  private int count;

  /// @param rows for how many rows to make room; it grows
  public RowBlock(int rows) {
    arrays = new byte[Math.max(1, rows) * 2][];
    places = new int[arrays.length * 2];
  }

  /// Takes all rows out.
  public void clear() {
    count = 0;
  }

  public int count() {
    return count;
  }

  /// Adds a row; no copy is made of its bytes.
  ///
  /// @param key null for a row whose key nobody asks for
  /// @param value null for none
  public void add(byte[] key, byte[] value) {
    int keyLength = key == null ? 0 : key.length;
    add(key, 0, keyLength, value, 0, value == null ? 0 : value.length);
  }

  /// Adds a row whose bytes are parts of arrays.
  ///
  /// @param value null for none
  public void add(
      byte[] key, int keyAt, int keyLength, byte[] value, int valueAt, int valueLength) {
    int row = count * 2;
    if (row == arrays.length) {
      arrays = Arrays.copyOf(arrays, arrays.length * 4);
      places = Arrays.copyOf(places, places.length * 4);
    }
    arrays[row] = key;
    arrays[row + 1] = value;
    int place = count++ * 4;
    places[place] = keyAt;
    places[place + 1] = keyLength;
    places[place + 2] = valueAt;
    places[place + 3] = valueLength;
  }

  /// Adds a row of another block.
  public void add(RowBlock other, int row) {
    int place = row * 4;
    add(
        other.arrays[row * 2],
        other.places[place],
        other.places[place + 1],
        other.arrays[row * 2 + 1],
        other.places[place + 2],
        other.places[place + 3]);
  }

  /// Exchanges all rows with another block.
  public void swap(RowBlock other) {
    byte[][] ownArrays = arrays;
    int[] ownPlaces = places;
    int ownCount = count;
    arrays = other.arrays;
    places = other.places;
    count = other.count;
    other.arrays = ownArrays;
    other.places = ownPlaces;
    other.count = ownCount;
  }

  /// The bytes of a row's key; not to be modified.
  public byte[] key(int row) {
    return bytes(arrays[row * 2], places[row * 4], places[row * 4 + 1]);
  }

  /// The bytes of a row's value, null for none; not to be modified.
  public byte[] value(int row) {
    return bytes(arrays[row * 2 + 1], places[row * 4 + 2], places[row * 4 + 3]);
  }

  private static byte[] bytes(byte[] array, int at, int length) {
    return array == null || at == 0 && length == array.length
        ? array
        : Arrays.copyOfRange(array, at, at + length);
  }

  /// Whether a row has a value.
  public boolean hasValue(int row) {
    return arrays[row * 2 + 1] != null;
  }

  /// The array that a row's value lies in; not to be modified.
  public byte[] array(int row) {
    return arrays[row * 2 + 1];
  }

  /// Where a row's value begins in its array.
  public int start(int row) {
    return places[row * 4 + 2];
  }

  /// How many bytes a row's value has.
  public int length(int row) {
    return places[row * 4 + 3];
  }

  /// The order of a row's key and another key: below 0 where the row's comes first.
  public int compareKey(int row, byte[] other) {
    int at = places[row * 4];
    return Arrays.compareUnsigned(
        arrays[row * 2], at, at + places[row * 4 + 1], other, 0, other.length);
  }
}
