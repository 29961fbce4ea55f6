package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds by an inverted index which rows may satisfy some conditions. Its rows are a shard's number
/// and a row's key, by shard and key. PostgreSQL calls this a bitmap index scan; here it is a
/// sorted set of keys, kept in memory.
public final class TermScanNode extends PlanNode {
  /// So many rows are looked up one by one rather than by reading all entries of another term.
  private static final int FEW = 100;

  private final StoredIndex index;
  private final List<Condition> conditions;
  private final String text;

  /// One condition on a column of the index.
  ///
  /// @param part the column's place in the index
  /// @param argument the operator's other argument
  public record Condition(int part, InvertedTerms.Search search, Eval argument) {}

  /// A condition with its terms.
  private record Lookup(int part, InvertedTerms.Wanted wanted) {}

  /// @param text the conditions as EXPLAIN shows them
  public TermScanNode(
      Estimate estimate, StoredIndex index, List<Condition> conditions, String text) {
    super(estimate);
    this.index = index;
    this.conditions = List.copyOf(conditions);
    this.text = text;
  }

  StoredIndex index() {
    return index;
  }

  @Override
  protected RowSource start(Execution x) {
    Lookup[] lookups = new Lookup[conditions.size()];
    for (int i = 0; i < lookups.length; i++) {
      Condition condition = conditions.get(i);
      Object argument = condition.argument.eval(RowNodes.NO_COLUMNS, x);
      if (argument == null) {
        return () -> null;
      }
      lookups[i] =
          new Lookup(
              condition.part, index.terms(condition.part).wanted(condition.search, argument));
    }
    // Those that narrow the most come first; one that says nothing counts only if it is alone.
    Arrays.sort(lookups, (a, b) -> Boolean.compare(a.wanted.everything(), b.wanted.everything()));
    return new Source(x, lookups);
  }

  private final class Source implements RowSource {
    private final Execution x;
    private final Lookup[] lookups;
    private final int[] shards = index.placement().shards();
    private int next;
    private java.util.Iterator<byte[]> keys = java.util.Collections.emptyIterator();
    private long read;

    Source(Execution x, Lookup[] lookups) {
      this.x = x;
      this.lookups = lookups;
    }

    @Override
    public Object[] next() {
      while (!keys.hasNext()) {
        if (next == shards.length) {
          return null;
        }
        keys = find(shards[next++]).values().iterator();
      }
      return new Object[] {shards[next - 1], keys.next()};
    }

    /// Rows' keys in their order.
    private Map<ByteBuffer, byte[]> find(int shard) {
      Map<ByteBuffer, byte[]> found = null;
      for (Lookup lookup : lookups) {
        if (!lookup.wanted.everything()) {
          found = lookup.wanted.all() ? all(shard, lookup, found) : any(shard, lookup, found);
        } else if (found == null) {
          found = entries(shard, index.termKey(lookup.part, new byte[0]));
        }
        if (found.isEmpty()) {
          break;
        }
      }
      return found;
    }

    private Map<ByteBuffer, byte[]> all(int shard, Lookup lookup, Map<ByteBuffer, byte[]> among) {
      Map<ByteBuffer, byte[]> found = among;
      for (byte[] term : lookup.wanted.terms()) {
        byte[] begin = index.termKey(lookup.part, term);
        if (found == null) {
          found = entries(shard, begin);
        } else if (found.size() <= FEW) {
          found
              .values()
              .removeIf(row -> x.get(shard, index.relation(), joined(begin, row)) == null);
        } else {
          found.keySet().retainAll(entries(shard, begin).keySet());
        }
        if (found.isEmpty()) {
          break;
        }
      }
      return found;
    }

    private Map<ByteBuffer, byte[]> any(int shard, Lookup lookup, Map<ByteBuffer, byte[]> among) {
      Map<ByteBuffer, byte[]> found = sorted();
      for (byte[] term : lookup.wanted.terms()) {
        found.putAll(entries(shard, index.termKey(lookup.part, term)));
      }
      if (among != null) {
        found.keySet().retainAll(new HashMap<>(among).keySet());
      }
      return found;
    }

    private Map<ByteBuffer, byte[]> entries(int shard, byte[] begin) {
      Map<ByteBuffer, byte[]> found = sorted();
      try (RowCursor cursor = x.scan(shard, index.relation(), begin, KeyCodec.successor(begin))) {
        while (cursor.next()) {
          if ((++read & 0xff) == 0) {
            x.checkInterrupts();
          }
          byte[] row = StoredIndex.rowKey(cursor.value());
          found.put(ByteBuffer.wrap(row), row);
        }
      }
      return found;
    }

    @Override
    public void close() {
      x.scanned(index.tableOid(), index.descriptor().oid(), read);
    }
  }

  private static Map<ByteBuffer, byte[]> sorted() {
    return new TreeMap<>((a, b) -> Arrays.compareUnsigned(a.array(), b.array()));
  }

  private static byte[] joined(byte[] begin, byte[] row) {
    byte[] key = Arrays.copyOf(begin, begin.length + row.length);
    System.arraycopy(row, 0, key, begin.length, row.length);
    return key;
  }

  @Override
  public String label() {
    return "Bitmap Index Scan on " + index.descriptor().name();
  }

  @Override
  public List<String> details() {
    return List.of("Index Cond: " + text);
  }
}
