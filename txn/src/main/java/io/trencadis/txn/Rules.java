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

  /// All rules but one, or a few: for tests that show what they prevent.
  public static Rules without(Rule rule, Rule... more) {
    return new Rules(EnumSet.complementOf(EnumSet.of(rule, more)));
  }

  public boolean has(Rule rule) {
    return inForce.contains(rule);
  }
}
