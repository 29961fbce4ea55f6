package io.trencadis.sql.functions;

import io.trencadis.base.SqlException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// `gen_random_uuid`, and the functions of extension `uuid-ossp` (manual, F.49; RFC 4122).
final class UuidFunctions {
  /// From 1582-10-15 to 2000-01-01 in units of 100 ns.
  private static final long GREGORIAN_TO_2000 = 0x01b21dd213814000L + 946_684_800L * 10_000_000L;

  private UuidFunctions() {}

  static void register(Builtins.Registry to) {
    // Not the session's generator: UUIDs have to be unguessable and differ between sessions of
    // equal seed.
    to.fn0("gen_random_uuid", cx -> UUID.randomUUID());
    to.fn0("uuid_generate_v4", cx -> UUID.randomUUID());
    to.fn0("uuid_generate_v1", cx -> timed(cx.clockTimestampMicros()));
    to.fn0("uuid_generate_v1mc", cx -> timed(cx.clockTimestampMicros()));
    to.fn2("uuid_generate_v3", (space, name, cx) -> named("MD5", 3, (UUID) space, (String) name));
    to.fn2("uuid_generate_v5", (space, name, cx) -> named("SHA-1", 5, (UUID) space, (String) name));
    to.fn0("uuid_nil", cx -> new UUID(0, 0));
    to.fn0("uuid_ns_dns", cx -> namespace(0x6ba7b810L));
    to.fn0("uuid_ns_url", cx -> namespace(0x6ba7b811L));
    to.fn0("uuid_ns_oid", cx -> namespace(0x6ba7b812L));
    to.fn0("uuid_ns_x500", cx -> namespace(0x6ba7b814L));
  }

  private static UUID namespace(long first) {
    return new UUID(first << 32 | 0x9dad11d1L, 0x80b400c04fd430c8L);
  }

  /// Version 1. The clock sequence and the node are chance, as section 4.5 has it for who does not
  /// want to tell the network card's address: two at the same microsecond differ by them.
  private static UUID timed(long micros) {
    UUID chance = UUID.randomUUID();
    long ticks = micros * 10 + GREGORIAN_TO_2000 + Math.floorMod(chance.hashCode(), 10);
    long high = ticks << 32 | (ticks >>> 16 & 0xffff_0000L) | 0x1000L | ticks >>> 48 & 0xfff;
    long multicast = 0x0000_0100_0000_0000L;
    return new UUID(high, chance.getLeastSignificantBits() | multicast);
  }

  private static UUID named(String algorithm, int version, UUID space, String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(
          ByteBuffer.allocate(16)
              .putLong(space.getMostSignificantBits())
              .putLong(space.getLeastSignificantBits())
              .array());
      ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
      return new UUID(
          hash.getLong() & ~0xf000L | (long) version << 12,
          hash.getLong() & 0x3fff_ffff_ffff_ffffL | Long.MIN_VALUE);
    } catch (NoSuchAlgorithmException e) {
      throw SqlException.internal("a JDK without " + algorithm);
    }
  }
}
