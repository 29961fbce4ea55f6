package io.trencadis.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @Test
  void theRealDiskDoesWhatItsTwinDoes(@TempDir Path temporary) throws IOException {
    useAsAnybodyWould(new RealDisk(), temporary.resolve("data"));
    useAsAnybodyWould(new FaultyDisk(1), temporary.resolve("data"));
  }

  @Test
  void anInterruptedThreadLeavesFilesAsTheyAre(@TempDir Path temporary) throws IOException {
    DiskFile file = new RealDisk().create(temporary.resolve("shared"));
    Thread.currentThread().interrupt();
    file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
    file.force();
    ByteBuffer bytes = ByteBuffer.allocate(3);
    assertEquals(3, file.read(bytes, 0));
    assertTrue(Thread.interrupted());
    assertArrayEquals(new byte[] {1, 2, 3}, bytes.array());
    assertEquals(3, file.size());
    file.close();
  }

  private static void useAsAnybodyWould(Disk disk, Path directory) throws IOException {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    assertEquals(List.of(), disk.list(directory));
    disk.createDirectories(directory);
    assertThrows(NoSuchFileException.class, () -> disk.open(one));
    DiskFile file = disk.create(one);
    assertThrows(FileAlreadyExistsException.class, () -> disk.create(one));
    file.preallocate(0, 3_000_000);
    assertEquals(3_000_000, file.size());
    file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 2_999_999);
    file.force();
    assertEquals(3_000_002, file.size());
    disk.create(two).close();
    assertEquals(List.of(one, two), disk.list(directory));
    disk.rename(one, two);
    disk.syncDirectory(directory);
    assertFalse(disk.exists(one));
    assertEquals(List.of(two), disk.list(directory));
    file.close();
    file = disk.open(two);
    ByteBuffer bytes = ByteBuffer.allocate(5);
    assertEquals(4, file.read(bytes, 2_999_998));
    assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, bytes.array());
    assertEquals(0, file.read(bytes, 4_000_000));
    file.close();
    disk.delete(two);
    disk.delete(two);
    assertFalse(disk.exists(two));
    Path locked = directory.resolve("lock");
    Closeable lock = disk.lock(locked);
    assertThrows(IOException.class, () -> disk.lock(locked));
    lock.close();
    disk.lock(locked).close();
  }

  @Test
  void aFullDeviceIsTellable() {
    IOException full = RealDisk.typed(Path.of("x"), new IOException("No space left on device"));
    assertInstanceOf(DiskFullException.class, full);
    assertEquals("could not write to file \"x\": No space left on device", full.getMessage());
    IOException other = new IOException("Input/output error");
    assertEquals(other, RealDisk.typed(Path.of("x"), other));
  }

  @Test
  void whatWasNotForcedMayBeLostSectorBySectorAndWhatWasIsNot() throws IOException {
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      FaultyDisk disk = new FaultyDisk(seed, 512);
      Path path = Path.of("/d/f");
      DiskFile file = disk.create(path);
      file.preallocate(0, 2048);
      file.force();
      disk.syncDirectory(path.getParent());
      byte[] ones = new byte[1024];
      Arrays.fill(ones, (byte) 1);
      file.write(ByteBuffer.wrap(ones), 0);
      file.force();
      byte[] twos = new byte[1024];
      Arrays.fill(twos, (byte) 2);
      file.write(ByteBuffer.wrap(twos), 512);
      disk.crash();
      byte[] left = disk.content(path);
      assertEquals(1, left[0]);
      outcomes.add(left[512] + " " + left[1024]);
    }
    assertEquals(Set.of("1 0", "1 2", "2 0", "2 2"), outcomes);
  }

  @Test
  void aNameIsLostWithoutASyncOfItsDirectory() throws IOException {
    Set<Boolean> outcomes = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      FaultyDisk disk = new FaultyDisk(seed, 512);
      disk.create(Path.of("/d/f")).force();
      disk.crash();
      outcomes.add(disk.exists(Path.of("/d/f")));
    }
    assertEquals(Set.of(true, false), outcomes);
    FaultyDisk disk = new FaultyDisk(1, 512);
    disk.create(Path.of("/d/f")).force();
    disk.syncDirectory(Path.of("/d"));
    disk.crash();
    assertTrue(disk.exists(Path.of("/d/f")));
  }
}
