package io.trencadis.sql.functions;

import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.encoding.Encoding;
import io.trencadis.sql.types.Inet;
import io.trencadis.sql.types.Interval;
import io.trencadis.sql.types.Numeric;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import io.trencadis.sql.types.VoidValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetSocketAddress;

/// Functions about the session, the server and values as such.
final class SystemFunctions {
  private SystemFunctions() {}

  static void register(Builtins.Registry to) {
    session(to);
    settings(to);
    sequences(to);
    transactions(to);
    server(to);
    types(to);
    sizes(to);
    hashes(to);
  }

  private static void session(Builtins.Registry to) {
    to.fn0("current_database", EvalContext::currentDatabase);
    to.fn0("current_schema", cx -> cx.searchPath().isEmpty() ? null : cx.searchPath().getFirst());
    to.fn1("current_schemas", (a, cx) -> cx.currentSchemas((Boolean) a));
    to.fn0("current_user", EvalContext::currentUser);
    to.fn0("session_user", EvalContext::sessionUser);
    to.fn0("pg_backend_pid", EvalContext::backendPid);
    to.fn0("current_query", cx -> cx.catalogFunction("current_query", new Object[0]));
    to.fn0("pgsql_version", EvalContext::versionText);
    to.fn1(
        "#3935",
        (a, cx) -> {
          Interval span = (Interval) a;
          cx.sleepMicros(
              Math.max(
                  0,
                  DateTimeMath.timestamptzPlus(cx.clockTimestampMicros(), span, cx)
                      - cx.clockTimestampMicros()));
          return VoidValue.VOID;
        });
    to.fn1(
        "#3936",
        (a, cx) -> {
          cx.sleepMicros(Math.max(0, (Long) a - cx.clockTimestampMicros()));
          return VoidValue.VOID;
        });
    to.fn0("inet_client_addr", cx -> address(cx.clientAddress()));
    to.fn0("inet_client_port", cx -> port(cx.clientAddress()));
    to.fn0("inet_server_addr", cx -> address(cx.serverAddress()));
    to.fn0("inet_server_port", cx -> port(cx.serverAddress()));
    to.fn1(
        "pg_sleep",
        (a, cx) -> {
          double seconds = (Double) a;
          if (seconds > 0) {
            cx.sleepMicros((long) Math.min(seconds * 1e6, 1e17));
          }
          return VoidValue.VOID;
        });
  }

  private static Object address(InetSocketAddress end) {
    return end == null ? null : Inet.host(end.getAddress().getHostAddress());
  }

  private static Object port(InetSocketAddress end) {
    return end == null ? null : end.getPort();
  }

  private static void settings(Builtins.Registry to) {
    to.fn1("show_config_by_name", (a, cx) -> setting((String) a, false, cx));
    to.fn2("show_config_by_name_missing_ok", (a, b, cx) -> setting((String) a, (Boolean) b, cx));
    to.fn3(
        "set_config_by_name",
        (a, b, c, cx) -> {
          if (a == null) {
            throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
          }
          return cx.setSetting((String) a, (String) b, c != null && (Boolean) c);
        });
  }

  private static String setting(String name, boolean missingOk, EvalContext cx) {
    String value = cx.setting(name);
    if (value == null && !missingOk) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
    }
    return value;
  }

  private static void sequences(Builtins.Registry to) {
    to.fn1("nextval_oid", (a, cx) -> cx.nextval((Long) a));
    to.fn1("currval_oid", (a, cx) -> cx.currval((Long) a));
    to.fn0("lastval", EvalContext::lastval);
    to.fn2("setval_oid", (a, b, cx) -> cx.setval((Long) a, (Long) b, true));
    to.fn3("setval3_oid", (a, b, c, cx) -> cx.setval((Long) a, (Long) b, (Boolean) c));
  }

  private static void transactions(Builtins.Registry to) {
    to.fn0("pg_current_xact_id", cx -> cx.transactionId(true));
    to.fn0("pg_current_xact_id_if_assigned", cx -> cx.transactionId(false));
  }

  private static void server(Builtins.Registry to) {
    to.fn0("pg_is_in_recovery", cx -> false);
    to.fn0("pg_is_wal_replay_paused", cx -> false);
    to.fn0("pg_jit_available", cx -> false);
    to.fn0("pg_trigger_depth", cx -> 0);
    to.fn0("pg_notification_queue_usage", cx -> 0.0);
    to.fn0(
        "pg_client_encoding",
        cx -> {
          String encoding = cx.setting("client_encoding");
          return encoding == null ? "UTF8" : encoding;
        });
    to.fn0("getdatabaseencoding", cx -> "UTF8");
    to.fn1(
        "PG_encoding_to_char",
        (a, cx) -> {
          Encoding encoding = Encoding.of((Integer) a);
          return encoding == null ? "" : encoding.name();
        });
    to.fn1(
        "PG_char_to_encoding",
        (a, cx) -> {
          Encoding encoding = Encoding.named((String) a);
          return encoding == null ? -1 : encoding.code();
        });
    to.fn1(
        "pg_encoding_max_length_sql",
        (a, cx) -> {
          Encoding encoding = Encoding.of((Integer) a);
          return encoding == null ? null : encoding.maxBytes();
        });
    // Versions have timestamps: nothing grows old by the number of transactions since.
    to.fn1("xid_age", (a, cx) -> 0);
    to.fn1("mxid_age", (a, cx) -> 0);
    // Asked by what looks after standby servers, which there are none of.
    to.fn0("pg_last_xact_replay_timestamp", cx -> null);
    to.fn0(
        "pg_postmaster_start_time",
        cx -> cx.catalogFunction("pg_postmaster_start_time", new Object[0]));
    to.fn0("pg_conf_load_time", cx -> cx.catalogFunction("pg_conf_load_time", new Object[0]));
  }

  private static void types(Builtins.Registry to) {
    to.bound(
        "pg_typeof",
        call -> {
          Long oid = call.argTypes().getFirst().oid() & 0xffff_ffffL;
          Fn1 fn = (a, cx) -> oid;
          return fn;
        });
    to.fn2("format_type", (a, b, cx) -> a == null ? null : formatType((Long) a, (Integer) b, cx));
    to.bound(
        "pg_column_size",
        call -> {
          PgType type = call.argTypes().getFirst();
          Fn1 fn = (a, cx) -> a == null ? null : columnSize(type, a);
          return fn;
        });
    to.bound(
        "pg_column_compression",
        call -> {
          Fn1 fn = (a, cx) -> null;
          return fn;
        });
    to.bound("pg_num_nulls", call -> countNulls(call, true));
    to.bound("pg_num_nonnulls", call -> countNulls(call, false));
    to.fn1(
        "oidvectortypes",
        (a, cx) -> {
          StringBuilder out = new StringBuilder();
          for (Object oid : ((SqlArray) a).elements()) {
            out.append(out.isEmpty() ? "" : ", ").append(formatType((Long) oid, null, cx));
          }
          return out.toString();
        });
    to.fn1("pg_get_function_result", (a, cx) -> ProcText.result((Long) a));
    to.fn1("pg_get_function_arguments", (a, cx) -> ProcText.arguments((Long) a, true));
    to.fn1("pg_get_function_identity_arguments", (a, cx) -> ProcText.arguments((Long) a, false));
    to.fn2(
        "pg_get_function_arg_default",
        (a, b, cx) -> ProcText.argumentDefault((Long) a, (Integer) b));
    to.fn1("text_regclass", (a, cx) -> Types.REGCLASS.codec().parse((String) a, -1, cx));
  }

  private static String formatType(long oid, Integer typmod, EvalContext cx) {
    PgType type = Types.byOid((int) oid);
    if (type == null) {
      String name = oid == 0 ? "-" : cx.regName(Types.REGTYPE, oid);
      return name == null ? "???" : name;
    }
    return typmod == null ? type.displayName() : Types.formatType(type.oid(), typmod);
  }

  private static int columnSize(PgType type, Object value) {
    if (type.typlen() > 0) {
      return type.typlen();
    }
    ByteWriter out = new ByteWriter();
    type.codec().encodeRow(value, out);
    // What PostgreSQL adds for a short and for a long variable-length value.
    return out.length() + (out.length() < 127 ? 1 : 4);
  }

  private static Fn countNulls(ResolvedCall call, boolean nulls) {
    boolean array = call.variadicArray();
    FnN fn =
        (args, cx) -> {
          Object[] values = args;
          if (array) {
            if (args[0] == null) {
              return null;
            }
            values = ((SqlArray) args[0]).elements();
          }
          int count = 0;
          for (Object value : values) {
            if ((value == null) == nulls) {
              count++;
            }
          }
          return count;
        };
    return fn;
  }

  private static void sizes(Builtins.Registry to) {
    to.fn1("pg_size_pretty", (a, cx) -> prettySize(BigDecimal.valueOf((Long) a), true));
    to.fn1("pg_size_pretty_numeric", (a, cx) -> prettySize(((Numeric) a).decimal(), false));
    to.fn1("pg_size_bytes", (a, cx) -> SizeText.bytes((String) a));
  }

  /// Units change at ten times 1024, and halves round away from zero.
  private static String prettySize(BigDecimal size, boolean whole) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    BigInteger limit = BigInteger.valueOf(10 * 1024);
    if (size.abs().compareTo(new BigDecimal(limit)) < 0) {
      return (whole ? size.toBigInteger().toString() : size.toPlainString()) + " bytes";
    }
    BigInteger halves = size.toBigInteger();
    // From here on in half units, so that the last step can round.
    halves = halves.abs().shiftRight(9);
    int unit = 1;
    BigInteger halfLimit = BigInteger.valueOf(20 * 1024 - 1);
    while (unit < units.length - 1 && halves.compareTo(halfLimit) >= 0) {
      halves = halves.shiftRight(10);
      unit++;
    }
    BigInteger shown = halves.add(BigInteger.ONE).shiftRight(1);
    return (size.signum() < 0 ? shown.negate() : shown) + " " + units[unit];
  }

  private static void hashes(Builtins.Registry to) {
    hash(to, "hashint2", Types.INT2);
    hash(to, "hashint4", Types.INT4);
    hash(to, "hashint8", Types.INT8);
    hash(to, "hashtext", Types.TEXT);
    hash(to, "hashbpchar", Types.BPCHAR);
    hash(to, "hashname", Types.NAME);
    hash(to, "hashoid", Types.OID);
    hash(to, "hashchar", Types.CHAR);
    hash(to, "hashfloat4", Types.FLOAT4);
    hash(to, "hashfloat8", Types.FLOAT8);
    hash(to, "hash_numeric", Types.NUMERIC);
    hash(to, "hash_array", Types.ANYARRAY);
    hash(to, "hash_record", Types.RECORD);
    hash(to, "uuid_hash", Types.UUID);
    hash(to, "timestamp_hash", Types.TIMESTAMP);
    hash(to, "time_hash", Types.TIME);
    hash(to, "timetz_hash", Types.TIMETZ);
    hash(to, "interval_hash", Types.INTERVAL);
  }

  private static void hash(Builtins.Registry to, String name, PgType type) {
    TypeCodec codec = type.codec();
    to.fn1(name, (a, cx) -> (int) codec.hash(a));
  }
}
