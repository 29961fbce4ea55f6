package io.trencadis.sql.functions;

/// The code of a function, ready to be called. It is one of four shapes by number of arguments, so
/// that the common calls need no argument array. Values are as `io.trencadis.sql.types` says.
public sealed interface Fn permits Fn0, Fn1, Fn2, Fn3, FnN {
  /// Calls the function whatever its shape is.
  Object invoke(Object[] args, EvalContext cx);
}
