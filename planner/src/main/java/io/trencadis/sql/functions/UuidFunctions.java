package io.trencadis.sql.functions;

import java.util.UUID;

/// `gen_random_uuid` and what else makes UUIDs.
final class UuidFunctions {
  private UuidFunctions() {}

  static void register(Builtins.Registry to) {
    // Not the session's generator: UUIDs have to be unguessable and differ between sessions of
    // equal seed.
    to.fn0("gen_random_uuid", cx -> UUID.randomUUID());
  }
}
