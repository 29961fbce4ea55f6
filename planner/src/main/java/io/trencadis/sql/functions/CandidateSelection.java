package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Picks the best of several functions or operators that could take the given arguments, by the
/// steps of PostgreSQL's manual, 10.2 and 10.3.
final class CandidateSelection {
  /// One function or operator with the types it declares for the arguments given.
  interface Candidate {
    PgType[] argTypes();
  }

  private CandidateSelection() {}

  /// The candidates that the arguments can implicitly be coerced to.
  static <C extends Candidate> List<C> acceptable(PgType[] inputs, List<C> candidates) {
    List<C> kept = new ArrayList<>();
    for (C each : candidates) {
      if (Coercion.possible(inputs, each.argTypes(), CastContext.IMPLICIT)) {
        kept.add(each);
      }
    }
    return kept;
  }

  /// The one best candidate, or null if the call is ambiguous.
  static <C extends Candidate> C best(PgType[] given, List<C> acceptable) {
    int n = given.length;
    PgType[] inputs = new PgType[n];
    int unknowns = 0;
    for (int i = 0; i < n; i++) {
      inputs[i] = given[i].baseType();
      if (inputs[i] == Types.UNKNOWN) {
        unknowns++;
      }
    }
    List<C> candidates = mostMatches(inputs, acceptable, false);
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    candidates = mostMatches(inputs, candidates, true);
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    if (unknowns == 0) {
      return null;
    }
    candidates = byUnknownCategories(inputs, candidates);
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    return assumingAllAlike(inputs, candidates);
  }

  /// Those with the most arguments that match exactly or, if asked, take the preferred type of the
  /// category.
  private static <C extends Candidate> List<C> mostMatches(
      PgType[] inputs, List<C> candidates, boolean preferred) {
    List<C> best = new ArrayList<>();
    int bestMatches = -1;
    for (C each : candidates) {
      int matches = 0;
      for (int i = 0; i < inputs.length; i++) {
        PgType type = each.argTypes()[i];
        if (inputs[i] != Types.UNKNOWN
            && (type == inputs[i]
                || (preferred && type.preferred() && type.category() == inputs[i].category()))) {
          matches++;
        }
      }
      if (matches > bestMatches) {
        bestMatches = matches;
        best.clear();
      }
      if (matches == bestMatches) {
        best.add(each);
      }
    }
    return best;
  }

  /// For each unknown argument, string if any candidate takes a string, else the one category that
  /// all take; candidates of other categories, or without the preferred type where one has it, drop
  /// out.
  private static <C extends Candidate> List<C> byUnknownCategories(
      PgType[] inputs, List<C> candidates) {
    char[] category = new char[inputs.length];
    boolean[] hasPreferred = new boolean[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != Types.UNKNOWN) {
        continue;
      }
      boolean conflict = false;
      for (C each : candidates) {
        PgType type = each.argTypes()[i];
        if (category[i] == 0) {
          category[i] = type.category();
          hasPreferred[i] = type.preferred();
        } else if (type.category() == category[i]) {
          hasPreferred[i] |= type.preferred();
        } else if (type.category() == 'S') {
          category[i] = 'S';
          hasPreferred[i] = type.preferred();
        } else {
          conflict = true;
        }
      }
      if (conflict && category[i] != 'S') {
        return candidates;
      }
    }
    List<C> kept = new ArrayList<>();
    for (C each : candidates) {
      boolean keep = true;
      for (int i = 0; keep && i < inputs.length; i++) {
        PgType type = each.argTypes()[i];
        keep =
            inputs[i] != Types.UNKNOWN
                || (type.category() == category[i] && (!hasPreferred[i] || type.preferred()));
      }
      if (keep) {
        kept.add(each);
      }
    }
    return kept.isEmpty() ? candidates : kept;
  }

  /// If all known arguments have one type, assumes that the unknown ones have it too.
  private static <C extends Candidate> C assumingAllAlike(PgType[] inputs, List<C> candidates) {
    PgType known = null;
    for (PgType input : inputs) {
      if (input == Types.UNKNOWN) {
        continue;
      }
      if (known != null && known != input) {
        return null;
      }
      known = input;
    }
    if (known == null) {
      return null;
    }
    PgType[] assumed = new PgType[inputs.length];
    java.util.Arrays.fill(assumed, known);
    C only = null;
    for (C each : candidates) {
      if (Coercion.possible(assumed, each.argTypes(), CastContext.IMPLICIT)) {
        if (only != null) {
          return null;
        }
        only = each;
      }
    }
    return only;
  }
}
