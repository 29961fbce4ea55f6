/// Character encodings by PostgreSQL's names (PostgreSQL 15 manual, 24.3). Inside the server all
/// text is UTF-8; clients, COPY and `convert` may speak others. Start at
/// [io.trencadis.sql.encoding.Encoding], which decodes and encodes texts;
/// [io.trencadis.sql.encoding.BinaryText] does the same to the texts within binary values, and
/// [io.trencadis.sql.encoding.Utf8Source] to data that comes in pieces.
///
/// Nothing here knows of sessions, settings or messages.
package io.trencadis.sql.encoding;
