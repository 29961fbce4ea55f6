package io.trencadis.sql.functions;

/// A function of one argument.
@FunctionalInterface
public non-sealed interface Fn1 extends Fn {
  Object apply(Object a, EvalContext cx);

  @Override
  default Object invoke(Object[] args, EvalContext cx) {
    return apply(args[0], cx);
  }
}
