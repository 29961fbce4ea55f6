package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the function or the operator that a call means, by PostgreSQL's rules of overload
/// resolution. The type of an untyped literal or NULL is `unknown`.
public final class FunctionResolver {
  private static final String FUNCTION_HINT =
      "No function matches the given name and argument types. You might need to add explicit type casts.";
  private static final String OPERATOR_HINT =
      "No operator matches the given name and argument types. You might need to add explicit type casts.";
  private static final String PREFIX_HINT =
      "No operator matches the given name and argument type. You might need to add an explicit type cast.";

  private FunctionResolver() {}

  /// A function that could be meant, with what it declares for the arguments in its own order.
  private record Candidate(
      ProcInfo proc, PgType[] argTypes, int[] sources, int packedFrom, boolean defaulted, int place)
      implements CandidateSelection.Candidate {}

  private record OperatorCandidate(OperatorInfo operator, PgType[] argTypes)
      implements CandidateSelection.Candidate {}

  /// Resolves a call of positional arguments.
  public static ResolvedCall function(String name, List<PgType> argTypes) {
    return function(name, argTypes, List.of(), false);
  }

  /// Resolves a call.
  ///
  /// @param name the name without its schema; only `pg_catalog` is looked at
  /// @param argTypes types of all arguments, the named ones last
  /// @param argNames names of the last arguments, as in `f(1, b => 2)`; usually empty
  /// @param variadic whether the last argument was marked VARIADIC
  /// @throws SqlException 42883 if there is no such function, 42725 if several fit equally well
  public static ResolvedCall function(
      String name, List<PgType> argTypes, List<String> argNames, boolean variadic) {
    return function(name, List.of(PgCatalog.functions(name)), argTypes, argNames, variadic);
  }

  /// Resolves a call of one of several functions.
  ///
  /// @param name as errors show it
  /// @param known those of that name, by the schemas of the search path in order; of two that take
  ///   the same arguments the earlier hides the other
  public static ResolvedCall function(
      String name,
      List<List<ProcInfo>> known,
      List<PgType> argTypes,
      List<String> argNames,
      boolean variadic) {
    PgType[] inputs = argTypes.toArray(PgType[]::new);
    List<Candidate> candidates = new ArrayList<>();
    for (int place = 0; place < known.size(); place++) {
      for (ProcInfo proc : known.get(place)) {
        Candidate candidate = match(proc, inputs.length, argNames, variadic, place);
        if (candidate != null) {
          candidates.add(candidate);
        }
      }
    }
    candidates = withoutDuplicates(candidates, inputs.length);
    for (Candidate each : candidates) {
      if (exact(inputs, each)) {
        return finish(each, inputs, variadic);
      }
    }
    if (inputs.length == 1 && argNames.isEmpty()) {
      PgType target = castTarget(unqualified(name), inputs[0]);
      if (target != null) {
        return new ResolvedCall(
            null,
            target,
            target,
            List.of(inputs[0]),
            new int[] {0},
            Collections.singletonList(null),
            -1,
            false,
            List.of(),
            null);
      }
    }
    List<Candidate> acceptable =
        CandidateSelection.acceptable(inputs, inGivenOrder(candidates, inputs));
    Candidate chosen =
        acceptable.size() == 1
            ? acceptable.getFirst()
            : acceptable.isEmpty() ? null : CandidateSelection.best(inputs, acceptable);
    if (chosen == null) {
      String signature = signature(name, argTypes, argNames);
      if (!acceptable.isEmpty()) {
        throw new SqlException(
                SqlState.AMBIGUOUS_FUNCTION, "function " + signature + " is not unique")
            .hint(
                "Could not choose a best candidate function. You might need to add explicit type casts.");
      }
      throw new SqlException(
              SqlState.UNDEFINED_FUNCTION, "function " + signature + " does not exist")
          .hint(FUNCTION_HINT);
    }
    return finish(original(chosen, candidates), inputs, variadic);
  }

  /// Resolves a CALL, likewise.
  public static ResolvedCall procedure(
      String name,
      List<List<ProcInfo>> known,
      List<PgType> argTypes,
      List<String> argNames,
      boolean variadic) {
    try {
      return function(name, known, argTypes, argNames, variadic);
    } catch (SqlException e) {
      String signature = signature(name, argTypes, argNames);
      if (e.state() == SqlState.UNDEFINED_FUNCTION) {
        throw new SqlException(e.state(), "procedure " + signature + " does not exist")
            .hint(
                "No procedure matches the given name and argument types. You might need to add explicit type casts.");
      }
      if (e.state() == SqlState.AMBIGUOUS_FUNCTION) {
        throw new SqlException(e.state(), "procedure " + signature + " is not unique")
            .hint(
                "Could not choose a best candidate procedure. You might need to add explicit type casts.");
      }
      throw e;
    }
  }

  /// Candidates whose declared types are put in the order of the caller's arguments, so that they
  /// compare.
  private static List<Candidate> inGivenOrder(List<Candidate> candidates, PgType[] inputs) {
    List<Candidate> ordered = new ArrayList<>(candidates.size());
    for (Candidate each : candidates) {
      PgType[] types = new PgType[inputs.length];
      for (int i = 0; i < each.sources.length; i++) {
        if (each.sources[i] >= 0) {
          types[each.sources[i]] = each.argTypes[i];
        }
      }
      ordered.add(
          new Candidate(
              each.proc, types, each.sources, each.packedFrom, each.defaulted, each.place));
    }
    return ordered;
  }

  private static Candidate original(Candidate ordered, List<Candidate> candidates) {
    for (Candidate each : candidates) {
      if (each.proc == ordered.proc && each.sources == ordered.sources) {
        return each;
      }
    }
    throw new IllegalStateException("candidate lost: " + ordered.proc.name());
  }

  private static boolean exact(PgType[] inputs, Candidate candidate) {
    for (int i = 0; i < candidate.argTypes.length; i++) {
      int source = candidate.sources[i];
      if (source >= 0 && inputs[source] != candidate.argTypes[i]) {
        return false;
      }
    }
    return true;
  }

  /// How the call's arguments would go into a function's; null if they cannot.
  private static Candidate match(
      ProcInfo proc, int given, List<String> argNames, boolean variadic, int place) {
    int declared = proc.argTypes().length;
    if (!argNames.isEmpty()) {
      return matchNamed(proc, given, argNames, place);
    }
    boolean spreads = proc.variadicType() != 0 && !variadic && given >= declared;
    if (variadic && proc.variadicType() == 0) {
      return null;
    }
    if (!spreads
        && given != declared
        && (given > declared || declared - given > proc.defaults().size())) {
      return null;
    }
    int n = spreads ? given : declared;
    PgType[] types = new PgType[n];
    int[] sources = new int[n];
    for (int i = 0; i < n; i++) {
      types[i] =
          Types.byOid(spreads && i >= declared - 1 ? proc.variadicType() : proc.argTypes()[i]);
      sources[i] = i < given ? i : -1;
    }
    // Arguments for VARIADIC "any" are passed as they are; others become an array.
    boolean packed = spreads && proc.variadicType() != Types.ANY.oid();
    return new Candidate(proc, types, sources, packed ? declared - 1 : -1, given < declared, place);
  }

  private static Candidate matchNamed(ProcInfo proc, int given, List<String> argNames, int place) {
    int declared = proc.argTypes().length;
    if (proc.argNames() == null || given > declared) {
      return null;
    }
    List<String> inputNames = new ArrayList<>();
    for (int i = 0; i < proc.argNames().size(); i++) {
      if (proc.argModes() == null || "ibv".indexOf(proc.argModes().charAt(i)) >= 0) {
        inputNames.add(proc.argNames().get(i));
      }
    }
    int[] sources = new int[declared];
    Arrays.fill(sources, -1);
    int positional = given - argNames.size();
    for (int i = 0; i < positional; i++) {
      sources[i] = i;
    }
    for (int i = 0; i < argNames.size(); i++) {
      int at = inputNames.indexOf(argNames.get(i));
      if (at < 0 || sources[at] >= 0) {
        return null;
      }
      sources[at] = positional + i;
    }
    PgType[] types = new PgType[declared];
    for (int i = 0; i < declared; i++) {
      types[i] = Types.byOid(proc.argTypes()[i]);
      if (sources[i] < 0 && i < declared - proc.defaults().size()) {
        return null;
      }
    }
    return new Candidate(proc, types, sources, -1, given < declared, place);
  }

  /// Of candidates that take the same types, a plain one hides one that spreads an array or uses
  /// defaults.
  private static List<Candidate> withoutDuplicates(List<Candidate> candidates, int given) {
    if (candidates.size() < 2) {
      return candidates;
    }
    Map<List<PgType>, Candidate> byTypes = new HashMap<>();
    List<Candidate> kept = new ArrayList<>(candidates);
    for (Candidate each : candidates) {
      List<PgType> key =
          Arrays.asList(each.argTypes).subList(0, Math.min(given, each.argTypes.length));
      Candidate other = byTypes.putIfAbsent(key, each);
      if (other != null) {
        boolean keepOther =
            other.place == each.place ? rank(other) <= rank(each) : other.place < each.place;
        kept.remove(keepOther ? each : other);
        byTypes.put(key, keepOther ? other : each);
      }
    }
    return kept;
  }

  private static int rank(Candidate candidate) {
    return (candidate.packedFrom >= 0 ? 1 : 0) + (candidate.defaulted ? 2 : 0);
  }

  private static String unqualified(String name) {
    return name.startsWith("pg_catalog.") ? name.substring("pg_catalog.".length()) : name;
  }

  /// The type that `name(x)` casts to, if that is what it means: the cast needs no function of its
  /// own.
  private static PgType castTarget(String name, PgType input) {
    PgType target = Types.byName(name);
    if (target == null || target.isPseudo()) {
      return null;
    }
    if (input == Types.UNKNOWN) {
      return target;
    }
    Coercion.Path path = Coercion.find(input, target, CastContext.EXPLICIT).path();
    boolean io = path == Coercion.Path.IO && !(input.isRow() && target.category() == 'S');
    return path == Coercion.Path.RELABEL || io ? target : null;
  }

  private static ResolvedCall finish(Candidate candidate, PgType[] inputs, boolean variadic) {
    ProcInfo proc = candidate.proc;
    PgType[] types = candidate.argTypes.clone();
    PgType[] actual = new PgType[types.length];
    List<String> defaults = new ArrayList<>(types.length);
    int firstDefault = proc.argTypes().length - proc.defaults().size();
    for (int i = 0; i < types.length; i++) {
      int source = candidate.sources[i];
      actual[i] = source >= 0 ? inputs[source] : types[i];
      defaults.add(source >= 0 ? null : proc.defaults().get(i - firstDefault));
    }
    List<PgType> outputs = new ArrayList<>();
    for (int oid : proc.outputTypes()) {
      outputs.add(Polymorphism.resolve(actual, types.clone(), Types.byOid(oid)));
    }
    PgType result = Polymorphism.resolve(actual, types, Types.byOid(proc.resultType()));
    if (isExtreme(proc) && result == Types.TEXT && actual[0].baseType().isCitext()) {
      // Extension citext has aggregates of its own, which go by the order of its type.
      types[0] = actual[0].baseType();
      result = types[0];
    }
    for (int i = 0; i < types.length; i++) {
      if (types[i] == Types.ANY) {
        types[i] = actual[i];
      }
    }
    return new ResolvedCall(
        proc,
        null,
        result,
        List.of(types),
        candidate.sources,
        defaults,
        candidate.packedFrom,
        variadic,
        outputs,
        null);
  }

  private static boolean isExtreme(ProcInfo proc) {
    return proc.isAggregate() && (proc.name().equals("min") || proc.name().equals("max"));
  }

  /// `name(integer, text)` as error messages show a call.
  public static String signature(String name, List<PgType> argTypes, List<String> argNames) {
    StringBuilder out = new StringBuilder(name).append('(');
    int positional = argTypes.size() - argNames.size();
    for (int i = 0; i < argTypes.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      if (i >= positional) {
        out.append(argNames.get(i - positional)).append(" => ");
      }
      out.append(argTypes.get(i).displayName());
    }
    return out.append(')').toString();
  }

  /// Resolves an infix operator.
  ///
  /// @throws SqlException 42883 if there is none, 42725 if several fit equally well
  public static ResolvedOperator operator(String name, PgType left, PgType right) {
    PgType[] inputs = {left, right};
    // An unknown operand is first taken for the other's type.
    PgType l = left == Types.UNKNOWN ? right : left;
    PgType r = right == Types.UNKNOWN ? left : right;
    OperatorInfo exact = null;
    if (l != Types.UNKNOWN) {
      exact = PgCatalog.operator(name, l.oid(), r.oid());
      if (exact == null && (left == Types.UNKNOWN || right == Types.UNKNOWN)) {
        exact = PgCatalog.operator(name, l.baseType().oid(), r.baseType().oid());
      }
    } else {
      exact = PgCatalog.operator(name, l.oid(), r.oid());
    }
    return resolve(name, inputs, exact);
  }

  /// Resolves a prefix operator.
  public static ResolvedOperator prefixOperator(String name, PgType operand) {
    PgType[] inputs = {operand};
    return resolve(name, inputs, PgCatalog.operator(name, 0, operand.oid()));
  }

  private static ResolvedOperator resolve(String name, PgType[] inputs, OperatorInfo exact) {
    OperatorInfo operator = exact;
    boolean several = false;
    if (operator == null) {
      List<OperatorCandidate> candidates = new ArrayList<>();
      for (OperatorInfo each : PgCatalog.operators(name)) {
        if (inputs.length == 1 ? each.left() == 0 : each.left() != 0) {
          candidates.add(
              new OperatorCandidate(
                  each,
                  inputs.length == 1
                      ? new PgType[] {Types.byOid(each.right())}
                      : new PgType[] {Types.byOid(each.left()), Types.byOid(each.right())}));
        }
      }
      List<OperatorCandidate> acceptable = CandidateSelection.acceptable(inputs, candidates);
      several = !acceptable.isEmpty();
      OperatorCandidate chosen =
          acceptable.size() == 1
              ? acceptable.getFirst()
              : acceptable.isEmpty() ? null : CandidateSelection.best(inputs, acceptable);
      operator = chosen == null ? null : chosen.operator;
    }
    if (operator == null || operator.function() == 0) {
      throw noOperator(name, inputs, several);
    }
    PgType[] types =
        inputs.length == 1
            ? new PgType[] {Types.byOid(operator.right())}
            : new PgType[] {Types.byOid(operator.left()), Types.byOid(operator.right())};
    PgType result = Polymorphism.resolve(inputs, types, Types.byOid(operator.result()));
    ProcInfo proc = PgCatalog.function(operator.function());
    return new ResolvedOperator(operator, ResolvedCall.plain(proc, result, List.of(types)));
  }

  private static SqlException noOperator(String name, PgType[] inputs, boolean ambiguous) {
    String shown =
        inputs.length == 1
            ? name + " " + inputs[0].displayName()
            : inputs[0].displayName() + " " + name + " " + inputs[1].displayName();
    if (ambiguous) {
      return new SqlException(SqlState.AMBIGUOUS_FUNCTION, "operator is not unique: " + shown)
          .hint(
              "Could not choose a best candidate operator. You might need to add explicit type casts.");
    }
    return new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + shown)
        .hint(inputs.length == 1 ? PREFIX_HINT : OPERATOR_HINT);
  }
}
