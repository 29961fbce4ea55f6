package io.trencadis.sql.functions;

/// A function of three arguments.
@FunctionalInterface
public non-sealed interface Fn3 extends Fn {
  Object apply(Object a, Object b, Object c, EvalContext cx);

  @Override
  default Object invoke(Object[] args, EvalContext cx) {
    return apply(args[0], args[1], args[2], cx);
  }
}
