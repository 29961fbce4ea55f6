package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.Arrays;

/// An Internet address with the length of its network's prefix: `inet` and `cidr`. Immutable.
public final class Inet implements Comparable<Inet> {
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int V6_WORDS = 8;

  private final byte[] address;
  private final int prefix;

  private Inet(byte[] address, int prefix) {
    this.address = address;
    this.prefix = prefix;
  }

  /// @param address 4 or 16 bytes, not changed afterwards
  public static Inet of(byte[] address, int prefix) {
    return new Inet(address, prefix);
  }

  /// A host, whose prefix is the whole address.
  ///
  /// @param address as [java.net.InetAddress#getHostAddress] writes it; a scope is left out
  public static Inet host(String address) {
    int scope = address.indexOf('%');
    return parse(scope < 0 ? address : address.substring(0, scope), false);
  }

  /// The bytes, which must not be changed.
  public byte[] address() {
    return address;
  }

  public int prefix() {
    return prefix;
  }

  /// The longest prefix: 32 or 128.
  public int bits() {
    return address.length * 8;
  }

  public boolean isV4() {
    return address.length == V4_BYTES;
  }

  public Inet withPrefix(int length) {
    return new Inet(address, length);
  }

  /// The address with all bits behind the prefix zero, or one.
  public byte[] filled(int length, boolean ones) {
    byte[] out = address.clone();
    for (int i = 0; i < out.length; i++) {
      int kept = Math.clamp(length - i * 8L, 0, 8);
      int mask = 0xff >> kept;
      out[i] = (byte) (ones ? out[i] | mask : out[i] & ~mask);
    }
    return out;
  }

  public Inet network() {
    return new Inet(filled(prefix, false), prefix);
  }

  /// How many leading bits two addresses of one family share.
  public int common(Inet other) {
    for (int i = 0; i < address.length; i++) {
      int differ = (address[i] ^ other.address[i]) & 0xff;
      if (differ != 0) {
        return i * 8 + Integer.numberOfLeadingZeros(differ) - 24;
      }
    }
    return bits();
  }

  /// Whether the other network is within this one, which has a prefix no longer.
  public boolean contains(Inet other) {
    return isV4() == other.isV4() && prefix <= other.prefix && common(other) >= prefix;
  }

  /// IPv4 first, then by network, prefix length and address.
  @Override
  public int compareTo(Inet other) {
    if (address.length != other.address.length) {
      return Integer.compare(address.length, other.address.length);
    }
    int shared = Math.min(prefix, other.prefix);
    int order = Arrays.compareUnsigned(filled(shared, false), other.filled(shared, false));
    if (order == 0) {
      order = Integer.compare(prefix, other.prefix);
    }
    return order != 0 ? order : Arrays.compareUnsigned(address, other.address);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Inet inet
        && prefix == inet.prefix
        && Arrays.equals(address, inet.address);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + prefix;
  }

  /// The address without prefix.
  public String host() {
    return isV4() ? v4(0, V4_BYTES) : v6();
  }

  @Override
  public String toString() {
    return prefix == bits() ? host() : host() + "/" + prefix;
  }

  private String v4(int from, int count) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      out.append(i == from ? "" : ".").append(address[i] & 0xff);
    }
    return out.toString();
  }

  private int word(int index) {
    return (address[2 * index] & 0xff) << 8 | address[2 * index + 1] & 0xff;
  }

  /// The first longest run of at least two zero words, as `{start, length}`.
  private int[] zeros(int words) {
    int[] best = {-1, 1};
    int start = -1;
    for (int i = 0; i <= words; i++) {
      if (i < words && word(i) == 0) {
        start = start < 0 ? i : start;
      } else if (start >= 0) {
        if (i - start > best[1]) {
          best = new int[] {start, i - start};
        }
        start = -1;
      }
    }
    return best;
  }

  private String v6() {
    int[] zeros = zeros(V6_WORDS);
    boolean mapped = zeros[0] == 0 && (zeros[1] == 6 || zeros[1] == 5 && word(5) == 0xffff);
    return words(mapped ? 6 : V6_WORDS, zeros) + (mapped ? v4(V6_BYTES - V4_BYTES, V4_BYTES) : "");
  }

  /// @param count of the words that are shown, after which an IPv4 address may follow
  private String words(int count, int[] zeros) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      if (zeros[0] >= 0 && i >= zeros[0] && i < zeros[0] + zeros[1]) {
        if (i == zeros[0]) {
          out.append(':');
        }
        continue;
      }
      out.append(i == 0 ? "" : ":").append(Integer.toHexString(word(i)));
    }
    if (zeros[0] >= 0 && zeros[0] + zeros[1] >= count || count < V6_WORDS) {
      out.append(':');
    }
    return out.toString();
  }

  /// A network without the bytes that its prefix does not reach: `10.1/16`.
  public String abbreviated() {
    if (isV4()) {
      return v4(0, Math.max(1, (prefix + 7) / 8)) + "/" + prefix;
    }
    if (prefix == 0) {
      return "::/0";
    }
    int words = Math.max(2, (prefix + 15) / 16);
    return (words == V6_WORDS ? v6() : abbreviatedWords(words)) + "/" + prefix;
  }

  private String abbreviatedWords(int words) {
    int[] zeros = zeros(words);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < words; i++) {
      if (zeros[0] >= 0 && i >= zeros[0] && i < zeros[0] + zeros[1]) {
        out.append(i == zeros[0] ? ":" : "");
      } else {
        out.append(i == 0 ? "" : ":").append(Integer.toHexString(word(i)));
      }
    }
    if (zeros[0] >= 0 && zeros[0] + zeros[1] >= words) {
      out.append(':');
    }
    return out.toString();
  }

  /// Reads an address.
  ///
  /// @param cidr whether it must be a network, whose missing bytes are zero
  /// @throws SqlException 22P02
  static Inet parse(String text, boolean cidr) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    int given = slash < 0 ? -1 : number(text.substring(slash + 1), 128);
    if (slash >= 0 && given < 0) {
      throw invalid(text, cidr);
    }
    Inet found = host.indexOf(':') >= 0 ? parseV6(host, given) : parseV4(host, given, cidr);
    if (found == null || found.prefix > found.bits()) {
      throw invalid(text, cidr);
    }
    if (cidr && !found.equals(found.network())) {
      throw new SqlException(
              SqlState.INVALID_TEXT_REPRESENTATION, "invalid cidr value: \"" + text + "\"")
          .detail("Value has bits set to right of mask.");
    }
    return found;
  }

  private static SqlException invalid(String text, boolean cidr) {
    return TypeCodec.invalidInput(cidr ? "cidr" : "inet", text);
  }

  /// A decimal number up to `most`, or -1.
  private static int number(String digits, int most) {
    if (digits.isEmpty() || digits.length() > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      if (!Scan.isDigit(digits.charAt(i))) {
        return -1;
      }
      value = value * 10 + digits.charAt(i) - '0';
    }
    return value <= most ? value : -1;
  }

  private static Inet parseV4(String host, int given, boolean cidr) {
    String[] parts = host.split("\\.", -1);
    if (parts.length > V4_BYTES || given < 0 && !cidr && parts.length < V4_BYTES) {
      return null;
    }
    byte[] address = new byte[V4_BYTES];
    for (int i = 0; i < parts.length; i++) {
      int octet = number(parts[i], 255);
      if (octet < 0) {
        return null;
      }
      address[i] = (byte) octet;
    }
    int prefix = given;
    if (given < 0) {
      prefix = Math.max(cidr ? classPrefix(address[0] & 0xff) : 32, parts.length * 8);
      if (cidr && prefix == 8 && (address[0] & 0xff) == 224) {
        prefix = 4;
      }
    }
    return new Inet(address, prefix);
  }

  /// What the old classes of networks say of one whose prefix is not given.
  private static int classPrefix(int first) {
    return first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
  }

  private static Inet parseV6(String host, int given) {
    int gap = host.indexOf("::");
    if (gap >= 0 && host.indexOf("::", gap + 1) >= 0) {
      return null;
    }
    byte[] head = bytes(gap < 0 ? host : host.substring(0, gap), gap < 0);
    byte[] tail = gap < 0 ? new byte[0] : bytes(host.substring(gap + 2), true);
    if (head == null
        || tail == null
        || (gap < 0 ? head.length != V6_BYTES : head.length + tail.length > V6_BYTES - 2)) {
      return null;
    }
    byte[] address = Arrays.copyOf(head, V6_BYTES);
    System.arraycopy(tail, 0, address, V6_BYTES - tail.length, tail.length);
    return new Inet(address, given < 0 ? 128 : given);
  }

  /// Words of hexadecimal digits, the last of which may be an IPv4 address instead.
  private static byte[] bytes(String text, boolean last) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] words = text.split(":", -1);
    byte[] out = new byte[words.length * 2 + 2];
    int at = 0;
    for (int i = 0; i < words.length; i++) {
      if (last && i == words.length - 1 && words[i].indexOf('.') >= 0) {
        Inet v4 = parseV4(words[i], -1, false);
        if (v4 == null) {
          return null;
        }
        System.arraycopy(v4.address, 0, out, at, V4_BYTES);
        at += V4_BYTES;
        continue;
      }
      if (words[i].isEmpty() || words[i].length() > 4) {
        return null;
      }
      int word = 0;
      for (int k = 0; k < words[i].length(); k++) {
        char c = words[i].charAt(k);
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
          return null;
        }
        word = word << 4 | digit;
      }
      out[at++] = (byte) (word >> 8);
      out[at++] = (byte) word;
    }
    return Arrays.copyOf(out, at);
  }
}
