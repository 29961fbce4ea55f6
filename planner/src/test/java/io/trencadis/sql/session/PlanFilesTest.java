package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.trencadis.sharding.NodeStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statements with the plans that are made for them, where a rule is to be applied and where it is
/// not. A file is one session: a line `! statement` is run, a line `> query` is followed by its
/// plan's lines, indented by two, without which shards are asked; `- rule` says that what follows
/// is planned without that rule; `#` begins a remark.
class PlanFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"first_rows", "keys"})
  void plansAreThoseOfTheFile(String file) throws IOException {
    List<String> expected = lines(file);
    NodeStore store = NodeStore.inMemory(4);
    SqlScript session = without("", store);
    List<String> found = new ArrayList<>();
    for (String line : expected) {
      if (line.startsWith("  ")) {
        continue;
      }
      found.add(line);
      if (line.startsWith("- ")) {
        session = without(line.substring(2), store);
      } else if (line.startsWith("! ")) {
        List<String> answer = session.run(line.substring(2));
        assertFalse(answer.toString().contains("ERROR"), () -> line + ": " + answer);
      } else if (line.startsWith("> ")) {
        for (String each : session.run("EXPLAIN (COSTS off) " + line.substring(2))) {
          if (!each.strip().startsWith("Shards: ")) {
            found.add("  " + each);
          }
        }
      }
    }
    assertEquals(String.join("\n", expected), String.join("\n", found));
  }

  private static SqlScript without(String rule, NodeStore store) {
    return new SqlScript(
        SqlScript.engine(store, Map.of("TimeZone", "UTC", "trencadis.disabled_rules", rule)));
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in = PlanFilesTest.class.getResourceAsStream("/plans/" + file + ".plan")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
