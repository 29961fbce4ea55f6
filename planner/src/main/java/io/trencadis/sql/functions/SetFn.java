package io.trencadis.sql.functions;

import java.util.Iterator;

/// The code of a set-returning function. Each element is one row: a plain value, or a
/// [io.trencadis.sql.types.SqlRow] if the function has several output columns.
@FunctionalInterface
public interface SetFn {
  Iterator<Object> open(Object[] args, EvalContext cx);
}
