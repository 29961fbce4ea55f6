package io.trencadis.sharding;

import java.util.HashMap;
import java.util.Map;

/// Where each relation is, at one version of the map. Immutable: a change makes the next version. A
/// relation's placement is part of its schema; this is the collection a gateway keeps.
public final class ShardMap {
  public static final ShardMap EMPTY = new ShardMap(0, Map.of());

  private final long version;
  private final Map<Integer, Placement> placements;

  private ShardMap(long version, Map<Integer, Placement> placements) {
    this.version = version;
    this.placements = placements;
  }

  /// Grows by one with each change.
  public long version() {
    return version;
  }

  /// @return null for a relation that is not in the map
  public Placement placement(int relationId) {
    return placements.get(relationId);
  }

  /// This map with a relation placed, or placed elsewhere.
  public ShardMap with(int relationId, Placement placement) {
    Map<Integer, Placement> copy = new HashMap<>(placements);
    copy.put(relationId, placement);
    return new ShardMap(version + 1, copy);
  }

  /// This map without a relation.
  public ShardMap without(int relationId) {
    Map<Integer, Placement> copy = new HashMap<>(placements);
    copy.remove(relationId);
    return new ShardMap(version + 1, copy);
  }
}
