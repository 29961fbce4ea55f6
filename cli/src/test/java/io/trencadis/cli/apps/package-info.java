/// Java's object mappers, query builders and migration tools, unmodified, against a server. Each
/// test's expectations were met by a PostgreSQL 15 first: `exercise` takes any address.
package io.trencadis.cli.apps;
