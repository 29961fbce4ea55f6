/// Tests of the library for tests.
package io.trencadis.testing;
