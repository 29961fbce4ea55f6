package io.trencadis.sql.catalog;

import java.util.List;

/// An index of a table. The primary key's index is the table itself, and its `relationId` is the
/// table's, unless it is deferrable.
///
/// @param relationId the key prefix of its entries in the shards
/// @param parts the key columns in order
/// @param included numbers of columns that entries carry but are not ordered by
/// @param constraint whether it was made by a PRIMARY KEY or UNIQUE constraint
/// @param constraintOid that constraint's oid, or 0
/// @param predicate the condition of the rows that it has entries for, or null for all
/// @param placement where its entries are; for the primary key, the table's own placement
/// @param deferrable whether uniqueness is checked when a statement ends, or later: then several
///   rows may have the same key meanwhile, and a primary key does not order the rows
/// @param deferred whether it is checked when a transaction ends, unless SET CONSTRAINTS says
///   otherwise
/// @param method the access method as it was written, or null for `btree`; only `gin` is kept in
///   another way than in order
/// @param state `b` while it is built beside running writes, which keep it up to date: it is not
///   read yet; `i` where that has failed, and nobody keeps it up to date
/// @param operators of an exclusion constraint, one for each part; else empty
/// @param options storage parameters as the catalog shows them: `fillfactor=70`
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
    PlacementDescriptor placement,
    IndexExpression predicate,
    boolean deferrable,
    boolean deferred,
    String method,
    char state,
    List<String> operators,
    List<String> options) {
  /// An index of all rows.
  public IndexDescriptor(
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
    this(
        oid,
        name,
        relationId,
        parts,
        included,
        unique,
        primary,
        nullsNotDistinct,
        constraint,
        constraintOid,
        placement,
        null,
        false,
        false,
        null,
        ' ',
        List.of(),
        List.of());
  }

  /// Whether the rows themselves are kept in its order: then it has no entries of its own.
  public boolean ordersRows() {
    return primary && !deferrable;
  }

  /// Whether it has an entry for each term of a value, and no order of rows.
  public boolean inverted() {
    return "gin".equals(method);
  }

  /// Whether it stands behind an exclusion constraint.
  public boolean exclusion() {
    return !operators.isEmpty();
  }

  /// How many of its first parts are compared with `=` by its exclusion constraint.
  public int equalParts() {
    int parts = 0;
    while (parts < operators.size() && operators.get(parts).equals("=")) {
      parts++;
    }
    return parts;
  }

  /// Whether queries may use it: it has all rows.
  public boolean valid() {
    return state != 'b' && state != 'i';
  }

  /// Whether writes keep it up to date.
  public boolean ready() {
    return state != 'i';
  }

  /// Whether no two rows ever have the same key, not even within a statement.
  public boolean uniqueAtOnce() {
    return unique && !deferrable;
  }

  /// Whether it has all rows, ordered by columns.
  public boolean isPlain() {
    return predicate == null && parts.stream().allMatch(part -> part.expression() == null);
  }

  /// Numbers of the columns that are parts of the key as they are.
  public List<Integer> keyColumns() {
    return parts.stream().map(KeyPart::column).filter(number -> number > 0).toList();
  }

  /// Whether what the index has of a row depends on a column.
  public boolean uses(int column) {
    return included.contains(column)
        || parts.stream().anyMatch(part -> part.uses(column))
        || (predicate != null && predicate.columns().contains(column));
  }

  /// Whether an expression in it, or its predicate, names a column.
  public boolean computesFrom(int column) {
    return (predicate != null && predicate.columns().contains(column))
        || parts.stream().anyMatch(part -> part.expression() != null && part.uses(column));
  }

  /// The same index with its entries elsewhere.
  public IndexDescriptor withPlacement(PlacementDescriptor where) {
    Copy copy = new Copy(this);
    copy.placement = where;
    return copy.done();
  }

  /// The same unique index, checked at another time.
  public IndexDescriptor withDeferral(boolean newDeferrable, boolean newDeferred) {
    Copy copy = new Copy(this);
    copy.deferrable = newDeferrable;
    copy.deferred = newDeferred;
    return copy.done();
  }

  public IndexDescriptor withName(String newName) {
    Copy copy = new Copy(this);
    copy.name = newName;
    return copy.done();
  }

  /// The same unique index as that of a constraint.
  public IndexDescriptor asConstraint(int newConstraintOid) {
    Copy copy = new Copy(this);
    copy.constraint = true;
    copy.constraintOid = newConstraintOid;
    return copy.done();
  }

  /// An index of its own with the same content, which stands behind no constraint of its own.
  public IndexDescriptor asTwin(int newOid, int newRelationId, String newName) {
    Copy copy = new Copy(this);
    copy.oid = newOid;
    copy.relationId = newRelationId;
    copy.name = newName;
    copy.constraint = false;
    copy.primary = false;
    return copy.done();
  }

  /// The same index with its key and predicate analyzed anew.
  public IndexDescriptor withParts(List<KeyPart> newParts, IndexExpression newPredicate) {
    Copy copy = new Copy(this);
    copy.parts = List.copyOf(newParts);
    copy.predicate = newPredicate;
    return copy.done();
  }

  /// The same index in another state of being built.
  public IndexDescriptor withState(char newState) {
    Copy copy = new Copy(this);
    copy.state = newState;
    return copy.done();
  }

  /// The same index with other storage parameters.
  public IndexDescriptor withOptions(List<String> newOptions) {
    Copy copy = new Copy(this);
    copy.options = List.copyOf(newOptions);
    return copy.done();
  }

  /// The same index with its entries under another relation id, as after TRUNCATE.
  public IndexDescriptor withRelation(int newRelationId) {
    Copy copy = new Copy(this);
    copy.relationId = newRelationId;
    return copy.done();
  }

  /// An index that differs from another in what is assigned.
  private static final class Copy {
    int oid;
    String name;
    int relationId;
    List<KeyPart> parts;
    List<Integer> included;
    boolean unique;
    boolean primary;
    boolean nullsNotDistinct;
    boolean constraint;
    int constraintOid;
    PlacementDescriptor placement;
    IndexExpression predicate;
    boolean deferrable;
    boolean deferred;
    String method;
    char state;
    List<String> operators;
    List<String> options;

    Copy(IndexDescriptor from) {
      oid = from.oid;
      name = from.name;
      relationId = from.relationId;
      parts = from.parts;
      included = from.included;
      unique = from.unique;
      primary = from.primary;
      nullsNotDistinct = from.nullsNotDistinct;
      constraint = from.constraint;
      constraintOid = from.constraintOid;
      placement = from.placement;
      predicate = from.predicate;
      deferrable = from.deferrable;
      deferred = from.deferred;
      method = from.method;
      state = from.state;
      operators = from.operators;
      options = from.options;
    }

    IndexDescriptor done() {
      return new IndexDescriptor(
          oid,
          name,
          relationId,
          parts,
          included,
          unique,
          primary,
          nullsNotDistinct,
          constraint,
          constraintOid,
          placement,
          predicate,
          deferrable,
          deferred,
          method,
          state,
          operators,
          options);
    }
  }
}
