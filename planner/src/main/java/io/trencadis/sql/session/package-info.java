/// The SQL engine as a connection sees it. Start at [SqlEngine], which opens a [SqlSession] for
/// each connection; a session answers into a [ResponseSink].
///
/// A session holds what PostgreSQL's backend process holds: settings, the transaction, prepared
/// statements, portals. It knows statements and values, and nothing of sockets or message bytes.
/// One thread at a time may be inside a session, except for [SqlSession#cancel].
package io.trencadis.sql.session;
