package io.trencadis.storage.history;

import io.trencadis.storage.Keys;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/// Where the chain of a key's versions goes on behind a gap: the commit timestamps of those that
/// are kept although the version after them is not. One thread changes it; reads are thread-safe.
final class Resumptions {
  private record Place(int shard, byte[] key) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Place place && shard == place.shard && Arrays.equals(key, place.key);
    }

    @Override
    public int hashCode() {
      return Keys.hash(key) + shard;
    }
  }

  /// Ascending; never changed, only replaced.
  private final ConcurrentHashMap<Place, long[]> places = new ConcurrentHashMap<>();

  void add(int shard, byte[] key, long commitTs) {
    places.merge(
        new Place(shard, key),
        new long[] {commitTs},
        (old, one) -> {
          int at = Arrays.binarySearch(old, commitTs);
          if (at >= 0) {
            return old;
          }
          long[] more = Arrays.copyOf(old, old.length + 1);
          int place = -at - 1;
          System.arraycopy(old, place, more, place + 1, old.length - place);
          more[place] = commitTs;
          return more;
        });
  }

  void remove(int shard, byte[] key, long commitTs) {
    places.computeIfPresent(
        new Place(shard, key),
        (_, old) -> {
          int at = Arrays.binarySearch(old, commitTs);
          if (at < 0) {
            return old;
          }
          if (old.length == 1) {
            return null;
          }
          long[] fewer = Arrays.copyOf(old, old.length - 1);
          System.arraycopy(old, at + 1, fewer, at, old.length - at - 1);
          return fewer;
        });
  }

  /// The newest below a timestamp, or 0.
  long below(int shard, byte[] key, long ts) {
    long[] known = places.get(new Place(shard, key));
    if (known == null) {
      return 0;
    }
    int at = Arrays.binarySearch(known, ts);
    int place = at >= 0 ? at : -at - 1;
    return place == 0 ? 0 : known[place - 1];
  }

  int keys() {
    return places.size();
  }
}
