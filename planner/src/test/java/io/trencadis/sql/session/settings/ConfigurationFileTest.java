package io.trencadis.sql.session.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {
  @TempDir private Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static List<String> shown(List<ConfigurationFile.Entry> entries) {
    return entries.stream()
        .map(
            each ->
                each.line()
                    + " "
                    + (each.error() == null ? each.name() + "=" + each.value() : each.error()))
        .toList();
  }

  @Test
  void linesSayNamesAndValues() throws IOException {
    Path file =
        file(
            "a.conf",
            """
            # a comment
            work_mem = 8MB   # another
            Search_Path='a, "B"'
            application_name 'it''s \\'quoted\\' \\t'

              my.own.thing=-1.5
            log_line_prefix = ''
            """);
    List<ConfigurationFile.Entry> entries = ConfigurationFile.read(file);
    assertEquals(
        List.of(
            "2 work_mem=8MB",
            "3 search_path=a, \"B\"",
            "4 application_name=it's 'quoted' \t",
            "6 my.own.thing=-1.5",
            "7 log_line_prefix="),
        shown(entries));
  }

  @Test
  void whatIsWrittenReadsBack() throws IOException {
    String value = "a'b\\c\"d # e";
    Path file = file("a.conf", ConfigurationFile.line("application_name", value) + "\n");
    assertEquals(value, ConfigurationFile.read(file).getFirst().value());
  }

  @Test
  void badLinesAreToldByTheirNumber() throws IOException {
    Path file = file("a.conf", "work_mem = 1MB 2MB\nwork_mem\n= 5\nwork_mem = 'open\n");
    assertEquals(
        List.of(
            "1 syntax error, near token \"2MB\"",
            "2 syntax error, near end of line",
            "3 syntax error, near token \"=\"",
            "4 syntax error, near token \"'open\""),
        shown(ConfigurationFile.read(file)));
  }

  @Test
  void filesIncludeOthers() throws IOException {
    Files.createDirectory(directory.resolve("d"));
    file("d/2.conf", "work_mem = 2MB\n");
    file("d/1.conf", "work_mem = 1MB\n");
    file("d/other.txt", "nonsense nonsense nonsense\n");
    file("loop.conf", "include 'loop.conf'\n");
    Path file =
        file(
            "a.conf",
            "include_dir 'd'\ninclude_if_exists 'none.conf'\ninclude 'none.conf'\n"
                + "include loop.conf\nwork_mem = 3MB\n");
    assertEquals(
        List.of(
            "1 work_mem=1MB",
            "1 work_mem=2MB",
            "3 could not open configuration file \"" + directory.resolve("none.conf") + "\"",
            "1 \"" + directory.resolve("loop.conf") + "\" is included too deeply, or by itself",
            "5 work_mem=3MB"),
        shown(ConfigurationFile.read(file)));
  }

  private static ConfigurationFile.Entry entry(int line, String name, String value) {
    return new ConfigurationFile.Entry("f", line, name, value, null);
  }

  @Test
  void theLastLineCountsAndTheCommandLineMore() {
    SettingsRegistry registry = new SettingsRegistry(Map.of("lock_timeout", "7s"));
    List<FileSetting> outcome =
        registry.load(
            List.of(
                entry(1, "work_mem", "1MB"),
                entry(2, "lock_timeout", "1s"),
                entry(3, "WORK_MEM".toLowerCase(java.util.Locale.ROOT), "2MB"),
                entry(4, "no_such_thing", "1"),
                entry(5, "datestyle", "german")),
            true);
    assertEquals(
        List.of(false, false, true, false, true),
        outcome.stream().map(FileSetting::applied).toList());
    assertEquals("unrecognized configuration parameter \"no_such_thing\"", outcome.get(3).error());
    assertNull(outcome.get(0).error());
    assertEquals("2048", registry.serverValue(registry.require("work_mem")));
    assertEquals("7000", registry.serverValue(registry.require("lock_timeout")));
    assertEquals("German, DMY", registry.serverValue(registry.require("DateStyle")));
    assertEquals("command line", registry.source(registry.require("lock_timeout")));
    assertEquals(3, registry.sourceLine(registry.require("work_mem")));
  }

  @Test
  void aReloadChangesWhatNeedsNoStart() {
    SettingsRegistry registry = new SettingsRegistry(Map.of());
    registry.load(List.of(entry(1, "max_connections", "50"), entry(2, "work_mem", "1MB")), true);
    List<String> told = new java.util.ArrayList<>();
    SessionSettings session =
        new SessionSettings(registry, (name, value) -> told.add(name + "=" + value));
    List<FileSetting> outcome = registry.load(List.of(entry(1, "max_connections", "60")), false);
    assertEquals("setting could not be applied", outcome.getFirst().error());
    session.refresh();
    assertEquals(List.of("work_mem=4096"), told);
    assertEquals("50", session.get("max_connections"));
    assertTrue(registry.pendingRestart(registry.require("max_connections")));
    session.set("work_mem", "3MB", false);
    registry.load(List.of(entry(1, "work_mem", "5MB")), false);
    session.refresh();
    assertEquals("3MB", session.show("work_mem"), "a session's own value stays");
    assertEquals("50", session.get("max_connections"), "it cannot be taken back before a start");
    session.resetAll();
    assertEquals("5MB", session.show("work_mem"));
  }
}
