package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs other programs: PostgreSQL's own clients, and those of others.
final class ClientProgram {
  /// What a run gave.
  record Outcome(int exitCode, String output) {}

  private ClientProgram() {}

  /// Where the program is, or null.
  static Path find(String program) {
    List<String> folders =
        new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(":")));
    folders.add("/usr/lib/postgresql/15/bin");
    for (String folder : folders) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /// A client of PostgreSQL's; the test is skipped where it is not installed, unless
  /// `-Dclients.required=true`.
  ///
  /// @param seconds what the run may take at the most
  static Outcome run(int port, int seconds, String input, String program, String... arguments)
      throws IOException, InterruptedException {
    return run(port, seconds, input, Map.of(), program, arguments);
  }

  /// The same with more in its environment.
  static Outcome run(
      int port,
      int seconds,
      String input,
      Map<String, String> environment,
      String program,
      String... arguments)
      throws IOException, InterruptedException {
    Path path = find(program);
    boolean required = Boolean.getBoolean("clients.required");
    assertTrue(path != null || !required, program + " is not installed");
    assumeTrue(path != null, program + " is not installed");
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PGHOST", "127.0.0.1");
    all.put("PGPORT", Integer.toString(port));
    all.put("PGUSER", "postgres");
    all.put("PGDATABASE", "postgres");
    all.put("LC_ALL", "C.UTF-8");
    all.putAll(environment);
    return run(seconds, input, all, null, command);
  }

  /// Any program, with standard error in its output.
  ///
  /// @param input null for none
  /// @param environment added to this process's
  /// @param directory null for this process's
  static Outcome run(
      int seconds,
      String input,
      Map<String, String> environment,
      Path directory,
      List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.directory(directory == null ? null : directory.toFile());
    Path output = Files.createTempFile("client", ".out");
    Path in = Files.createTempFile("client", ".in");
    Files.writeString(in, input == null ? "" : input);
    builder.redirectOutput(output.toFile()).redirectInput(in.toFile());
    Process process = builder.start();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(output, StandardCharsets.UTF_8);
    Files.delete(output);
    Files.delete(in);
    assertTrue(ended, command.getFirst() + " did not end within " + seconds + " s:\n" + text);
    return new Outcome(process.exitValue(), text);
  }
}
