package io.trencadis.sql.types;

import io.trencadis.sql.collation.Collation;
import java.util.List;

/// One SQL type: a row of `pg_type` and the [TypeCodec] of its values. Types are unique by oid, so
/// comparing them by identity is right. Immutable.
public final class PgType {
  /// What [Definition#kind] says of `citext`, whose `typtype` is b as that of all base types.
  public static final char CITEXT_KIND = 't';

  private static final String CITEXT_INPUT = "citextin";

  private final int oid;
  private final String name;
  private final String schema;
  private final int length;
  private final boolean byValue;
  private final char kind;
  private final char category;
  private final boolean preferred;
  private final char delimiter;
  private final int relationOid;
  private final int elementOid;
  private final int arrayOid;
  private final int baseOid;
  private final int baseTypmod;
  private final int collationOid;
  private final char alignment;
  private final char storage;
  private final String inputFunction;
  private final String outputFunction;
  private final String receiveFunction;
  private final String sendFunction;
  private final String typmodInFunction;
  private final String typmodOutFunction;
  private final String subscriptFunction;
  private final boolean notNull;
  private final List<EnumValue> labels;
  private final List<RowField> fields;
  private final TypeScope scope;
  // Made on first use, because most of the 600 types are never touched. A race makes two equal
  // codecs.
  private volatile TypeCodec codec;

  PgType(String[] row) {
    oid = Integer.parseInt(row[0]);
    name = row[1];
    schema = row[2].isEmpty() ? "pg_catalog" : row[2];
    length = Integer.parseInt(row[3]);
    byValue = row[4].equals("1");
    kind = row[5].charAt(0);
    category = row[6].charAt(0);
    preferred = row[7].equals("1");
    delimiter = row[8].charAt(0);
    relationOid = Integer.parseInt(row[9]);
    elementOid = Integer.parseInt(row[10]);
    arrayOid = Integer.parseInt(row[11]);
    baseOid = Integer.parseInt(row[12]);
    baseTypmod = Integer.parseInt(row[13]);
    collationOid = Integer.parseInt(row[14]);
    alignment = row[15].charAt(0);
    storage = row[16].charAt(0);
    String io = kind == 'c' ? "record_" : "array_";
    inputFunction = row[17].isEmpty() ? io + "in" : row[17];
    outputFunction = row[18].isEmpty() ? io + "out" : row[18];
    receiveFunction = row[19].isEmpty() ? io + "recv" : row[19];
    sendFunction = row[20].isEmpty() ? io + "send" : row[20];
    typmodInFunction = row[21];
    typmodOutFunction = row[22];
    subscriptFunction = row[23];
    notNull = row[24].equals("1");
    labels = List.of();
    fields = List.of();
    scope = null;
  }

  /// What the definition of a user's type says, beside its name.
  ///
  /// @param kind e enum, d domain, c composite, [#CITEXT_KIND], b for the array over one of these
  /// @param shape the type whose length, alignment, storage, category and functions a domain has;
  ///   null for the others
  /// @param baseOid what a domain is over, else 0
  /// @param labels of an enum, in order
  /// @param fields of a composite type, in order, without those that were dropped
  public record Definition(
      char kind,
      int relationOid,
      int elementOid,
      int arrayOid,
      int baseOid,
      int baseTypmod,
      PgType shape,
      boolean notNull,
      List<EnumValue> labels,
      List<RowField> fields) {}

  /// A type that a user made. It is not in the registry: see [TypeScope].
  ///
  /// @param scope where the types are that this one is made of
  public static PgType user(
      int oid, String name, String schema, Definition definition, TypeScope scope) {
    return new PgType(oid, name, schema, definition, scope);
  }

  private PgType(int oid, String name, String schema, Definition definition, TypeScope scope) {
    this.oid = oid;
    this.name = name;
    this.schema = schema;
    this.kind = definition.kind == CITEXT_KIND ? 'b' : definition.kind;
    this.relationOid = definition.relationOid;
    this.elementOid = definition.elementOid;
    this.arrayOid = definition.arrayOid;
    this.baseOid = definition.baseOid;
    this.baseTypmod = definition.baseTypmod;
    this.notNull = definition.notNull;
    this.labels = definition.labels;
    this.fields = definition.fields;
    this.scope = scope;
    this.preferred = false;
    this.typmodInFunction = "";
    this.typmodOutFunction = "";
    PgType shape = definition.shape;
    if (shape != null) {
      boolean domain = kind == 'd';
      this.length = domain ? shape.length : -1;
      this.byValue = domain && shape.byValue;
      this.category = domain ? shape.category : 'A';
      this.delimiter = shape.delimiter;
      this.collationOid = shape.collationOid;
      this.alignment = domain || shape.alignment == 'd' ? shape.alignment : 'i';
      this.storage = domain ? shape.storage : 'x';
      this.inputFunction = domain ? "domain_in" : "array_in";
      this.outputFunction = domain ? shape.outputFunction : "array_out";
      this.receiveFunction = domain ? "domain_recv" : "array_recv";
      this.sendFunction = domain ? shape.sendFunction : "array_send";
      this.subscriptFunction = domain ? "" : "array_subscript_handler";
      return;
    }
    if (definition.kind == CITEXT_KIND) {
      this.length = -1;
      this.byValue = false;
      this.category = 'S';
      this.delimiter = ',';
      this.collationOid = Types.TEXT.collationOid;
      this.alignment = 'i';
      this.storage = 'x';
      this.inputFunction = CITEXT_INPUT;
      this.outputFunction = "citextout";
      this.receiveFunction = "citextrecv";
      this.sendFunction = "citextsend";
      this.subscriptFunction = "";
      return;
    }
    boolean isEnum = kind == 'e';
    String io = isEnum ? "enum_" : "record_";
    this.length = isEnum ? 4 : -1;
    this.byValue = isEnum;
    this.category = isEnum ? 'E' : 'C';
    this.delimiter = ',';
    this.collationOid = 0;
    this.alignment = isEnum ? 'i' : 'd';
    this.storage = isEnum ? 'p' : 'x';
    this.inputFunction = io + "in";
    this.outputFunction = io + "out";
    this.receiveFunction = io + "recv";
    this.sendFunction = io + "send";
    this.subscriptFunction = "";
  }

  /// A row type without a name: `record`, but with the fields that a query gives it.
  public static PgType anonymousRow(List<RowField> fields) {
    return user(
        2249,
        "record",
        "pg_catalog",
        new Definition('c', 0, 0, 0, 0, -1, null, false, List.of(), List.copyOf(fields)),
        null);
  }

  /// Whether a user made the type (or it is the array over one that a user made).
  public boolean isUsers() {
    return scope != null;
  }

  public boolean isEnum() {
    return kind == 'e';
  }

  /// Whether this is extension `citext`'s type: text without upper and lower case.
  public boolean isCitext() {
    return isUsers() && inputFunction.equals(CITEXT_INPUT);
  }

  public boolean isDomain() {
    return kind == 'd';
  }

  /// Whether not every value of the underlying type is one of this type: domains of users, arrays
  /// of them, and composite types with fields of them.
  public boolean hasRules() {
    if (isDomain()) {
      return isUsers() || baseType().hasRules();
    }
    if (isUsers() && isArray()) {
      return elementType().hasRules();
    }
    for (int i = 0; i < fields.size(); i++) {
      if (fieldType(i).hasRules()) {
        return true;
      }
    }
    return false;
  }

  /// The fields of a composite type or of a table's rows, in order; none for other types, and for
  /// the rows of system relations.
  public List<RowField> fields() {
    return fields;
  }

  public PgType fieldType(int index) {
    return find(fields.get(index).typeOid());
  }

  /// The types of [#fields].
  public List<PgType> fieldTypes() {
    return fields.stream().map(field -> find(field.typeOid())).toList();
  }

  /// The names of [#fields].
  public List<String> fieldNames() {
    return fields.stream().map(RowField::name).toList();
  }

  /// The place of the field of that name, or -1.
  public int fieldIndex(String fieldName) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(fieldName)) {
        return i;
      }
    }
    return -1;
  }

  /// The modifier that values of a domain have, -1 for none and for other types.
  public int domainTypmod() {
    for (PgType type = this; type.baseOid != 0; type = type.directBase()) {
      if (type.baseTypmod >= 0) {
        return type.baseTypmod;
      }
    }
    return -1;
  }

  /// An enum's labels in their order; none for other types.
  public List<EnumValue> labels() {
    return labels;
  }

  /// The label of this enum, if the running transaction may use it.
  ///
  /// @throws io.trencadis.base.SqlException 55P04 for one that it adds itself
  public EnumValue safe(EnumValue value, TypeContext cx) {
    EnumCodec.requireSafe(this, value, cx);
    return value;
  }

  private PgType find(int typeOid) {
    PgType builtIn = Types.builtIn(typeOid);
    if (builtIn != null) {
      return builtIn;
    }
    return scope == null ? Types.byOid(typeOid) : scope.byOid(typeOid);
  }

  public int oid() {
    return oid;
  }

  /// The internal name, such as `int4` or `_text`.
  public String name() {
    return name;
  }

  public String schema() {
    return schema;
  }

  /// `typlen`: bytes of a fixed-length type, -1 for variable length, -2 for a C string.
  public int typlen() {
    return length;
  }

  public boolean byval() {
    return byValue;
  }

  /// `typtype`: b base, c composite, d domain, e enum, p pseudo, r range, m multirange.
  public char kind() {
    return kind;
  }

  /// `typcategory`, such as N for numbers and S for strings.
  public char category() {
    return category;
  }

  public boolean preferred() {
    return preferred;
  }

  /// What separates elements in the text of an array of this type.
  public char delimiter() {
    return delimiter;
  }

  public int relationOid() {
    return relationOid;
  }

  /// `typelem`, which fixed-length types such as `name` have too; see [#elementType].
  public int elementOid() {
    return elementOid;
  }

  public int arrayOid() {
    return arrayOid;
  }

  public int collationOid() {
    return collationOid;
  }

  public char alignment() {
    return alignment;
  }

  public char storage() {
    return storage;
  }

  public String inputFunction() {
    return inputFunction;
  }

  public String outputFunction() {
    return outputFunction;
  }

  public String receiveFunction() {
    return receiveFunction;
  }

  public String sendFunction() {
    return sendFunction;
  }

  /// Name of the function that reads type modifiers, or the empty string.
  public String typmodInFunction() {
    return typmodInFunction;
  }

  public String typmodOutFunction() {
    return typmodOutFunction;
  }

  public String subscriptFunction() {
    return subscriptFunction;
  }

  public boolean notNull() {
    return notNull;
  }

  /// The type that is no domain which a domain is over, however many lie between; this type if it
  /// is no domain.
  public PgType baseType() {
    PgType type = this;
    while (type.baseOid != 0) {
      type = type.find(type.baseOid);
    }
    return type;
  }

  /// What a domain is directly over, which may be a domain; null for other types.
  public PgType directBase() {
    return baseOid == 0 ? null : find(baseOid);
  }

  /// `typbasetype`; 0 unless this is a domain.
  public int baseOid() {
    return baseOid;
  }

  public int baseTypmod() {
    return baseTypmod;
  }

  /// Whether values are [SqlArray]s: array types, int2vector and oidvector.
  public boolean isArray() {
    return elementOid != 0 && subscriptFunction.equals("array_subscript_handler");
  }

  /// Whether this is int2vector or oidvector, whose text form has neither braces nor commas.
  public boolean isVector() {
    return isArray() && storage == 'p';
  }

  public boolean isPseudo() {
    return kind == 'p';
  }

  /// Whether values are [SqlRow]s.
  public boolean isRow() {
    return kind == 'c' || oid == Types.RECORD.oid;
  }

  /// What an array's elements are; null if this is no array.
  public PgType elementType() {
    return isArray() ? find(elementOid) : null;
  }

  /// The array type over this type; null if there is none.
  public PgType arrayType() {
    return arrayOid == 0 ? null : find(arrayOid);
  }

  public TypeCodec codec() {
    TypeCodec known = codec;
    if (known == null) {
      known = Codecs.create(this);
      codec = known;
    }
    return known;
  }

  /// The codec for values under a collation.
  ///
  /// @param collation null for the default one
  public TypeCodec codec(Collation collation) {
    Collation special = Collation.special(collation);
    if (special == null || collationOid == 0) {
      return codec();
    }
    PgType base = baseType();
    // What citext does not tell apart, no collation does.
    return base.isArray() || base.isCitext()
        ? base.codec()
        : new CollatedCodec(base.codec(), base != Types.BPCHAR, special);
  }

  /// The name that users see, as `format_type(oid, NULL)` has it: `integer`, `text[]`.
  public String displayName() {
    return Types.formatType(this, -1);
  }

  @Override
  public String toString() {
    return name;
  }
}
