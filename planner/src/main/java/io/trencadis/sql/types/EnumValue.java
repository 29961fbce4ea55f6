package io.trencadis.sql.types;

/// One label of an enum.
///
/// @param oid identifies the label for as long as it exists, whatever it is called
/// @param position where it stands among the enum's labels; never changes, so keys may hold it
/// @param addedBy the transaction that adds the label to an enum it did not make, 0 for others
public record EnumValue(int oid, String label, double position, long addedBy)
    implements Comparable<EnumValue> {
  @Override
  public int compareTo(EnumValue other) {
    return Double.compare(position, other.position);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EnumValue value && value.oid == oid;
  }

  @Override
  public int hashCode() {
    return oid;
  }

  @Override
  public String toString() {
    return label;
  }
}
