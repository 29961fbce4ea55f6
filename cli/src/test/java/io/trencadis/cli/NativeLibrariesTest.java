package io.trencadis.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/// The finished jar runs on both kinds of processors that servers have: whatever native library it
/// has for one, it has for the other. Runs after `package`.
class NativeLibrariesTest {
  /// What is known to be used: LMDB, Netty's epoll, and what Chronicle calls the system by.
  private static final List<String> USED =
      List.of(
          "org/lmdbjava/native/x86_64-linux-gnu.so",
          "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
          "jni/x86_64-Linux/libjffi-1.2.so");

  private static final int X86_64 = 62;
  private static final int AARCH64 = 183;

  @Test
  void eachIsThereForBoth() throws IOException {
    Map<String, Integer> machines = new TreeMap<>();
    try (JarFile jar = new JarFile("target/trencadis.jar")) {
      for (Enumeration<? extends ZipEntry> all = jar.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName().toLowerCase(Locale.ROOT);
        if (name.endsWith(".so") && (name.contains("linux") || name.contains("epoll"))) {
          machines.put(entry.getName(), machine(jar, entry));
        }
      }
    }
    List<String> amd64 =
        machines.keySet().stream().filter(each -> machines.get(each) == X86_64).toList();
    assertTrue(amd64.containsAll(USED), amd64.toString());
    for (String library : amd64) {
      String other = library.replace("x86_64", library.contains("netty") ? "aarch_64" : "aarch64");
      assertEquals(AARCH64, machines.get(other), other);
    }
  }

  /// What processor an ELF file is for.
  private static int machine(JarFile jar, ZipEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      ByteBuffer head = ByteBuffer.wrap(in.readNBytes(20)).order(ByteOrder.LITTLE_ENDIAN);
      assertTrue(head.getInt() == 0x464c457f, entry.getName() + " is no ELF file");
      return head.getShort(18);
    }
  }
}
