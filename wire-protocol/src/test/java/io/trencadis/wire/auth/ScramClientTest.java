package io.trencadis.wire.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ScramClientTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ScramVerifier VERIFIER = ScramVerifier.create("sésame", RANDOM);

  private static ScramServer server(ScramVerifier verifier) {
    return new ScramServer(verifier, false, "servernonce", null);
  }

  private static String prove(ScramServer server, ScramClient client) throws IOException {
    return server.finish(client.proof(server.challenge(ScramClient.MECHANISM, client.first())));
  }

  @Test
  void bothSidesProveThatTheyKnowThePassword() throws IOException {
    ScramClient client = new ScramClient("sésame", RANDOM);
    String last = prove(server(VERIFIER), client);
    assertNotNull(last);
    client.verify(last);
  }

  @Test
  void aWrongPasswordProvesNothing() throws IOException {
    assertNull(prove(server(VERIFIER), new ScramClient("sesame", RANDOM)));
  }

  @Test
  void aServerThatDoesNotKnowThePasswordIsFoundOut() throws IOException {
    ScramClient client = new ScramClient("sésame", RANDOM);
    prove(server(VERIFIER), client);
    ScramClient other = new ScramClient("other", RANDOM);
    String foreign = prove(server(ScramVerifier.create("other", RANDOM)), other);
    assertThrows(IOException.class, () -> client.verify(foreign));
    assertThrows(IOException.class, () -> client.verify("e=other-error"));
  }

  @Test
  void answersThatDoNotFitAreRefused() {
    ScramClient client = new ScramClient("sésame", RANDOM);
    String nonce = client.first().substring(client.first().indexOf("r=") + 2);
    for (String first :
        new String[] {
          "r=another,s=AAAA,i=4096",
          "",
          "r=" + nonce + "x,i=4096",
          "r=" + nonce + "x,s=AAAA,i=many",
          "r=" + nonce + "x,s=?,i=4096"
        }) {
      IOException refused = assertThrows(IOException.class, () -> client.proof(first), first);
      assertEquals("the server's authentication makes no sense", refused.getMessage());
    }
  }
}
