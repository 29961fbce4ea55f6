package io.trencadis.storage.log;

/// What a walk over a log found.
///
/// @param segments files that belong to it
/// @param bytes of records and what is between them, from the first segment's beginning to the end
/// @param records whole records behind the position the walk began at
/// @param end the position where the log ends, or up to which it could be read
/// @param orderly whether the last thing written is the note of an orderly end
/// @param torn bytes that a crash left of records it cut off, at most as far as they can be told
///   from the rest of the file; 0 for none. They were acknowledged to nobody
/// @param damage what is wrong, with file and offset, or null
public record LogReport(
    int segments,
    long bytes,
    long records,
    long end,
    boolean orderly,
    long torn,
    LogDamagedException damage) {
  public boolean isSound() {
    return damage == null;
  }
}
