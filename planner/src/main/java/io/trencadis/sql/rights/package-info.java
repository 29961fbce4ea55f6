/// Who may do what: roles and their memberships, the privileges on objects, and the one place that
/// decides ([Rights]). PostgreSQL 15 manual, 5.7 and chapter 22.
///
/// Works on a picture of the catalog and nothing else; may be called by analysis, DDL, sessions and
/// system views, and calls none of them.
package io.trencadis.sql.rights;
