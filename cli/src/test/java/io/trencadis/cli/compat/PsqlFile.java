package io.trencadis.cli.compat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file for psql, taken apart as psql does: statements end at a `;` outside quotes, comments,
/// parentheses and SQL bodies; a backslash outside quotes begins a command of psql's.
final class PsqlFile {
  /// Stands before what may be a variable.
  static final char VARIABLE = '\u0001';

  private static final Pattern COPY_IN =
      Pattern.compile("(?is)\\s*copy\\b.*\\bfrom\\s+(stdin|pstdin)\\b.*");
  private static final Pattern DOLLAR = Pattern.compile("\\$([A-Za-z_\\x80-\\uffff][\\w]*)?\\$");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
  private static final Pattern ROUTINE =
      Pattern.compile("(?is)\\s*create\\s+(or\\s+replace\\s+)?(function|procedure)\\b.*");

  /// A statement, or a command of psql's.
  ///
  /// @param sql the statement; null where the command stands alone
  /// @param command `gset prefix` and the like, without backslash; null for a plain statement
  /// @param copyData the lines that follow COPY FROM STDIN, or null
  record Step(int line, String sql, String command, byte[] copyData) {}

  private final String text;
  private final List<Step> steps = new ArrayList<>();
  private final StringBuilder statement = new StringBuilder();
  private int at;
  private int depth;
  private int bodies;
  private int startLine = 1;
  private int line = 1;

  private PsqlFile(String text) {
    this.text = text;
  }

  static List<Step> steps(String text) {
    PsqlFile file = new PsqlFile(text);
    file.read();
    return file.steps;
  }

  private void read() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'') {
        boolean escapes =
            at > 0
                && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e')
                && (at < 2 || !Character.isLetterOrDigit(text.charAt(at - 2)));
        quoted('\'', escapes);
      } else if (c == '"') {
        quoted('"', false);
      } else if (text.startsWith("--", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        comment();
      } else if (c == '$' && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))) {
        dollarQuoted();
      } else if (c == '\\') {
        command();
      } else if (c == ';' && depth <= 0 && bodies == 0) {
        take(1);
        end(null);
      } else if (Character.isLetter(c) || c == '_') {
        word();
      } else if (c == ':' && variable()) {
        statement.append(VARIABLE);
        take(1);
      } else {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        take(1);
      }
    }
    end(null);
  }

  private boolean variable() {
    if (at > 0 && text.charAt(at - 1) == ':' || at + 1 >= text.length()) {
      return false;
    }
    char next = text.charAt(at + 1);
    return next == '\'' || next == '"' || next == '_' || Character.isLetter(next);
  }

  private void take(int count) {
    for (int i = 0; i < count && at < text.length(); i++, at++) {
      char c = text.charAt(at);
      if (statement.isEmpty() && Character.isWhitespace(c)) {
        line += c == '\n' ? 1 : 0;
        continue;
      }
      if (statement.isEmpty()) {
        startLine = line;
      }
      line += c == '\n' ? 1 : 0;
      statement.append(c);
    }
  }

  private void quoted(char quote, boolean escapes) {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += escapes && text.charAt(end) == '\\' ? 2 : 1;
    }
    take(end + 1 - at);
  }

  private void comment() {
    int nested = 0;
    int end = at;
    do {
      if (text.startsWith("/*", end)) {
        nested++;
        end += 2;
      } else if (text.startsWith("*/", end)) {
        nested--;
        end += 2;
      } else {
        end++;
      }
    } while (nested > 0 && end < text.length());
    // Before a statement it is nobody's.
    if (statement.isEmpty()) {
      line += (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
      at = end;
    } else {
      take(end - at);
    }
  }

  private void dollarQuoted() {
    Matcher tag = DOLLAR.matcher(text).region(at, text.length());
    int end = tag.lookingAt() ? text.indexOf(tag.group(), tag.end()) : -1;
    take(end < 0 ? 1 : end + tag.group().length() - at);
  }

  private void word() {
    Matcher word = WORD.matcher(text).region(at, text.length());
    if (!word.lookingAt()) {
      take(1);
      return;
    }
    String name = word.group().toLowerCase(Locale.ROOT);
    if (ROUTINE.matcher(statement).matches()) {
      if (name.equals("begin") || name.equals("case") && bodies > 0) {
        bodies++;
      } else if (name.equals("end") && bodies > 0) {
        bodies--;
      }
    }
    take(word.group().length());
  }

  private void command() {
    if (text.startsWith("\\;", at)) {
      at++;
      take(1);
      return;
    }
    int end = text.indexOf('\n', at);
    end = end < 0 ? text.length() : end;
    String command = text.substring(at + 1, end).strip();
    at = end;
    if (command.startsWith("g") && !command.startsWith("getenv")
        || command.startsWith("crosstabview")) {
      end(command);
    } else if (command.equals("r") || command.startsWith("reset")) {
      statement.setLength(0);
    } else {
      steps.add(new Step(line, null, command, null));
    }
  }

  private void end(String command) {
    String sql = statement.toString().strip();
    statement.setLength(0);
    depth = 0;
    bodies = 0;
    if (sql.isEmpty() || sql.equals(";")) {
      return;
    }
    byte[] data = COPY_IN.matcher(sql).matches() ? copyData() : null;
    steps.add(new Step(startLine, sql, command, data));
  }

  private byte[] copyData() {
    int start = text.indexOf('\n', at) + 1;
    int end = start;
    while (end < text.length()) {
      int next = text.indexOf('\n', end);
      next = next < 0 ? text.length() : next;
      line++;
      at = next;
      if (text.substring(end, next).equals("\\.")) {
        break;
      }
      end = Math.min(next + 1, text.length());
    }
    return text.substring(start, end).getBytes(StandardCharsets.UTF_8);
  }
}
