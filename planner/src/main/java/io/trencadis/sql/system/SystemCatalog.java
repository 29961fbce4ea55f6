package io.trencadis.sql.system;

import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.functions.SystemViews;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// All relations of `pg_catalog` and `information_schema`. Cheap to make: the relations themselves
/// are made when the first of them is asked for, and are the same in every instance. Thread-safe.
public final class SystemCatalog implements SystemViews {
  public SystemCatalog() {}

  private static final class Views {
    static final Map<String, SystemView> BY_NAME = new LinkedHashMap<>(400);
    static final Map<Integer, SystemView> BY_OID = new HashMap<>(400);

    static {
      Registration fillers = new Registration();
      RelationViews.register(fillers);
      NamespaceViews.register(fillers);
      AttributeViews.register(fillers);
      TypeViews.register(fillers);
      RoleViews.register(fillers);
      InitialRights.register(fillers);
      CommentViews.register(fillers);
      ColumnStatisticsViews.register(fillers);
      ConstraintViews.register(fillers);
      DependencyViews.register(fillers);
      FunctionViews.register(fillers);
      ListingViews.register(fillers);
      StatisticsViews.register(fillers);
      ActivityViews.register(fillers);
      LockViews.register(fillers);
      ClusterViews.register(fillers);
      SettingsView.register(fillers);
      ZoneViews.register(fillers);
      InformationTables.register(fillers);
      InformationDomains.register(fillers);
      InformationComposites.register(fillers);
      InformationColumns.register(fillers);
      ExtensionViews.register(fillers);
      InformationConstraints.register(fillers);
      InformationRights.register(fillers);
      InformationRoutines.register(fillers);
      for (SystemRelation relation : PgCatalog.systemRelations()) {
        CatalogView view =
            new CatalogView(relation, fillers.fixed(relation), fillers.current(relation));
        BY_NAME.put(relation.schema() + "." + relation.name(), view);
        BY_OID.put(relation.oid(), view);
      }
      fillers.requireAllUsed();
    }
  }

  @Override
  public SystemView find(String schema, String name) {
    // A name of another schema must not load anything: most names that are looked up are users'.
    return schema.equals("pg_catalog") || schema.equals("information_schema")
        ? Views.BY_NAME.get(schema + "." + name)
        : null;
  }

  @Override
  public SystemView byOid(int oid) {
    return Views.BY_OID.get(oid);
  }

  @Override
  public Collection<SystemView> all() {
    return Collections.unmodifiableCollection(Views.BY_NAME.values());
  }
}
