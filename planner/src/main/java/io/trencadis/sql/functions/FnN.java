package io.trencadis.sql.functions;

/// A function of any number of arguments.
@FunctionalInterface
public non-sealed interface FnN extends Fn {
  Object apply(Object[] args, EvalContext cx);

  @Override
  default Object invoke(Object[] args, EvalContext cx) {
    return apply(args, cx);
  }
}
