package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs PostgreSQL's own client programs against a server.
final class ClientProgram {
  /// What a run gave.
  record Outcome(int exitCode, String output) {}

  private ClientProgram() {}

  private static Path find(String program) {
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

  /// @param seconds what the run may take at the most
  static Outcome run(int port, int seconds, String input, String program, String... arguments)
      throws IOException, InterruptedException {
    Path path = find(program);
    boolean required = Boolean.getBoolean("clients.required");
    assertTrue(path != null || !required, program + " is not installed");
    assumeTrue(path != null, program + " is not installed");
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGHOST", "127.0.0.1");
    builder.environment().put("PGPORT", Integer.toString(port));
    builder.environment().put("PGUSER", "postgres");
    builder.environment().put("PGDATABASE", "postgres");
    builder.environment().put("LC_ALL", "C.UTF-8");
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
    assertTrue(ended, program + " did not end within " + seconds + " s:\n" + text);
    return new Outcome(process.exitValue(), text);
  }
}
