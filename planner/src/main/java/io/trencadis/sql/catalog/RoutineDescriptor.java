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
    Copy copy = new Copy(this);
    copy.schemaOid = newSchemaOid;
    copy.name = newName;
    return copy.done();
  }

  public RoutineDescriptor withOwner(int roleOid) {
    Copy copy = new Copy(this);
    copy.ownerOid = roleOid;
    return copy.done();
  }

  /// The same routine whose texts call another one by a new name.
  public RoutineDescriptor withText(String newBody, List<Argument> newArguments) {
    Copy copy = new Copy(this);
    copy.body = newBody;
    copy.arguments = List.copyOf(newArguments);
    return copy.done();
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
    Copy copy = new Copy(this);
    copy.volatility = newVolatility;
    copy.parallel = newParallel;
    copy.strict = isStrict;
    copy.leakproof = isLeakproof;
    copy.securityDefiner = definer;
    copy.cost = newCost;
    copy.rows = newRows;
    copy.settings = List.copyOf(newSettings);
    return copy.done();
  }

  /// A routine that differs from another in what is assigned.
  private static final class Copy {
    int oid;
    int databaseOid;
    int schemaOid;
    String name;
    int ownerOid;
    char kind;
    String language;
    char volatility;
    char parallel;
    boolean strict;
    boolean leakproof;
    boolean securityDefiner;
    boolean returnsSet;
    int resultOid;
    int variadicOid;
    List<Argument> arguments;
    String source;
    String body;
    List<String> bodyPath;
    double cost;
    double rows;
    List<String> settings;

    Copy(RoutineDescriptor from) {
      oid = from.oid;
      databaseOid = from.databaseOid;
      schemaOid = from.schemaOid;
      name = from.name;
      ownerOid = from.ownerOid;
      kind = from.kind;
      language = from.language;
      volatility = from.volatility;
      parallel = from.parallel;
      strict = from.strict;
      leakproof = from.leakproof;
      securityDefiner = from.securityDefiner;
      returnsSet = from.returnsSet;
      resultOid = from.resultOid;
      variadicOid = from.variadicOid;
      arguments = from.arguments;
      source = from.source;
      body = from.body;
      bodyPath = from.bodyPath;
      cost = from.cost;
      rows = from.rows;
      settings = from.settings;
    }

    RoutineDescriptor done() {
      return new RoutineDescriptor(
          oid,
          databaseOid,
          schemaOid,
          name,
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
  }
}
