package io.trencadis.sql.catalog;

/// What one role granted to another on an object: `aclitem`.
///
/// @param granteeOid who has the privileges; 0 for PUBLIC
/// @param grantorOid who gave them
/// @param privileges a bit for each privilege
/// @param grantable those among them that the grantee may grant
public record AclItem(int granteeOid, int grantorOid, long privileges, long grantable) {}
