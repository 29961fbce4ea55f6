package io.trencadis.sql.system;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;

/// What information_schema says about a type and its modifier. Each answer is null where it does
/// not apply.
final class TypeFacts {
  private static final int HEADER = 4;
  private static final int BYTES_A_CHARACTER = 4;
  private static final int UNLIMITED_OCTETS = 1 << 30;

  private TypeFacts() {}

  private static int base(int typeOid) {
    PgType type = Types.byOid(typeOid);
    return type == null ? typeOid : type.baseType().oid();
  }

  static Integer characterLength(int typeOid, int typmod) {
    return switch (base(typeOid)) {
      case 1042, 1043 -> typmod < 0 ? null : (Integer) (typmod - HEADER);
      case 1560, 1562 -> typmod < 0 ? null : (Integer) typmod;
      default -> null;
    };
  }

  static Integer octetLength(int typeOid, int typmod) {
    return switch (base(typeOid)) {
      case 25 -> UNLIMITED_OCTETS;
      case 1042, 1043 -> typmod < 0 ? UNLIMITED_OCTETS : (typmod - HEADER) * BYTES_A_CHARACTER;
      default -> null;
    };
  }

  static Integer numericPrecision(int typeOid, int typmod) {
    return switch (base(typeOid)) {
      case 21 -> 16;
      case 23 -> 32;
      case 20 -> 64;
      case 700 -> 24;
      case 701 -> 53;
      case 1700 -> typmod < 0 ? null : (Integer) (typmod - HEADER >> 16 & 0xffff);
      default -> null;
    };
  }

  static Integer numericRadix(int typeOid) {
    return switch (base(typeOid)) {
      case 20, 21, 23, 700, 701 -> 2;
      case 1700 -> 10;
      default -> null;
    };
  }

  static Integer numericScale(int typeOid, int typmod) {
    return switch (base(typeOid)) {
      case 20, 21, 23 -> 0;
      case 1700 -> typmod < 0 ? null : (Integer) (typmod - HEADER & 0xffff);
      default -> null;
    };
  }

  static Integer datetimePrecision(int typeOid, int typmod) {
    return switch (base(typeOid)) {
      case 1082 -> 0;
      case 1083, 1114, 1184, 1266 -> typmod < 0 ? 6 : typmod;
      case 1186 -> typmod < 0 || (typmod & 0xffff) == 0xffff ? 6 : typmod & 0xffff;
      default -> null;
    };
  }
}
