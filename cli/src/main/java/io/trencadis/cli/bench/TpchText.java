package io.trencadis.cli.bench;

import java.util.SplittableRandom;

/// Pseudo-text by the grammar of clause 4.2.2.14: one pool, of which every comment is a piece.
/// Immutable and thread-safe.
final class TpchText {
  private static final int POOL = 4_000_000;

  private static final String[] NOUNS =
      words(
          "foxes ideas theodolites pinto_beans instructions dependencies excuses platelets asymptotes"
              + " courts dolphins multipliers sauternes warthogs frets dinos attainments somas"
              + " Tiresias' patterns forges braids hockey_players frays warhorses dugouts notornis"
              + " epitaphs pearls tithes waters orbits gifts sheaves depths sentiments decoys realms"
              + " pains grouches escapades");
  private static final String[] VERBS =
      words(
          "sleep wake are cajole haggle nag use boost affix detect integrate maintain nod was lose"
              + " sublate solve thrash promise engage hinder print x-ray breach eat grow impress mold"
              + " poach serve run dazzle snooze doze unwind kindle play hang believe doubt");
  private static final String[] ADJECTIVES =
      words(
          "furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring brave"
              + " stealthy permanent enticing idle busy regular final ironic even bold silent special"
              + " pending unusual express requests");
  private static final String[] ADVERBS =
      words(
          "sometimes always never furiously slyly carefully blithely quickly fluffily slowly quietly"
              + " ruthlessly thinly closely doggedly daringly bravely stealthily permanently enticingly"
              + " idly busily regularly finally ironically evenly boldly silently");
  private static final String[] PREPOSITIONS =
      words(
          "about above according_to across after against along alongside_of among around at atop"
              + " before behind beneath beside besides between beyond by despite during except for from"
              + " in_place_of inside instead_of into near of on outside over past since through"
              + " throughout to toward under until up upon without with within");
  private static final String[] AUXILIARIES =
      words(
          "do may might shall will would can could should ought_to must will_have_to shall_have_to"
              + " could_have_to should_have_to must_have_to need_to try_to");
  private static final String[] TERMINATORS = words(". ; : ? ! --");

  private final String pool;

  TpchText(long seed) {
    SplittableRandom random = new SplittableRandom(seed * 31 + 17);
    StringBuilder out = new StringBuilder(POOL + 200);
    while (out.length() < POOL) {
      sentence(out, random);
    }
    pool = out.substring(0, POOL);
  }

  /// A piece of `least` to `most` characters.
  String piece(SplittableRandom random, int least, int most) {
    int length = least + random.nextInt(most - least + 1);
    int at = random.nextInt(POOL - length);
    return pool.substring(at, at + length);
  }

  private static String[] words(String list) {
    String[] words = list.split(" ");
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace('_', ' ');
    }
    return words;
  }

  private static String any(String[] words, SplittableRandom random) {
    return words[random.nextInt(words.length)];
  }

  private static void sentence(StringBuilder out, SplittableRandom random) {
    noun(out, random);
    switch (random.nextInt(5)) {
      case 0 -> verb(out.append(' '), random);
      case 1 -> {
        verb(out.append(' '), random);
        preposition(out.append(' '), random);
      }
      case 2 -> {
        verb(out.append(' '), random);
        noun(out.append(' '), random);
      }
      case 3 -> {
        preposition(out.append(' '), random);
        verb(out.append(' '), random);
        noun(out.append(' '), random);
      }
      default -> {
        preposition(out.append(' '), random);
        verb(out.append(' '), random);
        preposition(out.append(' '), random);
      }
    }
    out.append(any(TERMINATORS, random)).append(' ');
  }

  private static void noun(StringBuilder out, SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> {}
      case 1 -> out.append(any(ADJECTIVES, random)).append(' ');
      case 2 ->
          out.append(any(ADJECTIVES, random))
              .append(", ")
              .append(any(ADJECTIVES, random))
              .append(' ');
      default ->
          out.append(any(ADVERBS, random)).append(' ').append(any(ADJECTIVES, random)).append(' ');
    }
    out.append(any(NOUNS, random));
  }

  private static void verb(StringBuilder out, SplittableRandom random) {
    int form = random.nextInt(4);
    if (form == 1 || form == 3) {
      out.append(any(AUXILIARIES, random)).append(' ');
    }
    out.append(any(VERBS, random));
    if (form >= 2) {
      out.append(' ').append(any(ADVERBS, random));
    }
  }

  private static void preposition(StringBuilder out, SplittableRandom random) {
    out.append(any(PREPOSITIONS, random)).append(" the ");
    noun(out, random);
  }
}
