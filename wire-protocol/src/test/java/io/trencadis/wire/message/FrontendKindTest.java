package io.trencadis.wire.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.trencadis.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrontendKindTest {
  private static final int LIMIT = 1 << 20;

  /// The twin of the decoder, kept apart from it on purpose.
  private static void encode(FrontendMessage message, ByteWriter out) {
    int start = out.length();
    out.putByte(type(message)).putInt(0);
    switch (message) {
      case FrontendMessage.Query(String sql) -> string(out, sql);
      case FrontendMessage.Parse(String name, String sql, int[] types) -> {
        string(out, name);
        string(out, sql);
        out.putShort(types.length);
        for (int type : types) {
          out.putInt(type);
        }
      }
      case FrontendMessage.Bind bind -> {
        string(out, bind.portal());
        string(out, bind.statement());
        formats(out, bind.parameterFormats());
        out.putShort(bind.parameters().length);
        for (byte[] parameter : bind.parameters()) {
          if (parameter == null) {
            out.putInt(-1);
          } else {
            out.putInt(parameter.length).putBytes(parameter);
          }
        }
        formats(out, bind.resultFormats());
      }
      case FrontendMessage.DescribeStatement(String name) -> string(out.putByte('S'), name);
      case FrontendMessage.DescribePortal(String name) -> string(out.putByte('P'), name);
      case FrontendMessage.CloseStatement(String name) -> string(out.putByte('S'), name);
      case FrontendMessage.ClosePortal(String name) -> string(out.putByte('P'), name);
      case FrontendMessage.Execute(String portal, int maxRows) -> {
        string(out, portal);
        out.putInt(maxRows);
      }
      case FrontendMessage.CopyData(byte[] bytes) -> out.putBytes(bytes);
      case FrontendMessage.CopyFail(String reason) -> string(out, reason);
      case FrontendMessage.Password(byte[] bytes) -> out.putBytes(bytes);
      case FrontendMessage.FunctionCall _, FrontendMessage.Malformed _ ->
          throw new IllegalArgumentException();
      case FrontendMessage.Bare _ -> {}
    }
    out.setInt(start + 1, out.length() - start - 1);
  }

  private static char type(FrontendMessage message) {
    return switch (message) {
      case FrontendMessage.Query _ -> 'Q';
      case FrontendMessage.Parse _ -> 'P';
      case FrontendMessage.Bind _ -> 'B';
      case FrontendMessage.DescribeStatement _, FrontendMessage.DescribePortal _ -> 'D';
      case FrontendMessage.CloseStatement _, FrontendMessage.ClosePortal _ -> 'C';
      case FrontendMessage.Execute _ -> 'E';
      case FrontendMessage.CopyData _ -> 'd';
      case FrontendMessage.CopyFail _ -> 'f';
      case FrontendMessage.Password _ -> 'p';
      case FrontendMessage.FunctionCall _ -> 'F';
      case FrontendMessage.Bare.COPY_DONE -> 'c';
      case FrontendMessage.Bare.FLUSH -> 'H';
      case FrontendMessage.Bare.SYNC -> 'S';
      case FrontendMessage.Bare.TERMINATE -> 'X';
      case FrontendMessage.Bare.NOTIFIED -> throw new IllegalArgumentException();
      case FrontendMessage.Malformed _ -> throw new IllegalArgumentException();
    };
  }

  private static ByteWriter string(ByteWriter out, String text) {
    return out.putUtf8(text).putByte(0);
  }

  private static void formats(ByteWriter out, short[] formats) {
    out.putShort(formats.length);
    for (short format : formats) {
      out.putShort(format);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 0x1f600 + random.nextInt(50);
            case 1 -> 0xe0 + random.nextInt(500);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(30)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static short[] formats(Random random, int count) {
    short[] formats = new short[random.nextBoolean() ? count : random.nextInt(2)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = (short) random.nextInt(2);
    }
    return formats;
  }

  private static FrontendMessage message(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> new FrontendMessage.Query(text(random));
      case 1 ->
          new FrontendMessage.Parse(
              text(random), text(random), random.ints(random.nextInt(4)).toArray());
      case 2 -> {
        byte[][] parameters = new byte[random.nextInt(5)][];
        for (int i = 0; i < parameters.length; i++) {
          parameters[i] = random.nextInt(4) == 0 ? null : bytes(random);
        }
        short[] parameterFormats = formats(random, parameters.length);
        yield new FrontendMessage.Bind(
            text(random),
            text(random),
            parameterFormats,
            parameters,
            formats(random, random.nextInt(4)));
      }
      case 3 -> new FrontendMessage.DescribeStatement(text(random));
      case 4 -> new FrontendMessage.DescribePortal(text(random));
      case 5 -> new FrontendMessage.CloseStatement(text(random));
      case 6 -> new FrontendMessage.ClosePortal(text(random));
      case 7 -> new FrontendMessage.Execute(text(random), random.nextInt());
      case 8 -> new FrontendMessage.CopyData(bytes(random));
      case 9 -> new FrontendMessage.CopyFail(text(random));
      case 10 -> new FrontendMessage.Password(bytes(random));
      default -> FrontendMessage.Bare.values()[random.nextInt(4)];
    };
  }

  @Test
  void whatIsSentIsWhatIsReadHoweverItIsCut() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<FrontendMessage> sent = new ArrayList<>();
      ByteWriter out = new ByteWriter();
      for (int i = 0; i < 20; i++) {
        sent.add(message(random));
        encode(sent.getLast(), out);
      }
      List<FrontendMessage> read = new ArrayList<>();
      FrameCutter cutter = new FrameCutter();
      byte[] all = out.toByteArray();
      for (int at = 0; at < all.length; ) {
        int length = Math.min(all.length - at, 1 + random.nextInt(60));
        cutter.add(Unpooled.copiedBuffer(all, at, length), UnpooledByteBufAllocator.DEFAULT);
        at += length;
        for (FrontendMessage one = cutter.nextMessage(LIMIT);
            one != null;
            one = cutter.nextMessage(LIMIT)) {
          read.add(one);
        }
        cutter.releaseIfEmpty();
      }
      assertEquals(0, cutter.pendingBytes(), "seed " + seed);
      assertEquals(sent.size(), read.size(), "seed " + seed);
      ByteWriter again = new ByteWriter();
      read.forEach(message -> encode(message, again));
      assertArrayEquals(all, again.toByteArray(), "seed " + seed);
    }
  }

  private static FrontendMessage read(char type, ByteWriter body) {
    ByteBuf buffer = Unpooled.wrappedBuffer(body.toByteArray());
    return FrontendKind.of((byte) type).read(new MessageBody().over(buffer, 0, body.length()));
  }

  @Test
  void everyTruncationOfABodyIsMalformedAndNothingWorse() {
    for (long seed = 0; seed < 500; seed++) {
      FrontendMessage message = message(new Random(seed));
      ByteWriter frame = new ByteWriter();
      encode(message, frame);
      boolean anyLengthWillDo =
          message instanceof FrontendMessage.CopyData
              || message instanceof FrontendMessage.Password;
      for (int length = 0; length < frame.length() - 5 && !anyLengthWillDo; length++) {
        ByteWriter body = new ByteWriter().putBytes(frame.array(), 5, length);
        var malformed =
            assertInstanceOf(
                FrontendMessage.Malformed.class, read(type(message), body), "seed " + seed);
        // A cut through a character is found before the missing end.
        assertEquals("08P01", malformed.error().state().code(), "seed " + seed);
      }
    }
  }

  @Test
  void countsAreNotBelieved() {
    ByteWriter body = new ByteWriter().putByte(0).putByte(0).putShort(0).putShort(0xffff);
    var malformed = assertInstanceOf(FrontendMessage.Malformed.class, read('B', body));
    assertEquals("insufficient data left in message", malformed.error().getMessage());
    body = new ByteWriter().putByte(0).putByte(0).putShort(0).putShort(1).putInt(Integer.MAX_VALUE);
    assertInstanceOf(FrontendMessage.Malformed.class, read('B', body));
    body = new ByteWriter().putByte(0).putByte(0).putShort(0).putShort(1).putInt(-2);
    assertInstanceOf(FrontendMessage.Malformed.class, read('B', body));
  }

  @Test
  void repeatedNamesAreTheSameString() {
    MessageBody body = new MessageBody();
    ByteBuf buffer =
        Unpooled.copiedBuffer("S_1\0S_2\0S_1\0", java.nio.charset.StandardCharsets.US_ASCII);
    body.over(buffer, 0, 12);
    String first = body.getName();
    assertEquals("S_2", body.getName());
    assertSame(first, body.getName());
  }

  @Test
  void invalidUtf8IsNamedByteForByte() {
    String[][] cases = {
      {"61ff", "0xff"},
      {"c3", "0xc3"},
      {"c328", "0xc3 0x28"},
      {"e28228", "0xe2 0x82 0x28"},
      {"c080", "0xc0 0x80"},
      {"eda080", "0xed 0xa0 0x80"},
      {"f4908080", "0xf4 0x90 0x80 0x80"},
      {"80", "0x80"}
    };
    for (String[] one : cases) {
      ByteWriter body =
          new ByteWriter().putBytes(java.util.HexFormat.of().parseHex(one[0])).putByte(0);
      var malformed = assertInstanceOf(FrontendMessage.Malformed.class, read('Q', body), one[0]);
      assertEquals(
          "invalid byte sequence for encoding \"UTF8\": " + one[1], malformed.error().getMessage());
    }
    ByteWriter replacement = new ByteWriter().putUtf8("\uFFFD").putByte(0);
    assertEquals(new FrontendMessage.Query("\uFFFD"), read('Q', replacement));
  }

  @Test
  void anUnknownTypeHasNoKind() {
    assertNull(FrontendKind.of((byte) '!'));
    assertNull(FrontendKind.of((byte) 0xff));
  }
}
