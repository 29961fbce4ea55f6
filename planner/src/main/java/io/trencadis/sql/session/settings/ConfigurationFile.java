package io.trencadis.sql.session.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// A file of settings in the format of `postgresql.conf` (PostgreSQL manual, section 20.1.2): lines
/// of `name = value`, where the sign may be missing and the value stands in single quotes unless it
/// is a word or a number; `#` begins a comment; `include`, `include_if_exists` and `include_dir`
/// read other files in their place.
public final class ConfigurationFile {
  /// One line that says something.
  ///
  /// @param line from 1
  /// @param error what is wrong with the line, then without name and value; else null
  public record Entry(String file, int line, String name, String value, String error) {}

  /// Files that include each other end here.
  private static final int DEEPEST = 10;

  private static final long MOST_BYTES = 1 << 20;

  private final List<Entry> entries = new ArrayList<>();
  private final Set<Path> open = new HashSet<>();

  private ConfigurationFile() {}

  /// All lines of a file that say something, in order, with those of the files that it includes.
  ///
  /// @throws IOException if the file itself cannot be read; for an included one there is an entry
  ///   with an error
  public static List<Entry> read(Path file) throws IOException {
    ConfigurationFile all = new ConfigurationFile();
    all.readAll(file.toAbsolutePath().normalize(), 0);
    return all.entries;
  }

  /// A line that reads back as this value.
  public static String line(String name, String value) {
    return name + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private void readAll(Path file, int depth) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("larger than " + MOST_BYTES + " bytes");
    }
    open.add(file);
    int number = 0;
    for (String text : Files.readString(file).split("\n", -1)) {
      number++;
      try {
        Line line = Line.parse(text);
        if (line == null) {
          continue;
        }
        switch (line.name) {
          case "include" -> include(file, line.value, true, depth);
          case "include_if_exists" -> include(file, line.value, false, depth);
          case "include_dir" -> includeAll(file, line.value, depth);
          default -> entries.add(new Entry(file.toString(), number, line.name, line.value, null));
        }
      } catch (BadLineException bad) {
        entries.add(new Entry(file.toString(), number, null, null, bad.getMessage()));
      }
    }
    open.remove(file);
  }

  private void include(Path from, String name, boolean required, int depth)
      throws BadLineException {
    Path file = from.resolveSibling(name).normalize();
    if (depth == DEEPEST || open.contains(file)) {
      throw new BadLineException("\"" + file + "\" is included too deeply, or by itself");
    }
    try {
      readAll(file, depth + 1);
    } catch (NoSuchFileException missing) {
      if (required) {
        throw new BadLineException("could not open configuration file \"" + file + "\"");
      }
    } catch (IOException e) {
      throw new BadLineException(
          "could not read configuration file \"" + file + "\": " + e.getMessage());
    }
  }

  /// The directory's files whose names end in `.conf`, in the order of their names.
  private void includeAll(Path from, String name, int depth) throws BadLineException {
    Path directory = from.resolveSibling(name).normalize();
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(file -> file.getFileName().toString().endsWith(".conf"))
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new BadLineException("could not open configuration directory \"" + directory + "\"");
    }
    for (Path file : files) {
      include(from, file.toString(), true, depth);
    }
  }

  private static final class BadLineException extends Exception {
    BadLineException(String message) {
      super(message);
    }
  }

  /// @param name in lower case
  private record Line(String name, String value) {
    /// @return null for a line that says nothing
    static Line parse(String text) throws BadLineException {
      String line = text.strip();
      if (line.isEmpty() || line.charAt(0) == '#') {
        return null;
      }
      int at = 0;
      while (at < line.length() && isNamePart(line.charAt(at))) {
        at++;
      }
      if (at == 0) {
        throw near(line);
      }
      String name = line.substring(0, at).toLowerCase(Locale.ROOT);
      at = skipBlanks(line, at);
      if (at < line.length() && line.charAt(at) == '=') {
        at = skipBlanks(line, at + 1);
      }
      if (at == line.length()) {
        throw new BadLineException("syntax error, near end of line");
      }
      StringBuilder value = new StringBuilder();
      at = line.charAt(at) == '\'' ? quoted(line, at + 1, value) : plain(line, at, value);
      at = skipBlanks(line, at);
      if (at < line.length() && line.charAt(at) != '#') {
        throw near(line.substring(at));
      }
      return new Line(name, value.toString());
    }

    private static int skipBlanks(String line, int from) {
      int at = from;
      while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
        at++;
      }
      return at;
    }

    private static boolean isNamePart(char c) {
      return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.';
    }

    private static int plain(String line, int from, StringBuilder value) throws BadLineException {
      int at = from;
      while (at < line.length()
          && (isNamePart(line.charAt(at)) || "-+:/".indexOf(line.charAt(at)) >= 0)) {
        value.append(line.charAt(at++));
      }
      if (at == from) {
        throw near(line.substring(from));
      }
      return at;
    }

    /// @param from after the opening quote
    /// @return the place after the closing one
    private static int quoted(String line, int from, StringBuilder value) throws BadLineException {
      for (int at = from; at < line.length(); at++) {
        char c = line.charAt(at);
        if (c == '\'') {
          if (at + 1 == line.length() || line.charAt(at + 1) != '\'') {
            return at + 1;
          }
          at++;
        } else if (c == '\\' && at + 1 < line.length()) {
          c = unescaped(line.charAt(++at));
        }
        value.append(c);
      }
      throw near(line.substring(from - 1));
    }

    private static char unescaped(char c) {
      return switch (c) {
        case 'b' -> '\b';
        case 'f' -> '\f';
        case 'n' -> '\n';
        case 'r' -> '\r';
        case 't' -> '\t';
        default -> c;
      };
    }

    private static BadLineException near(String rest) {
      String token = rest.split("[ \t]", 2)[0];
      return new BadLineException("syntax error, near token \"" + token + "\"");
    }
  }
}
