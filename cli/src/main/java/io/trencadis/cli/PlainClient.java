package io.trencadis.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The least a client of the protocol can be: simple queries over a trusted connection, answers
/// thrown away.
final class PlainClient {
  private static final int PROTOCOL_3_0 = 196608;

  private PlainClient() {}

  static void run(InetAddress address, int port, List<String> statements) throws IOException {
    try (Socket socket = new Socket(address, port)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] parameters = "user\0postgres\0database\0postgres\0\0".getBytes(StandardCharsets.UTF_8);
      out.writeInt(8 + parameters.length);
      out.writeInt(PROTOCOL_3_0);
      out.write(parameters);
      awaitReady(in);
      for (String statement : statements) {
        byte[] text = statement.getBytes(StandardCharsets.UTF_8);
        out.writeByte('Q');
        out.writeInt(5 + text.length);
        out.write(text);
        out.writeByte(0);
        awaitReady(in);
      }
      out.writeByte('X');
      out.writeInt(4);
    }
  }

  private static void awaitReady(DataInputStream in) throws IOException {
    while (true) {
      byte type = in.readByte();
      in.skipNBytes(in.readInt() - 4L);
      if (type == 'Z') {
        return;
      }
    }
  }
}
