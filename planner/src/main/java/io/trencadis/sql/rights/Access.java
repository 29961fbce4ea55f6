package io.trencadis.sql.rights;

import io.trencadis.base.SqlException;
import java.util.List;

/// What a planned statement does with an object, and as whom.
///
/// @param roleOid whose rights count: a view's owner; 0 for whoever runs the statement
/// @param privileges what is needed of the whole object, or of each of the columns below
/// @param selected numbers of the columns that are read
/// @param inserted numbers of the columns that new rows are given values of
/// @param updated numbers of the columns that are assigned
public record Access(
    Target target,
    int roleOid,
    long privileges,
    List<Integer> selected,
    List<Integer> inserted,
    List<Integer> updated) {
  private static final long BY_COLUMN =
      Privilege.SELECT.bit() | Privilege.INSERT.bit() | Privilege.UPDATE.bit();

  /// @param runner whoever runs the statement
  /// @throws SqlException 42501 where a privilege is missing
  public void require(Rights rights, int runner) {
    int role = roleOid == 0 ? runner : roleOid;
    if (rights.roles().isSuperuser(role)) {
      return;
    }
    long missing = privileges & ~rights.privileges(role, target);
    if (missing == 0) {
      return;
    }
    if ((missing & ~BY_COLUMN) != 0
        || lacks(rights, role, missing, Privilege.SELECT, selected)
        || lacks(rights, role, missing, Privilege.INSERT, inserted)
        || lacks(rights, role, missing, Privilege.UPDATE, updated)) {
      throw Rights.denied(target);
    }
  }

  private boolean lacks(
      Rights rights, int role, long missing, Privilege privilege, List<Integer> columns) {
    if ((missing & privilege.bit()) == 0) {
      return false;
    }
    if (columns.isEmpty()) {
      // Such as count(*): any column will do.
      return !rights.hasAnyColumn(role, target, privilege);
    }
    for (int column : columns) {
      if ((rights.columnPrivileges(role, target, column) & privilege.bit()) == 0) {
        return true;
      }
    }
    return false;
  }
}
