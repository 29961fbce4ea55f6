package io.trencadis.sharding.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What nodes ask of each other and answer is read as it was written; anything else is refused.
class FragmentMessagesTest {
  private static final byte[] PROGRAM = {1, 2, 3};
  private static final byte[] ARGUMENTS = {4, 5};
  private static final byte[] FROM = {0, 0, 0, 7};
  private static final byte[] TO = {0, 0, 0, 8, -1};

  private static FragmentRequest request(boolean whole) {
    return new FragmentRequest(
        1L << 60,
        whole ? PROGRAM : null,
        whole ? ARGUMENTS : null,
        7,
        1L << 40,
        whole ? List.of(new FragmentRequest.Other(8, 1L << 41)) : List.of(),
        1L << 50,
        11,
        List.of(new FragmentRequest.Range(3, 9, FROM, TO), new FragmentRequest.Range(4, 0, TO, TO)),
        null);
  }

  @Test
  void requestsAreReadAsTheyWereWritten() {
    FragmentRequest read = FragmentRequest.read(request(true).toBytes());
    assertEquals(1L << 60, read.job());
    assertArrayEquals(PROGRAM, read.program());
    assertArrayEquals(ARGUMENTS, read.arguments());
    assertEquals(7, read.relationId());
    assertEquals(1L << 40, read.schemaVersion());
    assertEquals(1L << 50, read.readTs());
    assertEquals(11, read.mostRows());
    assertEquals(2, read.ranges().size());
    assertEquals(3, read.ranges().getFirst().shard());
    assertEquals(9, read.ranges().getFirst().provenTerm());
    assertArrayEquals(FROM, read.ranges().getFirst().from());
    assertArrayEquals(TO, read.ranges().getFirst().to());
    assertEquals(List.of(new FragmentRequest.Other(8, 1L << 41)), read.others());
    assertEquals(List.of(), FragmentRequest.read(request(false).toBytes()).others());
    assertNull(FragmentRequest.read(request(false).toBytes()).program());
  }

  private static List<FragmentAnswer> answers() {
    return List.of(
        new FragmentAnswer.Part(1, FROM, new long[] {5, 6}, 1_000, 900, 17, PROGRAM),
        FragmentAnswer.Plain.UNKNOWN_JOB,
        FragmentAnswer.Plain.CANNOT,
        FragmentAnswer.Plain.LOST,
        new FragmentAnswer.SchemaChanged(7, 1L << 40),
        new FragmentAnswer.Failed(
            new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero").hint("do not")));
  }

  @Test
  void answersAreReadAsTheyWereWritten() {
    for (FragmentAnswer answer : answers()) {
      switch (FragmentAnswer.read(FragmentAnswer.toBytes(answer))) {
        case FragmentAnswer.Part part -> {
          assertEquals(1, part.done());
          assertArrayEquals(FROM, part.last());
          assertArrayEquals(new long[] {5, 6}, part.terms());
          assertEquals(1_000, part.rowsRead());
          assertEquals(900, part.rowsPassed());
          assertEquals(17, part.rows());
          assertArrayEquals(PROGRAM, part.output());
        }
        case FragmentAnswer.Failed(SqlException why) -> {
          assertEquals(SqlState.DIVISION_BY_ZERO, why.state());
          assertEquals("division by zero", why.getMessage());
          assertEquals("do not", why.fields().get(SqlException.Field.HINT));
        }
        case FragmentAnswer same -> assertEquals(answer, same);
      }
    }
  }

  @Test
  void whatIsNoMessageIsRefused() {
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      boolean asks = random.nextBoolean();
      byte[] bytes =
          asks
              ? request(true).toBytes()
              : FragmentAnswer.toBytes(answers().get(random.nextInt(answers().size())));
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      byte[] broken = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      try {
        if (asks) {
          FragmentRequest.read(broken);
        } else {
          FragmentAnswer.read(broken);
        }
      } catch (IllegalArgumentException | IndexOutOfBoundsException why) {
        refused++;
      }
    }
    assertTrue(refused > 10_000, refused + " refused");
  }

  @Test
  void whereRowsGoIsReadAsItWasWritten() {
    byte[] slots = new byte[FragmentRequest.SLOTS];
    slots[7] = 1;
    FragmentRequest.Shipping shipping =
        new FragmentRequest.Shipping(1L << 59, 1, 12, new int[] {0, 2}, slots);
    FragmentRequest plain = request(true);
    FragmentRequest read =
        FragmentRequest.read(
            new FragmentRequest(
                    plain.job(),
                    plain.program(),
                    plain.arguments(),
                    plain.relationId(),
                    plain.schemaVersion(),
                    List.of(),
                    plain.readTs(),
                    0,
                    plain.ranges(),
                    shipping)
                .toBytes());
    assertEquals(1L << 59, read.shipping().exchange());
    assertEquals(1, read.shipping().side());
    assertEquals(12, read.shipping().piece());
    assertArrayEquals(new int[] {0, 2}, read.shipping().nodes());
    assertArrayEquals(slots, read.shipping().slots());
    slots[8] = 2;
    assertThrows(
        IllegalArgumentException.class,
        () ->
            FragmentRequest.read(
                new FragmentRequest(1, null, null, 7, 1, List.of(), 1, 0, plain.ranges(), shipping)
                    .toBytes()));
  }

  @Test
  void requestsOfExchangesAreReadAsTheyWereWritten() {
    for (ExchangeRequest request :
        List.of(new ExchangeRequest.Keep(3), new ExchangeRequest.Close(1L << 60))) {
      assertEquals(request, ExchangeRequest.read(ExchangeRequest.toBytes(request)));
    }
    ExchangeRequest.Open open =
        (ExchangeRequest.Open)
            ExchangeRequest.read(
                ExchangeRequest.toBytes(
                    new ExchangeRequest.Open(5, PROGRAM, ARGUMENTS, 1 << 20, -1)));
    assertEquals(5, open.exchange());
    assertArrayEquals(PROGRAM, open.program());
    assertArrayEquals(ARGUMENTS, open.arguments());
    assertEquals(1 << 20, open.memory());
    assertEquals(-1, open.mostKilobytes());
    ExchangeRequest.Ship ship =
        (ExchangeRequest.Ship)
            ExchangeRequest.read(
                ExchangeRequest.toBytes(new ExchangeRequest.Ship(5, 1, 9, PROGRAM)));
    assertEquals(1, ship.side());
    assertEquals(9, ship.piece());
    assertArrayEquals(PROGRAM, ship.rows());
    ExchangeRequest.Next next =
        (ExchangeRequest.Next)
            ExchangeRequest.read(
                ExchangeRequest.toBytes(new ExchangeRequest.Next(5, 4, 40, new long[] {2, 17})));
    assertEquals(4, next.number());
    assertEquals(40, next.last());
    assertArrayEquals(new long[] {2, 17}, next.without());
    assertFalse(ExchangeRequest.isOne(request(true).toBytes()));
    assertTrue(ExchangeRequest.isOne(ExchangeRequest.toBytes(next)));
    assertThrows(
        IllegalArgumentException.class,
        () -> ExchangeRequest.read(new byte[] {ExchangeRequest.FIRST + 9, 0, 0, 0, 0, 0, 0, 0, 0}));
  }
}
