package io.trencadis.sql.functions;

import io.trencadis.sql.types.Letters;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;

/// The functions of extension `citext` (manual, F.10) that compare values and hash them.
final class CitextFunctions {
  private CitextFunctions() {}

  static void register(Builtins.Registry to) {
    for (String prefix : new String[] {"citext_", "citext_pattern_"}) {
      to.fn2(prefix + "cmp", (a, b, cx) -> compare(a, b));
      to.fn2(prefix + "lt", (a, b, cx) -> compare(a, b) < 0);
      to.fn2(prefix + "le", (a, b, cx) -> compare(a, b) <= 0);
      to.fn2(prefix + "gt", (a, b, cx) -> compare(a, b) > 0);
      to.fn2(prefix + "ge", (a, b, cx) -> compare(a, b) >= 0);
    }
    to.fn2("citext_eq", (a, b, cx) -> compare(a, b) == 0);
    to.fn2("citext_ne", (a, b, cx) -> compare(a, b) != 0);
    to.fn2("citext_larger", (a, b, cx) -> compare(a, b) > 0 ? a : b);
    to.fn2("citext_smaller", (a, b, cx) -> compare(a, b) < 0 ? a : b);
    to.fn1("citext_hash", (a, cx) -> (int) hash(a));
    // The first 32 bits are those of the other function where the seed is 0.
    to.fn2("citext_hash_extended", (a, b, cx) -> hash(a) ^ (Long) b << Integer.SIZE ^ (Long) b);
  }

  private static String lower(Object value) {
    return Letters.lower((String) value);
  }

  private static int compare(Object a, Object b) {
    return text().compare(lower(a), lower(b));
  }

  private static long hash(Object value) {
    return text().hash(lower(value));
  }

  private static TypeCodec text() {
    return Types.TEXT.codec();
  }
}
