package io.trencadis.sql.functions;

/// Which operator an expression means, and the call of the function behind it.
public record ResolvedOperator(OperatorInfo operator, ResolvedCall call) {}
