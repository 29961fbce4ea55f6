package io.trencadis.sql.encoding;

import io.trencadis.base.SqlException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// Data in some encoding, cut anywhere, as UTF-8. Not thread-safe.
public final class Utf8Source implements Supplier<byte[]> {
  private static final byte[] NOTHING = {};

  private final Encoding encoding;
  private final Supplier<byte[]> source;

  /// The beginning of a character whose rest has not come.
  private byte[] begun = NOTHING;

  /// What is wrong with what comes next; rows before it are complete.
  private SqlException failure;

  private Utf8Source(Encoding encoding, Supplier<byte[]> source) {
    this.encoding = encoding;
    this.source = source;
  }

  /// @param source gives the data; null at the end
  public static Supplier<byte[]> of(Encoding encoding, Supplier<byte[]> source) {
    return encoding.isServers() ? source : new Utf8Source(encoding, source);
  }

  /// The next piece, not cut within a character; null at the end.
  ///
  /// @throws SqlException 22021 and 22P05, as [Encoding#decode(byte[])]
  @Override
  public byte[] get() {
    if (failure != null) {
      throw failure;
    }
    byte[] more = source.get();
    if (more == null) {
      if (begun.length == 0) {
        return null;
      }
      throw encoding.invalid(begun, 0, begun.length);
    }
    byte[] all = more;
    if (begun.length > 0) {
      all = Arrays.copyOf(begun, begun.length + more.length);
      System.arraycopy(more, 0, all, begun.length, more.length);
    }
    int end = wholeCharacters(all);
    begun = end == all.length ? NOTHING : Arrays.copyOfRange(all, end, all.length);
    try {
      return encoding.decode(all, 0, end).getBytes(StandardCharsets.UTF_8);
    } catch (SqlException e) {
      failure = e;
      return untilFailure(all);
    }
  }

  /// What comes before the first character that cannot be converted.
  private byte[] untilFailure(byte[] bytes) {
    int at = 0;
    try {
      while (at < bytes.length) {
        int next = Math.min(bytes.length, at + CharacterBytes.claimed(encoding, bytes, at));
        encoding.decode(bytes, at, next);
        at = next;
      }
    } catch (SqlException e) {
      failure = e;
    }
    return encoding.decode(bytes, 0, at).getBytes(StandardCharsets.UTF_8);
  }

  private int wholeCharacters(byte[] bytes) {
    if (encoding.maxBytes() == 1) {
      return bytes.length;
    }
    int at = 0;
    while (at < bytes.length) {
      // Only one that is there up to its end says surely how long it is (GB18030 by its second).
      boolean sure = bytes[at] >= 0 || at + 1 < bytes.length;
      int next = at + CharacterBytes.claimed(encoding, bytes, at);
      if (!sure || next > bytes.length) {
        return at;
      }
      at = next;
    }
    return at;
  }
}
