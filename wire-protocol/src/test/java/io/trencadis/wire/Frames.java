package io.trencadis.wire;

import io.trencadis.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Frames as a client sends them.
public final class Frames {
  private Frames() {}

  public static ByteWriter all(ByteWriter... frames) {
    ByteWriter all = new ByteWriter();
    for (ByteWriter frame : frames) {
      all.putBytes(frame.toByteArray());
    }
    return all;
  }

  public static ByteWriter frame(char type, Consumer<ByteWriter> body) {
    ByteWriter frame = new ByteWriter().putByte(type).putInt(0);
    body.accept(frame);
    frame.setInt(1, frame.length() - 1);
    return frame;
  }

  public static ByteWriter query(String sql) {
    return frame('Q', b -> b.putUtf8(sql).putByte(0));
  }

  public static ByteWriter parse(String name, String sql) {
    return frame('P', b -> b.putUtf8(name).putByte(0).putUtf8(sql).putByte(0).putShort(0));
  }

  public static ByteWriter bind(String portal, String statement, String... parameters) {
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

  public static ByteWriter describe(char what, String name) {
    return frame('D', b -> b.putByte(what).putUtf8(name).putByte(0));
  }

  public static ByteWriter close(char what, String name) {
    return frame('C', b -> b.putByte(what).putUtf8(name).putByte(0));
  }

  public static ByteWriter execute(String portal, int maxRows) {
    return frame('E', b -> b.putUtf8(portal).putByte(0).putInt(maxRows));
  }

  public static ByteWriter sync() {
    return frame('S', _ -> {});
  }

  public static ByteWriter flush() {
    return frame('H', _ -> {});
  }

  public static ByteWriter terminate() {
    return frame('X', _ -> {});
  }

  public static ByteWriter copyData(String data) {
    return frame('d', b -> b.putUtf8(data));
  }

  public static ByteWriter copyDone() {
    return frame('c', _ -> {});
  }

  public static ByteWriter copyFail(String reason) {
    return frame('f', b -> b.putUtf8(reason).putByte(0));
  }

  public static ByteWriter password(byte[] body) {
    return frame('p', b -> b.putBytes(body));
  }
}
