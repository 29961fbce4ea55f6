package io.trencadis.sql.catalog;

import java.util.List;

/// A function or procedure that a user made: what `pg_proc` says of it.
///
/// @param kind f function, p procedure
/// @param language sql or plpgsql
/// @param volatility i immutable, s stable, v volatile
/// @param parallel s safe, r restricted, u unsafe
/// @param resultOid type of the result; of an element where it returns a set
/// @param variadicOid element type of the variadic argument, 0 if there is none
/// @param arguments all of them, columns of RETURNS TABLE included
/// @param source the body as a string, or null
/// @param body the body in SQL's own syntax, or null
/// @param bodyPath the search path that names in `body` were found by
/// @param settings of SET clauses, as `name=value`
public record RoutineDescriptor(
    int oid,
    int databaseOid,
    int schemaOid,
    String name,
    int ownerOid,
    char kind,
    String language,
    char volatility,
    char parallel,
    boolean strict,
    boolean leakproof,
    boolean securityDefiner,
    boolean returnsSet,
    int resultOid,
    int variadicOid,
    List<Argument> arguments,
    String source,
    String body,
    List<String> bodyPath,
    double cost,
    double rows,
    List<String> settings)
    implements Descriptor {
  /// An argument.
  ///
  /// @param mode i, o, b, v or t
  /// @param name empty where it has none
  /// @param defaultText SQL text of the default, or null
  public record Argument(char mode, String name, int typeOid, String defaultText) {
    /// Whether callers pass a value for it.
    public boolean input() {
      return mode != 'o' && mode != 't';
    }

    /// Whether it is part of the result.
    public boolean output() {
      return mode == 'o' || mode == 'b' || mode == 't';
    }
  }

  public boolean isProcedure() {
    return kind == 'p';
  }

  /// Oids of the types of the arguments that callers pass.
  public List<Integer> inputTypes() {
    return arguments.stream().filter(Argument::input).map(Argument::typeOid).toList();
  }

  public RoutineDescriptor withName(int newSchemaOid, String newName) {
    return new RoutineDescriptor(
        oid,
        databaseOid,
        newSchemaOid,
        newName,
        ownerOid,
        kind,
        language,
        volatility,
        parallel,
        strict,
        leakproof,
        securityDefiner,
        returnsSet,
        resultOid,
        variadicOid,
        arguments,
        source,
        body,
        bodyPath,
        cost,
        rows,
        settings);
  }

  public RoutineDescriptor withOwner(int roleOid) {
    return new RoutineDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        roleOid,
        kind,
        language,
        volatility,
        parallel,
        strict,
        leakproof,
        securityDefiner,
        returnsSet,
        resultOid,
        variadicOid,
        arguments,
        source,
        body,
        bodyPath,
        cost,
        rows,
        settings);
  }

  /// The same routine with what ALTER can change.
  public RoutineDescriptor withOptions(
      char newVolatility,
      char newParallel,
      boolean isStrict,
      boolean isLeakproof,
      boolean definer,
      double newCost,
      double newRows,
      List<String> newSettings) {
    return new RoutineDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        language,
        newVolatility,
        newParallel,
        isStrict,
        isLeakproof,
        definer,
        returnsSet,
        resultOid,
        variadicOid,
        arguments,
        source,
        body,
        bodyPath,
        newCost,
        newRows,
        List.copyOf(newSettings));
  }
}
