package io.trencadis.storage.history;

import io.trencadis.storage.Keys;
import io.trencadis.storage.StoredVersion;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A [VersionStore] on the heap, for simulator and model tests.
public final class HeapVersions implements VersionStore {
  private static final int OVERHEAD_BYTES = 100;

  private record Place(int shard, byte[] key, long commitTs) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Place place
          && shard == place.shard
          && commitTs == place.commitTs
          && Arrays.equals(key, place.key);
    }

    @Override
    public int hashCode() {
      return Keys.hash(key) ^ Long.hashCode(commitTs) + shard;
    }
  }

  private final ConcurrentHashMap<Place, StoredVersion> versions = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  @Override
  public boolean put(int shard, byte[] key, StoredVersion version) {
    StoredVersion before = versions.put(new Place(shard, key, version.commitTs()), version);
    bytes.addAndGet(size(key, version) - (before == null ? 0 : size(key, before)));
    return true;
  }

  @Override
  public StoredVersion get(int shard, byte[] key, long commitTs) {
    return versions.get(new Place(shard, key, commitTs));
  }

  @Override
  public void remove(int shard, byte[] key, long commitTs) {
    StoredVersion before = versions.remove(new Place(shard, key, commitTs));
    if (before != null) {
      bytes.addAndGet(-size(key, before));
    }
  }

  private static long size(byte[] key, StoredVersion version) {
    return OVERHEAD_BYTES + key.length + (version.value() == null ? 0 : version.value().length);
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public long count() {
    return versions.size();
  }

  @Override
  public void close() {
    versions.clear();
  }
}
