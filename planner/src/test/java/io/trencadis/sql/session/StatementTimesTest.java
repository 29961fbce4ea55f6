package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StatementTimesTest {
  private final StatementTimes times = new StatementTimes();

  @Test
  void longTextsAreToldApartAndKeptShort() {
    String one = "COPY t FROM '" + "x".repeat(100_000) + "1'";
    String other = "COPY t FROM '" + "x".repeat(100_000) + "2'";
    StatementTimes.Entry entry = times.entry(10, 5, one, null);
    assertNotSame(entry, times.entry(10, 5, other, null));
    assertSame(entry, times.entry(10, 5, one, null));
    assertEquals(4_096, entry.query().length());
  }

  @Test
  void theRarestAreForgottenWhereThereAreTooMany() {
    StatementTimes.Entry often = times.entry(10, 5, "SELECT often", null);
    often.ran(1, 1, 0, 0);
    for (int i = 0; i < 20_000; i++) {
      times.entry(10, 5, "SELECT " + i, null);
    }
    assertTrue(times.all().size() <= 5_000);
    assertSame(often, times.entry(10, 5, "SELECT often", null));
  }
}
