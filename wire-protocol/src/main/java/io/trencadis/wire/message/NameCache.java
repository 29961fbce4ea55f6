package io.trencadis.wire.message;

import io.netty.buffer.ByteBuf;

/// The last few names a client used, by their bytes: a driver sends the same statement name
/// thousands of times, and each need not become a new string. Direct-mapped, so it never grows.
final class NameCache {
  private static final int SLOTS = 32;
  private static final int LONGEST = 64;

  private final byte[][] bytes = new byte[SLOTS][];
  private final String[] names = new String[SLOTS];

  /// The name with these bytes, or null if it was not used lately.
  String find(ByteBuf buffer, int offset, int length) {
    if (length > LONGEST) {
      return null;
    }
    int slot = slot(buffer, offset, length);
    byte[] known = bytes[slot];
    if (known == null || known.length != length) {
      return null;
    }
    for (int i = 0; i < length; i++) {
      if (known[i] != buffer.getByte(offset + i)) {
        return null;
      }
    }
    return names[slot];
  }

  void remember(ByteBuf buffer, int offset, int length, String name) {
    if (length > LONGEST) {
      return;
    }
    byte[] copy = new byte[length];
    buffer.getBytes(offset, copy);
    int slot = slot(buffer, offset, length);
    bytes[slot] = copy;
    names[slot] = name;
  }

  private static int slot(ByteBuf buffer, int offset, int length) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = hash * 31 + buffer.getByte(offset + i);
    }
    return (hash ^ hash >>> 16) & SLOTS - 1;
  }
}
