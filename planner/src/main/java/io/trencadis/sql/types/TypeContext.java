package io.trencadis.sql.types;

import java.time.ZoneId;
import java.time.ZoneOffset;

/// What the text form of values depends on besides the values: settings of the session, its clock
/// and, for the reg… types, its catalog. Methods are cheap enough to be called for every value.
public interface TypeContext {
  /// PostgreSQL's `DateStyle`, first half.
  enum DateStyle {
    ISO,
    SQL,
    POSTGRES,
    GERMAN
  }

  /// PostgreSQL's `DateStyle`, second half.
  enum DateOrder {
    YMD,
    DMY,
    MDY
  }

  /// PostgreSQL's `IntervalStyle`.
  enum IntervalStyle {
    POSTGRES,
    POSTGRES_VERBOSE,
    SQL_STANDARD,
    ISO_8601
  }

  /// PostgreSQL's `bytea_output`.
  enum ByteaOutput {
    HEX,
    ESCAPE
  }

  /// PostgreSQL's defaults, UTC, a clock that stands at 2000-01-01 and an empty catalog.
  TypeContext DEFAULTS = new TypeContext() {};

  default ZoneId timeZone() {
    return ZoneOffset.UTC;
  }

  default DateStyle dateStyle() {
    return DateStyle.ISO;
  }

  default DateOrder dateOrder() {
    return DateOrder.MDY;
  }

  default IntervalStyle intervalStyle() {
    return IntervalStyle.POSTGRES;
  }

  default int extraFloatDigits() {
    return 1;
  }

  default ByteaOutput byteaOutput() {
    return ByteaOutput.HEX;
  }

  /// Start of the transaction, in microseconds since 2000-01-01 UTC: `now()`, `'today'`, `'now'`.
  default long transactionTimestampMicros() {
    return 0;
  }

  /// The oid that a reg… type's input names, such as `public.t` for regclass.
  ///
  /// @param regType the reg… type
  /// @param text the input, not a number and not `-`
  /// @return the oid, or -1 if nothing in the session's catalog is called so (built-in types,
  ///   functions and operators are found without asking)
  default long lookupReg(PgType regType, String text) {
    return -1;
  }

  /// The text a reg… type prints for an oid, qualified if it is not visible; null if there is no
  /// such object in the session's catalog.
  default String regName(PgType regType, long oid) {
    return null;
  }

  /// Whether the transaction that runs has this id: labels that it added to an enum cannot be used
  /// before it commits.
  default boolean isTransaction(long id) {
    return false;
  }
}
