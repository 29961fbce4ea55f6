package io.trencadis.wire;

import io.trencadis.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Frames as a client sends them.
final class Frames {
  private Frames() {}

  static ByteWriter all(ByteWriter... frames) {
    ByteWriter all = new ByteWriter();
    for (ByteWriter frame : frames) {
      all.putBytes(frame.toByteArray());
    }
    return all;
  }

  static ByteWriter frame(char type, Consumer<ByteWriter> body) {
    ByteWriter frame = new ByteWriter().putByte(type).putInt(0);
    body.accept(frame);
    frame.setInt(1, frame.length() - 1);
    return frame;
  }

  static ByteWriter query(String sql) {
    return frame('Q', b -> b.putUtf8(sql).putByte(0));
  }

  static ByteWriter parse(String name, String sql) {
    return frame('P', b -> b.putUtf8(name).putByte(0).putUtf8(sql).putByte(0).putShort(0));
  }

  static ByteWriter bind(String portal, String statement, String... parameters) {
    return frame(
        'B',
        b -> {
          b.putUtf8(portal)
              .putByte(0)
              .putUtf8(statement)
              .putByte(0)
              .putShort(0)
              .putShort(parameters.length);
          for (String parameter : parameters) {
            byte[] bytes = parameter.getBytes(StandardCharsets.UTF_8);
            b.putInt(bytes.length).putBytes(bytes);
          }
          b.putShort(0);
        });
  }

  static ByteWriter describe(char what, String name) {
    return frame('D', b -> b.putByte(what).putUtf8(name).putByte(0));
  }

  static ByteWriter close(char what, String name) {
    return frame('C', b -> b.putByte(what).putUtf8(name).putByte(0));
  }

  static ByteWriter execute(String portal, int maxRows) {
    return frame('E', b -> b.putUtf8(portal).putByte(0).putInt(maxRows));
  }

  static ByteWriter sync() {
    return frame('S', _ -> {});
  }

  static ByteWriter flush() {
    return frame('H', _ -> {});
  }

  static ByteWriter terminate() {
    return frame('X', _ -> {});
  }

  static ByteWriter copyData(String data) {
    return frame('d', b -> b.putUtf8(data));
  }

  static ByteWriter copyDone() {
    return frame('c', _ -> {});
  }

  static ByteWriter copyFail(String reason) {
    return frame('f', b -> b.putUtf8(reason).putByte(0));
  }

  static ByteWriter password(byte[] body) {
    return frame('p', b -> b.putBytes(body));
  }
}
