package io.trencadis.sql.functions;

import java.util.List;

/// A row of `pg_proc`.
///
/// @param kind f function, a aggregate, w window function, p procedure
/// @param volatility i immutable, s stable, v volatile
/// @param parallel s safe, r restricted, u unsafe
/// @param variadicType element type of the variadic argument, 0 if there is none
/// @param argTypes types of the input arguments
/// @param allArgTypes types of all arguments, outputs included; null if there are only inputs
/// @param argModes one of i, o, b, v, t for each of `allArgTypes`; null if there are only inputs
/// @param argNames names of all arguments, empty ones included; null if none has a name
/// @param defaults SQL text of the defaults of the last input arguments
/// @param language i internal, s SQL, c C, p PL/pgSQL
/// @param source the internal C symbol, which [Builtins] is keyed by; null for built-in SQL
///   functions; the body's text, or null, for those of users
public record ProcInfo(
    int oid,
    String name,
    String schema,
    char kind,
    char volatility,
    char parallel,
    boolean strict,
    boolean returnsSet,
    boolean leakproof,
    int resultType,
    int variadicType,
    int[] argTypes,
    int[] allArgTypes,
    String argModes,
    List<String> argNames,
    List<String> defaults,
    char language,
    String source,
    float cost,
    float rows,
    int supportFunction) {
  private static final int FIRST_OF_USERS = 16384;

  /// Whether a user made it.
  public boolean isUsers() {
    return Integer.compareUnsigned(oid, FIRST_OF_USERS) >= 0;
  }

  /// Whether it is a routine with a body, which its language runs; the others are [Builtins]',
  /// those of extensions among them.
  public boolean hasBody() {
    return isUsers() && language != 'c';
  }

  public boolean isProcedure() {
    return kind == 'p';
  }

  /// A routine as CALL sees it: arguments of OUT have places too.
  public ProcInfo asCalled() {
    if (argModes == null || argModes.indexOf('t') >= 0) {
      return this;
    }
    return new ProcInfo(
        oid,
        name,
        schema,
        kind,
        volatility,
        parallel,
        strict,
        returnsSet,
        leakproof,
        resultType,
        variadicType,
        allArgTypes,
        allArgTypes,
        argModes.replace('o', 'i').replace('b', 'i'),
        argNames,
        defaults,
        language,
        source,
        cost,
        rows,
        supportFunction);
  }

  public boolean isAggregate() {
    return kind == 'a';
  }

  public boolean isWindow() {
    return kind == 'w';
  }

  public boolean immutable() {
    return volatility == 'i';
  }

  /// Names of the output columns, where there are OUT, INOUT or TABLE arguments.
  public List<String> outputNames() {
    List<String> names = new java.util.ArrayList<>();
    for (int i = 0; argModes != null && i < argModes.length(); i++) {
      if ("obt".indexOf(argModes.charAt(i)) >= 0) {
        names.add(
            argNames == null || argNames.get(i).isEmpty()
                ? "column" + (names.size() + 1)
                : argNames.get(i));
      }
    }
    return names;
  }

  /// Types of the output columns, where there are OUT, INOUT or TABLE arguments.
  public int[] outputTypes() {
    int[] types = new int[argModes == null ? 0 : argModes.length()];
    int count = 0;
    for (int i = 0; i < types.length; i++) {
      if ("obt".indexOf(argModes.charAt(i)) >= 0) {
        types[count++] = allArgTypes[i];
      }
    }
    return java.util.Arrays.copyOf(types, count);
  }
}
