package io.trencadis.sql.functions;

/// A function of no argument.
@FunctionalInterface
public non-sealed interface Fn0 extends Fn {
  Object apply(EvalContext cx);

  @Override
  default Object invoke(Object[] args, EvalContext cx) {
    return apply(cx);
  }
}
