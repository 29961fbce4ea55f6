package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// The image of `docker/Dockerfile`, built once for all tests from the finished jar, and removed
/// when this process ends.
final class TestImage {
  /// Where [#binding] publishes ports: not what Testcontainers would say, which takes the engine's
  /// bridge for it when this process is in a container itself.
  static final String HOST = "127.0.0.1";

  private static DockerClient engine;
  private static String image;

  /// Why no container can be run, or null.
  private static String missing;

  private TestImage() {}

  /// Skips the test where no container engine answers, or where it neither has the base image nor
  /// gets it.
  ///
  /// @return the image's name
  static synchronized String require() throws Exception {
    if (engine == null && missing == null) {
      build();
    }
    assumeTrue(missing == null, missing);
    return image;
  }

  /// After [#require].
  static synchronized DockerClient engine() {
    return engine;
  }

  private static void build() throws Exception {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      missing = "no container engine answers (looked at DOCKER_HOST and the usual sockets)";
      return;
    }
    engine = DockerClientFactory.instance().client();
    Path root = Path.of("").toAbsolutePath().getParent();
    Path jar = root.resolve("cli/target/trencadis.jar");
    assertTrue(Files.exists(jar), jar + " is missing: this test runs after package");
    Path dockerfile = root.resolve("docker/Dockerfile");
    String base =
        Files.readAllLines(dockerfile).stream()
            .filter(line -> line.startsWith("FROM "))
            .map(line -> line.substring("FROM ".length()).strip())
            .findFirst()
            .orElseThrow();
    if (!isThere(base)) {
      missing = "the engine does not have " + base + " and cannot fetch it";
      return;
    }
    image =
        new ImageFromDockerfile("trencadis-test-" + UUID.randomUUID(), false)
            .withFileFromPath("Dockerfile", dockerfile)
            .withFileFromPath("cli/target/trencadis.jar", jar)
            .get(10, TimeUnit.MINUTES);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> engine.removeImageCmd(image).withForce(true).exec()));
  }

  private static boolean isThere(String base) throws InterruptedException {
    try {
      engine.inspectImageCmd(base).exec();
      return true;
    } catch (NotFoundException _) {
      try {
        return engine.pullImageCmd(base).start().awaitCompletion(5, TimeUnit.MINUTES);
      } catch (DockerException e) {
        System.out.println(base + ": " + e.getMessage());
        return false;
      }
    }
  }

  /// Where a port of a container is published on this machine, for a port binding: any free port,
  /// or one of those that `-Dimage.ports=FROM-TO` allows.
  static String binding(int port) {
    String ports = System.getProperty("image.ports");
    return HOST + ":" + (ports == null ? "" : ports) + ":" + port;
  }
}
