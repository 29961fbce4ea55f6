package io.trencadis.cli.compat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which of PostgreSQL's regression tests are counted, in the order to run them, and why the others
/// are not: `compat/files.txt`, a line `family file` or `- file reason` each.
///
/// @param families of the files counted
/// @param reasons why the others are left out
record CountedFiles(Map<String, String> families, Map<String, String> reasons) {
  static CountedFiles read() throws IOException {
    Map<String, String> families = new LinkedHashMap<>();
    Map<String, String> reasons = new LinkedHashMap<>();
    try (InputStream in = CountedFiles.class.getResourceAsStream("/compat/files.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        String[] words = line.split(" ", 3);
        if (words[0].equals("-")) {
          reasons.put(words[1], words[2]);
        } else {
          families.put(words[1], words[0]);
        }
      }
    }
    return new CountedFiles(families, reasons);
  }

  List<String> names() {
    return List.copyOf(families.keySet());
  }

  String family(String file) {
    return families.get(file);
  }
}
