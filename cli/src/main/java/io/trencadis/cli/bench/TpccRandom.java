package io.trencadis.cli.bench;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/// Random values as TPC-C (revision 5.11, clauses 2.1.5, 2.1.6 and 4.3.2) defines them. As
/// thread-safe as its generator.
public final class TpccRandom {
  private static final String[] SYLLABLES = {
    "BAR", "OUGHT", "ABLE", "PRI", "PRES", "ESE", "ANTI", "CALLY", "ATION", "EING"
  };
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final RandomGenerator random;
  private final TpccConstants constants;

  /// @param constants the same for loader and terminals
  /// @param random the source of every value
  public TpccRandom(TpccConstants constants, RandomGenerator random) {
    this.constants = constants;
    this.random = random;
  }

  /// A number from `low` to `high`, both included, all equally likely.
  public int uniform(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /// A number from 0, included, to 1, excluded.
  double fraction() {
    return random.nextDouble();
  }

  /// NURand(1023, 1, `customers`): a customer's number in a district of `customers`.
  public int customer(int customers) {
    return nonUniform(1023, constants.customer(), 1, customers);
  }

  /// NURand(8191, 1, `items`): an item's number.
  public int item(int items) {
    return nonUniform(8191, constants.item(), 1, items);
  }

  /// A last name for the loader, from the first `names` (1 to 1000) of them.
  public String lastNameToLoad(int names) {
    return lastName(nonUniform(255, constants.nameLoad(), 0, names - 1));
  }

  /// A last name for a transaction to look for, from the first `names` (1 to 1000) of them.
  public String lastNameToFind(int names) {
    return lastName(nonUniform(255, constants.nameRun(), 0, names - 1));
  }

  /// The last name with a number from 0 to 999: one syllable for each of its three digits.
  public static String lastName(int number) {
    if (number < 0 || number > 999) {
      throw new IllegalArgumentException("last names have numbers from 0 to 999, not " + number);
    }
    return SYLLABLES[number / 100] + SYLLABLES[number / 10 % 10] + SYLLABLES[number % 10];
  }

  /// An amount of money from `low` to `high` hundredths.
  public BigDecimal money(int low, int high) {
    return BigDecimal.valueOf(uniform(low, high), 2);
  }

  /// A tax or discount from 0 to `high` ten-thousandths.
  public BigDecimal rate(int high) {
    return BigDecimal.valueOf(uniform(0, high), 4);
  }

  /// The numbers from 1 to `count`, each once, in random order.
  public int[] permutation(int count) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      int other = uniform(0, i);
      numbers[i] = numbers[other];
      numbers[other] = i + 1;
    }
    return numbers;
  }

  /// Letters and digits, from `low` to `high` of them (an "a-string").
  public String letters(int low, int high) {
    return string(ALPHABET, uniform(low, high));
  }

  /// Digits, from `low` to `high` of them (an "n-string").
  public String digits(int low, int high) {
    return string("0123456789", uniform(low, high));
  }

  /// A zip code: four random digits and 11111.
  public String zip() {
    return digits(4, 4) + "11111";
  }

  /// The data column of items and stock: 26 to 50 letters, one in ten with ORIGINAL somewhere in
  /// it.
  public String data() {
    String data = letters(26, 50);
    if (uniform(1, 10) != 1) {
      return data;
    }
    int at = uniform(0, data.length() - 8);
    return data.substring(0, at) + "ORIGINAL" + data.substring(at + 8);
  }

  private int nonUniform(int a, int c, int low, int high) {
    return ((uniform(0, a) | uniform(low, high)) + c) % (high - low + 1) + low;
  }

  private String string(String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
