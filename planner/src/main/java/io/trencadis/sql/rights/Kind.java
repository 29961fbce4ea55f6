package io.trencadis.sql.rights;

/// Kinds of objects that have privileges or an owner.
public enum Kind {
  TABLE(1259, "arwdDxt", "", "table"),
  VIEW(1259, "arwdDxt", "", "view"),
  SEQUENCE(1259, "rwU", "", "sequence"),
  INDEX(1259, "", "", "index"),
  COLUMN(1259, "arwx", "", "column"),
  DATABASE(1262, "CTc", "Tc", "database"),
  SCHEMA(2615, "UC", "", "schema"),
  FUNCTION(1255, "X", "X", "function"),
  PROCEDURE(1255, "X", "X", "procedure"),
  TYPE(1247, "U", "U", "type"),
  EXTENSION(3079, "", "", "extension"),
  COLLATION(3456, "", "", "collation"),
  LANGUAGE(2612, "U", "U", "language"),
  TABLESPACE(1213, "C", "", "tablespace"),
  PARAMETER(6243, "sA", "", "parameter");

  private final int classOid;
  private final long all;
  private final long initialPublic;
  private final String word;

  Kind(int classOid, String all, String initialPublic, String word) {
    this.classOid = classOid;
    this.all = Privilege.bits(all);
    this.initialPublic = Privilege.bits(initialPublic);
    this.word = word;
  }

  /// The system relation that lists such objects.
  public int classOid() {
    return classOid;
  }

  /// The privileges that there are on such an object.
  public long all() {
    return all;
  }

  /// What PUBLIC may do with a new one.
  public long initialPublic() {
    return initialPublic;
  }

  /// What messages call it.
  public String word() {
    return word;
  }

  public boolean isRelation() {
    return this == TABLE || this == VIEW || this == SEQUENCE;
  }

  /// Whether all databases share it.
  public boolean shared() {
    return this == DATABASE || this == TABLESPACE || this == PARAMETER;
  }
}
