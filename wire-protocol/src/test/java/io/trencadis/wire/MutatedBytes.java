package io.trencadis.wire;

import java.util.Arrays;
import java.util.Random;

/// What becomes of bytes on a bad day, by a seed.
public final class MutatedBytes {
  private MutatedBytes() {}

  /// A copy with one to four changes: bits, bytes, pieces twice or missing, a torn end.
  public static byte[] of(byte[] stream, Random random) {
    byte[] bytes = stream.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 3 -> {
          // A piece twice.
          int length = random.nextInt(Math.min(40, bytes.length - at) + 1);
          byte[] longer = new byte[bytes.length + length];
          System.arraycopy(bytes, 0, longer, 0, at + length);
          System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
          bytes = longer;
        }
        case 4 -> {
          // A piece missing.
          int length = random.nextInt(Math.min(20, bytes.length - at));
          byte[] shorter = new byte[bytes.length - length];
          System.arraycopy(bytes, 0, shorter, 0, at);
          System.arraycopy(bytes, at + length, shorter, at, shorter.length - at);
          bytes = shorter.length == 0 ? new byte[1] : shorter;
        }
        default -> {
          byte[] extreme = {0, (byte) 0xff, 0x7f, (byte) 0x80, 4};
          Arrays.fill(
              bytes, at, Math.min(bytes.length, at + 4), extreme[random.nextInt(extreme.length)]);
        }
      }
    }
    return bytes;
  }
}
