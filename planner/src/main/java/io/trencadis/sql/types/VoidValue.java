package io.trencadis.sql.types;

/// The one value of type `void`: what a function returns that returns nothing.
public enum VoidValue {
  VOID
}
