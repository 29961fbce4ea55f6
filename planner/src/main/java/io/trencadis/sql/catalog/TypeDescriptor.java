package io.trencadis.sql.catalog;

import java.util.ArrayList;
import java.util.List;

/// A type that a user made, and the array type over it.
///
/// @param kind e enum, d domain, c composite: `pg_type.typtype`; t for `citext`, which an extension
///   brings
/// @param arrayOid oid of the array type
/// @param arrayName name of the array type, which is in the same schema
/// @param labels of an enum, in their order
/// @param baseOid the type a domain is over
/// @param baseTypmod the modifier with which it is, -1 for none
/// @param notNull whether a domain refuses NULL
/// @param defaultText the default of a domain as SQL text, or null
/// @param checks the constraints of a domain
/// @param fields the fields of a composite type in the order of their numbers, dropped ones
///   included
public record TypeDescriptor(
    int oid,
    int databaseOid,
    int schemaOid,
    String name,
    int ownerOid,
    char kind,
    int arrayOid,
    String arrayName,
    List<Label> labels,
    int baseOid,
    int baseTypmod,
    boolean notNull,
    String defaultText,
    List<DomainCheck> checks,
    List<Field> fields)
    implements Descriptor {
  /// A label of an enum.
  ///
  /// @param oid of its row in `pg_enum`
  /// @param position `enumsortorder`
  /// @param addedBy the transaction that added it to a type which was there before, else 0
  public record Label(int oid, String text, double position, long addedBy) {}

  /// A CHECK of a domain.
  ///
  /// @param text the condition, with VALUE for the value
  public record DomainCheck(int oid, String name, String text, boolean validated) {}

  /// A field of a composite type.
  ///
  /// @param dropped whether only its number is left
  public record Field(String name, int typeOid, int typmod, boolean dropped) {}

  public static TypeDescriptor ofEnum(
      int oid,
      int databaseOid,
      int schemaOid,
      String name,
      int ownerOid,
      int arrayOid,
      String arrayName,
      List<Label> labels) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        'e',
        arrayOid,
        arrayName,
        labels,
        0,
        -1,
        false,
        null,
        List.of(),
        List.of());
  }

  /// A type that an extension brings.
  public static TypeDescriptor ofExtension(
      char kind,
      int oid,
      int databaseOid,
      int schemaOid,
      String name,
      int ownerOid,
      int arrayOid,
      String arrayName) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        arrayOid,
        arrayName,
        List.of(),
        0,
        -1,
        false,
        null,
        List.of(),
        List.of());
  }

  public boolean isDomain() {
    return kind == 'd';
  }

  public boolean isComposite() {
    return kind == 'c';
  }

  public boolean isEnum() {
    return kind == 'e';
  }

  public TypeDescriptor withName(int newSchemaOid, String newName, String newArrayName) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        newSchemaOid,
        newName,
        ownerOid,
        kind,
        arrayOid,
        newArrayName,
        labels,
        baseOid,
        baseTypmod,
        notNull,
        defaultText,
        checks,
        fields);
  }

  public TypeDescriptor withOwner(int roleOid) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        roleOid,
        kind,
        arrayOid,
        arrayName,
        labels,
        baseOid,
        baseTypmod,
        notNull,
        defaultText,
        checks,
        fields);
  }

  public TypeDescriptor withLabels(List<Label> value) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        arrayOid,
        arrayName,
        List.copyOf(value),
        baseOid,
        baseTypmod,
        notNull,
        defaultText,
        checks,
        fields);
  }

  /// The composite type with other fields.
  public TypeDescriptor withFields(List<Field> value) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        arrayOid,
        arrayName,
        labels,
        baseOid,
        baseTypmod,
        notNull,
        defaultText,
        checks,
        List.copyOf(value));
  }

  /// The domain with other rules.
  public TypeDescriptor withRules(boolean refusesNull, String newDefault, List<DomainCheck> value) {
    return new TypeDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        arrayOid,
        arrayName,
        labels,
        baseOid,
        baseTypmod,
        refusesNull,
        newDefault,
        new ArrayList<>(value),
        fields);
  }

  /// What a domain's checks are conditions over: a row with a column for VALUE.
  public TableDescriptor valueRow() {
    return new TableDescriptor(
        0,
        databaseOid,
        schemaOid,
        "value",
        ownerOid,
        'r',
        0,
        List.of(Column.of(1, "value", baseOid, baseTypmod)),
        0,
        null,
        List.of(),
        List.of(),
        null,
        null,
        0,
        null,
        null,
        List.of());
  }

  /// The label with that text, or null.
  public Label label(String text) {
    for (Label label : labels) {
      if (label.text().equals(text)) {
        return label;
      }
    }
    return null;
  }
}
