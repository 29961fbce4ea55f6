package io.trencadis.wire.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.sql.session.settings.HostRuleInfo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostRulesTest {
  private static final String RULES =
      """
      # TYPE  DATABASE  USER  ADDRESS  METHOD
      local   all       all            trust
      host    all       "bad man" 0.0.0.0/0 reject

      hostssl shop,bank +staff  10.0.0.0/8 scram-sha-256
      hostnossl shop    all     10.1.0.0 255.255.0.0 password  # a mask
      host    sameuser  all     ::1/128 trust
      host    samerole  all     192.168.0.0/24 trust
      host    "all"     all     192.168.0.0/16 md5 map=x
      host    all \\
              bob       all     trust
      """;

  private static HostRules rules() {
    return HostRules.parse(
        RULES,
        (role, group) -> role.equals("ann") && (group.equals("staff") || group.equals("books")));
  }

  private static AuthMethod method(String address, boolean tls, String user, String database)
      throws UnknownHostException {
    return rules().methodFor(InetAddress.getByName(address), tls, user, database);
  }

  @Test
  void theFirstLineThatFitsDecides() throws UnknownHostException {
    assertEquals(List.of(), rules().errors());
    assertEquals(AuthMethod.REJECT, method("10.0.0.1", true, "bad man", "shop"));
    assertEquals(AuthMethod.SCRAM_SHA_256, method("10.9.9.9", true, "ann", "bank"));
    assertEquals(AuthMethod.NO_ENTRY, method("10.9.9.9", true, "carl", "bank"));
    assertEquals(AuthMethod.NO_ENTRY, method("10.9.9.9", false, "ann", "bank"));
    assertEquals(AuthMethod.PASSWORD, method("10.1.2.3", false, "carl", "shop"));
    assertEquals(AuthMethod.NO_ENTRY, method("10.2.2.3", false, "carl", "shop"));
    assertEquals(AuthMethod.TRUST, method("::1", false, "carl", "carl"));
    assertEquals(AuthMethod.NO_ENTRY, method("::1", false, "carl", "shop"));
    assertEquals(AuthMethod.TRUST, method("192.168.0.7", false, "ann", "books"));
    assertEquals(AuthMethod.NO_ENTRY, method("192.168.1.7", false, "ann", "books"));
    assertEquals(AuthMethod.SCRAM_SHA_256, method("192.168.1.7", false, "ann", "all"));
    assertEquals(AuthMethod.TRUST, method("203.0.113.9", false, "bob", "anything"));
  }

  private static String error(String line) {
    return HostRules.parse(line, (_, _) -> false).errors().toString();
  }

  @Test
  void wrongLinesSayWhatIsWrong() {
    assertEquals("[line 1: invalid connection type \"hots\"]", error("hots all all all trust"));
    assertEquals("[line 1: end-of-line before role specification]", error("host all"));
    assertEquals(
        "[line 2: end-of-line before authentication method]", error("#\nhost all all all"));
    assertEquals(
        "[line 1: invalid authentication method \"maybe\"]", error("host all all all maybe"));
    assertEquals(
        "[line 1: invalid CIDR mask in address \"10.0.0.0/40\"]",
        error("host all all 10.0.0.0/40 trust"));
    assertEquals(
        "[line 1: invalid IP mask \"255.0.255.0\"]",
        error("host all all 10.0.0.0 255.0.255.0 trust"));
    assertEquals(
        "[line 1: IP address and mask do not match]", error("host all all 10.0.0.0 ffff:: trust"));
    assertEquals("[contains no entries]", error("# nothing\n"));
  }

  @Test
  void rulesAreListed() {
    List<HostRuleInfo> all = rules().list();
    assertEquals(
        new HostRuleInfo(
            5,
            "hostssl",
            List.of("shop", "bank"),
            List.of("+staff"),
            "10.0.0.0",
            "255.0.0.0",
            "scram-sha-256",
            null,
            null),
        all.get(2));
    assertEquals("all", all.getLast().address());
    assertEquals(10, all.getLast().line());
  }
}
