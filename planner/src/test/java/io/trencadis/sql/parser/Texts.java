package io.trencadis.sql.parser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The texts in the test resources, set apart by lines of two semicolons.
final class Texts {
  private Texts() {}

  static List<String> of(String resource) {
    try (InputStream in = Texts.class.getResourceAsStream(resource)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
      return List.of(all.split("\n;;\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
