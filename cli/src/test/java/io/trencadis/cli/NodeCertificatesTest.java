package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.trencadis.base.Outside;
import io.trencadis.sharding.rpc.NodeIdentity;
import io.trencadis.sharding.rpc.NodeRpc;
import io.trencadis.sharding.rpc.RpcHandler;
import io.trencadis.sharding.rpc.RpcTls;
import io.trencadis.sharding.rpc.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may talk to a node's port: those with a node's certificate of the cluster's authority, as
/// `trencadis cert` makes them, and nobody else.
class NodeCertificatesTest {
  private static final byte[] QUESTION = {1, 2, 3};
  private static final long CALL_MILLIS = 20_000;

  @TempDir private Path directory;
  private RpcTls node;

  @BeforeEach
  void makeCertificates() throws Exception {
    cert("--ca", "--out", directory.resolve("ca"));
    cert("--signed-by", directory.resolve("ca"), "--out", directory.resolve("node"));
    node = pair("node", "server", "ca");
  }

  private static void cert(Object... options) {
    Object[] command = new Object[options.length + 1];
    command[0] = "cert";
    System.arraycopy(options, 0, command, 1, options.length);
    CommandRun run = CommandRun.of(command);
    assertEquals(0, run.exitCode(), run.err());
  }

  private RpcTls pair(String in, String kind, String authority) {
    return new RpcTls(
        directory.resolve(in).resolve(kind + ".crt"),
        directory.resolve(in).resolve(kind + ".key"),
        directory.resolve(authority).resolve("ca.crt"));
  }

  /// What a node answers to one who comes with `caller`.
  private byte[] ask(RpcTls caller) throws Exception {
    try (NodeRpc server =
        new NodeRpc(new NodeIdentity(7, 0), node, _ -> null, Outside.real().clock())) {
      server.handle(
          Service.META,
          new RpcHandler() {
            @Override
            public void message(int from, byte[] body) {
              throw new AssertionError("nobody sends messages");
            }

            @Override
            public void call(int from, Object link, byte[] body, Consumer<byte[]> answer) {
              answer.accept(body);
            }
          });
      server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress address = new InetSocketAddress("localhost", server.port());
      try (NodeRpc client =
          new NodeRpc(new NodeIdentity(7, 1), caller, _ -> address, Outside.real().clock())) {
        client.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return client.call(0, Service.META, QUESTION, CALL_MILLIS).get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void nodesOfOneAuthorityTalk() throws Exception {
    assertArrayEquals(QUESTION, ask(node));
  }

  /// The same authority may have signed it: it opens SQL ports only.
  @Test
  void aClientsCertificateOpensNothing() {
    cert(
        "--signed-by",
        directory.resolve("ca"),
        "--client",
        "ann",
        "--out",
        directory.resolve("ann"));
    assertThrows(ExecutionException.class, () -> ask(pair("ann", "client", "ca")));
  }

  @Test
  void anotherAuthoritysNodeIsAStranger() throws Exception {
    cert("--ca", "--out", directory.resolve("other"));
    cert("--signed-by", directory.resolve("other"), "--out", directory.resolve("stranger"));
    assertThrows(ExecutionException.class, () -> ask(pair("stranger", "server", "other")));
    // Nor if it trusts this node's authority.
    assertThrows(ExecutionException.class, () -> ask(pair("stranger", "server", "ca")));
  }

  @Test
  void whoHasNoTlsIsNotHeard() {
    assertThrows(ExecutionException.class, () -> ask(null));
  }

  @Test
  void renewedCertificatesAreTakenWithoutARestart() throws Exception {
    assertArrayEquals(QUESTION, ask(node));
    Path fresh = directory.resolve("fresh");
    cert("--signed-by", directory.resolve("ca"), "--out", fresh);
    for (String name : new String[] {"server.crt", "server.key"}) {
      Files.delete(directory.resolve("node").resolve(name));
      Files.copy(fresh.resolve(name), directory.resolve("node").resolve(name));
    }
    assertArrayEquals(QUESTION, ask(node));
  }
}
