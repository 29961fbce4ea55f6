package io.trencadis.sql.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RegexTest {
  /// Expressions, flags and texts made by chance, with what a PostgreSQL 15 found: where the first
  /// match begins and ends, and what its groups hold (`~` for nothing), or the error.
  @Test
  void findsWhatPostgresFound() throws IOException {
    List<String> different = new ArrayList<>();
    int cases = 0;
    for (String line : lines()) {
      String[] parts = line.split("\t", -1);
      String ours = found(plain(parts[0]), plain(parts[1]), plain(parts[2]));
      if (!ours.equals(plain(parts[3]))) {
        different.add(line + " but " + ours);
      }
      cases++;
    }
    assertEquals(3000, cases);
    assertEquals(List.of(), different);
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = RegexTest.class.getResourceAsStream("/regex/pairs.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static String plain(String escaped) {
    return escaped.replace("\\\\", "\u0000").replace("\\n", "\n").replace('\u0000', '\\');
  }

  private static String found(String expression, String flags, String text) {
    try {
      Regex regex = Regex.compile(expression, RegexFlags.parse(flags, false));
      RegexMatcher matcher = regex.matcher(text);
      boolean matches = matcher.find();
      assertEquals(matches, regex.matches(text));
      if (!matches) {
        return "no";
      }
      List<String> groups = new ArrayList<>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i) == null ? "~" : matcher.group(i));
      }
      return (matcher.start() + 1)
          + ","
          + (matcher.end() + 1)
          + " "
          + (groups.isEmpty() ? matcher.group() : String.join("/", groups));
    } catch (SqlException e) {
      return e.state().code() + " " + e.getMessage();
    }
  }

  @Test
  void alternativesMatchTheLongest() {
    assertEquals("1,4 foo", found("fo|foo", "", "foo"));
    assertEquals("1,3 fo", found("(?:fo|foo){1,1}?", "", "foo"));
  }

  @Test
  void whatIsSlowToTryOutIsNotTriedOut() {
    String text = "a".repeat(20_000);
    assertFalse(Regex.compile("(a*)*(a|aa)*(a*a*)*b", RegexFlags.NONE).matches(text));
    assertTrue(Regex.compile("^(a?){50}a{50}", RegexFlags.NONE).matches(text));
  }

  @Test
  void positionsAreThoseOfWholeCharacters() {
    RegexMatcher matcher =
        Regex.compile("^.(.)$", RegexFlags.NONE).matcher("\ud83d\ude00\ud83d\ude01");
    assertTrue(matcher.find());
    assertEquals("\ud83d\ude01", matcher.group(1));
  }

  @Test
  void tooLargeAnExpressionIsRefused() {
    SqlException large =
        assertThrows(
            SqlException.class, () -> Regex.compile("((a{200}){200}){200}", RegexFlags.NONE));
    assertEquals("2201B", large.state().code());
    String deep = "(".repeat(200_000) + ")".repeat(200_000);
    assertThrows(SqlException.class, () -> Regex.compile(deep, RegexFlags.NONE));
  }

  @Test
  void manyThreadsShareAnExpression() throws Exception {
    Regex regex = Regex.compile("(\\w+)\\s+(\\d{2,4})$", RegexFlags.NONE);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int first = i * 1000;
        tasks.add(
            () -> {
              int right = 0;
              for (int n = first; n < first + 1000; n++) {
                RegexMatcher matcher = regex.matcher("key" + n + "  " + (n + 10));
                right += matcher.find() && matcher.group(1).equals("key" + n) ? 1 : 0;
              }
              return right;
            });
      }
      int right = 0;
      for (Future<Integer> each : threads.invokeAll(tasks)) {
        right += each.get();
      }
      assertEquals(4000, right);
    }
  }
}
