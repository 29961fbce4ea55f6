package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.txn.message.ReadPart;
import java.util.Set;
import java.util.TreeSet;

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

  /// What was read, and the schema versions of the relations it was read from.
  public static ReadPart with(ReadPart reads) {
    Set<Integer> relations = relations(reads);
    return reads.and(relations.stream().map(SchemaTable::key).toArray(byte[][]::new));
  }

  static Set<Integer> relations(ReadPart reads) {
    Set<Integer> relations = new TreeSet<>();
    int last = RELATION;
    for (byte[] key : reads.keys()) {
      int relation = Keys.relationId(key);
      if (relation != last) {
        relations.add(relation);
        last = relation;
      }
    }
    for (byte[] from : reads.froms()) {
      // Only a scan of everything begins nowhere; no statement does that.
      relations.add(from == null ? RELATION : Keys.relationId(from));
    }
    relations.remove(RELATION);
    return relations;
  }
}
