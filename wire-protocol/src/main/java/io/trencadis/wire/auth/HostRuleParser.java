package io.trencadis.wire.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads rules in the format of `pg_hba.conf` (PostgreSQL 15 manual, 21.1).
final class HostRuleParser {
  private static final Set<String> TYPES =
      Set.of("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc");

  private HostRuleParser() {}

  /// A rule, or what is wrong with its line; null for a line that says nothing.
  static HostRules.Line parse(int number, String text) {
    List<List<HostRule.Word>> fields = fields(text);
    if (fields.isEmpty()) {
      return null;
    }
    try {
      return new HostRules.Line(number, rule(number, fields), null);
    } catch (IllegalArgumentException e) {
      return new HostRules.Line(number, null, e.getMessage());
    }
  }

  /// The fields of a line, each a list of words with commas between them.
  private static List<List<HostRule.Word>> fields(String text) {
    List<List<HostRule.Word>> fields = new ArrayList<>();
    int at = 0;
    boolean comma = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        break;
      }
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      if (c == ',') {
        comma = true;
        at++;
        continue;
      }
      StringBuilder word = new StringBuilder();
      boolean quoted = false;
      boolean inside = false;
      for (; at < text.length(); at++) {
        char next = text.charAt(at);
        boolean ends = !inside && (Character.isWhitespace(next) || next == ',' || next == '#');
        if (ends) {
          break;
        }
        if (next == '"') {
          inside = !inside;
          quoted = true;
        } else {
          word.append(next);
        }
      }
      if (!comma) {
        fields.add(new ArrayList<>());
      }
      fields.getLast().add(new HostRule.Word(word.toString(), quoted));
      comma = at < text.length() && text.charAt(at) == ',';
    }
    return fields;
  }

  private static List<HostRule.Word> field(
      List<List<HostRule.Word>> fields, int index, String what) {
    if (index >= fields.size()) {
      throw new IllegalArgumentException("end-of-line before " + what);
    }
    return List.copyOf(fields.get(index));
  }

  private static String single(List<List<HostRule.Word>> fields, int index, String what) {
    List<HostRule.Word> words = field(fields, index, what);
    if (words.size() > 1) {
      throw new IllegalArgumentException("multiple values specified for " + what);
    }
    return words.getFirst().text();
  }

  private static HostRule rule(int number, List<List<HostRule.Word>> fields) {
    String type = single(fields, 0, "connection type");
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException("invalid connection type \"" + type + "\"");
    }
    List<HostRule.Word> databases = field(fields, 1, "database specification");
    List<HostRule.Word> users = field(fields, 2, "role specification");
    int next = 3;
    InetAddress address = null;
    int prefix = 0;
    String written = null;
    if (!type.equals("local")) {
      written = single(fields, next++, "IP address specification");
      if (!written.equals("all")) {
        int slash = written.indexOf('/');
        address = address(slash < 0 ? written : written.substring(0, slash), written);
        prefix =
            slash >= 0
                ? prefix(written.substring(slash + 1), address, written)
                : mask(single(fields, next++, "netmask specification"), address);
      }
    }
    String method = single(fields, next++, "authentication method");
    List<String> options = new ArrayList<>();
    for (List<HostRule.Word> each : fields.subList(next, fields.size())) {
      String option = each.getFirst().text();
      if (!option.contains("=")) {
        throw new IllegalArgumentException(
            "authentication option not in name=value format: " + option);
      }
      options.add(option);
    }
    return new HostRule(
        number, type, databases, users, address, prefix, written, method(method), method, options);
  }

  private static AuthMethod method(String name) {
    return switch (name) {
      case "trust" -> AuthMethod.TRUST;
      case "reject" -> AuthMethod.REJECT;
      case "password" -> AuthMethod.PASSWORD;
      // With SCRAM verifiers, which are the only ones here, md5 means SCRAM.
      case "scram-sha-256", "md5" -> AuthMethod.SCRAM_SHA_256;
      case "cert", "peer", "ident", "ldap", "radius", "pam", "bsd", "gss", "sspi" ->
          throw new IllegalArgumentException(
              "invalid authentication method \"" + name + "\": not supported by this build");
      default ->
          throw new IllegalArgumentException("invalid authentication method \"" + name + "\"");
    };
  }

  private static InetAddress address(String text, String written) {
    boolean literal =
        text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':');
    boolean numeric = text.contains(":") || text.chars().filter(c -> c == '.').count() == 3;
    if (!literal || !numeric) {
      throw new IllegalArgumentException(
          "invalid IP address \"" + written + "\": host names are not supported");
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("invalid IP address \"" + written + "\"", e);
    }
  }

  private static int prefix(String text, InetAddress address, String written) {
    int most = address.getAddress().length * 8;
    try {
      int bits = Integer.parseInt(text);
      if (bits >= 0 && bits <= most) {
        return bits;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException("invalid CIDR mask in address \"" + written + "\"");
  }

  /// How many leading bits a netmask has.
  private static int mask(String text, InetAddress address) {
    byte[] bytes = address(text, text).getAddress();
    if (bytes.length != address.getAddress().length) {
      throw new IllegalArgumentException("IP address and mask do not match");
    }
    int bits = 0;
    boolean ended = false;
    for (int i = 0; i < bytes.length * 8; i++) {
      boolean set = (bytes[i >> 3] & 0x80 >> (i & 7)) != 0;
      if (set && ended) {
        throw new IllegalArgumentException("invalid IP mask \"" + text + "\"");
      }
      ended |= !set;
      bits += set ? 1 : 0;
    }
    return bits;
  }
}
