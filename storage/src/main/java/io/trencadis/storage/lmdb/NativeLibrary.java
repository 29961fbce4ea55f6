package io.trencadis.storage.lmdb;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/// Finds the native library for this machine among the resources of `org.lmdbjava:native`, and
/// loads it.
final class NativeLibrary {
  private static final String MUSL_LOADER = "/lib/ld-musl-x86_64.so.1";
  private static final String MUSL_LOADER_ARM = "/lib/ld-musl-aarch64.so.1";

  private NativeLibrary() {}

  @SuppressWarnings("restricted") // the jar's manifest grants access to native code
  static SymbolLookup load() {
    String resource = "/org/lmdbjava/native/" + fileName();
    Path copy = null;
    try (InputStream library = NativeLibrary.class.getResourceAsStream(resource)) {
      if (library == null) {
        throw new UnsatisfiedLinkError("there is no LMDB library for this machine: " + resource);
      }
      // A library is loaded from a file only. The name is fresh and the owner's alone.
      copy = Files.createTempFile("trencadis-lmdb", ".so");
      Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
      System.load(copy.toAbsolutePath().toString());
      return SymbolLookup.loaderLookup();
    } catch (IOException e) {
      throw linkError("could not write LMDB's library", e);
    } catch (UnsatisfiedLinkError e) {
      throw linkError("could not load LMDB's library", e);
    } finally {
      delete(copy);
    }
  }

  private static UnsatisfiedLinkError linkError(String what, Throwable cause) {
    UnsatisfiedLinkError error =
        new UnsatisfiedLinkError(
            what
                + " ("
                + cause.getMessage()
                + "). The directory for temporary files, "
                + System.getProperty("java.io.tmpdir")
                + ", has to be writable and allow programs to run; "
                + "-Djava.io.tmpdir=DIR names another.");
    error.initCause(cause);
    return error;
  }

  private static void delete(Path copy) {
    if (copy == null) {
      return;
    }
    try {
      // Once loaded it needs no name.
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      // Windows keeps a loaded library's file: it goes with the process.
      copy.toFile().deleteOnExit();
    }
  }

  private static String fileName() {
    String processor =
        switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          case String other -> other;
        };
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.contains("mac")) {
      return processor + "-macos-none.so";
    }
    if (system.contains("windows")) {
      return processor + "-windows-gnu.dll";
    }
    boolean musl = Files.exists(Path.of(MUSL_LOADER)) || Files.exists(Path.of(MUSL_LOADER_ARM));
    boolean glibc =
        Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
            || Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"));
    return processor + (musl && !glibc ? "-linux-musl.so" : "-linux-gnu.so");
  }
}
