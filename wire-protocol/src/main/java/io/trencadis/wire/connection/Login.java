package io.trencadis.wire.connection;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.Endpoints;
import io.trencadis.sql.session.SqlEngine;
import io.trencadis.sql.session.SqlSession;
import io.trencadis.wire.auth.AuthMethod;
import io.trencadis.wire.auth.MockVerifier;
import io.trencadis.wire.auth.ScramServer;
import io.trencadis.wire.auth.ScramVerifier;
import io.trencadis.wire.message.Authentication;
import io.trencadis.wire.message.BackendMessage;
import io.trencadis.wire.message.FrontendMessage;
import io.trencadis.wire.tls.TlsContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// From the start-up packet to a session: asks for the proof that the policy demands, and opens the
/// session. Runs on the connection's thread, so each step is a line.
final class Login {
  private static final int NONCE_BYTES = 18;

  private final ConnectionSettings settings;
  private final Connection connection;
  private final StartupPacket.Startup startup;
  private final Endpoints endpoints;
  private final TlsContext tls;
  private final Runnable whenAuthenticated;

  /// @param tls what encrypts the connection, or null
  /// @param whenAuthenticated called once the client has proved who it is
  Login(
      ConnectionSettings settings,
      Connection connection,
      StartupPacket.Startup startup,
      Endpoints endpoints,
      TlsContext tls,
      Runnable whenAuthenticated) {
    this.settings = settings;
    this.connection = connection;
    this.startup = startup;
    this.endpoints = endpoints;
    this.tls = tls;
    this.whenAuthenticated = whenAuthenticated;
  }

  /// @throws SqlException why there is no session
  SqlSession run() {
    Outbound outbound = connection.outbound();
    if (startup.needsNegotiation()) {
      outbound.write(
          new BackendMessage.NegotiateProtocolVersion(
              StartupPacket.VERSION_3_0, startup.unknownOptions()));
    }
    authenticate();
    whenAuthenticated.run();
    outbound.write(Authentication.Plain.OK);
    Map<String, String> parameters = new HashMap<>(startup.parameters());
    parameters.put("database", startup.database());
    return settings.engine().open(parameters, connection.processId(), endpoints);
  }

  private void authenticate() {
    AuthMethod method =
        settings
            .authPolicy()
            .methodFor(
                endpoints.client().getAddress(), tls != null, startup.user(), startup.database());
    SqlEngine.Credentials role = settings.engine().credentials(startup.user());
    switch (method) {
      case TRUST -> {
        if (role == null) {
          throw new SqlException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
              "role \"" + startup.user() + "\" does not exist");
        }
      }
      case PASSWORD -> checkPassword(role);
      case SCRAM_SHA_256 -> scram(role);
      case REJECT, NO_ENTRY ->
          throw new SqlException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
              (method == AuthMethod.REJECT
                      ? "pg_hba.conf rejects connection for host \""
                      : "no pg_hba.conf entry for host \"")
                  + endpoints.client().getAddress().getHostAddress()
                  + "\", user \""
                  + startup.user()
                  + "\", database \""
                  + startup.database()
                  + "\", "
                  + (tls != null ? "SSL encryption" : "no encryption"));
    }
    if (!role.mayLogin()) {
      throw new SqlException(
          SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
          "role \"" + startup.user() + "\" is not permitted to log in");
    }
  }

  private void checkPassword(SqlEngine.Credentials role) {
    byte[] body = ask(Authentication.Plain.CLEARTEXT_PASSWORD, "password");
    int length = body.length - 1;
    if (length < 0 || body[length] != 0) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "invalid password packet size");
    }
    if (length == 0) {
      throw new SqlException(SqlState.INVALID_PASSWORD, "empty password returned by client");
    }
    String password = new String(body, 0, length, StandardCharsets.UTF_8);
    ScramVerifier real = verifier(role);
    ScramVerifier verifier =
        real == null ? MockVerifier.of(startup.user(), settings.mockSecret()) : real;
    // An unknown role costs as much time as a wrong password.
    if (!verifier.matches(password) || real == null) {
      throw wrongPassword();
    }
  }

  private void scram(SqlEngine.Credentials role) {
    ScramVerifier real = verifier(role);
    byte[] nonce = new byte[NONCE_BYTES];
    settings.random().nextBytes(nonce);
    ScramServer server =
        new ScramServer(
            real == null ? MockVerifier.of(startup.user(), settings.mockSecret()) : real,
            real == null,
            Base64.getEncoder().encodeToString(nonce),
            tls != null ? tls.endPointBinding() : null);
    List<String> offer =
        tls != null ? List.of(ScramServer.PLUS, ScramServer.PLAIN) : List.of(ScramServer.PLAIN);
    SaslInitialResponse initial =
        SaslInitialResponse.read(ask(new Authentication.Sasl(offer), "SASL"));
    if (!offer.contains(initial.mechanism())) {
      throw new SqlException(
          SqlState.PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism");
    }
    String first = initial.data();
    if (first == null) {
      first = utf8(ask(new Authentication.SaslContinue(""), "SASL"));
    }
    String challenge = server.challenge(initial.mechanism(), first);
    String proof = server.finish(utf8(ask(new Authentication.SaslContinue(challenge), "SASL")));
    if (proof == null) {
      throw wrongPassword();
    }
    connection.outbound().write(new Authentication.SaslFinal(proof));
  }

  private static ScramVerifier verifier(SqlEngine.Credentials role) {
    return role == null ? null : ScramVerifier.parse(role.passwordVerifier());
  }

  private SqlException wrongPassword() {
    return new SqlException(
        SqlState.INVALID_PASSWORD,
        "password authentication failed for user \"" + startup.user() + "\"");
  }

  private byte[] ask(BackendMessage request, String what) {
    connection.outbound().write(request);
    connection.outbound().flush();
    return switch (connection.mailbox().more()) {
      case FrontendMessage.Password(byte[] body) -> body;
      case FrontendMessage.Bare.TERMINATE -> throw ChannelWriter.connectionLost();
      case null -> throw ChannelWriter.connectionLost();
      default ->
          throw new SqlException(SqlState.PROTOCOL_VIOLATION, "expected " + what + " response");
    };
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
