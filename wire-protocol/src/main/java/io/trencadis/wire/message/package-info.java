/// The messages of PostgreSQL's protocol 3.0 as records (PostgreSQL 15 manual, 55.7). Frontend:
/// what a client sends is a [io.trencadis.wire.message.FrontendMessage], read by the table of kinds
/// in [io.trencadis.wire.message.FrontendKind]. Backend: what the server answers is a
/// [io.trencadis.wire.message.BackendMessage], which knows its type byte and writes its own body.
///
/// A *frame* is a type byte, a length and a body. A frame that cannot be cut is the connection's
/// end ([io.trencadis.wire.message.FrameCutter]); a body that cannot be read within a whole frame
/// is an error like any other. Nothing here knows of connections, threads or what messages mean.
package io.trencadis.wire.message;
