package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Inet;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.math.BigInteger;

/// Functions and operators of network addresses.
final class NetworkFunctions {
  private static final long FIRST_THREE = 0xffff_ff00_0000L;

  private NetworkFunctions() {}

  private static Inet inet(Object value) {
    return (Inet) value;
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  static void register(Builtins.Registry to) {
    compare(to, "network_", Types.INET);
    compare(to, "macaddr_", Types.byName("macaddr"));
    compare(to, "macaddr8_", Types.byName("macaddr8"));
    TypeCodec codec = Types.INET.codec();
    to.fn2("network_larger", (a, b, cx) -> codec.compare(a, b) > 0 ? a : b);
    to.fn2("network_smaller", (a, b, cx) -> codec.compare(a, b) < 0 ? a : b);
    to.fn2("network_sub", (a, b, cx) -> within(inet(a), inet(b)));
    to.fn2("network_subeq", (a, b, cx) -> inet(b).contains(inet(a)));
    to.fn2("network_sup", (a, b, cx) -> within(inet(b), inet(a)));
    to.fn2("network_supeq", (a, b, cx) -> inet(a).contains(inet(b)));
    to.fn2("network_overlap", (a, b, cx) -> inet(a).contains(inet(b)) || inet(b).contains(inet(a)));
    parts(to);
    arithmetic(to);
    hardware(to);
  }

  private static void compare(Builtins.Registry to, String prefix, PgType type) {
    TypeCodec codec = type.codec();
    to.fn2(prefix + "eq", (a, b, cx) -> codec.compare(a, b) == 0);
    to.fn2(prefix + "ne", (a, b, cx) -> codec.compare(a, b) != 0);
    to.fn2(prefix + "lt", (a, b, cx) -> codec.compare(a, b) < 0);
    to.fn2(prefix + "le", (a, b, cx) -> codec.compare(a, b) <= 0);
    to.fn2(prefix + "gt", (a, b, cx) -> codec.compare(a, b) > 0);
    to.fn2(prefix + "ge", (a, b, cx) -> codec.compare(a, b) >= 0);
    to.fn2(prefix + "cmp", (a, b, cx) -> Integer.signum(codec.compare(a, b)));
  }

  private static boolean within(Inet inner, Inet outer) {
    return outer.prefix() < inner.prefix() && outer.contains(inner);
  }

  private static void parts(Builtins.Registry to) {
    to.fn1("inet_abbrev", (a, cx) -> a.toString());
    to.fn1("cidr_abbrev", (a, cx) -> inet(a).abbreviated());
    to.fn1("network_host", (a, cx) -> inet(a).host());
    to.fn1("network_show", (a, cx) -> inet(a).host() + "/" + inet(a).prefix());
    to.fn1("network_family", (a, cx) -> inet(a).isV4() ? 4 : 6);
    to.fn1("network_masklen", (a, cx) -> inet(a).prefix());
    to.fn1(
        "network_broadcast",
        (a, cx) -> Inet.of(inet(a).filled(inet(a).prefix(), true), inet(a).prefix()));
    to.fn1("network_network", (a, cx) -> inet(a).network());
    to.fn1("inet_to_cidr", (a, cx) -> inet(a).network());
    to.fn1("network_netmask", (a, cx) -> mask(inet(a), false));
    to.fn1("network_hostmask", (a, cx) -> mask(inet(a), true));
    to.fn2("inet_set_masklen", (a, b, cx) -> withPrefix(inet(a), (Integer) b));
    to.fn2("cidr_set_masklen", (a, b, cx) -> withPrefix(inet(a), (Integer) b).network());
    to.fn2("inet_same_family", (a, b, cx) -> inet(a).isV4() == inet(b).isV4());
    to.fn2("inet_merge", (a, b, cx) -> merged(inet(a), inet(b)));
  }

  private static Inet mask(Inet of, boolean host) {
    byte[] zeros = new byte[of.address().length];
    byte[] ones = Inet.of(zeros, 0).filled(of.prefix(), true);
    for (int i = 0; !host && i < ones.length; i++) {
      ones[i] = (byte) ~ones[i];
    }
    return Inet.of(ones, of.bits());
  }

  private static Inet withPrefix(Inet of, int length) {
    if (length < -1 || length > of.bits()) {
      throw invalid("invalid mask length: " + length);
    }
    return of.withPrefix(length == -1 ? of.bits() : length);
  }

  private static Inet merged(Inet a, Inet b) {
    if (a.isV4() != b.isV4()) {
      throw invalid("cannot merge addresses from different families");
    }
    int shared = Math.min(a.common(b), Math.min(a.prefix(), b.prefix()));
    return a.withPrefix(shared).network();
  }

  private static void arithmetic(Builtins.Registry to) {
    to.fn1("inetnot", (a, cx) -> combined(inet(a), inet(a), '~'));
    to.fn2("inetand", (a, b, cx) -> combined(inet(a), alike(inet(b), inet(a), "AND"), '&'));
    to.fn2("inetor", (a, b, cx) -> combined(inet(a), alike(inet(b), inet(a), "OR"), '|'));
    to.fn2("inetpl", (a, b, cx) -> moved(inet(a), BigInteger.valueOf((Long) b)));
    to.fn2("#2631", (a, b, cx) -> moved(inet(b), BigInteger.valueOf((Long) a)));
    to.fn2("inetmi_int8", (a, b, cx) -> moved(inet(a), BigInteger.valueOf((Long) b).negate()));
    to.fn2("inetmi", (a, b, cx) -> difference(inet(a), inet(b)));
  }

  private static Inet alike(Inet a, Inet other, String operation) {
    if (a.isV4() != other.isV4()) {
      throw invalid("cannot " + operation + " inet values of different sizes");
    }
    return a;
  }

  private static Inet combined(Inet a, Inet b, char operator) {
    byte[] out = new byte[a.address().length];
    for (int i = 0; i < out.length; i++) {
      int x = a.address()[i];
      int y = b.address()[i];
      out[i] = (byte) (operator == '~' ? ~x : operator == '&' ? x & y : x | y);
    }
    return Inet.of(out, operator == '~' ? a.prefix() : Math.max(a.prefix(), b.prefix()));
  }

  private static SqlException outOfRange() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "result is out of range");
  }

  private static Inet moved(Inet a, BigInteger by) {
    BigInteger sum = new BigInteger(1, a.address()).add(by);
    if (sum.signum() < 0 || sum.bitLength() > a.bits()) {
      throw outOfRange();
    }
    byte[] digits = sum.toByteArray();
    byte[] out = new byte[a.address().length];
    int count = Math.min(digits.length, out.length);
    System.arraycopy(digits, digits.length - count, out, out.length - count, count);
    return Inet.of(out, a.prefix());
  }

  private static Long difference(Inet a, Inet b) {
    alike(b, a, "subtract");
    BigInteger difference = new BigInteger(1, a.address()).subtract(new BigInteger(1, b.address()));
    if (difference.bitLength() > 63) {
      throw outOfRange();
    }
    return difference.longValue();
  }

  private static void hardware(Builtins.Registry to) {
    to.fn1("macaddr_not", (a, cx) -> ~(Long) a & 0xffff_ffff_ffffL);
    to.fn1("macaddr8_not", (a, cx) -> ~(Long) a);
    for (String name : new String[] {"macaddr_", "macaddr8_"}) {
      to.fn2(name + "and", (a, b, cx) -> (Long) a & (Long) b);
      to.fn2(name + "or", (a, b, cx) -> (Long) a | (Long) b);
    }
    to.fn1("macaddr_trunc", (a, cx) -> (Long) a & FIRST_THREE);
    to.fn1("macaddr8_trunc", (a, cx) -> (Long) a & FIRST_THREE << 16);
    to.fn1("macaddr8_set7bit", (a, cx) -> (Long) a | 1L << 57);
    to.fn1(
        "macaddrtomacaddr8",
        (a, cx) -> (Long) a >>> 24 << 40 | 0xfffeL << 24 | (Long) a & 0xff_ffff);
    to.fn1(
        "macaddr8tomacaddr",
        (a, cx) -> {
          long wide = (Long) a;
          if ((wide >>> 24 & 0xffff) != 0xfffe) {
            throw new SqlException(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                    "macaddr8 data out of range to convert to macaddr")
                .hint(
                    "Only addresses that have FF and FE as values in the 4th and 5th bytes from"
                        + " the left, for example xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be"
                        + " converted from macaddr8 to macaddr.");
          }
          return wide >>> 40 << 24 | wide & 0xff_ffff;
        });
  }
}
