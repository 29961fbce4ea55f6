/// How far this server answers as PostgreSQL does: a client that sees everything which is answered,
/// the score of PostgreSQL's own regression tests, and statements made by chance. Tests and tools
/// only.
package io.trencadis.cli.compat;
