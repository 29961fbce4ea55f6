package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What is wrong with a command line is said in one line that helps, with an exit code.
class CommandLineTest {
  @TempDir Path folder;

  private record Said(int exitCode, String out, String err) {}

  private static Said run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Said(exitCode, out.toString(), err.toString());
  }

  /// Starts with these options and a data directory, which must fail before anything is listening.
  private void refused(int exitCode, String message, String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "start";
    arguments[1] = "--data";
    arguments[2] = folder.resolve("data").toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    assertRefused(exitCode, message, run(arguments));
  }

  private static void assertRefused(int exitCode, String message, Said said) {
    assertEquals("trencadis: " + message + "\n", said.err);
    assertEquals(exitCode, said.exitCode);
    assertEquals("", said.out);
  }

  @Test
  void unknownSettingsAreGuessedAt() {
    refused(
        2,
        "--set max_conections=…: there is no such setting. Did you mean max_connections?",
        "--set",
        "max_conections=5");
    refused(
        2,
        "--set no_such_thing_at_all=…: there is no such setting. SHOW ALL lists them.",
        "--set",
        "no_such_thing_at_all=5");
    assertFalse(Files.exists(folder.resolve("data")), "nothing has been made yet");
  }

  @Test
  void badValuesOfSettingsSayWhatIsAllowed() {
    refused(2, "--set ssl=maybe: parameter \"ssl\" requires a Boolean value", "--set", "ssl=maybe");
    refused(
        2,
        "--set max_connections=0: 0 is outside the valid range for parameter \"max_connections\" (1 .. 262143)",
        "--set",
        "max_connections=0");
    refused(
        2,
        "--set work_mem=1XB: invalid value for parameter \"work_mem\": \"1XB\". "
            + "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".",
        "--set",
        "work_mem=1XB");
    refused(
        2, "--set server_version=…: this setting cannot be changed.", "--set", "server_version=9");
    refused(2, "--set port=…: give it with --port instead.", "--set", "port=5433");
  }

  @Test
  void badOptionsAreExplainedInALine() {
    refused(2, "--port must be between 0 (any free one) and 65535, not 70000", "--port", "70000");
    refused(2, "--port must be between 0 (any free one) and 65535, not -1", "--port", "-1");
    refused(2, "--shards must be between 1 and 256, not 0", "--shards", "0");
    refused(
        2,
        "Invalid value for option '--port': 'abc' is not an int. See trencadis start --help",
        "--port",
        "abc");
    refused(2, "Unknown option: '--prot'. See trencadis start --help", "--prot");
    refused(
        2,
        "cannot listen on \"no such host\": no such address. Give an IP address of this machine.",
        "--listen",
        "no such host");
    refused(
        2,
        "listening on 0.0.0.0 lets other machines in, and the superuser has no password. "
            + "Set TRENCADIS_PASSWORD to one (clients then log in with SCRAM-SHA-256), or listen on 127.0.0.1.",
        "--listen",
        "0.0.0.0");
  }

  @Test
  void unusableDataDirectoriesAreNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("data"));
    refused(
        1,
        "cannot use "
            + file
            + " as the data directory: it is a file. Give another path with --data.");
    Said below = run("start", "--data", file.resolve("below").toString());
    assertEquals(1, below.exitCode);
    assertTrue(below.err.startsWith("trencadis: cannot use "), below.err);
    assertEquals(1, below.err.lines().count());
  }

  @Test
  void aPortInUseIsSaidSo() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      refused(
          1,
          "cannot listen at 127.0.0.1:"
              + port
              + ": address already in use. "
              + "If another server uses the port, stop it or give another port with --port.",
          "--port",
          "" + port);
    }
  }

  @Test
  void aTakenHttpPortIsAReasonNotToStartOnlyIfItWasAskedFor() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      refused(
          1,
          "cannot listen for HTTP at 127.0.0.1:"
              + port
              + ": address already in use. If another server uses the port, stop it or give another"
              + " port with --http-port, or none with --http-port off.",
          "--http-port",
          "" + port);
    }
    refused(
        2,
        "--http-port must be between 0 (any free one) and 65535, or off, not 65536",
        "--http-port",
        "65536");
    refused(
        2,
        "cannot listen for HTTP on \"no such host\": no such address. "
            + "Give an IP address of this machine with --http-listen.",
        "--http-listen",
        "no such host");
    refused(
        2,
        "--drain-seconds -1: -1 s is outside the valid range for parameter"
            + " \"trencadis.drain_seconds\" (0 .. 86400)",
        "--drain-seconds",
        "-1");
  }

  @Test
  void plainCommandLinesMeanTheSameWithAndWithoutTheLibrary() {
    List<List<String>> plain =
        List.of(
            List.of(),
            List.of("--port", "0", "--listen", "::1,127.0.0.1", "--data", "a b/c", "--shards=7"),
            List.of("--http-port", "off", "--http-listen=::1", "--drain-seconds", "5"),
            List.of("--set", "work_mem=8MB", "--set=search_path=a=b,c", "--port=99999"));
    for (List<String> line : plain) {
      StartCommand command = new StartCommand();
      new CommandLine(command).parseArgs(line.toArray(String[]::new));
      assertEquals(command.options(), StartOptions.plain(line, System::getenv), line.toString());
    }
    Map<String, String> operators =
        Map.of(
            "TRENCADIS_HTTP_PORT", "off",
            "TRENCADIS_HTTP_LISTEN", "0.0.0.0",
            "TRENCADIS_DRAIN_SECONDS", "7");
    assertEquals(
        Map.of(
            "trencadis.http_port", "9090",
            "trencadis.http_listen", "0.0.0.0",
            "trencadis.drain_seconds", "7"),
        StartOptions.plain(
                List.of("--set", "trencadis.http_port=1", "--http-port", "9090"), operators::get)
            .settings());
    Map<String, String> environment =
        Map.of("TRENCADIS_PORT", "7", "TRENCADIS_DATA", "d", "TRENCADIS_LISTEN", "h");
    assertEquals(
        new StartOptions(7, List.of("h"), Path.of("e"), null, Map.of()),
        StartOptions.plain(List.of("--data", "e"), environment::get));
  }

  @Test
  void unusualCommandLinesAreLeftToTheLibrary() {
    for (String line :
        List.of(
            "--help",
            "--port",
            "--port x",
            "--http-port",
            "--drain-seconds=",
            "--port -1",
            "--port 1 --port 2",
            "--prot 1",
            "--set a",
            "--set a=1 --set a=2",
            "--data --port",
            "--data 'x'",
            "--listen=",
            "@file",
            "more")) {
      assertNull(StartOptions.plain(List.of(line.split(" ")), name -> null), line);
    }
    assertNull(StartOptions.plain(List.of(), name -> ""), "variables that are set to nothing");
  }

  @Test
  void helpTeaches() {
    Said help = run("start", "--help");
    assertEquals(0, help.exitCode);
    for (String word : new String[] {"--port", "TRENCADIS_PASSWORD", "ssl=on", "Examples:"}) {
      assertTrue(help.out.contains(word), help.out);
    }
    Said verify = run("verify", "--help");
    for (String word : new String[] {"Exit codes: 0 sound, 1 damaged, 2", "Example:"}) {
      assertTrue(verify.out.contains(word), verify.out);
    }
    for (String command : new String[] {"backup", "restore"}) {
      Said said = run(command, "--help");
      assertEquals(0, said.exitCode);
      for (String word : new String[] {"Exit codes: ", "Example:", "trencadis restore --from"}) {
        assertTrue(said.out.contains(word), said.out);
      }
    }
    Said all = run();
    assertEquals(0, all.exitCode);
    assertTrue(all.out.contains("start") && all.out.contains("cert"), all.out);
  }

  @Test
  void certMakesAPairOnceAndKeepsTheKeyPrivate() throws IOException {
    Path out = folder.resolve("new");
    Said made = run("cert", "--out", out.toString(), "--host", "db.example.org", "10.0.0.1");
    assertEquals(0, made.exitCode, made.err);
    Path key = out.resolve("server.key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    String before = Files.readString(key);
    assertRefused(
        1,
        out.resolve("server.crt") + " exists already, and is not overwritten.",
        run("cert", "--out", out.toString()));
    assertEquals(before, Files.readString(key));
    assertRefused(
        1,
        "\"not a host\" is neither a name nor an address of a machine.",
        run("cert", "--out", folder.resolve("other").toString(), "--host", "not a host"));
  }

  @Test
  void unusableKeysAndCertificatesAreNamed() throws IOException {
    Path data = folder.resolve("data");
    Path certificate = data.resolve("server.crt");
    Path key = data.resolve("server.key");
    String[] tls = {"--port", "0", "--set", "ssl=on"};
    refused(
        1,
        "could not load certificate file \""
            + certificate
            + "\": no such file (trencadis cert makes a pair)",
        tls);
    assertEquals(0, run("cert", "--out", data.toString()).exitCode);
    String good = Files.readString(key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
    refused(
        1,
        "private key file \""
            + key
            + "\" has group or world access; chmod 600 it (640 if it belongs to root)",
        tls);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(key, "no key");
    refused(
        1,
        "could not load private key file \""
            + key
            + "\": there is no PRIVATE KEY (PEM, PKCS#8, without a password) in it",
        tls);
    Files.writeString(key, good.replace("PRIVATE", "EC PRIVATE"));
    refused(
        1,
        "could not load private key file \""
            + key
            + "\": it has EC PRIVATE KEY; convert it with openssl pkcs8 -topk8 -nocrypt",
        tls);
    Files.writeString(key, good.replaceFirst("M", "A"));
    refused(1, "could not load private key file \"" + key + "\": the key in it is damaged", tls);
    Path other = folder.resolve("other");
    assertEquals(0, run("cert", "--out", other.toString()).exitCode);
    Files.writeString(key, Files.readString(other.resolve("server.key")));
    refused(
        1,
        "private key file \""
            + key
            + "\" does not belong to certificate file \""
            + certificate
            + "\"",
        tls);
    Files.writeString(certificate, "no certificate");
    refused(
        1,
        "could not load certificate file \""
            + certificate
            + "\": there is no X.509 certificate in it",
        tls);
  }

  @Test
  void theMockSecretOutlivesAStart() throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] first = MockSecret.load(folder, random);
    assertArrayEquals(first, MockSecret.load(folder, random));
    Path file = folder.resolve(MockSecret.FILE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Files.write(file, new byte[3]);
    StartException damaged =
        assertThrows(StartException.class, () -> MockSecret.load(folder, random));
    assertTrue(damaged.getMessage().startsWith(file + " is damaged"), damaged.getMessage());
  }
}
