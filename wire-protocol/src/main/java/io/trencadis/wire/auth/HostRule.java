package io.trencadis.wire.auth;

import java.net.InetAddress;
import java.util.List;

/// A line of the host rules.
///
/// @param line its number in the file, from 1
/// @param type local, host, hostssl, hostnossl, hostgssenc or hostnogssenc
/// @param address the network, or null for any address
/// @param prefix how many of the address's bits count
/// @param addressText the address as it was written
/// @param method null for one that no client can satisfy here
/// @param methodText the method as it was written
record HostRule(
    int line,
    String type,
    List<Word> databases,
    List<Word> users,
    InetAddress address,
    int prefix,
    String addressText,
    AuthMethod method,
    String methodText,
    List<String> options) {
  /// A word of the file.
  ///
  /// @param quoted in quotes a word is a name, whatever it says
  record Word(String text, boolean quoted) {
    boolean is(String keyword) {
      return !quoted && text.equals(keyword);
    }
  }

  boolean takes(InetAddress client, boolean tls) {
    boolean kind =
        switch (type) {
          case "host", "hostnogssenc" -> true;
          case "hostssl" -> tls;
          case "hostnossl" -> !tls;
          // There are neither Unix sockets nor GSSAPI.
          default -> false;
        };
    return kind && (address == null || contains(client));
  }

  private boolean contains(InetAddress client) {
    byte[] own = address.getAddress();
    byte[] other = client.getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((own[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }
}
