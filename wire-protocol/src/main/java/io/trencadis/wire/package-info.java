/// PostgreSQL's wire protocol in front of the SQL engine. [io.trencadis.wire.WireServer] listens as
/// [io.trencadis.wire.WireConfig] says and opens a session for each client at an
/// [io.trencadis.sql.session.SqlEngine].
///
/// Rooms: `message` (what goes over the wire), `connection` (one client from first to last byte),
/// `auth` (who the client is), `tls`. Netty's types stay inside this module.
package io.trencadis.wire;
