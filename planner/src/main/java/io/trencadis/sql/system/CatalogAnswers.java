package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.PredefinedRoles;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.SystemViews;
import io.trencadis.sql.rights.Roles;
import io.trencadis.sql.session.CatalogAccess;
import io.trencadis.sql.session.CatalogFunctions;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.VoidValue;
import java.util.List;

/// The functions that only the catalog can answer. What PostgreSQL keeps statistics of and this
/// server does not is answered with zero; what would have to lie is refused. Stateless;
/// thread-safe.
public final class CatalogAnswers implements CatalogFunctions {
  private final RegNames names;
  private final Privileges privileges;

  /// @param systemViews the relations whose names are found beside those of users
  public CatalogAnswers(SystemViews systemViews) {
    names = new RegNames(systemViews);
    privileges = new Privileges(names);
  }

  @Override
  public long lookupReg(PgType regType, String text, CatalogAccess access) {
    return names.lookup(regType, text, new Reading(access));
  }

  @Override
  public String regName(PgType regType, long oid, CatalogAccess access) {
    return names.name(regType, (int) oid, new Reading(access));
  }

  @Override
  public Object call(String prosrc, Object[] args, CatalogAccess access) {
    Reading reading = new Reading(access);
    if (prosrc.startsWith("has_") || prosrc.startsWith("pg_has_role")) {
      return privileges.call(prosrc, args, reading);
    }
    if (prosrc.endsWith("_is_visible")) {
      return isVisible(prosrc, oid(args[0]), reading);
    }
    if (prosrc.startsWith("pg_stat_get_")) {
      Long counted = Counted.statistic(prosrc, args, access.activityCounts());
      return counted != null ? counted : statistic(prosrc);
    }
    if (prosrc.contains("_advisory_") && !prosrc.endsWith("_all")) {
      return AdvisoryFunctions.call(prosrc, args, access.advisoryLocks());
    }
    if (prosrc.startsWith("to_reg")) {
      return toReg(prosrc, (String) args[0], access);
    }
    return switch (prosrc) {
      case "pg_get_userbyid" -> {
        String name = reading.roleName(oid(args[0]));
        yield name != null ? name : "unknown (OID=" + args[0] + ")";
      }
      case "acldefault_sql" -> DefaultAcl.of(reading, (String) args[0], oid(args[1]));
      case "pg_get_indexdef" -> indexDefinition(reading, oid(args[0]), 0, false);
      case "pg_get_indexdef_ext" ->
          indexDefinition(reading, oid(args[0]), (Integer) args[1], (Boolean) args[2]);
      case "pg_get_constraintdef" -> constraint(reading, oid(args[0]), false);
      case "pg_get_constraintdef_ext" -> constraint(reading, oid(args[0]), (Boolean) args[1]);
      // What stands for an expression tree in our relations is the expression's text.
      case "pg_get_expr" -> args[0];
      case "pg_get_expr_ext" ->
          (Boolean) args[2]
              ? ExpressionText.pretty(
                  reading, reading.catalog().table(oid(args[1])), (String) args[0])
              : args[0];
      case "pg_get_viewdef" -> viewDefinition(reading, oid(args[0]), false, 0);
      case "pg_get_viewdef_ext" -> viewDefinition(reading, oid(args[0]), (Boolean) args[1], 0);
      case "pg_get_viewdef_wrap" -> viewDefinition(reading, oid(args[0]), true, (Integer) args[1]);
      case "pg_get_viewdef_name", "pg_get_viewdef_name_ext" ->
          viewDefinition(
              reading,
              requireRelation(reading, (String) args[0]),
              args.length > 1 && (Boolean) args[1],
              0);
      case "pg_get_ruledef", "pg_get_ruledef_ext" -> null;
      case "pg_get_triggerdef" -> TriggerViews.definition(reading, oid(args[0]), false);
      case "pg_get_triggerdef_ext" ->
          TriggerViews.definition(reading, oid(args[0]), (Boolean) args[1]);
      case "pg_get_statisticsobjdef",
          "pg_get_statisticsobjdef_columns",
          "pg_get_statisticsobjdef_expressions",
          "pg_get_function_sqlbody",
          "pg_get_replica_identity_index" ->
          null;
      case "#1215" -> CommentViews.of(reading, oid(args[0]), 0, (String) args[1], false);
      case "#1216" -> CommentViews.of(reading, oid(args[0]), (Integer) args[1], "pg_class", false);
      case "#1348" -> CommentViews.of(reading, oid(args[0]), 0, null, false);
      case "#1993" -> CommentViews.of(reading, oid(args[0]), 0, (String) args[1], true);
      case "pg_get_partkeydef" -> {
        TableDescriptor table = reading.catalog().table(oid(args[0]));
        yield table == null ? null : PartitionText.key(reading, table);
      }
      case "pg_get_partition_constraintdef" -> PartitionConstraint.text(reading, oid(args[0]));
      case "pg_get_serial_sequence" -> serialSequence(reading, (String) args[0], (String) args[1]);
      case "pg_get_functiondef" -> functionDefinition(reading, oid(args[0]));
      case "pg_table_size" -> size(reading, oid(args[0]), true, false);
      case "pg_relation_size", "#2325" ->
          args.length > 1 && !args[1].equals("main")
              ? (Object) 0L
              : size(reading, oid(args[0]), true, false);
      case "pg_indexes_size" -> size(reading, oid(args[0]), false, true);
      case "pg_total_relation_size" -> size(reading, oid(args[0]), true, true);
      case "pg_database_size_oid", "pg_database_size_name" -> databaseSize(reading, args[0]);
      case "pg_tablespace_size_oid", "pg_tablespace_size_name" -> databaseSize(reading, null);
      case "pg_relation_filenode" -> names.relation(reading, oid(args[0])) == null ? null : args[0];
      case "pg_relation_filepath",
          "pg_filenode_relation",
          "pg_database_collation_actual_version",
          "pg_xact_status",
          "pg_stat_get_snapshot_timestamp" ->
          null;
      case "pg_collation_actual_version" -> CollationRows.actualVersion(reading, oid(args[0]));
      case "pg_tablespace_location" -> "";
      case "pg_partition_root" -> {
        List<Long> chain = Partitions.ancestors(reading, oid(args[0]));
        yield chain.isEmpty() ? null : chain.getLast();
      }
      case "pg_relation_is_updatable" -> isUpdatable(reading, oid(args[0])) ? 28 : 0;
      case "pg_column_is_updatable" -> isUpdatable(reading, oid(args[0]), (Short) args[1]);
      case "pg_relation_is_publishable", "row_security_active", "row_security_active_name" -> false;
      case "pg_is_other_temp_schema" ->
          reading.catalog().byOid(oid(args[0])) instanceof SchemaDescriptor schema
              && schema.isTemporary()
              && !schema.equals(access.names().temporarySchema());
      case "pg_my_temp_schema" -> {
        SchemaDescriptor own = access.names().temporarySchema();
        yield own == null ? 0L : Integer.toUnsignedLong(own.oid());
      }
      case "pg_sequence_last_value" -> {
        SequenceDescriptor sequence = reading.catalog().sequence(oid(args[0]));
        yield sequence == null ? null : access.sequenceLastValue(sequence);
      }
      case "pg_describe_object" -> null;
      case "pg_indexam_has_property", "pg_index_has_property", "pg_index_column_has_property" ->
          IndexProperties.call(prosrc, args, reading);
      case "pg_cancel_backend" -> signal(access, (Integer) args[0], false);
      case "pg_terminate_backend" -> signal(access, (Integer) args[0], true);
      case "_pg_char_max_length" -> TypeFacts.characterLength(oid(args[0]), (Integer) args[1]);
      case "_pg_char_octet_length" -> TypeFacts.octetLength(oid(args[0]), (Integer) args[1]);
      case "_pg_numeric_precision" -> TypeFacts.numericPrecision(oid(args[0]), (Integer) args[1]);
      case "_pg_numeric_precision_radix" -> TypeFacts.numericRadix(oid(args[0]));
      case "_pg_numeric_scale" -> TypeFacts.numericScale(oid(args[0]), (Integer) args[1]);
      case "_pg_datetime_precision" -> TypeFacts.datetimePrecision(oid(args[0]), (Integer) args[1]);
      case "trencadis_backup" -> BackupFunction.call((String) args[0], access);
      case "trencadis_drain" ->
          PlacementFunctions.drain((Integer) args[0], (Boolean) args[1], access);
      case "trencadis_replication_factor" -> PlacementFunctions.copies((Integer) args[0], access);
      case "pg_partition_ancestors" -> Partitions.ancestors(reading, oid(args[0]));
      case "pg_partition_tree" -> Partitions.tree(reading, oid(args[0]));
      case "pg_blocking_pids" -> LockViews.blocking((Integer) args[0], access);
      case "pg_safe_snapshot_blocking_pids" -> SqlArray.empty(Types.INT4);
      case "pg_isolation_test_session_is_blocked" ->
          LockViews.isBlocked((Integer) args[0], (SqlArray) args[1], access);
      case "pg_notify" -> {
        access.sendNotification((String) args[0], (String) args[1]);
        yield VoidValue.VOID;
      }
      case "pg_listening_channels" -> access.listeningChannels();
      case "pg_postmaster_start_time" -> access.startedMicros();
      case "pg_conf_load_time" -> access.configuredMicros();
      case "pg_reload_conf" -> access.reloadConfiguration();
      case "pg_advisory_unlock_all" -> {
        access.advisoryLocks().unlockAll();
        yield VoidValue.VOID;
      }
      case "pg_stat_clear_snapshot" -> VoidValue.VOID;
      case "pg_stat_reset" -> {
        access.resetCounts();
        yield VoidValue.VOID;
      }
      case "pg_stat_statements_reset" -> {
        access.statementTimes().reset(oid(args[0]), oid(args[1]), (Long) args[2]);
        yield VoidValue.VOID;
      }
      case "pg_current_xact_id" -> access.transactionId(true);
      // Precision and the like of information_schema's columns.
      case "#13209" -> indexPosition(reading, oid(args[0]), (Short) args[1]);
      default -> throw SqlException.notSupported("function " + shown(prosrc));
    };
  }

  private static String shown(String prosrc) {
    ProcInfo proc =
        prosrc.startsWith("#") ? PgCatalog.function(Integer.parseInt(prosrc.substring(1))) : null;
    return proc == null ? prosrc : proc.name();
  }

  private static int oid(Object value) {
    return (int) (long) (Long) value;
  }

  private int requireRelation(Reading reading, String name) {
    int oid = names.findRelation(reading, name);
    if (oid == 0) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
    }
    return oid;
  }

  private String constraint(Reading reading, int oid, boolean pretty) {
    return DefinitionText.constraint(
        reading, oid, pretty, table -> Boolean.TRUE.equals(names.isVisible(reading, table)));
  }

  private Boolean isVisible(String prosrc, int oid, Reading reading) {
    return switch (prosrc) {
      case "pg_table_is_visible" -> names.isVisible(reading, oid);
      case "pg_type_is_visible" -> {
        PgType type = Types.byOid(oid);
        yield type != null && type.isUsers()
            ? (Boolean) reading.access().names().isVisible(type)
            : type == null ? null : (Boolean) RegNames.path(reading).contains(type.schema());
      }
      case "pg_function_is_visible" -> {
        ProcInfo proc = PgCatalog.function(oid);
        yield proc == null
            ? null
            : (Boolean)
                (RegNames.path(reading).contains(proc.schema()) && RegNames.isFirst(proc, reading));
      }
      case "pg_operator_is_visible" -> PgCatalog.operator(oid) == null ? null : Boolean.TRUE;
      case "pg_collation_is_visible" -> CollationRows.isVisible(reading, oid);
      case "pg_opclass_is_visible", "pg_opfamily_is_visible" ->
          BuiltInNames.exists(relationOf(prosrc), oid) ? Boolean.TRUE : null;
      default -> null;
    };
  }

  private static String relationOf(String prosrc) {
    return prosrc.substring(0, prosrc.indexOf("_is_visible"));
  }

  private static Object statistic(String prosrc) {
    for (ProcInfo proc : PgCatalog.functions(prosrc)) {
      switch (proc.resultType()) {
        case 20 -> {
          return 0L;
        }
        case 701 -> {
          return 0d;
        }
        case 23 -> {
          return 0;
        }
        default -> {
          return null;
        }
      }
    }
    return null;
  }

  private static Object toReg(String prosrc, String text, CatalogAccess access) {
    PgType type = Types.byName(prosrc.substring("to_".length()));
    // Digits are a name like any other here, and one that nothing has.
    if (text.isEmpty() || text.equals("-") || Character.isDigit(text.charAt(0))) {
      return null;
    }
    try {
      return type.codec().parse(text, -1, access);
    } catch (SqlException e) {
      switch (e.state()) {
        case UNDEFINED_TABLE,
            UNDEFINED_OBJECT,
            UNDEFINED_FUNCTION,
            INVALID_SCHEMA_NAME,
            AMBIGUOUS_FUNCTION -> {
          return null;
        }
        default -> throw e;
      }
    }
  }

  private static String indexDefinition(Reading reading, int oid, int column, boolean pretty) {
    TableDescriptor table = reading.catalog().tableOfIndex(oid);
    if (table == null) {
      return null;
    }
    IndexDescriptor index = RegNames.index(table, oid);
    return column == 0
        ? DefinitionText.index(reading, table, index, pretty)
        : DefinitionText.indexColumn(reading, table, index, column, pretty);
  }

  private static String viewDefinition(Reading reading, int oid, boolean pretty, int wrap) {
    TableDescriptor view = reading.catalog().table(oid);
    return view == null || !view.isView() ? null : DefinitionText.view(reading, view, pretty, wrap);
  }

  private static String functionDefinition(Reading reading, int oid) {
    if (reading.catalog().byOid(oid) instanceof RoutineDescriptor routine) {
      return RoutineText.definition(reading, routine);
    }
    if (PgCatalog.function(oid) == null) {
      return null;
    }
    throw SqlException.notSupported("pg_get_functiondef of a built-in function");
  }

  private String serialSequence(Reading reading, String tableName, String columnName) {
    int oid = requireRelation(reading, tableName);
    TableDescriptor table = reading.catalog().table(oid);
    Column column = table == null ? null : table.column(columnName);
    if (column == null) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN,
          "column \""
              + columnName
              + "\" of relation \""
              + RegNames.parse(tableName).getLast()
              + "\" does not exist");
    }
    for (SequenceDescriptor sequence : reading.sequences()) {
      if (sequence.ownerTableOid() == oid && sequence.ownerColumn() == column.number()) {
        return names.qualifiedName(reading, sequence.oid());
      }
    }
    return null;
  }

  private Long size(Reading reading, int oid, boolean own, boolean indexes) {
    TableDescriptor table = reading.catalog().table(oid);
    if (table != null) {
      return (own ? Sizes.table(reading.access(), table) : 0)
          + (indexes ? Sizes.indexes(reading.access(), table) : 0);
    }
    TableDescriptor owner = reading.catalog().tableOfIndex(oid);
    if (owner != null) {
      return own && !RegNames.index(owner, oid).ordersRows()
          ? Sizes.table(reading.access(), owner)
          : 0L;
    }
    return names.relation(reading, oid) == null ? null : (Long) 0L;
  }

  /// @param named a database's oid or name, or null for this one
  private static Long databaseSize(Reading reading, Object named) {
    Descriptor database =
        switch (named) {
          case null -> reading.catalog().byOid(reading.databaseOid());
          case Long oid -> reading.catalog().byOid((int) (long) oid);
          default -> reading.catalog().database((String) named);
        };
    if (!(database instanceof DatabaseDescriptor)) {
      if (named instanceof String) {
        throw new SqlException(
            SqlState.INVALID_CATALOG_NAME, "database \"" + named + "\" does not exist");
      }
      return null;
    }
    long total = 0;
    for (TableDescriptor table : reading.catalog().all(TableDescriptor.class, database.oid())) {
      total += Sizes.table(reading.access(), table) + Sizes.indexes(reading.access(), table);
    }
    return total;
  }

  private static boolean signal(CatalogAccess access, int processId, boolean terminate) {
    requireMaySignal(access, processId, terminate);
    boolean found = access.signal(processId, terminate);
    if (!found) {
      access.notice(
          "WARNING", SqlState.WARNING, "PID " + processId + " is not a PostgreSQL backend process");
    }
    return found;
  }

  private static void requireMaySignal(CatalogAccess access, int processId, boolean terminate) {
    if (access.role().superuser()) {
      return;
    }
    Roles roles = new Roles(access.names().catalog(), access.names().databaseOid());
    for (CatalogAccess.Activity each : access.activity()) {
      if (each.processId() != processId) {
        continue;
      }
      int role = access.role().oid();
      if (roles.isSuperuser(each.roleOid())) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            terminate
                ? "must be a superuser to terminate superuser process"
                : "must be a superuser to cancel superuser query");
      }
      if (!roles.has(role, each.roleOid()) && !roles.has(role, PredefinedRoles.SIGNAL_BACKEND)) {
        throw new SqlException(
            SqlState.INSUFFICIENT_PRIVILEGE,
            "must be a member of the role whose "
                + (terminate ? "process is being terminated" : "query is being canceled")
                + " or member of pg_signal_backend");
      }
    }
  }

  private static boolean isUpdatable(Reading reading, int oid, int column) {
    TableDescriptor table = reading.catalog().table(oid);
    return table != null
        && column > 0
        && column <= table.columns().size()
        && Updatability.namesOf(reading, table).contains(table.columnNumbered(column).name());
  }

  private static boolean isUpdatable(Reading reading, int oid) {
    TableDescriptor table = reading.catalog().table(oid);
    return table != null && Updatability.of(reading, table);
  }

  private static Integer indexPosition(Reading reading, int oid, int column) {
    TableDescriptor table = reading.catalog().tableOfIndex(oid);
    int at =
        table == null ? -1 : AttributeViews.columnsOf(RegNames.index(table, oid)).indexOf(column);
    return at < 0 ? null : at + 1;
  }
}
