package io.trencadis.sql.catalog;

import io.trencadis.base.SqlException;
import java.io.IOException;

/// Descriptors as the bytes of their rows: JSON, so that a row can be read by eye and fields can be
/// added. Thread-safe.
public final class DescriptorCodec {
  private static final RecordJson JSON = new RecordJson();

  private DescriptorCodec() {}

  /// Loads what reading and writing needs, which takes a while.
  public static void prepare() {
    decode(encode(new SchemaDescriptor(0, 0, "", 0)));
  }

  public static byte[] encode(Descriptor descriptor) {
    try {
      return JSON.write(descriptor, Descriptor.class);
    } catch (IOException e) {
      throw new IllegalStateException("descriptor " + descriptor.oid() + " cannot be written", e);
    }
  }

  /// @throws SqlException XX001 for bytes that are no descriptor
  public static Descriptor decode(byte[] bytes) {
    try {
      return JSON.read(bytes, Descriptor.class);
    } catch (IOException e) {
      throw new SqlException(
          io.trencadis.base.SqlState.DATA_CORRUPTED,
          "a row of the system catalog cannot be read",
          e);
    }
  }
}
