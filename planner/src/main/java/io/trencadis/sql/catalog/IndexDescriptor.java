package io.trencadis.sql.catalog;

import java.util.List;

/// An index of a table. The primary key's index is the table itself: its `relationId` is the
/// table's.
///
/// @param relationId the key prefix of its entries in the shards
/// @param parts the key columns in order
/// @param included numbers of columns that entries carry but are not ordered by
/// @param constraint whether it was made by a PRIMARY KEY or UNIQUE constraint
/// @param constraintOid that constraint's oid, or 0
/// @param placement where its entries are; for the primary key, the table's own placement
public record IndexDescriptor(
    int oid,
    String name,
    int relationId,
    List<KeyPart> parts,
    List<Integer> included,
    boolean unique,
    boolean primary,
    boolean nullsNotDistinct,
    boolean constraint,
    int constraintOid,
    PlacementDescriptor placement) {
  public IndexDescriptor withName(String newName) {
    return new IndexDescriptor(
        oid,
        newName,
        relationId,
        parts,
        included,
        unique,
        primary,
        nullsNotDistinct,
        constraint,
        constraintOid,
        placement);
  }

  /// The same index with its entries under another relation id, as after TRUNCATE.
  public IndexDescriptor withRelation(int newRelationId) {
    return new IndexDescriptor(
        oid,
        name,
        newRelationId,
        parts,
        included,
        unique,
        primary,
        nullsNotDistinct,
        constraint,
        constraintOid,
        placement);
  }
}
