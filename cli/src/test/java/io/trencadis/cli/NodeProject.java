package io.trencadis.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A small node program of the test resources, with its packages fetched once by a lock file with
/// checksums into a folder below `target`.
final class NodeProject {
  private final String name;
  private final Path folder;

  private NodeProject(String name) {
    this.name = name;
    this.folder = Path.of("target", name).toAbsolutePath();
  }

  /// Skips the test where there is no node or the packages cannot be fetched.
  ///
  /// @param name the folder of the resources
  static NodeProject install(String name) throws IOException, InterruptedException {
    assumeTrue(ClientProgram.find("node") != null, "node is not installed");
    assumeTrue(ClientProgram.find("npm") != null, "npm is not installed");
    NodeProject project = new NodeProject(name);
    project.fetch();
    return project;
  }

  private void fetch() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    boolean changed = false;
    for (String file : List.of("package.json", "package-lock.json")) {
      Path path = folder.resolve(file);
      String wanted = resource(file);
      changed |= !Files.exists(path) || !Files.readString(path).equals(wanted);
      Files.writeString(path, wanted);
    }
    Files.writeString(folder.resolve("session.js"), resource("session.js"));
    Path installed = folder.resolve("node_modules/.package-lock.json");
    if (changed || !Files.exists(installed)) {
      var run =
          ClientProgram.run(
              300,
              null,
              Map.of("npm_config_update_notifier", "false"),
              folder,
              List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
      boolean failed = run.exitCode() != 0;
      if (failed) {
        Files.deleteIfExists(installed);
      }
      assumeTrue(!failed, () -> "the packages cannot be fetched:\n" + run.output());
    }
  }

  String resource(String file) throws IOException {
    try (InputStream in = NodeProject.class.getResourceAsStream("/" + name + "/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// What `session.js` prints.
  String session(RunningServer server, Map<String, String> environment)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PGPORT", "" + server.port());
    all.put("TZ", "UTC");
    return ClientProgram.run(
            120, null, all, folder, List.of("node", "--no-deprecation", "session.js"))
        .output();
  }
}
