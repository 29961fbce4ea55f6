package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.Letters;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Functions of strings, but for patterns.
final class TextFunctions {
  private TextFunctions() {}

  private static String str(Object value) {
    return (String) value;
  }

  static void register(Builtins.Registry to) {
    lengths(to);
    cases(to);
    parts(to);
    trims(to);
    building(to);
    quoting(to);
    casts(to);
  }

  private static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static void lengths(Builtins.Registry to) {
    to.fn1("textlen", (a, cx) -> Chars.length(str(a)));
    to.fn1("bpcharlen", (a, cx) -> Chars.length(stripBlanks(str(a))));
    to.fn1("textoctetlen", (a, cx) -> utf8Length(str(a)));
    to.fn1("bpcharoctetlen", (a, cx) -> utf8Length(str(a)));
    to.fn1("#1811", (a, cx) -> utf8Length(str(a)) * 8);
    to.fn1("ascii", (a, cx) -> str(a).isEmpty() ? 0 : str(a).codePointAt(0));
    to.fn1("chr", (a, cx) -> chr((Integer) a));
  }

  private static String chr(int code) {
    if (code < 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "character number must be positive");
    }
    if (code == 0) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    }
    if (code > 0x10ffff) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: " + code);
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: " + code);
    }
    return new String(Character.toChars(code));
  }

  private static void cases(Builtins.Registry to) {
    to.fn1("lower", (a, cx) -> Letters.lower(str(a)));
    to.fn1("upper", (a, cx) -> Letters.upper(str(a)));
    to.fn1(
        "initcap",
        (a, cx) -> {
          boolean[] inWord = new boolean[1];
          return Letters.map(
              str(a),
              c -> {
                int mapped = inWord[0] ? Character.toLowerCase(c) : Character.toUpperCase(c);
                inWord[0] = Character.isLetterOrDigit(c);
                return mapped;
              });
        });
    to.fn1("text_reverse", (a, cx) -> new StringBuilder(str(a)).reverse().toString());
  }

  private static void parts(Builtins.Registry to) {
    to.fn3("text_substr", (a, b, c, cx) -> substring(str(a), (Integer) b, (Integer) c));
    to.fn2(
        "text_substr_no_len",
        (a, b, cx) -> Chars.slice(str(a), (Integer) b - 1L, Integer.MAX_VALUE));
    to.fn2(
        "text_left",
        (a, b, cx) -> {
          int n = (Integer) b;
          return Chars.slice(str(a), 0, n >= 0 ? n : Chars.length(str(a)) + (long) n);
        });
    to.fn2(
        "text_right",
        (a, b, cx) -> {
          int n = (Integer) b;
          long length = Chars.length(str(a));
          return Chars.slice(str(a), n >= 0 ? length - n : -(long) n, length);
        });
    to.fn2(
        "textpos",
        (a, b, cx) -> {
          int at = str(a).indexOf(str(b));
          return at < 0 ? 0 : str(a).codePointCount(0, at) + 1;
        });
    to.fnN(
        "textoverlay",
        (args, cx) -> overlay(str(args[0]), str(args[1]), (Integer) args[2], (Integer) args[3]));
    to.fn3(
        "textoverlay_no_len",
        (a, b, c, cx) -> overlay(str(a), str(b), (Integer) c, Chars.length(str(b))));
    to.fn3("split_part", (a, b, c, cx) -> splitPart(str(a), str(b), (Integer) c));
    to.fn2("text_starts_with", (a, b, cx) -> str(a).startsWith(str(b)));
    to.fn3("replace_text", (a, b, c, cx) -> str(b).isEmpty() ? a : str(a).replace(str(b), str(c)));
    to.fn3("translate", (a, b, c, cx) -> translate(str(a), str(b), str(c)));
    to.fn2("text_to_array", (a, b, cx) -> toArray(a, b, null));
    to.fn3("text_to_array_null", (a, b, c, cx) -> toArray(a, b, c));
  }

  private static String substring(String text, int start, int length) {
    long end = (long) start + length;
    if (length < 0) {
      throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return Chars.slice(text, start - 1L, end - 1);
  }

  private static String overlay(String text, String replacement, int start, int length) {
    if (start <= 0) {
      throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long end = (long) start + length;
    if (end > Integer.MAX_VALUE) {
      throw IntegerFunctions.outOfRange("integer");
    }
    return Chars.slice(text, 0, start - 1L)
        + replacement
        + Chars.slice(text, end - 1, Integer.MAX_VALUE);
  }

  private static String splitPart(String text, String separator, int n) {
    if (n == 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "field position must not be zero");
    }
    if (text.isEmpty()) {
      return "";
    }
    if (separator.isEmpty()) {
      return n == 1 || n == -1 ? text : "";
    }
    java.util.List<String> parts = split(text, separator);
    int index = n > 0 ? n - 1 : parts.size() + n;
    return index >= 0 && index < parts.size() ? parts.get(index) : "";
  }

  private static java.util.List<String> split(String text, String separator) {
    java.util.List<String> parts = new java.util.ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static SqlArray toArray(Object text, Object separator, Object nullText) {
    return text == null
        ? null
        : SqlArray.of(Types.TEXT, pieces(str(text), str(separator), str(nullText)));
  }

  /// `string_to_table`: a null separator cuts between all characters, an empty one nowhere.
  static java.util.List<String> pieces(String text, String separator, String nullText) {
    java.util.List<String> parts = new java.util.ArrayList<>();
    if (text.isEmpty()) {
      return parts;
    }
    if (separator == null) {
      text.codePoints().forEach(c -> parts.add(Character.toString(c)));
    } else if (separator.isEmpty()) {
      parts.add(text);
    } else {
      parts.addAll(split(text, separator));
    }
    parts.replaceAll(part -> part.equals(nullText) ? null : part);
    return parts;
  }

  private static String translate(String text, String from, String replacement) {
    int[] source = from.codePoints().toArray();
    int[] target = replacement.codePoints().toArray();
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int at = 0;
              while (at < source.length && source[at] != c) {
                at++;
              }
              if (at == source.length) {
                out.appendCodePoint(c);
              } else if (at < target.length) {
                out.appendCodePoint(target[at]);
              }
            });
    return out.toString();
  }

  private static void trims(Builtins.Registry to) {
    to.fn1("btrim1", (a, cx) -> trim(str(a), " ", true, true));
    to.fn1("ltrim1", (a, cx) -> trim(str(a), " ", true, false));
    to.fn1("rtrim1", (a, cx) -> trim(str(a), " ", false, true));
    to.fn2("btrim", (a, b, cx) -> trim(str(a), str(b), true, true));
    to.fn2("ltrim", (a, b, cx) -> trim(str(a), str(b), true, false));
    to.fn2("rtrim", (a, b, cx) -> trim(str(a), str(b), false, true));
    to.fn3("lpad", (a, b, c, cx) -> pad(str(a), (Integer) b, str(c), true));
    to.fn3("rpad", (a, b, c, cx) -> pad(str(a), (Integer) b, str(c), false));
    to.fn2("#879", (a, b, cx) -> pad(str(a), (Integer) b, " ", true));
    to.fn2("#880", (a, b, cx) -> pad(str(a), (Integer) b, " ", false));
    to.fn2(
        "repeat",
        (a, b, cx) -> {
          long length = (long) Math.max(0, (Integer) b) * str(a).length();
          if (length > 0x3fff_ffff) {
            throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
          }
          return str(a).repeat(Math.max(0, (Integer) b));
        });
  }

  private static String trim(String text, String set, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && set.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && set.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static String pad(String text, int wanted, String fill, boolean left) {
    int width = Math.max(0, wanted);
    if (width > 0x0fff_ffff) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    }
    int length = Chars.length(text);
    if (length >= width || fill.isEmpty()) {
      return Chars.slice(text, 0, width);
    }
    int[] points = fill.codePoints().toArray();
    StringBuilder padding = new StringBuilder(width);
    for (int i = 0; i < width - length; i++) {
      padding.appendCodePoint(points[i % points.length]);
    }
    return left ? padding.append(text).toString() : text + padding;
  }

  private static void building(Builtins.Registry to) {
    to.fn2("textcat", (a, b, cx) -> str(a).concat(str(b)));
    // text || anything and anything || text
    to.bound(
        "#2003",
        call -> {
          Cast right = toText(call, 1);
          Fn2 fn = (a, b, cx) -> str(a) + right.apply(b, cx);
          return fn;
        });
    to.bound(
        "#2004",
        call -> {
          Cast left = toText(call, 0);
          Fn2 fn = (a, b, cx) -> left.apply(a, cx) + str(b);
          return fn;
        });
    to.bound(
        "text_concat",
        call -> {
          TypeCodec[] codecs = outputs(call);
          FnN fn = (args, cx) -> concat(args, 0, "", codecs, call, cx);
          return fn;
        });
    to.bound(
        "text_concat_ws",
        call -> {
          TypeCodec[] codecs = outputs(call);
          FnN fn =
              (args, cx) ->
                  args[0] == null ? null : concat(args, 1, str(args[0]), codecs, call, cx);
          return fn;
        });
    to.bound(
        "text_format",
        call -> {
          TypeCodec[] codecs = outputs(call);
          FnN fn =
              (args, cx) -> {
                if (args[0] == null) {
                  return null;
                }
                Object[] values = spread(args, 1, call);
                return new FormatFunction(str(args[0]), strings(values, 1, codecs, cx)).apply();
              };
          return fn;
        });
    to.fn1(
        "text_format_nv",
        (a, cx) -> a == null ? null : new FormatFunction(str(a), new String[0]).apply());
    to.fn1(
        "md5_text", (a, cx) -> ByteaFunctions.hash("MD5", str(a).getBytes(StandardCharsets.UTF_8)));
  }

  /// The codec that prints an argument of type "any".
  static TypeCodec output(ResolvedCall call, int index) {
    return call.argTypes().get(index).codec();
  }

  /// The cast to text, which is not always what the output function prints: true, not t.
  private static Cast toText(ResolvedCall call, int index) {
    return Casts.require(call.argTypes().get(index), Types.TEXT, -1, CastContext.EXPLICIT);
  }

  private static TypeCodec[] outputs(ResolvedCall call) {
    TypeCodec[] codecs = new TypeCodec[call.argTypes().size()];
    for (int i = 0; i < codecs.length; i++) {
      codecs[i] = output(call, i);
    }
    if (call.variadicArray()) {
      PgType element = call.argTypes().getLast().elementType();
      if (element == null) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "VARIADIC argument must be an array");
      }
      codecs[codecs.length - 1] = element.codec();
    }
    return codecs;
  }

  private static Object[] spread(Object[] args, int from, ResolvedCall call) {
    if (!call.variadicArray()) {
      return java.util.Arrays.copyOfRange(args, from, args.length);
    }
    return args[args.length - 1] == null
        ? new Object[0]
        : ((SqlArray) args[args.length - 1]).elements();
  }

  private static String[] strings(Object[] values, int from, TypeCodec[] codecs, EvalContext cx) {
    String[] texts = new String[values.length];
    for (int i = 0; i < texts.length; i++) {
      TypeCodec codec = codecs[Math.min(from + i, codecs.length - 1)];
      texts[i] = values[i] == null ? null : codec.format(values[i], cx);
    }
    return texts;
  }

  private static String concat(
      Object[] args,
      int from,
      String separator,
      TypeCodec[] codecs,
      ResolvedCall call,
      EvalContext cx) {
    if (call.variadicArray() && args[args.length - 1] == null) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (String text : strings(spread(args, from, call), from, codecs, cx)) {
      if (text != null) {
        out.append(first ? "" : separator).append(text);
        first = false;
      }
    }
    return out.toString();
  }

  static String quoteLiteral(String text) {
    String quoted = "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    return text.indexOf('\\') >= 0 ? "E" + quoted : quoted;
  }

  private static void quoting(Builtins.Registry to) {
    to.fn1("quote_ident", (a, cx) -> Identifiers.quote(str(a)));
    to.fn1("quote_literal", (a, cx) -> quoteLiteral(str(a)));
    to.fn1("quote_nullable", (a, cx) -> a == null ? "NULL" : quoteLiteral(str(a)));
    to.bound(
        "#1285",
        call -> {
          Cast text = toText(call, 0);
          Fn1 fn = (a, cx) -> quoteLiteral((String) text.apply(a, cx));
          return fn;
        });
    to.bound(
        "#1290",
        call -> {
          Cast text = toText(call, 0);
          Fn1 fn = (a, cx) -> a == null ? "NULL" : quoteLiteral((String) text.apply(a, cx));
          return fn;
        });
    to.fn2(
        "nameconcatoid",
        (a, b, cx) -> {
          String suffix = "_" + b;
          return str(a).substring(0, Math.min(str(a).length(), 63 - suffix.length())) + suffix;
        });
    to.fn2(
        "parse_ident",
        (a, b, cx) -> SqlArray.of(Types.TEXT, QualifiedName.parse(str(a), (Boolean) b)));
    to.fn1("unistr", (a, cx) -> unistr(str(a)));
    to.fn2(
        "unicode_normalize_func",
        (a, b, cx) -> java.text.Normalizer.normalize(str(a), form(str(b))));
    to.fn2(
        "unicode_is_normalized",
        (a, b, cx) -> java.text.Normalizer.isNormalized(str(a), form(str(b))));
  }

  private static java.text.Normalizer.Form form(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "NFC" -> java.text.Normalizer.Form.NFC;
      case "NFD" -> java.text.Normalizer.Form.NFD;
      case "NFKC" -> java.text.Normalizer.Form.NFKC;
      case "NFKD" -> java.text.Normalizer.Form.NFKD;
      default ->
          throw new SqlException(
              SqlState.INVALID_PARAMETER_VALUE, "invalid normalization form: " + name);
    };
  }

  private static String unistr(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        out.append(text.charAt(i));
        continue;
      }
      if (text.startsWith("\\\\", i)) {
        out.append('\\');
        i++;
        continue;
      }
      char kind = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      int from = kind == 'u' || kind == 'U' || kind == '+' ? i + 2 : i + 1;
      int digits = kind == 'U' ? 8 : kind == '+' ? 6 : 4;
      try {
        out.append(Character.toChars(Integer.parseInt(text.substring(from, from + digits), 16)));
      } catch (RuntimeException e) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid Unicode escape", e)
            .hint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.");
      }
      i = from + digits - 1;
    }
    return out.toString();
  }

  private static String stripBlanks(String text) {
    return trim(text, " ", false, true);
  }

  private static void casts(Builtins.Registry to) {
    to.fn3(
        "varchar",
        (a, b, c, cx) -> Types.VARCHAR.codec().coerceTypmod(a, (Integer) b, (Boolean) c));
    to.fn3(
        "bpchar", (a, b, c, cx) -> Types.BPCHAR.codec().coerceTypmod(a, (Integer) b, (Boolean) c));
    to.fn1("text_name", (a, cx) -> Types.NAME.codec().parse(str(a), -1, cx));
    to.fn1("name_text", (a, cx) -> a);
    to.fn1("bpchar_name", (a, cx) -> Types.NAME.codec().parse(stripBlanks(str(a)), -1, cx));
    to.fn1("name_bpchar", (a, cx) -> a);
    to.fn1("text_char", (a, cx) -> Types.CHAR.codec().parse(str(a), -1, cx));
    to.fn1("char_text", (a, cx) -> Types.CHAR.codec().format(a, cx));
    to.fn1("char_bpchar", (a, cx) -> Types.CHAR.codec().format(a, cx));
  }
}
