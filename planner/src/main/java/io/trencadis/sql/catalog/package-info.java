/// What the database contains: databases, schemas, tables, indexes, sequences, roles. Start at
/// [Catalog], an immutable picture of all of it at one version.
///
/// A *descriptor* is the whole definition of one object; it is a row of a system relation, so that
/// DDL is an ordinary transaction. [CatalogStore] keeps the pictures that running transactions
/// still plan with. Nothing here parses SQL, evaluates expressions or knows a client: default
/// expressions, check constraints and view bodies are kept as the text they were written in.
package io.trencadis.sql.catalog;
