package io.trencadis.wire.connection;

import io.trencadis.base.ByteReader;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The first packets of a connection, which have no type byte: a number says what they are.
sealed interface StartupPacket {
  /// Protocol 3.0, the only one spoken.
  int VERSION_3_0 = 3 << 16;

  record SslRequest() implements StartupPacket {}

  record GssEncRequest() implements StartupPacket {}

  record CancelRequest(int processId, int secretKey) implements StartupPacket {}

  /// @param parameters without those for the protocol
  /// @param minorVersion what the client would like to speak
  /// @param unknownOptions options of the protocol (`_pq_.…`), none of which exist yet
  record Startup(Map<String, String> parameters, int minorVersion, List<String> unknownOptions)
      implements StartupPacket {
    String user() {
      return parameters.get("user");
    }

    String database() {
      String database = parameters.getOrDefault("database", "");
      return database.isEmpty() ? user() : database;
    }

    /// Whether the client has to be told that it asked for more than there is.
    boolean needsNegotiation() {
      return minorVersion > 0 || !unknownOptions.isEmpty();
    }
  }

  /// Reads a packet.
  ///
  /// @param tlsOffered whether a request for TLS still makes sense; it does once
  /// @param gssOffered the same for GSSAPI
  /// @throws SqlException what the client is told before the connection is closed
  static StartupPacket read(byte[] packet, boolean tlsOffered, boolean gssOffered) {
    ByteReader in = new ByteReader(packet);
    int code = in.getInt();
    int major = code >>> 16;
    int minor = code & 0xffff;
    if (major == 1234 && minor == 5679 && tlsOffered) {
      return new SslRequest();
    }
    if (major == 1234 && minor == 5680 && gssOffered) {
      return new GssEncRequest();
    }
    if (major == 1234 && minor == 5678) {
      if (in.remaining() != 8) {
        throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid length of startup packet");
      }
      return new CancelRequest(in.getInt(), in.getInt());
    }
    if (major != 3) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "unsupported frontend protocol " + major + "." + minor + ": server supports 3.0 to 3.0");
    }
    return startup(in, minor);
  }

  private static Startup startup(ByteReader in, int minor) {
    Map<String, String> parameters = new LinkedHashMap<>();
    List<String> unknownOptions = new ArrayList<>();
    while (true) {
      if (in.remaining() == 0) {
        throw badLayout();
      }
      String name = string(in);
      if (name.isEmpty()) {
        break;
      }
      String value = string(in);
      if (name.startsWith("_pq_.")) {
        unknownOptions.add(name);
      } else if (name.equals("replication")) {
        refuseReplication(value);
      } else {
        parameters.put(name, value);
      }
    }
    if (in.remaining() != 0) {
      throw badLayout();
    }
    if (parameters.getOrDefault("user", "").isEmpty()) {
      throw new SqlException(
          SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
          "no PostgreSQL user name specified in startup packet");
    }
    return new Startup(parameters, minor, List.copyOf(unknownOptions));
  }

  private static String string(ByteReader in) {
    byte[] bytes = in.array();
    int end = in.position();
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    if (end == bytes.length) {
      throw badLayout();
    }
    String text = new String(bytes, in.position(), end - in.position(), StandardCharsets.UTF_8);
    in.skip(end - in.position() + 1);
    return text;
  }

  private static void refuseReplication(String value) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "false", "off", "no", "0", "f", "n" -> {}
      case "true", "on", "yes", "1", "t", "y", "database" ->
          throw SqlException.notSupported("streaming replication");
      default ->
          throw new SqlException(
                  SqlState.INVALID_PARAMETER_VALUE,
                  "invalid value for parameter \"replication\": \"" + value + "\"")
              .hint("Valid values are: \"false\", 0, \"true\", 1, \"database\".");
    }
  }

  private static SqlException badLayout() {
    return new SqlException(
        SqlState.PROTOCOL_VIOLATION,
        "invalid startup packet layout: expected terminator as last byte");
  }
}
