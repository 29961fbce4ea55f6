package io.trencadis.sql.catalog;

/// What is kept beside an object and goes when the object goes: privileges, comments, statistics.
public sealed interface Annotation extends Descriptor
    permits AclDescriptor, CommentDescriptor, StatisticsDescriptor {
  /// The system relation that lists objects of this kind: `pg_class`, ….
  int classOid();

  int objectOid();

  /// Of a relation, or 0 for the whole object.
  int column();
}
