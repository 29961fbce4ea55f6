package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The one formatter of the build: google-java-format, with its defaults. A test because it has to
/// run on the JDK whose syntax it reads, which need not be Maven's.
class FormatTest {
  private static final List<String> MODULES =
      List.of("storage", "txn", "sharding", "planner", "wire-protocol", "cli");

  /// With `-Dformat.fix=true` the files are rewritten instead.
  @Test
  void everySourceIsFormatted() throws IOException {
    boolean fix = Boolean.getBoolean("format.fix");
    Path here = Path.of("").toAbsolutePath();
    Path root = Files.exists(here.resolve("storage")) ? here : here.getParent();
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    List<String> unformatted =
        sources.parallelStream()
            .filter(source -> differs(source, fix))
            .map(source -> root.relativize(source).toString())
            .sorted()
            .toList();
    assertEquals(
        List.of(),
        unformatted,
        "format them with ./mvnw -pl cli -am verify -Dtest=FormatTest -Dformat.fix=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false");
  }

  private static boolean differs(Path source, boolean fix) {
    try {
      String text = Files.readString(source);
      String formatted =
          new Formatter(JavaFormatterOptions.defaultOptions())
              .formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE)));
      if (text.equals(formatted)) {
        return false;
      }
      if (fix) {
        Files.writeString(source, formatted);
        return false;
      }
      return true;
    } catch (FormatterException e) {
      throw new IllegalStateException(source + " cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
