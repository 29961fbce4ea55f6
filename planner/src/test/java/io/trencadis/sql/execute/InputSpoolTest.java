package io.trencadis.sql.execute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.storage.disk.RealDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputSpoolTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();

  private InputSpool spool(int count, int most) throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < count; i++) {
      byte[] piece = new byte[1 + random.nextInt(most)];
      random.nextBytes(piece);
      pieces.add(piece);
      sent.writeBytes(piece);
    }
    TemporaryFiles files = TemporaryFiles.in(new RealDisk(), directory.resolve("spool"));
    return new InputSpool(pieces::poll, new SpillSpace(files, () -> -1, () -> 1), () -> {});
  }

  private static byte[] read(Supplier<byte[]> from, int mostPieces) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (int i = 0; i < mostPieces; i++) {
      byte[] piece = from.get();
      if (piece == null) {
        break;
      }
      read.writeBytes(piece);
    }
    return read.toByteArray();
  }

  private long filesLeft() throws IOException {
    Path made = directory.resolve("spool");
    if (!Files.exists(made)) {
      return 0;
    }
    try (Stream<Path> left = Files.list(made)) {
      return left.count();
    }
  }

  @Test
  void eachReaderGetsAllFromTheBeginningAndTheLastTheRestFromTheClient() throws IOException {
    try (InputSpool spool = spool(300, 4_000)) {
      for (int stop : new int[] {3, 0, 150, 40, 299}) {
        byte[] part = read(spool.fromBeginning(), stop);
        byte[] expected = new byte[part.length];
        System.arraycopy(sent.toByteArray(), 0, expected, 0, part.length);
        assertArrayEquals(expected, part);
      }
      assertArrayEquals(sent.toByteArray(), read(spool.fromBeginning(), Integer.MAX_VALUE));
      assertEquals(0, pieces.size());
      assertArrayEquals(sent.toByteArray(), read(spool.fromBeginning(), Integer.MAX_VALUE));
      assertEquals(1, filesLeft());
    }
    assertEquals(0, filesLeft());
  }

  @Test
  void littleNeedsNoFile() throws IOException {
    try (InputSpool spool = spool(10, 100)) {
      assertArrayEquals(sent.toByteArray(), read(spool.fromBeginning(), Integer.MAX_VALUE));
      assertArrayEquals(sent.toByteArray(), read(spool.fromBeginning(), Integer.MAX_VALUE));
      assertEquals(0, filesLeft());
    }
  }
}
