package io.trencadis.sql.catalog;

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
    boolean notLocal) {
  public static Column of(int number, String name, int typeOid, int typmod) {
    return new Column(
        number, name, typeOid, typmod, false, null, null, ' ', 0, false, false, 0, false);
  }

  public Column withNotNull(boolean value) {
    return new Column(
        number,
        name,
        typeOid,
        typmod,
        value,
        defaultText,
        missingText,
        identity,
        sequenceOid,
        dropped,
        generated,
        inherited,
        notLocal);
  }

  public Column withDefault(String text) {
    return new Column(
        number,
        name,
        typeOid,
        typmod,
        notNull,
        text,
        missingText,
        identity,
        sequenceOid,
        dropped,
        generated,
        inherited,
        notLocal);
  }

  /// The column computed from others by an expression.
  public Column withGeneration(String text) {
    return new Column(
        number,
        name,
        typeOid,
        typmod,
        notNull,
        text,
        missingText,
        ' ',
        0,
        dropped,
        true,
        inherited,
        notLocal);
  }

  /// The column as a plain one, whose values stay what they are.
  public Column withoutGeneration() {
    return new Column(
        number,
        name,
        typeOid,
        typmod,
        notNull,
        null,
        missingText,
        ' ',
        0,
        dropped,
        false,
        inherited,
        notLocal);
  }

  public Column withMissing(String text) {
    return new Column(
        number,
        name,
        typeOid,
        typmod,
        notNull,
        defaultText,
        text,
        identity,
        sequenceOid,
        dropped,
        generated,
        inherited,
        notLocal);
  }

  public Column withName(String newName) {
    return new Column(
        number,
        newName,
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
        notLocal);
  }

  public Column withTypmod(int newTypmod) {
    return new Column(
        number,
        name,
        typeOid,
        newTypmod,
        notNull,
        defaultText,
        missingText,
        identity,
        sequenceOid,
        dropped,
        generated,
        inherited,
        notLocal);
  }

  public Column withNumber(int newNumber) {
    return new Column(
        newNumber,
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
        notLocal);
  }

  public Column withIdentity(char kind, int sequence) {
    return new Column(
        number,
        name,
        typeOid,
        typmod,
        notNull,
        defaultText,
        missingText,
        kind,
        sequence,
        dropped,
        generated,
        inherited,
        notLocal);
  }

  /// The same column with another origin.
  public Column withOrigin(int inheritedCount, boolean local) {
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
        inheritedCount,
        !local);
  }

  /// The same column with values of another type.
  public Column withType(int newTypeOid, int newTypmod) {
    return new Column(
        number,
        name,
        newTypeOid,
        newTypmod,
        notNull,
        defaultText,
        null,
        identity,
        sequenceOid,
        dropped,
        generated,
        inherited,
        notLocal);
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
        false);
  }
}
