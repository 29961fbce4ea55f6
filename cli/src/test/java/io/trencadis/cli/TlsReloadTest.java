package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates are renewed while the server runs, and a bad one does not take the good one away.
@Timeout(120)
class TlsReloadTest {
  private static final int SSL_REQUEST = 80877103;

  @TempDir private Path folder;

  private static final X509TrustManager ANYBODY =
      new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      };

  /// The number of the certificate that a server shows, or null if it does not encrypt.
  private static BigInteger shown(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(8);
      out.writeInt(SSL_REQUEST);
      out.flush();
      if (socket.getInputStream().read() != 'S') {
        return null;
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {ANYBODY}, new SecureRandom());
      try (SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", port, false)) {
        tls.startHandshake();
        return ((X509Certificate) tls.getSession().getPeerCertificates()[0]).getSerialNumber();
      }
    }
  }

  private Path newPair(String name) {
    Path out = folder.resolve(name);
    CommandRun run = CommandRun.of("cert", "--signed-by", folder.resolve("ca"), "--out", out);
    assertEquals(0, run.exitCode(), run.err());
    return out;
  }

  private static void replace(Path pair, Path data, String... files) throws Exception {
    for (String file : files) {
      Files.deleteIfExists(data.resolve(file));
      Files.copy(
          pair.resolve(file), data.resolve(file), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static Connection verified(int port, Path root) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:"
            + port
            + "/postgres?user=postgres&sslmode=verify-full&sslrootcert="
            + root);
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void aFunctionReadsThemAgain() throws Exception {
    assertEquals(0, CommandRun.of("cert", "--ca", "--out", folder.resolve("ca")).exitCode());
    Path root = folder.resolve("ca/ca.crt");
    Path data = Files.createDirectory(folder.resolve("data"));
    replace(newPair("first"), data, "server.crt", "server.key");
    Path file = Files.writeString(folder.resolve("t.conf"), "ssl = on\n");
    try (ServerAssembly server =
            ServerAssembly.start(
                data,
                List.of(InetAddress.getLoopbackAddress()),
                0,
                4,
                Map.of("config_file", file.toString()),
                null);
        Connection old = verified(server.port(), root)) {
      BigInteger first = shown(server.port());
      Path second = newPair("second");
      replace(second, data, "server.crt", "server.key");
      assertEquals(first, shown(server.port()), "not before it is told to");
      assertEquals("t", one(old, "SELECT pg_reload_conf()"));
      BigInteger renewed = shown(server.port());
      assertNotEquals(first, renewed);
      assertEquals("1", one(old, "SELECT 1"));
      verified(server.port(), root).close();

      // A key that does not belong to it, as in the middle of a renewal.
      replace(newPair("third"), data, "server.crt");
      assertEquals("t", one(old, "SELECT pg_reload_conf()"));
      assertEquals(renewed, shown(server.port()));
      verified(server.port(), root).close();
      Files.delete(data.resolve("server.key"));
      one(old, "SELECT pg_reload_conf()");
      assertEquals(renewed, shown(server.port()));

      // Switched off and on, as PostgreSQL lets one.
      Files.writeString(file, "ssl = off\n");
      one(old, "SELECT pg_reload_conf()");
      assertNull(shown(server.port()));
      replace(second, data, "server.crt", "server.key");
      Files.writeString(file, "ssl = on\n");
      one(old, "SELECT pg_reload_conf()");
      assertEquals(renewed, shown(server.port()));
    }
  }

  @Test
  void aSignalReadsThemAgainAndWhatIsWrongIsLogged() throws Exception {
    assertEquals(0, CommandRun.of("cert", "--ca", "--out", folder.resolve("ca")).exitCode());
    Path data = Files.createTempDirectory("trencadis-tls");
    replace(newPair("first"), data, "server.crt", "server.key");
    try (ServerProcess server = ServerProcess.start(data, List.of("--set", "ssl=on"))) {
      BigInteger first = shown(server.port());
      Files.writeString(data.resolve("server.crt"), "nonsense");
      server.hangUp();
      while (server.printed().isEmpty()) {
        Thread.onSpinWait();
      }
      String logged = server.printed().getFirst();
      assertTrue(
          logged.contains(
              "SSL configuration was not reloaded: could not load certificate file \""
                  + data.resolve("server.crt")),
          logged);
      assertEquals(first, shown(server.port()));
      replace(newPair("second"), data, "server.crt", "server.key");
      server.hangUp();
      while (first.equals(shown(server.port()))) {
        Thread.onSpinWait();
      }
    }
  }
}
