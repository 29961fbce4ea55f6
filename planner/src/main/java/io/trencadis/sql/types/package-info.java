/// SQL's data types: what values are in memory, as text, on the wire, in keys and in rows.
///
/// Start at [Types] (the registry), [PgType] (one type) and [TypeCodec] (what can be done with its
/// values). A value is a plain Java object, and SQL's NULL is Java's null:
///
/// | SQL | Java |
/// | --- | --- |
/// | boolean | Boolean |
/// | smallint, integer, bigint | Short, Integer, Long |
/// | real, double precision | Float, Double |
/// | numeric | [Numeric] |
/// | text, varchar, char(n), name, "char", json, unknown, cstring | String |
/// | bytea | byte[] |
/// | oid, xid, cid and the reg… types | Long, 0 to 2^32-1 |
/// | date | Integer, days since 2000-01-01; the extremes are the infinities |
/// | time | Long, microseconds since midnight |
/// | timetz | [TimeTz] |
/// | timestamp, timestamptz | Long, microseconds since 2000-01-01; the extremes are the infinities |
/// | interval | [Interval] |
/// | uuid | java.util.UUID |
/// | jsonb | [Json] |
/// | jsonpath | [JsonPath] |
/// | enums | [EnumValue] |
/// | bit, bit varying | [BitString] |
/// | inet, cidr | [Inet] |
/// | macaddr, macaddr8 | Long, the bytes as a number |
/// | arrays, int2vector, oidvector | [SqlArray] |
/// | record and row types | [SqlRow] |
/// | ranges | [RangeValue] |
/// | void | [VoidValue] |
///
/// A *typmod* is PostgreSQL's type modifier, such as the 20 of `varchar(20)`; -1 means none.
/// Nothing here knows of expressions or tables; what depends on a session is asked of a
/// [TypeContext].
package io.trencadis.sql.types;
