package io.trencadis.storage.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.storage.StoredVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VersionStoreTest {
  private record Place(int shard, int keyLength, long ts) {
    byte[] key() {
      byte[] key = new byte[keyLength];
      new Random(keyLength).nextBytes(key);
      return key;
    }
  }

  @Test
  void offHeapKeepsVersionsOfEverySize() {
    try (OffHeapVersions store = OffHeapVersions.create(64 << 20)) {
      keepsVersionsOfEverySize(store);
    }
  }

  @Test
  void onHeapKeepsVersionsOfEverySize() {
    keepsVersionsOfEverySize(new HeapVersions());
  }

  private static void keepsVersionsOfEverySize(VersionStore store) {
    Random random = new Random(1);
    Map<Place, StoredVersion> model = new HashMap<>();
    int[] rowLengths = {0, 1, 100, 1200, 3000, 4096, 50_000};
    int[] keyLengths = {1, 24, 500, 2704};
    for (int i = 0; i < 1500; i++) {
      Place place =
          new Place(random.nextInt(2), keyLengths[random.nextInt(4)], 1 + random.nextInt(50));
      if (random.nextInt(3) == 0) {
        store.remove(place.shard, place.key(), place.ts);
        model.remove(place);
      } else if (!model.containsKey(place)) {
        byte[] row = new byte[rowLengths[random.nextInt(7)]];
        random.nextBytes(row);
        StoredVersion version =
            new StoredVersion(place.ts, random.nextInt(100), random.nextInt(5) == 0 ? null : row);
        assertTrue(store.put(place.shard, place.key(), version));
        model.put(place, version);
      }
      Place other =
          new Place(random.nextInt(2), keyLengths[random.nextInt(4)], 1 + random.nextInt(50));
      StoredVersion expected = model.get(other);
      StoredVersion found = store.get(other.shard, other.key(), other.ts);
      if (expected == null) {
        assertNull(found);
      } else {
        assertEquals(expected.commitTs(), found.commitTs());
        assertEquals(expected.predecessorTs(), found.predecessorTs());
        assertArrayEquals(expected.value(), found.value());
      }
    }
    assertEquals(model.size(), store.count());
    for (Place place : List.copyOf(model.keySet())) {
      store.remove(place.shard, place.key(), place.ts);
    }
    assertEquals(0, store.count());
    assertEquals(0, store.bytes());
  }

  @Test
  void offHeapHoldsItsBudgetOfSmallAndOfLargeVersions() {
    for (int rowBytes : new int[] {4, 100, 2000}) {
      try (OffHeapVersions store = OffHeapVersions.create(8 << 20)) {
        int put = 0;
        while (store.bytes() < 8 << 20) {
          byte[] key = ("key " + put).getBytes(StandardCharsets.UTF_8);
          assertTrue(store.put(0, key, new StoredVersion(1, 0, new byte[rowBytes])));
          put++;
        }
        assertEquals(put, store.count());
      }
    }
  }

  /// Run in a JVM of its own, with the modules of the Java platform and without those of the JDK.
  public static final class WithoutCompiler {
    public static void main(String[] args) {
      if (ModuleLayer.boot().findModule("jdk.compiler").isPresent()) {
        throw new IllegalStateException("the compiler is there");
      }
      try (OffHeapVersions store = OffHeapVersions.create(1 << 20)) {
        byte[] key = {1, 2, 3};
        store.put(3, key, new StoredVersion(5, 4, new byte[] {7}));
        System.out.println("kept " + store.get(3, key, 5).value()[0]);
      }
    }
  }

  @Test
  void offHeapNeedsNoCompilerAtRunTime() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-") || argument.startsWith("--enable-native")) {
        command.add(argument);
      }
    }
    command.add("--limit-modules=java.se,jdk.unsupported");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WithoutCompiler.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    assertTrue(output.contains("kept 7"), output);
  }
}
