package io.trencadis.cli.bench;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.SplittableRandom;

/// The rows of TPC-H's tables, by the rules of clause 4.2.3. What a row is hangs on the seed and
/// its number alone, so that tables may be made in pieces, in any order. Thread-safe.
final class TpchRows {
  private static final int FIRST_DAY = (int) LocalDate.of(1992, 1, 1).toEpochDay();
  private static final int LAST_ORDER_DAY = (int) LocalDate.of(1998, 12, 31).toEpochDay() - 151;
  private static final int CURRENT_DAY = (int) LocalDate.of(1995, 6, 17).toEpochDay();
  private static final String LETTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ, ";

  private static final String[] REGIONS = {"AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"};
  private static final String[] NATIONS = {
    "ALGERIA", "ARGENTINA", "BRAZIL", "CANADA", "EGYPT", "ETHIOPIA", "FRANCE", "GERMANY", "INDIA",
    "INDONESIA", "IRAN", "IRAQ", "JAPAN", "JORDAN", "KENYA", "MOROCCO", "MOZAMBIQUE", "PERU",
    "CHINA", "ROMANIA", "SAUDI ARABIA", "VIETNAM", "RUSSIA", "UNITED KINGDOM", "UNITED STATES"
  };
  private static final int[] REGION_OF = {
    0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1
  };
  private static final String[] SEGMENTS = {
    "AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD"
  };
  private static final String[] PRIORITIES = {
    "1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"
  };
  private static final String[] INSTRUCTIONS = {
    "DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"
  };
  private static final String[] MODES = {"REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"};
  private static final String[] TYPES_1 = {
    "STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO"
  };
  private static final String[] TYPES_2 = {
    "ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED"
  };
  private static final String[] TYPES_3 = {"TIN", "NICKEL", "BRASS", "STEEL", "COPPER"};
  private static final String[] CONTAINERS_1 = {"SM", "LG", "MED", "JUMBO", "WRAP"};
  private static final String[] CONTAINERS_2 = {
    "CASE", "BOX", "BAG", "JAR", "PKG", "PACK", "CAN", "DRUM"
  };
  private static final String[] COLOURS =
      ("almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood"
              + " burnished chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark"
              + " deep dim dodger drab firebrick floral forest frosted gainsboro ghost goldenrod green"
              + " grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen"
              + " magenta maroon medium metallic midnight mint misty moccasin navajo navy olive orange"
              + " orchid pale papaya peach peru pink plum powder puff purple red rose rosy royal"
              + " saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle"
              + " tomato turquoise violet wheat white yellow")
          .split(" ");

  private final TpchScale scale;
  private final long seed;
  private final TpchText text;

  TpchRows(TpchScale scale, long seed) {
    this.scale = scale;
    this.seed = seed;
    this.text = new TpchText(seed);
  }

  private enum Stream {
    SMALL,
    SUPPLIER,
    PART,
    CUSTOMER,
    ORDER
  }

  private SplittableRandom random(Stream stream, int number) {
    // The mixing of SplittableRandom makes neighbouring seeds independent.
    return new SplittableRandom((seed * 8 + stream.ordinal()) * 0x1_0000_0000L + number);
  }

  void regions(CopyRows to) throws SQLException {
    for (int i = 0; i < REGIONS.length; i++) {
      to.add(i, REGIONS[i], text.piece(random(Stream.SMALL, i), 31, 115));
    }
  }

  void nations(CopyRows to) throws SQLException {
    for (int i = 0; i < NATIONS.length; i++) {
      to.add(i, NATIONS[i], REGION_OF[i], text.piece(random(Stream.SMALL, 100 + i), 31, 114));
    }
  }

  void supplier(CopyRows to, int key) throws SQLException {
    SplittableRandom random = random(Stream.SUPPLIER, key);
    int nation = random.nextInt(NATIONS.length);
    to.add(
        key,
        "Supplier#%09d".formatted(key),
        letters(random, 10, 40),
        nation,
        phone(random, nation),
        cents(uniform(random, -99_999, 999_999)),
        supplierComment(random));
  }

  /// Five in 10,000 suppliers have complaints in their comment, as many recommendations.
  private String supplierComment(SplittableRandom random) {
    String comment = text.piece(random, 25, 100);
    int draw = random.nextInt(10_000);
    if (draw >= 10) {
      return comment;
    }
    String said = draw < 5 ? "Complaints" : "Recommends";
    int gap = random.nextInt(comment.length() - "Customer".length() - said.length() + 1);
    int at = random.nextInt(comment.length() - "Customer".length() - said.length() - gap + 1);
    int second = at + "Customer".length() + gap;
    return comment.substring(0, at)
        + "Customer"
        + comment.substring(at + "Customer".length(), second)
        + said
        + comment.substring(second + said.length());
  }

  void part(CopyRows to, int key) throws SQLException {
    SplittableRandom random = random(Stream.PART, key);
    int maker = uniform(random, 1, 5);
    to.add(
        key,
        name(random),
        "Manufacturer#" + maker,
        "Brand#" + maker + uniform(random, 1, 5),
        any(random, TYPES_1) + " " + any(random, TYPES_2) + " " + any(random, TYPES_3),
        uniform(random, 1, 50),
        any(random, CONTAINERS_1) + " " + any(random, CONTAINERS_2),
        cents(TpchScale.retailPrice(key)),
        text.piece(random, 5, 22));
  }

  /// Five different colours.
  private static String name(SplittableRandom random) {
    int[] chosen = new int[5];
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < chosen.length; i++) {
      boolean taken;
      do {
        chosen[i] = random.nextInt(COLOURS.length);
        taken = false;
        for (int j = 0; j < i; j++) {
          taken |= chosen[j] == chosen[i];
        }
      } while (taken);
      out.append(i == 0 ? "" : " ").append(COLOURS[chosen[i]]);
    }
    return out.toString();
  }

  void suppliersOfPart(CopyRows to, int part) throws SQLException {
    SplittableRandom random = random(Stream.PART, -part);
    for (int i = 0; i < TpchScale.SUPPLIERS_OF_A_PART; i++) {
      to.add(
          part,
          scale.supplierOf(part, i),
          uniform(random, 1, 9_999),
          cents(uniform(random, 100, 100_000)),
          text.piece(random, 49, 198));
    }
  }

  void customer(CopyRows to, int key) throws SQLException {
    SplittableRandom random = random(Stream.CUSTOMER, key);
    int nation = random.nextInt(NATIONS.length);
    to.add(
        key,
        "Customer#%09d".formatted(key),
        letters(random, 10, 40),
        nation,
        phone(random, nation),
        cents(uniform(random, -99_999, 999_999)),
        any(random, SEGMENTS),
        text.piece(random, 29, 116));
  }

  /// An order and its lines.
  ///
  /// @param orders where the order goes, or null
  /// @param lines where the lines go, or null
  void order(CopyRows orders, CopyRows lines, int number) throws SQLException {
    SplittableRandom random = random(Stream.ORDER, number);
    int customer;
    do {
      customer = uniform(random, 1, scale.customers());
      // A third of the customers have no orders.
    } while (customer % 3 == 0);
    long key = TpchScale.orderKey(number);
    int ordered = uniform(random, FIRST_DAY, LAST_ORDER_DAY);
    String priority = any(random, PRIORITIES);
    String clerk = "Clerk#%09d".formatted(uniform(random, 1, scale.clerks()));
    String comment = text.piece(random, 19, 78);
    int count = uniform(random, 1, 7);
    long total = 0;
    int open = 0;
    for (int line = 1; line <= count; line++) {
      int part = uniform(random, 1, scale.parts());
      int supplier = scale.supplierOf(part, random.nextInt(TpchScale.SUPPLIERS_OF_A_PART));
      int quantity = uniform(random, 1, 50);
      long price = quantity * TpchScale.retailPrice(part);
      int discount = uniform(random, 0, 10);
      int tax = uniform(random, 0, 8);
      int shipped = ordered + uniform(random, 1, 121);
      int committed = ordered + uniform(random, 30, 90);
      int received = shipped + uniform(random, 1, 30);
      boolean returned = random.nextBoolean();
      total += price * (100 - discount) / 100 * (100 + tax) / 100;
      open += shipped > CURRENT_DAY ? 1 : 0;
      String instruction = any(random, INSTRUCTIONS);
      String mode = any(random, MODES);
      String lineComment = text.piece(random, 10, 43);
      if (lines != null) {
        lines.add(
            key,
            part,
            supplier,
            line,
            quantity,
            cents(price),
            cents(discount),
            cents(tax),
            received > CURRENT_DAY ? "N" : returned ? "R" : "A",
            shipped > CURRENT_DAY ? "O" : "F",
            LocalDate.ofEpochDay(shipped),
            LocalDate.ofEpochDay(committed),
            LocalDate.ofEpochDay(received),
            instruction,
            mode,
            lineComment);
      }
    }
    if (orders != null) {
      orders.add(
          key,
          customer,
          open == 0 ? "F" : open == count ? "O" : "P",
          cents(total),
          LocalDate.ofEpochDay(ordered),
          priority,
          clerk,
          0,
          comment);
    }
  }

  private static int uniform(SplittableRandom random, int least, int most) {
    return random.nextInt(least, most + 1);
  }

  private static String any(SplittableRandom random, String[] words) {
    return words[random.nextInt(words.length)];
  }

  private static String letters(SplittableRandom random, int least, int most) {
    char[] out = new char[uniform(random, least, most)];
    for (int i = 0; i < out.length; i++) {
      out[i] = LETTERS.charAt(random.nextInt(LETTERS.length()));
    }
    return new String(out);
  }

  private static String phone(SplittableRandom random, int nation) {
    return (10 + nation)
        + "-"
        + uniform(random, 100, 999)
        + "-"
        + uniform(random, 100, 999)
        + "-"
        + uniform(random, 1_000, 9_999);
  }

  /// Cents as an amount with two decimals.
  static String cents(long cents) {
    long whole = Math.abs(cents);
    return (cents < 0 ? "-" : "") + whole / 100 + (whole % 100 < 10 ? ".0" : ".") + whole % 100;
  }
}
