package io.trencadis.cli.http;

/// One path's content. Called by any thread, several at a time; may take a while.
@FunctionalInterface
public interface Page {
  Answer answer();
}
