package io.trencadis.sql.catalog;

import io.trencadis.sql.collation.Collation;

/// A column of a table.
///
/// @param number 1-based and never used again, even after the column was dropped; row bytes hold
///   the columns in this order
/// @param typeOid the type; 0 for a dropped column
/// @param typmod type modifier, -1 for none
/// @param defaultText the default expression as SQL text, or null
/// @param missingText for a column added to a table with rows: the value, in its type's output
///   form, that rows written before have; null for SQL NULL
/// @param identity 'a' for GENERATED ALWAYS, 'd' for BY DEFAULT, or a space
/// @param sequenceOid the sequence of an identity column, or 0
/// @param generated whether the default is no default but what the column is always computed from:
///   GENERATED ALWAYS AS … STORED
/// @param inherited how many direct parents the table has it from: `pg_attribute.attinhcount`; that
///   a partition has its columns from its parent is not said here
/// @param notLocal whether it is there for its parents only: not `pg_attribute.attislocal`
/// @param collation by which its values are compared; null for the default one
public record Column(
    int number,
    String name,
    int typeOid,
    int typmod,
    boolean notNull,
    String defaultText,
    String missingText,
    char identity,
    int sequenceOid,
    boolean dropped,
    boolean generated,
    int inherited,
    boolean notLocal,
    Collation collation) {
  public static Column of(int number, String name, int typeOid, int typmod) {
    return new Column(
        number, name, typeOid, typmod, false, null, null, ' ', 0, false, false, 0, false, null);
  }

  public Column withNotNull(boolean value) {
    Copy copy = new Copy(this);
    copy.notNull = value;
    return copy.done();
  }

  public Column withDefault(String text) {
    Copy copy = new Copy(this);
    copy.defaultText = text;
    return copy.done();
  }

  /// The column computed from others by an expression.
  public Column withGeneration(String text) {
    Copy copy = new Copy(this);
    copy.defaultText = text;
    copy.identity = ' ';
    copy.sequenceOid = 0;
    copy.generated = true;
    return copy.done();
  }

  /// The column as a plain one, whose values stay what they are.
  public Column withoutGeneration() {
    Copy copy = new Copy(this);
    copy.defaultText = null;
    copy.identity = ' ';
    copy.sequenceOid = 0;
    copy.generated = false;
    return copy.done();
  }

  public Column withMissing(String text) {
    Copy copy = new Copy(this);
    copy.missingText = text;
    return copy.done();
  }

  public Column withName(String newName) {
    Copy copy = new Copy(this);
    copy.name = newName;
    return copy.done();
  }

  public Column withTypmod(int newTypmod) {
    Copy copy = new Copy(this);
    copy.typmod = newTypmod;
    return copy.done();
  }

  public Column withNumber(int newNumber) {
    Copy copy = new Copy(this);
    copy.number = newNumber;
    return copy.done();
  }

  public Column withIdentity(char kind, int sequence) {
    Copy copy = new Copy(this);
    copy.identity = kind;
    copy.sequenceOid = sequence;
    return copy.done();
  }

  /// The same column with another origin.
  public Column withOrigin(int inheritedCount, boolean local) {
    Copy copy = new Copy(this);
    copy.inherited = inheritedCount;
    copy.notLocal = !local;
    return copy.done();
  }

  /// The same column with values of another type.
  public Column withType(int newTypeOid, int newTypmod) {
    Copy copy = new Copy(this);
    copy.typeOid = newTypeOid;
    copy.typmod = newTypmod;
    copy.missingText = null;
    copy.collation = null;
    return copy.done();
  }

  /// @param value null for the default collation
  public Column withCollation(Collation value) {
    Copy copy = new Copy(this);
    copy.collation = value;
    return copy.done();
  }

  /// What stays of the column after DROP COLUMN: its place in the rows.
  public Column asDropped() {
    return new Column(
        number,
        "........pg.dropped." + number + "........",
        0,
        typmod,
        false,
        null,
        null,
        ' ',
        0,
        true,
        false,
        0,
        false,
        null);
  }

  /// A column that differs from another in what is assigned.
  private static final class Copy {
    int number;
    String name;
    int typeOid;
    int typmod;
    boolean notNull;
    String defaultText;
    String missingText;
    char identity;
    int sequenceOid;
    boolean dropped;
    boolean generated;
    int inherited;
    boolean notLocal;
    Collation collation;

    Copy(Column from) {
      number = from.number;
      name = from.name;
      typeOid = from.typeOid;
      typmod = from.typmod;
      notNull = from.notNull;
      defaultText = from.defaultText;
      missingText = from.missingText;
      identity = from.identity;
      sequenceOid = from.sequenceOid;
      dropped = from.dropped;
      generated = from.generated;
      inherited = from.inherited;
      notLocal = from.notLocal;
      collation = from.collation;
    }

    Column done() {
      return new Column(
          number,
          name,
          typeOid,
          typmod,
          notNull,
          defaultText,
          missingText,
          identity,
          sequenceOid,
          dropped,
          generated,
          inherited,
          notLocal,
          collation);
    }
  }
}
