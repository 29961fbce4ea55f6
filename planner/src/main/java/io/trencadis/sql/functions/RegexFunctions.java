package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.regex.Regex;
import io.trencadis.sql.regex.RegexFlags;
import io.trencadis.sql.regex.RegexMatcher;
import io.trencadis.sql.types.Letters;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// LIKE, SIMILAR TO, the `~` operators and the regexp_ functions.
final class RegexFunctions {
  private RegexFunctions() {}

  /// The last expression that one bound call compiled: most calls use one constant expression for
  /// every row. A race compiles twice and does no harm.
  static final class LastPattern {
    private record Entry(String source, RegexFlags flags, Regex pattern) {}

    private volatile Entry last;

    Regex get(String source, RegexFlags flags) {
      Entry known = last;
      if (known != null && known.source.equals(source) && known.flags.equals(flags)) {
        return known.pattern;
      }
      Regex pattern = Regex.compile(source, flags);
      last = new Entry(source, flags, pattern);
      return pattern;
    }
  }

  private static String str(Object value) {
    return (String) value;
  }

  static void register(Builtins.Registry to) {
    like(to);
    operators(to);
    replace(to);
    matching(to);
    counting(to);
  }

  private static void like(Builtins.Registry to) {
    for (String type : new String[] {"text", "name"}) {
      to.fn2(type + "like", (a, b, cx) -> LikeMatcher.matches(str(a), str(b)));
      to.fn2(type + "nlike", (a, b, cx) -> !LikeMatcher.matches(str(a), str(b)));
      to.fn2(
          type + "iclike",
          (a, b, cx) -> LikeMatcher.matches(Letters.lower(str(a)), Letters.lower(str(b))));
      to.fn2(
          type + "icnlike",
          (a, b, cx) -> !LikeMatcher.matches(Letters.lower(str(a)), Letters.lower(str(b))));
    }
    to.fn2("bytealike", (a, b, cx) -> LikeMatcher.matches((byte[]) a, (byte[]) b));
    to.fn2("byteanlike", (a, b, cx) -> !LikeMatcher.matches((byte[]) a, (byte[]) b));
    to.fn2("like_escape", (a, b, cx) -> LikeMatcher.escape(str(a), str(b)));
    to.fn2("similar_to_escape_2", (a, b, cx) -> SimilarTo.toRegex(str(a), str(b)));
    to.fn1("similar_to_escape_1", (a, cx) -> SimilarTo.toRegex(str(a), "\\"));
    to.fn2(
        "similar_escape",
        (a, b, cx) -> a == null ? null : SimilarTo.toRegex(str(a), b == null ? "\\" : str(b)));
  }

  private static void operators(Builtins.Registry to) {
    for (String type : new String[] {"text", "name"}) {
      operator(to, type + "regexeq", RegexFlags.NONE, true);
      operator(to, type + "regexne", RegexFlags.NONE, false);
      operator(to, type + "icregexeq", RegexFlags.INSENSITIVE, true);
      operator(to, type + "icregexne", RegexFlags.INSENSITIVE, false);
    }
  }

  private static void operator(
      Builtins.Registry to, String name, RegexFlags flags, boolean wanted) {
    to.bound(
        name,
        call -> {
          LastPattern last = new LastPattern();
          Fn2 fn = (a, b, cx) -> last.get(str(b), flags).matches(str(a)) == wanted;
          return fn;
        });
  }

  /// One regexp function, by the number of its arguments.
  private interface Code {
    Object apply(Object[] args, LastPattern last);
  }

  private static void fn(Builtins.Registry to, Code code, String... names) {
    for (String name : names) {
      to.bound(
          name,
          call -> {
            LastPattern last = new LastPattern();
            FnN fn = (args, cx) -> code.apply(args, last);
            return fn;
          });
    }
  }

  static SqlException invalid(String parameter, int value) {
    return new SqlException(
        SqlState.INVALID_PARAMETER_VALUE,
        "invalid value for parameter \"" + parameter + "\": " + value);
  }

  private static void replace(Builtins.Registry to) {
    fn(
        to,
        (a, last) -> replace(last.get(str(a[1]), RegexFlags.NONE), str(a[0]), str(a[2]), 0, 1),
        "textregexreplace_noopt");
    fn(
        to,
        (a, last) -> {
          String options = str(a[3]);
          if (!options.isEmpty() && Character.isDigit(options.charAt(0))) {
            throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "invalid regular expression option: \"" + options.charAt(0) + "\"")
                .hint(
                    "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to "
                        + "integer explicitly.");
          }
          RegexFlags flags = RegexFlags.parse(options, true);
          return replace(
              last.get(str(a[1]), flags), str(a[0]), str(a[2]), 0, flags.global() ? 0 : 1);
        },
        "textregexreplace");
    fn(
        to,
        (a, last) -> {
          int start = (Integer) a[3];
          if (start <= 0) {
            throw invalid("start", start);
          }
          int n = a.length > 4 ? (Integer) a[4] : 1;
          if (n < 0) {
            throw invalid("n", n);
          }
          RegexFlags flags = RegexFlags.parse(a.length > 5 ? str(a[5]) : "", true);
          int times = a.length > 4 ? n : flags.global() ? 0 : 1;
          return replace(last.get(str(a[1]), flags), str(a[0]), str(a[2]), start - 1, times);
        },
        "textregexreplace_extended",
        "textregexreplace_extended_no_flags",
        "textregexreplace_extended_no_n");
  }

  /// Replaces the nth match, or all if n is 0.
  private static String replace(Regex pattern, String text, String replacement, int start, int n) {
    if (start > Chars.length(text)) {
      return text;
    }
    RegexMatcher matcher = pattern.matcher(text);
    StringBuilder out = new StringBuilder(text.length() + 16);
    int copied = 0;
    int count = 0;
    int from = text.offsetByCodePoints(0, start);
    while (from <= text.length() && matcher.find(from)) {
      count++;
      if (n == 0 || count == n) {
        out.append(text, copied, matcher.start());
        appendReplacement(out, replacement, matcher, text);
        copied = matcher.end();
        if (n != 0) {
          break;
        }
      }
      from = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return out.append(text, copied, text.length()).toString();
  }

  private static void appendReplacement(
      StringBuilder out, String replacement, RegexMatcher matcher, String text) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\' || i + 1 >= replacement.length()) {
        out.append(c);
        continue;
      }
      char next = replacement.charAt(++i);
      if (next >= '1' && next <= '9') {
        int group = next - '0';
        if (group <= matcher.groupCount() && matcher.start(group) >= 0) {
          out.append(text, matcher.start(group), matcher.end(group));
        }
      } else if (next == '&') {
        out.append(text, matcher.start(), matcher.end());
      } else if (next == '\\') {
        out.append('\\');
      } else {
        out.append('\\').append(next);
      }
    }
  }

  /// What a match captured: its groups, or all of it if it has none.
  static SqlArray captured(RegexMatcher matcher) {
    int groups = matcher.groupCount();
    if (groups == 0) {
      return SqlArray.of(Types.TEXT, matcher.group());
    }
    Object[] parts = new Object[groups];
    for (int i = 0; i < groups; i++) {
      parts[i] = matcher.group(i + 1);
    }
    return SqlArray.of(Types.TEXT, parts);
  }

  private static void matching(Builtins.Registry to) {
    fn(
        to,
        (a, last) -> {
          RegexFlags flags = RegexFlags.NONE;
          if (a.length > 2) {
            flags = RegexFlags.parse(str(a[2]), true);
            if (flags.global()) {
              throw new SqlException(
                      SqlState.INVALID_PARAMETER_VALUE,
                      "regexp_match() does not support the \"global\" option")
                  .hint("Use the regexp_matches function instead.");
            }
          }
          RegexMatcher matcher = last.get(str(a[1]), flags).matcher(str(a[0]));
          return matcher.find() ? captured(matcher) : null;
        },
        "regexp_match",
        "regexp_match_no_flags");
    fn(
        to,
        (a, last) -> {
          RegexMatcher matcher = last.get(str(a[1]), RegexFlags.NONE).matcher(str(a[0]));
          return matcher.find() ? matcher.group(matcher.groupCount() > 0 ? 1 : 0) : null;
        },
        "textregexsubstr");
    fn(
        to,
        (a, last) -> {
          RegexMatcher matcher =
              last.get(SimilarTo.toRegex(str(a[1]), str(a[2])), RegexFlags.NONE).matcher(str(a[0]));
          return matcher.find() ? matcher.group(matcher.groupCount() > 0 ? 1 : 0) : null;
        },
        "#2074");
    fn(
        to,
        (a, last) ->
            SqlArray.of(
                Types.TEXT,
                split(last.get(str(a[1]), splitFlags(a, "regexp_split_to_array()")), str(a[0]))),
        "regexp_split_to_array",
        "regexp_split_to_array_no_flags");
  }

  static RegexFlags splitFlags(Object[] args, String function) {
    RegexFlags flags = RegexFlags.parse(args.length > 2 ? str(args[2]) : "", true);
    if (flags.global()) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, function + " does not support the \"global\" option");
    }
    return flags;
  }

  /// The parts between matches; a match of nothing counts only between characters.
  static List<String> split(Regex pattern, String text) {
    List<String> parts = new ArrayList<>();
    RegexMatcher matcher = pattern.matcher(text);
    int copied = 0;
    int from = 0;
    while (from < text.length() && matcher.find(from)) {
      if (matcher.end() == matcher.start()) {
        if (matcher.start() == copied || matcher.start() >= text.length()) {
          if (matcher.start() >= text.length()) {
            break;
          }
          from = matcher.start() + 1;
          if (!matcher.find(from) || matcher.start() >= text.length()) {
            break;
          }
        }
      }
      parts.add(text.substring(copied, matcher.start()));
      copied = matcher.end();
      from =
          Math.max(matcher.end(), matcher.start() == matcher.end() ? matcher.end() : matcher.end());
    }
    parts.add(text.substring(copied));
    return parts;
  }

  private static void counting(Builtins.Registry to) {
    fn(
        to,
        (a, last) ->
            last.get(str(a[1]), a.length > 2 ? plainFlags(a[2], "regexp_like()") : RegexFlags.NONE)
                .matches(str(a[0])),
        "regexp_like",
        "regexp_like_no_flags");
    fn(
        to,
        (a, last) -> {
          int start = start(a, 2);
          RegexFlags flags = a.length > 3 ? plainFlags(a[3], "regexp_count()") : RegexFlags.NONE;
          return positions(last.get(str(a[1]), flags), str(a[0]), start).size();
        },
        "regexp_count",
        "regexp_count_no_start",
        "regexp_count_no_flags");
    fn(
        to,
        (a, last) -> {
          int n = nth(a);
          int option = a.length > 4 ? (Integer) a[4] : 0;
          if (option < 0 || option > 1) {
            throw invalid("endoption", option);
          }
          RegexFlags flags = a.length > 5 ? plainFlags(a[5], "regexp_instr()") : RegexFlags.NONE;
          int group = group(a, 6);
          int[][] match = find(last.get(str(a[1]), flags), str(a[0]), start(a, 2), n, group);
          return match == null ? 0 : str(a[0]).codePointCount(0, match[0][option]) + 1;
        },
        "regexp_instr",
        "regexp_instr_no_endoption",
        "regexp_instr_no_flags",
        "regexp_instr_no_n",
        "regexp_instr_no_start",
        "regexp_instr_no_subexpr");
    fn(
        to,
        (a, last) -> {
          RegexFlags flags = a.length > 4 ? plainFlags(a[4], "regexp_substr()") : RegexFlags.NONE;
          int[][] match =
              find(last.get(str(a[1]), flags), str(a[0]), start(a, 2), nth(a), group(a, 5));
          return match == null ? null : str(a[0]).substring(match[0][0], match[0][1]);
        },
        "regexp_substr",
        "regexp_substr_no_flags",
        "regexp_substr_no_n",
        "regexp_substr_no_start",
        "regexp_substr_no_subexpr");
  }

  private static RegexFlags plainFlags(Object text, String function) {
    RegexFlags flags = RegexFlags.parse(str(text), true);
    if (flags.global()) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, function + " does not support the \"global\" option");
    }
    return flags;
  }

  private static int start(Object[] args, int index) {
    int start = args.length > index ? (Integer) args[index] : 1;
    if (start <= 0) {
      throw invalid("start", start);
    }
    return start - 1;
  }

  private static int nth(Object[] args) {
    int n = args.length > 3 ? (Integer) args[3] : 1;
    if (n <= 0) {
      throw invalid("n", n);
    }
    return n;
  }

  private static int group(Object[] args, int index) {
    int group = args.length > index ? (Integer) args[index] : 0;
    if (group < 0) {
      throw invalid("subexpr", group);
    }
    return group;
  }

  private static List<int[]> positions(Regex pattern, String text, int start) {
    List<int[]> found = new ArrayList<>();
    if (start > Chars.length(text)) {
      return found;
    }
    RegexMatcher matcher = pattern.matcher(text);
    int from = text.offsetByCodePoints(0, start);
    while (from <= text.length() && matcher.find(from)) {
      found.add(new int[] {matcher.start(), matcher.end()});
      from = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return found;
  }

  private static int[][] find(Regex pattern, String text, int start, int n, int group) {
    if (start > Chars.length(text)) {
      return null;
    }
    RegexMatcher matcher = pattern.matcher(text);
    int from = text.offsetByCodePoints(0, start);
    for (int count = 1; from <= text.length() && matcher.find(from); count++) {
      if (count == n) {
        boolean exists = group <= matcher.groupCount() && matcher.start(group) >= 0;
        return exists ? new int[][] {{matcher.start(group), matcher.end(group)}} : null;
      }
      from = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
    }
    return null;
  }
}
