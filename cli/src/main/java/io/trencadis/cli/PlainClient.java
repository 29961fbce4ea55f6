package io.trencadis.cli;

import io.trencadis.wire.auth.ScramClient;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The least a client of the protocol can be: simple queries, without TLS, of whose answers it
/// keeps few rows. Confined to one thread.
final class PlainClient implements AutoCloseable {
  private static final int PROTOCOL_3_0 = 196608;
  private static final int AUTHENTICATED = 0;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;

  private final Socket socket;
  private final DataOutputStream out;
  private final DataInputStream in;
  private final Consumer<String> notices;
  private List<List<String>> rows = new ArrayList<>();

  /// The server said no.
  static final class ServerError extends IOException {
    ServerError(String message) {
      super(message);
    }
  }

  private record Message(char type, byte[] body) {}

  private PlainClient(Socket socket, Consumer<String> notices) throws IOException {
    this.socket = socket;
    this.notices = notices;
    out = new DataOutputStream(socket.getOutputStream());
    in = new DataInputStream(socket.getInputStream());
  }

  /// Logs in.
  ///
  /// @param password null if none is known
  /// @param notices given the text of each notice that comes while a statement runs
  /// @throws ServerError if the server refuses; its message is one line
  static PlainClient connect(
      InetAddress address,
      int port,
      String user,
      String database,
      String password,
      Consumer<String> notices)
      throws IOException {
    PlainClient client = new PlainClient(new Socket(address, port), notices);
    try {
      byte[] parameters =
          ("user\0" + user + "\0database\0" + database + "\0\0").getBytes(StandardCharsets.UTF_8);
      client.out.writeInt(8 + parameters.length);
      client.out.writeInt(PROTOCOL_3_0);
      client.out.write(parameters);
      client.authenticate(password);
      client.awaitReady();
      return client;
    } catch (IOException | RuntimeException e) {
      client.socket.close();
      throw e;
    }
  }

  /// Runs statements as superuser of a server that trusts this machine.
  static void run(InetAddress address, int port, List<String> statements) throws IOException {
    try (PlainClient client = connect(address, port, "postgres", "postgres", null, _ -> {})) {
      for (String statement : statements) {
        client.query(statement);
      }
    }
  }

  /// Runs a statement.
  ///
  /// @return the first value of its last row as text, or null
  /// @throws ServerError if it fails
  String query(String statement) throws IOException {
    List<List<String>> all = rows(statement);
    return all.isEmpty() || all.getLast().isEmpty() ? null : all.getLast().getFirst();
  }

  /// Runs a statement of which few rows are expected.
  ///
  /// @return their values as text, or null
  /// @throws ServerError if it fails
  List<List<String>> rows(String statement) throws IOException {
    rows = new ArrayList<>();
    send('Q', (statement + "\0").getBytes(StandardCharsets.UTF_8));
    awaitReady();
    return rows;
  }

  private void authenticate(String password) throws IOException {
    ScramClient scram = null;
    while (true) {
      Message message = read();
      if (message.type != 'R') {
        throw new IOException("this is not a PostgreSQL server");
      }
      ByteBuffer body = ByteBuffer.wrap(message.body);
      int code = body.getInt();
      String text = new String(message.body, 4, message.body.length - 4, StandardCharsets.UTF_8);
      switch (code) {
        case AUTHENTICATED -> {
          return;
        }
        case SASL -> {
          if (password == null) {
            throw new ServerError("the server asks for a password: set TRENCADIS_PASSWORD to it");
          }
          scram = new ScramClient(password, new SecureRandom());
          byte[] first = scram.first().getBytes(StandardCharsets.UTF_8);
          ByteArrayOutputStream answer = new ByteArrayOutputStream();
          answer.writeBytes((ScramClient.MECHANISM + "\0").getBytes(StandardCharsets.UTF_8));
          answer.writeBytes(ByteBuffer.allocate(4).putInt(first.length).array());
          answer.writeBytes(first);
          send('p', answer.toByteArray());
        }
        case SASL_CONTINUE -> {
          if (scram == null) {
            throw new IOException("the server's authentication makes no sense");
          }
          send('p', scram.proof(text).getBytes(StandardCharsets.UTF_8));
        }
        case SASL_FINAL -> {
          if (scram == null) {
            throw new IOException("the server's authentication makes no sense");
          }
          scram.verify(text);
        }
        default ->
            throw new ServerError("the server asks for a kind of password that is not known here");
      }
    }
  }

  private void send(char type, byte[] body) throws IOException {
    out.writeByte(type);
    out.writeInt(4 + body.length);
    out.write(body);
    out.flush();
  }

  /// The next message; the end of the session is thrown, notices are told.
  private Message read() throws IOException {
    while (true) {
      char type = (char) in.readUnsignedByte();
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      Message message = new Message(type, body);
      if (type == 'N') {
        notices.accept(fields(message).getOrDefault('M', ""));
      } else if (type == 'E' && "FATAL".equals(fields(message).get('V'))) {
        throw new ServerError(text(message));
      } else {
        return message;
      }
    }
  }

  private void awaitReady() throws IOException {
    ServerError error = null;
    while (true) {
      Message message = read();
      switch (message.type) {
        case 'E' -> error = new ServerError(text(message));
        case 'D' -> {
          ByteBuffer row = ByteBuffer.wrap(message.body);
          List<String> values = new ArrayList<>();
          for (int columns = row.getShort(); columns > 0; columns--) {
            int length = row.getInt();
            if (length < 0) {
              values.add(null);
            } else {
              byte[] text = new byte[length];
              row.get(text);
              values.add(new String(text, StandardCharsets.UTF_8));
            }
          }
          rows.add(values);
        }
        case 'Z' -> {
          if (error != null) {
            throw error;
          }
          return;
        }
        default -> {
          // Descriptions, tags and settings.
        }
      }
    }
  }

  private static String text(Message error) {
    Map<Character, String> fields = fields(error);
    String detail = fields.get('D');
    String hint = fields.get('H');
    return fields.getOrDefault('M', "")
        + (detail == null ? "" : ". " + detail)
        + (hint == null ? "" : detail == null ? ". " + hint : " " + hint);
  }

  private static Map<Character, String> fields(Message report) {
    Map<Character, String> fields = new HashMap<>();
    int at = 0;
    byte[] body = report.body;
    while (at < body.length && body[at] != 0) {
      int end = at + 1;
      while (end < body.length && body[end] != 0) {
        end++;
      }
      fields.put((char) body[at], new String(body, at + 1, end - at - 1, StandardCharsets.UTF_8));
      at = end + 1;
    }
    return fields;
  }

  @Override
  public void close() throws IOException {
    try {
      send('X', new byte[0]);
    } catch (IOException gone) {
      // So it is over all the same.
    }
    socket.close();
  }
}
