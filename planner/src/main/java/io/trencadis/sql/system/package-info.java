/// The system relations (`pg_catalog`, `information_schema`) and the functions that only the
/// catalog can answer. Start at [SystemCatalog] for the relations and at [CatalogAnswers] for the
/// functions.
///
/// Every relation that PostgreSQL 15 has exists here with its columns; those that nothing fills are
/// empty. Rows are made when a relation is read: those of built-in objects once, those of users'
/// objects out of the catalog that the reading statement sees. Nothing here changes anything or
/// keeps any state of a session.
package io.trencadis.sql.system;
