package io.trencadis.txn.participant;

/// Where each shard's store has the schema versions of its relations: for whoever looks at stores
/// from outside.
public final class SchemaKeys {
  /// The relation whose keys they are.
  public static final int RELATION = SchemaTable.SYSTEM_RELATION;

  private SchemaKeys() {}

  /// The relation that one of its keys is about; the relation itself for another kind of key.
  public static int relation(byte[] key) {
    return SchemaTable.isSchemaKey(key) ? SchemaTable.relationOf(key) : RELATION;
  }
}
