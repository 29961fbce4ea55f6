package io.trencadis.sql.functions;

/// Which code a set-returning function has.
final class SetCode {
  private SetCode() {}

  static SetFn find(ResolvedCall call) {
    return null;
  }
}
