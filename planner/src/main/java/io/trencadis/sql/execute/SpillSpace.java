package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// The temporary files of one session's running queries, or of one exchange. Confined to one thread
/// at a time.
public final class SpillSpace {
  private final TemporaryFiles files;
  private final LongSupplier limitKilobytes;
  private final DoubleSupplier hashMultiplier;
  private final Set<SpillFile> open = new HashSet<>();
  private long used;

  /// @param limitKilobytes `temp_file_limit`; negative for none
  /// @param hashMultiplier `hash_mem_multiplier`
  public SpillSpace(
      TemporaryFiles files, LongSupplier limitKilobytes, DoubleSupplier hashMultiplier) {
    this.files = files;
    this.limitKilobytes = limitKilobytes;
    this.hashMultiplier = hashMultiplier;
  }

  double hashMultiplier() {
    return hashMultiplier.getAsDouble();
  }

  long limitKilobytes() {
    return limitKilobytes.getAsLong();
  }

  SpillFile create() {
    SpillFile file = files.create(this);
    open.add(file);
    return file;
  }

  void grow(long bytes) {
    long limit = limitKilobytes.getAsLong();
    if (limit >= 0 && used + bytes > limit * 1024) {
      throw new SqlException(
          SqlState.CONFIGURATION_LIMIT_EXCEEDED,
          "temporary file size exceeds temp_file_limit (" + limit + "kB)");
    }
    used += bytes;
  }

  void closed(SpillFile file) {
    open.remove(file);
    used -= file.size();
  }

  /// Removes what is still there. Queries close their files themselves; this is for those that
  /// ended in an error.
  public void closeAll() {
    if (open.isEmpty()) {
      return;
    }
    List<SpillFile> all = new ArrayList<>(open);
    RuntimeException failure = null;
    for (SpillFile file : all) {
      try {
        file.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
