package io.trencadis.wire;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client that sends and reads messages byte by byte, so that tests can be as rude as they like.
/// What the server says is shown as text: the type, and for some types the content.
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  /// A message from the server.
  public record Message(char type, byte[] body) {
    @Override
    public String toString() {
      return switch (type) {
        case 'Z' -> "Z" + (char) body[0];
        case 'C', 'S' ->
            type + ":" + new String(body, StandardCharsets.UTF_8).replace('\0', ' ').strip();
        case 'E', 'N' -> type + ":" + field('S') + " " + field('C') + " " + field('M');
        case 'D' -> "D:" + row();
        default -> String.valueOf(type);
      };
    }

    /// A field of an error or notice.
    public String field(char tag) {
      int at = 0;
      while (body[at] != 0) {
        int end = at + 1;
        while (body[end] != 0) {
          end++;
        }
        if (body[at] == tag) {
          return new String(body, at + 1, end - at - 1, StandardCharsets.UTF_8);
        }
        at = end + 1;
      }
      return null;
    }

    public List<String> row() {
      ByteReader in = new ByteReader(body);
      List<String> values = new ArrayList<>();
      for (int i = in.getShort(); i > 0; i--) {
        int length = in.getInt();
        values.add(length < 0 ? null : in.getUtf8(length));
      }
      return values;
    }
  }

  Socket socket;
  private OutputStream out;
  private DataInputStream in;
  int processId;
  int secretKey;

  public RawClient(int port) throws IOException {
    use(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  void use(Socket other) throws IOException {
    socket = other;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  /// Says that nothing more will be sent; answers can still be read.
  public void endOfInput() throws IOException {
    socket.shutdownOutput();
  }

  /// How long to wait for a message at the most before an exception says that the server hangs.
  public void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /// Connects and gets through a start-up without authentication.
  public static RawClient connect(int port) throws IOException {
    RawClient client = new RawClient(port);
    client.startup("user", "postgres");
    client.untilReady();
    return client;
  }

  public void startup(String... parameters) throws IOException {
    startup(3 << 16, parameters);
  }

  public void startup(int version, String... parameters) throws IOException {
    ByteWriter body = new ByteWriter().putInt(0).putInt(version);
    for (String parameter : parameters) {
      body.putUtf8(parameter).putByte(0);
    }
    body.putByte(0);
    body.setInt(0, body.length());
    raw(body.toByteArray());
  }

  public void request(int code, int... more) throws IOException {
    ByteWriter body = new ByteWriter().putInt(8 + 4 * more.length).putInt(code);
    for (int value : more) {
      body.putInt(value);
    }
    raw(body.toByteArray());
  }

  public void raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public void send(ByteWriter messages) throws IOException {
    raw(messages.toByteArray());
  }

  public void query(String sql) throws IOException {
    send(Frames.query(sql));
  }

  int readByte() throws IOException {
    return in.read();
  }

  /// The next message, or null at the end of the connection.
  public Message next() throws IOException {
    int type;
    try {
      type = in.read();
    } catch (java.net.SocketException reset) {
      return null;
    }
    if (type < 0) {
      return null;
    }
    try {
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      Message message = new Message((char) type, body);
      if (type == 'K') {
        ByteReader key = new ByteReader(body);
        processId = key.getInt();
        secretKey = key.getInt();
      }
      return message;
    } catch (EOFException torn) {
      throw new IOException("the connection ended within a message of type " + (char) type, torn);
    }
  }

  /// All messages up to ReadyForQuery, or to the end of the connection, which is shown as `EOF`.
  public List<String> untilReady() throws IOException {
    List<String> messages = new ArrayList<>();
    while (true) {
      Message message = next();
      messages.add(message == null ? "EOF" : message.toString());
      if (message == null || message.type == 'Z') {
        return messages;
      }
    }
  }

  /// How many bytes the server has sent that were not read yet.
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
