package io.trencadis.sql.copy;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.encoding.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The options of a COPY, checked.
///
/// @param header whether the first line holds column names
/// @param headerMatch whether those must be the columns' names
/// @param forceQuote columns to quote in CSV output whatever they hold; `*` alone means all
/// @param forceNotNull columns whose fields are never null in CSV input
/// @param forceNull columns whose quoted fields may be null in CSV input
/// @param encoding what the data is in; null for the client's encoding
public record CopyOptions(
    Format format,
    char delimiter,
    String nullText,
    boolean header,
    boolean headerMatch,
    char quote,
    char escape,
    List<String> forceQuote,
    List<String> forceNotNull,
    List<String> forceNull,
    Encoding encoding) {
  public enum Format {
    TEXT,
    CSV,
    BINARY
  }

  /// @param from the direction, which some options are limited to
  /// @throws SqlException 42601, 22023 and 0A000 with PostgreSQL's texts
  public static CopyOptions of(List<Statement.CopyOption> options, boolean from) {
    Format format = null;
    Character delimiter = null;
    String nullText = null;
    boolean header = false;
    boolean match = false;
    Character quote = null;
    Character escape = null;
    List<String> forceQuote = List.of();
    List<String> forceNotNull = List.of();
    List<String> forceNull = List.of();
    Encoding encoding = null;
    List<String> seen = new ArrayList<>();
    for (Statement.CopyOption option : options) {
      String name = option.name().toLowerCase(Locale.ROOT).replace(' ', '_');
      if (seen.contains(name)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options")
            .at(option.pos());
      }
      seen.add(name);
      String value =
          option.value() instanceof List<?> || option.value() == null
              ? null
              : option.value().toString();
      switch (name) {
        case "format" -> {
          format =
              switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
                case "text" -> Format.TEXT;
                case "csv" -> Format.CSV;
                case "binary" -> Format.BINARY;
                default ->
                    throw new SqlException(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "COPY format \"" + value + "\" not recognized")
                        .at(option.pos());
              };
        }
        case "freeze" -> bool(option, value);
        case "delimiter" -> delimiter = single(value, "delimiter", option);
        case "null" -> nullText = value;
        case "header" -> {
          match = value != null && value.equalsIgnoreCase("match");
          header = match || bool(option, value);
        }
        case "quote" -> quote = single(value, "quote", option);
        case "escape" -> escape = single(value, "escape", option);
        case "force_quote" -> forceQuote = names(option.value());
        case "force_not_null" -> forceNotNull = names(option.value());
        case "force_null" -> forceNull = names(option.value());
        case "encoding" -> {
          encoding = value == null ? null : Encoding.named(value);
          if (encoding == null) {
            throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "argument to option \"encoding\" must be a valid encoding name")
                .at(option.pos());
          }
        }
        default ->
            throw new SqlException(
                    SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized")
                .at(option.pos());
      }
    }
    if (encoding != null && from) {
      Encoding.requireConversion(encoding, Encoding.UTF8);
    } else if (encoding != null) {
      Encoding.requireConversion(Encoding.UTF8, encoding);
    }
    Format chosen = format == null ? Format.TEXT : format;
    boolean csv = chosen == Format.CSV;
    if (chosen == Format.BINARY && (delimiter != null || nullText != null)) {
      throw new SqlException(
          SqlState.SYNTAX_ERROR,
          "cannot specify " + (delimiter != null ? "DELIMITER" : "NULL") + " in BINARY mode");
    }
    if (chosen == Format.BINARY && header) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot specify HEADER in BINARY mode");
    }
    if (!csv && quote != null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "COPY quote available only in CSV mode");
    }
    if (!csv && escape != null) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "COPY escape available only in CSV mode");
    }
    if (!forceQuote.isEmpty() && (!csv || from)) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED,
          csv
              ? "COPY force quote only available using COPY TO"
              : "COPY force quote available only in CSV mode");
    }
    char mark = quote == null ? '"' : quote;
    char separator = delimiter == null ? (csv ? ',' : '\t') : delimiter;
    if (csv && separator == mark) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
    }
    if (!csv && "\\.abcdefghijklmnopqrstuvwxyz0123456789".indexOf(separator) >= 0) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter cannot be \"" + separator + "\"");
    }
    return new CopyOptions(
        chosen,
        separator,
        nullText == null ? (csv ? "" : "\\N") : nullText,
        header,
        match,
        mark,
        escape == null ? mark : escape,
        forceQuote,
        forceNotNull,
        forceNull,
        encoding);
  }

  private static boolean bool(Statement.CopyOption option, String value) {
    if (value == null) {
      return true;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default ->
          throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value")
              .at(option.pos());
    };
  }

  private static char single(String value, String what, Statement.CopyOption option) {
    if (value == null || value.length() != 1 || value.charAt(0) >= 0x80) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "COPY " + what + " must be a single one-byte character")
          .at(option.pos());
    }
    if (value.charAt(0) == '\n' || value.charAt(0) == '\r') {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "COPY " + what + " cannot be newline or carriage return");
    }
    return value.charAt(0);
  }

  private static List<String> names(Object value) {
    if (value instanceof List<?> list) {
      List<String> names = new ArrayList<>();
      list.forEach(name -> names.add(name.toString()));
      return names;
    }
    return List.of(value == null ? "*" : value.toString());
  }
}
