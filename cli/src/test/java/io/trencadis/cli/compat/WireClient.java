package io.trencadis.cli.compat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A client of the simple query protocol (PostgreSQL 15, chapter 55) on the loopback interface that
/// keeps all a server says: drivers hide type OIDs and tags. Not for more than one thread.
final class WireClient implements AutoCloseable {
  /// Types of users have other OIDs at each server.
  private static final int FIRST_OWN_OID = 16_384;

  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /// What one query message is answered with, as it comes in.
  private static final class Reading {
    final List<String> columns = new ArrayList<>();
    final List<String> rows = new ArrayList<>();
    final List<String> tags = new ArrayList<>();
    String error;
  }

  /// @param options what the session's settings are, beside user and database
  WireClient(int port, String database, Map<String, String> options) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    Map<String, String> all = new HashMap<>(options);
    all.put("user", "postgres");
    all.put("database", database);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ByteBuffer.allocate(4).putInt(3 << 16).array());
    all.forEach(
        (name, value) -> {
          body.writeBytes(bytes(name + "\0" + value + "\0"));
        });
    body.write(0);
    send(0, body.toByteArray());
    Answer greeting = answer(null);
    if (greeting.error() != null) {
      throw new IOException(greeting.error());
    }
  }

  /// Sends statements in one message and waits for the end of the answers.
  ///
  /// @param copyData what COPY FROM STDIN gets; null is a refusal to send any
  Answer query(String sql, byte[] copyData) throws IOException {
    send('Q', bytes(sql + "\0"));
    return answer(copyData);
  }

  private Answer answer(byte[] copyData) throws IOException {
    Reading reading = new Reading();
    while (true) {
      int type = in.readUnsignedByte();
      ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readInt() - 4));
      switch (type) {
        case 'Z' -> {
          return new Answer(reading.columns, reading.rows, reading.tags, reading.error);
        }
        case 'T' -> columns(body, reading);
        case 'D' -> reading.rows.add(row(body));
        case 'd' -> reading.rows.add(utf8(body.array(), body.array().length).stripTrailing());
        case 'C' -> reading.tags.add(text(body));
        case 'I' -> reading.tags.add("(empty)");
        case 'E' -> reading.error = error(body);
        case 'G' -> copyIn(copyData);
        default -> {
          // Parameters, keys, notices, the ends of copies.
        }
      }
    }
  }

  private void copyIn(byte[] data) throws IOException {
    if (data == null) {
      send('f', bytes("no data\0"));
    } else {
      send('d', data);
      send('c', new byte[0]);
    }
  }

  private static void columns(ByteBuffer body, Reading reading) {
    if (!reading.columns.isEmpty()) {
      reading.columns.add(";");
    }
    for (int i = body.getShort(); i > 0; i--) {
      String name = text(body);
      body.position(body.position() + 6);
      int type = body.getInt();
      body.position(body.position() + 8);
      reading.columns.add(name + ":" + (type >= FIRST_OWN_OID ? "own" : type));
    }
  }

  private static String row(ByteBuffer body) {
    List<String> values = new ArrayList<>();
    for (int i = body.getShort(); i > 0; i--) {
      int length = body.getInt();
      if (length < 0) {
        values.add("\\N");
      } else {
        byte[] value = new byte[length];
        body.get(value);
        values.add(utf8(value, length));
      }
    }
    return String.join("|", values);
  }

  private static String error(ByteBuffer body) {
    String code = "";
    String message = "";
    for (byte field = body.get(); field != 0; field = body.get()) {
      String value = text(body);
      if (field == 'C') {
        code = value;
      } else if (field == 'M') {
        message = value;
      }
    }
    return code + ": " + message;
  }

  private static String text(ByteBuffer body) {
    int start = body.position();
    while (body.get() != 0) {
      // The byte 0 ends it.
    }
    return new String(body.array(), start, body.position() - 1 - start, StandardCharsets.UTF_8);
  }

  private static String utf8(byte[] value, int length) {
    return new String(value, 0, length, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void send(int type, byte[] body) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(body.length + 5);
    if (type != 0) {
      frame.put((byte) type);
    }
    frame.putInt(body.length + 4).put(body);
    socket.getOutputStream().write(frame.array(), 0, frame.position());
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
