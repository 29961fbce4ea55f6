package io.trencadis.sql.types;

/// Which codec a type has.
final class Codecs {
  private Codecs() {}

  static TypeCodec create(PgType type) {
    if (type.kind() == 'd') {
      return type.baseType().codec();
    }
    if (type.isCitext()) {
      return new TextCodec(TextCodec.Kind.CITEXT);
    }
    if (type.isEnum()) {
      return new EnumCodec(type);
    }
    if (type.isVector()) {
      return new VectorCodec(type);
    }
    if (type.isArray()) {
      return new ArrayCodec(type.elementType());
    }
    if (type.kind() == 'r') {
      return new RangeCodec(type);
    }
    if (type.isRow()) {
      return new RowCodec(type);
    }
    return switch (type.oid()) {
      case 16 -> new BoolCodec();
      case 17 -> new ByteaCodec();
      case 18 -> new CharByteCodec();
      case 19 -> new TextCodec(TextCodec.Kind.NAME);
      // 64-bit transaction ids are far below 2^63, so signed is good enough.
      case 20, 5069 -> new Int8Codec();
      case 21 -> new Int2Codec();
      case 23 -> new Int4Codec();
      case 25, 705, 2275, 194, 1033, 1790, 2970 -> new TextCodec(TextCodec.Kind.TEXT);
      case 26, 28, 29 -> new OidCodec(type);
      case 24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191 -> new RegCodec(type);
      case 27 -> new TidCodec();
      case 114 -> new JsonCodec();
      case 700 -> new Float4Codec();
      case 701 -> new Float8Codec();
      case 1042 -> new TextCodec(TextCodec.Kind.BPCHAR);
      case 1043 -> new TextCodec(TextCodec.Kind.VARCHAR);
      case 1082 -> new DateCodec();
      case 1083 -> new TimeCodec();
      case 1114 -> new TimestampCodec(false);
      case 1184 -> new TimestampCodec(true);
      case 1186 -> new IntervalCodec();
      case 1266 -> new TimeTzCodec();
      case 869 -> new InetCodec(false);
      case 650 -> new InetCodec(true);
      case 829 -> new MacCodec(false);
      case 774 -> new MacCodec(true);
      case 1560 -> new BitCodec(false);
      case 1562 -> new BitCodec(true);
      case 1700 -> new NumericCodec();
      case 2277, 5078 -> new ArrayCodec(Types.TEXT);
      case 2278 -> new VoidCodec();
      case 3500 -> new EnumCodec(type);
      case 2950 -> new UuidCodec();
      case 3220 -> new LsnCodec();
      case 3802 -> new JsonbCodec();
      case 142 -> new XmlOutputCodec(type);
      case 4072 -> new JsonPathCodec();
      default -> new UnsupportedCodec(type);
    };
  }
}
