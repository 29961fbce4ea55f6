package net.openhft.chronicle.hash;

import net.openhft.chronicle.bytes.BytesStore;

/// Chronicle Map's few counters of a whole map, each a long in the map's own memory. The layout is
/// free, since our maps live in anonymous memory and no other program opens them. Guarded by the
/// map's lock.
@SuppressWarnings({"rawtypes", "checkstyle:TypeName"}) // both as the interface has it
public final class VanillaGlobalMutableState$$Native implements VanillaGlobalMutableState {
  private static final int ALLOCATED_EXTRA_TIER_BULKS = 0;
  private static final int FIRST_FREE_TIER_INDEX = 8;
  private static final int EXTRA_TIERS_IN_USE = 16;
  private static final int SEGMENT_HEADERS_OFFSET = 24;
  private static final int DATA_STORE_SIZE = 32;
  private static final int BYTES = 40;

  private BytesStore<?, ?> store;
  private long offset;

  @Override
  public void bytesStore(BytesStore bytesStore, long start, long length) {
    if (length != BYTES) {
      throw new IllegalArgumentException("state of " + length + " bytes, not " + BYTES);
    }
    store = bytesStore;
    offset = start;
  }

  @Override
  public BytesStore<?, ?> bytesStore() {
    return store;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public long maxSize() {
    return BYTES;
  }

  private long get(int field) {
    return store.readLong(offset + field);
  }

  private void set(int field, long value) {
    store.writeLong(offset + field, value);
  }

  @Override
  public int getAllocatedExtraTierBulks() {
    return Math.toIntExact(get(ALLOCATED_EXTRA_TIER_BULKS));
  }

  @Override
  public void setAllocatedExtraTierBulks(int value) {
    set(ALLOCATED_EXTRA_TIER_BULKS, value);
  }

  @Override
  public long getFirstFreeTierIndex() {
    return get(FIRST_FREE_TIER_INDEX);
  }

  @Override
  public void setFirstFreeTierIndex(long value) {
    set(FIRST_FREE_TIER_INDEX, value);
  }

  @Override
  public long getExtraTiersInUse() {
    return get(EXTRA_TIERS_IN_USE);
  }

  @Override
  public void setExtraTiersInUse(long value) {
    set(EXTRA_TIERS_IN_USE, value);
  }

  @Override
  public long getSegmentHeadersOffset() {
    return get(SEGMENT_HEADERS_OFFSET);
  }

  @Override
  public void setSegmentHeadersOffset(long value) {
    set(SEGMENT_HEADERS_OFFSET, value);
  }

  @Override
  public long getDataStoreSize() {
    return get(DATA_STORE_SIZE);
  }

  @Override
  public void setDataStoreSize(long value) {
    set(DATA_STORE_SIZE, value);
  }

  @Override
  public long addDataStoreSize(long addition) {
    long sum = get(DATA_STORE_SIZE) + addition;
    set(DATA_STORE_SIZE, sum);
    return sum;
  }
}
