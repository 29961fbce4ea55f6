package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.AclItem;
import io.trencadis.sql.rights.Acl;
import io.trencadis.sql.rights.Kind;
import io.trencadis.sql.rights.Privilege;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.Types;
import java.util.List;

/// `acldefault`: the privileges that an object of some kind is born with.
final class DefaultAcl {
  private DefaultAcl() {}

  /// @param letter the kind of object as PostgreSQL's catalogs abbreviate it
  static SqlArray of(Reading reading, String letter, int owner) {
    Kind kind =
        switch (letter) {
          case "r" -> Kind.TABLE;
          case "s" -> Kind.SEQUENCE;
          case "d" -> Kind.DATABASE;
          case "f" -> Kind.FUNCTION;
          case "l" -> Kind.LANGUAGE;
          case "n" -> Kind.SCHEMA;
          case "p" -> Kind.PARAMETER;
          case "t" -> Kind.TABLESPACE;
          case "T" -> Kind.TYPE;
          // Large objects, foreign data wrappers and servers, none of which there are, and columns,
          // which have no privileges of their own.
          case "L", "F", "S", "c" -> null;
          default ->
              throw new SqlException(
                  SqlState.INTERNAL_ERROR, "unrecognized object type abbreviation: " + letter);
        };
    List<AclItem> items =
        switch (letter) {
          case "L" -> List.of(new AclItem(owner, owner, Privilege.bits("rw"), 0));
          case "F", "S" -> List.of(new AclItem(owner, owner, Privilege.bits("U"), 0));
          case "c" -> List.of();
          default -> Rights.initial(kind, owner);
        };
    return SqlArray.of(Types.byName("aclitem"), Acl.texts(items, reading.catalog()).toArray());
  }
}
