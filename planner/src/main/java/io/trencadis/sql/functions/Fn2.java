package io.trencadis.sql.functions;

/// A function of two arguments.
@FunctionalInterface
public non-sealed interface Fn2 extends Fn {
  Object apply(Object a, Object b, EvalContext cx);

  @Override
  default Object invoke(Object[] args, EvalContext cx) {
    return apply(args[0], args[1], cx);
  }
}
