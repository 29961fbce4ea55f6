package io.trencadis.sql.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FunctionPageTest {
  @Test
  void thePageSaysWhatIsThere() throws IOException {
    assertEquals(
        Files.readString(Path.of("..", "docs", "functions.md")),
        FunctionPage.text(),
        "write it anew: FunctionPage's argument is the file");
  }

  @Test
  void itTellsWhatIsThereFromWhatIsNot() {
    String json = section("9.16 JSON functions");
    assertTrue(json.contains("`jsonb_path_query_tz`"), json);
    assertFalse(json.contains("Missing"), json);
    String geometric = section("9.11 Geometric functions");
    assertTrue(geometric.indexOf("Missing") < geometric.indexOf("`isclosed`"), geometric);
    assertTrue(section("9.22 Window functions").contains("`nth_value`"));
  }

  private static String section(String title) {
    String page = FunctionPage.text();
    int start = page.indexOf("\n## " + title + "\n");
    int end = page.indexOf("\n## ", start + 1);
    return page.substring(start, end);
  }
}
