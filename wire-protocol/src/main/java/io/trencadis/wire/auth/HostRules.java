package io.trencadis.wire.auth;

import io.trencadis.sql.session.settings.HostRuleInfo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/// Host rules in the format of `pg_hba.conf`: the first line that fits a client decides.
///
/// Methods are trust, reject, password and scram-sha-256 (md5 means the same); addresses are
/// networks or `all`. Lines of other kinds are errors; `local` lines never fit, as there are no
/// Unix sockets. Immutable; thread-safe.
public final class HostRules implements AuthPolicy {
  /// @param rule null where the line is wrong
  /// @param error what is wrong with it, or null
  record Line(int number, HostRule rule, String error) {}

  private final List<Line> lines;
  private final BiPredicate<String, String> member;

  private HostRules(List<Line> lines, BiPredicate<String, String> member) {
    this.lines = lines;
    this.member = member;
  }

  /// @param text a whole file
  /// @param member whether a role is a member of another, directly or not
  public static HostRules parse(String text, BiPredicate<String, String> member) {
    List<Line> lines = new ArrayList<>();
    String[] all = text.split("\n", -1);
    for (int i = 0; i < all.length; i++) {
      int first = i;
      StringBuilder whole = new StringBuilder(all[i]);
      while (whole.toString().endsWith("\\") && i + 1 < all.length) {
        whole.setLength(whole.length() - 1);
        whole.append(all[++i]);
      }
      Line line = HostRuleParser.parse(first + 1, whole.toString());
      if (line != null) {
        lines.add(line);
      }
    }
    return new HostRules(List.copyOf(lines), member);
  }

  /// What is wrong with the rules, a line each; empty where they can be used.
  public List<String> errors() {
    List<String> errors = new ArrayList<>();
    for (Line line : lines) {
      if (line.error != null) {
        errors.add("line " + line.number + ": " + line.error);
      }
    }
    if (lines.isEmpty()) {
      errors.add("contains no entries");
    }
    return errors;
  }

  @Override
  public AuthMethod methodFor(InetAddress client, boolean tls, String user, String database) {
    for (Line line : lines) {
      if (line.rule != null
          && line.rule.takes(client, tls)
          && fitsDatabase(line.rule, user, database)
          && fitsUser(line.rule, user)) {
        return line.rule.method();
      }
    }
    return AuthMethod.NO_ENTRY;
  }

  private boolean fitsDatabase(HostRule rule, String user, String database) {
    for (HostRule.Word word : rule.databases()) {
      boolean fits =
          word.is("all")
              || word.is("sameuser") && user.equals(database)
              || (word.is("samerole") || word.is("samegroup")) && member.test(user, database)
              || word.text().equals(database);
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private boolean fitsUser(HostRule rule, String user) {
    for (HostRule.Word word : rule.users()) {
      boolean group = !word.quoted() && word.text().startsWith("+");
      boolean fits =
          word.is("all")
              || word.text().equals(user)
              || group && member.test(user, word.text().substring(1));
      if (fits) {
        return true;
      }
    }
    return false;
  }

  /// The rules as `pg_hba_file_rules` shows them.
  public List<HostRuleInfo> list() {
    List<HostRuleInfo> all = new ArrayList<>();
    for (Line line : lines) {
      HostRule rule = line.rule;
      all.add(
          rule == null
              ? new HostRuleInfo(line.number, null, null, null, null, null, null, null, line.error)
              : new HostRuleInfo(
                  line.number,
                  rule.type(),
                  rule.databases().stream().map(HostRule.Word::text).toList(),
                  rule.users().stream().map(HostRule.Word::text).toList(),
                  shownAddress(rule),
                  netmask(rule),
                  rule.methodText(),
                  rule.options().isEmpty() ? null : rule.options(),
                  null));
    }
    return all;
  }

  private static String shownAddress(HostRule rule) {
    if (rule.addressText() == null) {
      return null;
    }
    int slash = rule.addressText().indexOf('/');
    return slash < 0 ? rule.addressText() : rule.addressText().substring(0, slash);
  }

  private static String netmask(HostRule rule) {
    if (rule.address() == null) {
      return null;
    }
    byte[] mask = new byte[rule.address().getAddress().length];
    for (int bit = 0; bit < rule.prefix(); bit++) {
      mask[bit >> 3] |= (byte) (0x80 >> (bit & 7));
    }
    try {
      return InetAddress.getByAddress(mask).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a mask of no address's length", e);
    }
  }
}
