package io.trencadis.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NestingTest {
  private static final int DEEP = 20_000;

  private static String nested(String open, String middle, String close) {
    return "select " + open.repeat(DEEP) + middle + close.repeat(DEEP);
  }

  @Test
  void deepNestingIsAnErrorAndNoCrash() {
    String[] texts = {
      nested("(", "1", ")"),
      nested("(select ", "1", ")"),
      nested("not ", "true", ""),
      nested("- ", "1", ""),
      nested("f(", "1", ")"),
      nested("case when true then ", "1", " end"),
      nested("array[", "1", "]"),
      "select * from " + "(select * from ".repeat(DEEP) + "t" + ") x".repeat(DEEP),
      "explain " + "(".repeat(DEEP) + "select 1" + ")".repeat(DEEP),
    };
    for (String text : texts) {
      SqlException e = assertThrows(SqlException.class, () -> SqlParser.parse(text));
      assertEquals(SqlState.STATEMENT_TOO_COMPLEX, e.state());
      assertEquals("stack depth limit exceeded", e.getMessage());
    }
    assertEquals(1, SqlParser.parse("select 1").size());
  }

  @Test
  void deepNestingIsAnErrorOnVirtualThreadsToo() throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    SqlParser.parse(nested("f(", "1", ")"));
                  } catch (Throwable t) {
                    thrown[0] = t;
                  }
                });
    thread.join();
    assertEquals(SqlException.class, thrown[0].getClass());
  }

  @Test
  void longListsAndChainsTakeLinearTime() {
    int n = 10_000;
    String[] texts = {
      "insert into t values " + "(1, 'abc', 2.5, null), ".repeat(n) + "(1, 'a', 2, null)",
      "select 1 where x in (" + "5, ".repeat(n) + "6)",
      "select 1" + " + 1".repeat(n),
      "select 1 where " + "a = 1 and ".repeat(n) + "b = 2",
      "select 1" + " union all select 1".repeat(n),
      "select * from a" + " join b on true".repeat(n),
      "select 1;".repeat(n),
    };
    for (String text : texts) {
      assertTimeout(Duration.ofSeconds(20), () -> SqlParser.parse(text));
    }
  }
}
