/// Tests of the operator's HTTP port.
package io.trencadis.cli.http;
