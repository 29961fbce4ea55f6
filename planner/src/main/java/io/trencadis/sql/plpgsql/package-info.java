/// PL/pgSQL (PostgreSQL 15 manual, chapter 43). Start at [PlParser], which reads a body, and at
/// [Interpreter], which runs one.
///
/// A body is a tree of [Pl] records; a *datum* is a variable, argument or record, known by its
/// number; a *namespace* says which names mean which datum at a place of the text. What has to do
/// with SQL, with transactions and with the client is asked of an [Engine]. Nothing here knows of
/// plans, of the catalog or of the session.
package io.trencadis.sql.plpgsql;
