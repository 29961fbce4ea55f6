package io.trencadis.txn;

import java.util.EnumSet;
import java.util.Set;

/// Which rules are in force. Immutable.
public final class Rules {
  /// What production runs with.
  public static final Rules ALL = new Rules(EnumSet.allOf(Rule.class));

  private final Set<Rule> inForce;

  private Rules(Set<Rule> inForce) {
    this.inForce = inForce;
  }

  /// All rules but one: for tests that show what it prevents.
  public static Rules without(Rule rule) {
    return new Rules(EnumSet.complementOf(EnumSet.of(rule)));
  }

  public boolean has(Rule rule) {
    return inForce.contains(rule);
  }
}
