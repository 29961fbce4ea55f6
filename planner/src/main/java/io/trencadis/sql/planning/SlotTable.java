package io.trencadis.sql.planning;

import io.trencadis.sql.rel.Slot;
import java.util.ArrayList;
import java.util.List;

/// The slots of the statement being planned; planning may add some. Not thread-safe.
public final class SlotTable {
  private final List<Slot> slots;

  public SlotTable(List<Slot> slots) {
    this.slots = new ArrayList<>(slots);
  }

  int add(Slot slot) {
    slots.add(slot);
    return slots.size() - 1;
  }

  Slot get(int index) {
    return slots.get(index);
  }

  /// All slots, by index.
  public List<Slot> all() {
    return slots;
  }
}
