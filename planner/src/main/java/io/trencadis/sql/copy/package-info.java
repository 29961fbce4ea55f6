/// The data formats of COPY: text, CSV and binary (PostgreSQL 15 manual, COPY). Start at
/// [CopyOptions], which reads the statement's options, and at [CopyReader] and [CopyWriter], the
/// two directions.
///
/// Bytes and field texts only: tables, transactions and the protocol are the session's business.
package io.trencadis.sql.copy;
