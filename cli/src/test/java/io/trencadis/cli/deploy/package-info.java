/// Tests of the files under `docker/`, without an engine or a cluster: read by the typed model of
/// the API that they are for, rendered by Helm, and held against what the server really has.
package io.trencadis.cli.deploy;
