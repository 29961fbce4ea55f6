package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.functions.SystemViews;
import io.trencadis.sql.rel.TransitionTable;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds what names mean for one session at one version of the catalog: PostgreSQL's search path
/// rules (manual, 5.9.3). Immutable; thread-safe.
public final class Names {
  private final Catalog catalog;
  private final int databaseOid;
  private final String databaseName;
  private final List<String> searchPath;
  private final String temporarySchema;
  private final EvalContext context;
  private final SystemViews systemViews;
  private final Environment environment;
  private final int roleOid;
  private final Map<String, TransitionTable> transitions;

  /// What analysis may ask of the running server. Thread-safe.
  public interface Environment {
    /// How many rows a table has, roughly.
    double estimatedRows(TableDescriptor table);

    /// The one-row relation that `SELECT … FROM sequence` reads.
    SystemView sequenceView(SequenceDescriptor sequence);
  }

  /// @param searchPath schema names in order, `$user` already replaced
  /// @param roleOid whose rights to look into schemas count; 0 for names that need none
  /// @param temporarySchema what `pg_temp` stands for; a schema of that name need not exist
  public Names(
      Catalog catalog,
      int databaseOid,
      String databaseName,
      List<String> searchPath,
      String temporarySchema,
      EvalContext context,
      SystemViews systemViews,
      Environment environment,
      int roleOid) {
    this(
        catalog,
        databaseOid,
        databaseName,
        searchPath,
        temporarySchema,
        context,
        systemViews,
        environment,
        roleOid,
        Map.of());
  }

  private Names(
      Catalog catalog,
      int databaseOid,
      String databaseName,
      List<String> searchPath,
      String temporarySchema,
      EvalContext context,
      SystemViews systemViews,
      Environment environment,
      int roleOid,
      Map<String, TransitionTable> transitions) {
    this.transitions = Map.copyOf(transitions);
    this.roleOid = roleOid;
    this.catalog = catalog;
    this.databaseOid = databaseOid;
    this.databaseName = databaseName;
    this.searchPath = List.copyOf(searchPath);
    this.temporarySchema = temporarySchema;
    this.context = context;
    this.systemViews = systemViews;
    this.environment = environment;
  }

  /// The same names for a text whose names were allowed when it was stored.
  public Names unguarded() {
    return as(0, transitions);
  }

  /// The same names, and those of a trigger's transition tables, which come first.
  public Names withTransitions(Map<String, TransitionTable> tables) {
    return as(roleOid, tables);
  }

  private Names as(int role, Map<String, TransitionTable> tables) {
    return new Names(
        catalog,
        databaseOid,
        databaseName,
        searchPath,
        temporarySchema,
        context,
        systemViews,
        environment,
        role,
        tables);
  }

  /// The transition table of that name, or null.
  public TransitionTable transition(QualifiedName name) {
    return name.schema() == null ? transitions.get(name.name()) : null;
  }

  /// The same names found by another search path.
  public Names withPath(List<String> path) {
    return new Names(
        catalog,
        databaseOid,
        databaseName,
        path,
        temporarySchema,
        context,
        systemViews,
        environment,
        roleOid,
        transitions);
  }

  /// Whether the role may look into the schema.
  public boolean mayUse(SchemaDescriptor schema) {
    return roleOid == 0
        || schema.name().equals(temporarySchema)
        || new Rights(catalog, databaseOid).has(roleOid, Target.of(schema), Privilege.USAGE);
  }

  /// The schema of a qualified name, or null.
  ///
  /// @throws SqlException 42501 where the role may not look into it
  private SchemaDescriptor schemaWithin(String name) {
    SchemaDescriptor schema = findSchema(name);
    if (schema != null && !mayUse(schema)) {
      throw Rights.denied(Target.of(schema));
    }
    return schema;
  }

  public Catalog catalog() {
    return catalog;
  }

  public int databaseOid() {
    return databaseOid;
  }

  public List<String> searchPath() {
    return searchPath;
  }

  /// The search path for relations: temporary ones come first unless `pg_temp` is named elsewhere.
  public List<String> relationPath() {
    boolean named = searchPath.contains("pg_temp");
    if (!named && temporarySchema() == null) {
      return searchPath;
    }
    List<String> path = new ArrayList<>();
    if (!named) {
      path.add(temporarySchema);
    }
    searchPath.forEach(name -> path.add(name.equals("pg_temp") ? temporarySchema : name));
    return path;
  }

  /// The schema of the session's temporary tables, or null as long as it has none.
  public SchemaDescriptor temporarySchema() {
    return catalog.schema(databaseOid, temporarySchema);
  }

  /// The name of that schema, also where it does not exist yet.
  public String temporarySchemaName() {
    return temporarySchema;
  }

  /// The schema of that name, or null.
  public SchemaDescriptor findSchema(String name) {
    return catalog.schema(databaseOid, name.equals("pg_temp") ? temporarySchema : name);
  }

  public EvalContext context() {
    return context;
  }

  public Environment environment() {
    return environment;
  }

  public SystemViews systemViews() {
    return systemViews;
  }

  /// The schemas of the search path that exist, in order; `pg_catalog` is not among them unless
  /// named.
  public List<SchemaDescriptor> schemasOnPath() {
    List<SchemaDescriptor> found = new ArrayList<>();
    for (String name : relationPath()) {
      SchemaDescriptor schema = catalog.schema(databaseOid, name);
      if (schema != null && mayUse(schema)) {
        found.add(schema);
      }
    }
    return found;
  }

  /// Where CREATE puts what has no schema in its name.
  public SchemaDescriptor creationSchema() {
    for (String name : searchPath) {
      SchemaDescriptor schema = findSchema(name);
      if (schema != null && mayUse(schema)) {
        return schema;
      }
    }
    throw new SqlException(
        SqlState.INVALID_SCHEMA_NAME, "no schema has been selected to create in");
  }

  /// The schema a qualified name's first parts name.
  ///
  /// @throws SqlException 3F000 if there is none, 0A000 for a name of another database
  public SchemaDescriptor schema(QualifiedName name) {
    requireThisDatabase(name);
    return schema(name.schema(), name.pos());
  }

  public SchemaDescriptor schema(String name, int pos) {
    SchemaDescriptor schema = findSchema(name);
    if (schema == null) {
      throw new SqlException(SqlState.INVALID_SCHEMA_NAME, "schema \"" + name + "\" does not exist")
          .at(pos);
    }
    return schema;
  }

  private void requireThisDatabase(QualifiedName name) {
    if (name.parts().size() > 3) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + name)
          .at(name.pos());
    }
    if (name.parts().size() == 3 && !name.parts().getFirst().equals(databaseName)) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "cross-database references are not implemented: \"" + name + "\"")
          .at(name.pos());
    }
  }

  /// The stored tables whose rows a table shows here: without temporary ones of other sessions.
  public List<TableDescriptor> family(TableDescriptor table) {
    List<TableDescriptor> family = catalog.family(table);
    family.removeIf(each -> isOfAnotherSession(catalog.byOid(each.schemaOid())));
    return family;
  }

  private boolean isOfAnotherSession(Descriptor schema) {
    return schema instanceof SchemaDescriptor of
        && of.isTemporary()
        && !of.name().equals(temporarySchema);
  }

  /// The table, view or sequence of that name, or null.
  public Descriptor findRelation(QualifiedName name) {
    requireThisDatabase(name);
    if (name.schema() != null) {
      SchemaDescriptor schema = schemaWithin(name.schema());
      if (isOfAnotherSession(schema)) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "cannot access temporary tables of other sessions");
      }
      return schema == null ? null : catalog.relation(schema.oid(), name.name());
    }
    for (SchemaDescriptor schema : schemasOnPath()) {
      Descriptor found = catalog.relation(schema.oid(), name.name());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// The functions and procedures that a name may mean, by the schemas of the search path in order;
  /// `pg_catalog` comes first unless it is named elsewhere.
  ///
  /// @throws SqlException 42501 where the role may not look into the schema that is named
  public List<List<ProcInfo>> routines(QualifiedName name) {
    requireThisDatabase(name);
    String own = name.name();
    if (name.schema() != null) {
      if (name.schema().equals("pg_catalog")) {
        return List.of(PgCatalog.functions(own));
      }
      SchemaDescriptor schema = schemaWithin(name.schema());
      if (schema == null && !name.schema().equals("information_schema")) {
        throw new SqlException(
                SqlState.INVALID_SCHEMA_NAME, "schema \"" + name.schema() + "\" does not exist")
            .at(name.pos());
      }
      return schema == null ? List.of() : List.of(catalog.routines(schema.oid(), own));
    }
    List<List<ProcInfo>> found = new ArrayList<>();
    if (!searchPath.contains("pg_catalog")) {
      found.add(PgCatalog.functions(own));
    }
    for (String each : searchPath) {
      SchemaDescriptor schema = catalog.schema(databaseOid, each);
      if (schema != null) {
        List<ProcInfo> within = catalog.routines(schema.oid(), own);
        if (!within.isEmpty() && mayUse(schema)) {
          found.add(within);
        }
      } else if (each.equals("pg_catalog")) {
        found.add(PgCatalog.functions(own));
      }
    }
    return found;
  }

  /// The system view of that name, or null. `pg_catalog` comes before the search path.
  public SystemView findSystemView(QualifiedName name) {
    if (name.schema() != null) {
      return systemViews.find(name.schema(), name.name());
    }
    if (!searchPath.contains("pg_catalog")) {
      SystemView found = systemViews.find("pg_catalog", name.name());
      if (found != null) {
        return found;
      }
    }
    for (String schema : searchPath) {
      SystemView found = systemViews.find(schema, name.name());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// The stored table of that name, for what defines or maintains it: as in PostgreSQL, an error
  /// has no position.
  ///
  /// @throws SqlException 42P01 if there is none, 42809 if it is something else
  public TableDescriptor table(QualifiedName name) {
    Descriptor found = findRelation(name);
    if (found == null) {
      SystemView system = findSystemView(name);
      if (system != null && roleOid != 0) {
        throw Rights.denied(Kind.TABLE, system.name());
      }
      if (system != null) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "permission denied: \"" + name.name() + "\" is a system catalog");
      }
      throw undefined(name);
    }
    if (found instanceof TableDescriptor table) {
      return table;
    }
    throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a table");
  }

  /// The same for a query, whose errors say where the name stands.
  public TableDescriptor tableOfQuery(QualifiedName name) {
    try {
      return table(name);
    } catch (SqlException e) {
      throw e.at(name.pos());
    }
  }

  public static SqlException undefined(QualifiedName name) {
    return new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
  }

  /// The table, and where the name is an index, that index's table and oid.
  public TableDescriptor tableOfIndex(QualifiedName name) {
    requireThisDatabase(name);
    if (name.schema() != null) {
      SchemaDescriptor schema = schemaWithin(name.schema());
      return schema == null ? null : catalog.tableOfIndex(schema.oid(), name.name());
    }
    for (SchemaDescriptor schema : schemasOnPath()) {
      TableDescriptor found = catalog.tableOfIndex(schema.oid(), name.name());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// A type with its modifier.
  public record TypeReference(PgType type, int typmod) {}

  /// What a type's name means.
  ///
  /// @throws SqlException 42704 for an unknown type, 22023 for bad modifiers
  public TypeReference type(TypeName name) {
    if (name.percentType()) {
      return typeOfColumn(name);
    }
    if (name.setOf()) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION, "a column cannot be declared SETOF")
          .at(name.pos());
    }
    PgType type = findType(name.parts(), name.pos());
    if (type == null) {
      throw new SqlException(
              SqlState.UNDEFINED_OBJECT,
              "type \"" + String.join(".", name.parts()) + "\" does not exist")
          .at(name.pos());
    }
    int typmod = -1;
    if (!name.modifiers().isEmpty()) {
      List<String> arguments = new ArrayList<>();
      for (var modifier : name.modifiers()) {
        arguments.add(modifierText(modifier));
      }
      try {
        typmod = Types.typmodIn(type, arguments);
      } catch (SqlException e) {
        throw e.at(name.pos());
      }
    }
    if (!name.arrayBounds().isEmpty()) {
      PgType array = type.arrayType();
      if (array == null) {
        throw new SqlException(
                SqlState.UNDEFINED_OBJECT,
                "could not find array type for data type " + type.displayName())
            .at(name.pos());
      }
      type = array;
    }
    return new TypeReference(type, typmod);
  }

  /// `table.column%TYPE`.
  private TypeReference typeOfColumn(TypeName name) {
    int last = name.parts().size() - 1;
    if (last < 1) {
      throw new SqlException(
              SqlState.SYNTAX_ERROR,
              "improper %TYPE reference (too few dotted names): " + name.name())
          .at(name.pos());
    }
    QualifiedName table = new QualifiedName(name.parts().subList(0, last), name.pos());
    Descriptor found = findRelation(table);
    if (!(found instanceof TableDescriptor relation)) {
      throw undefined(table);
    }
    io.trencadis.sql.catalog.Column column = relation.column(name.name());
    if (column == null) {
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN,
              "column \""
                  + name.name()
                  + "\" of relation \""
                  + relation.name()
                  + "\" does not exist")
          .at(name.pos());
    }
    return new TypeReference(Types.byOid(column.typeOid()), column.typmod());
  }

  /// The type that a name means, or null: `pg_catalog` comes before the search path.
  ///
  /// @throws SqlException 3F000 for a schema that is not there
  public PgType findType(List<String> parts, int pos) {
    String own = parts.getLast();
    if (parts.size() == 1) {
      PgType type = searchPath.contains("pg_catalog") ? null : Types.byName(own);
      if (type != null) {
        return type;
      }
      for (String schemaName : relationPath()) {
        SchemaDescriptor schema = catalog.schema(databaseOid, schemaName);
        type =
            schema != null
                ? catalog.types().byName(schema.oid(), own)
                : schemaName.equals("pg_catalog") ? Types.byName(own) : null;
        if (type != null) {
          return type;
        }
      }
      return null;
    }
    requireThisDatabase(new QualifiedName(parts, pos));
    String schemaName = parts.get(parts.size() - 2);
    if (schemaName.equals("pg_catalog")) {
      return Types.byName(own);
    }
    return schemaName.equals("information_schema")
        ? null
        : catalog.types().byName(schema(schemaName, pos).oid(), own);
  }

  /// Whether a user's type is what its name means without a schema.
  public boolean isVisible(PgType type) {
    // A plan may hold the type as it was before another one changed.
    PgType found = findType(List.of(type.name()), -1);
    return found != null && found.oid() == type.oid();
  }

  private static String modifierText(io.trencadis.sql.ast.Expr modifier) {
    return switch (modifier) {
      case io.trencadis.sql.ast.Expr.NumberLiteral number -> number.text();
      case io.trencadis.sql.ast.Expr.StringLiteral string -> string.value();
      case io.trencadis.sql.ast.Expr.ColumnRef column when column.parts().size() == 1 ->
          column.parts().getFirst();
      default ->
          throw new SqlException(
                  SqlState.SYNTAX_ERROR, "type modifiers must be simple constants or identifiers")
              .at(modifier.pos());
    };
  }
}
