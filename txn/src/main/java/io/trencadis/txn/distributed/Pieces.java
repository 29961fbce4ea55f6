package io.trencadis.txn.distributed;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a log has said so far of large transactions that are not over: their writes, on this copy's
/// disk, in runs. Every copy of a log has them, whoever leads.
///
/// What the log says of a transaction while it is open does not have to be read again once a flush
/// has covered it: the flush names the runs ([#freeze]), which are made to last before it is
/// written. They go when it is over and a flush has been written that does not name them any more.
///
/// Single-threaded, but for [#force].
public final class Pieces {
  /// Of one transaction at one shard: keys ascend from piece to piece, and so from run to run.
  private static final class Part {
    final List<Run> runs = new ArrayList<>();
    RunWriter open;
  }

  /// Of one transaction at one shard, oldest first.
  public record Written(long txn, int shard, List<Run> runs) {}

  private final RunDirectory directory;
  private final Map<Long, Map<Integer, Part>> parts = new TreeMap<>();

  /// Of transactions that ended after the last [#freeze].
  private List<Run> over = new ArrayList<>();

  /// Of those that ended before it: named by an earlier flush, and not by that one.
  private List<Run> overBefore = new ArrayList<>();

  /// Those that the last [#freeze] has named.
  private volatile List<Run> named = List.of();

  public Pieces(RunDirectory directory) {
    this.directory = directory;
  }

  /// The log says something: keeps a piece, or forgets those of a transaction that is over. What it
  /// has committed is installed before.
  ///
  /// @throws io.trencadis.base.SqlException 53100, 58030: this copy has not taken what its log says
  public void take(BranchRecord record) {
    switch (record) {
      case BranchRecord.Piece piece -> add(piece);
      case BranchRecord.Decided decided -> end(decided.txn());
      case BranchRecord.Resolved resolved -> end(resolved.txn());
      case BranchRecord.Dropped dropped -> end(dropped.txn());
      case BranchRecord.Prepared _, BranchRecord.Forgotten _ -> {}
    }
  }

  private void add(BranchRecord.Piece piece) {
    Part part =
        parts
            .computeIfAbsent(piece.txn(), _ -> new TreeMap<>())
            .computeIfAbsent(piece.shard(), _ -> new Part());
    if (part.open == null) {
      part.open = directory.create(piece.shard());
    }
    try {
      for (RunEntry entry : piece.entries()) {
        part.open.add(entry.key(), 0, entry.keepsKey(), entry.value());
      }
    } catch (IOException e) {
      throw directory.failed(e);
    }
  }

  private void finish(Part part) {
    if (part.open != null) {
      try {
        Run run = part.open.finish();
        run.hold();
        part.runs.add(run);
        part.open = null;
      } catch (IOException e) {
        throw directory.failed(e);
      }
    }
  }

  /// What no flush has named, and nobody has asked for.
  private void giveUp(Part part) {
    if (part.open != null) {
      try {
        part.open.close();
      } catch (IOException left) {
        // The next start removes the file.
      }
    }
  }

  private void end(long txn) {
    Map<Integer, Part> ended = parts.remove(txn);
    if (ended != null) {
      for (Part part : ended.values()) {
        over.addAll(part.runs);
        giveUp(part);
      }
    }
  }

  /// Forgets all.
  public void clear() {
    Set.copyOf(parts.keySet()).forEach(this::end);
  }

  /// What a transaction has written at a shard, oldest first; empty if it is not large.
  public List<Run> of(long txn, int shard) {
    Part part = parts.getOrDefault(txn, Map.of()).get(shard);
    if (part == null) {
      return List.of();
    }
    finish(part);
    return List.copyOf(part.runs);
  }

  /// The transactions of which there is something.
  public Set<Long> transactions() {
    return new HashSet<>(parts.keySet());
  }

  /// All there is.
  public List<Written> all() {
    List<Written> all = new ArrayList<>();
    parts.forEach(
        (txn, shards) ->
            shards.keySet().forEach(shard -> all.add(new Written(txn, shard, of(txn, shard)))));
    return all;
  }

  // ---- flushes

  /// A flush begins that covers all that was taken so far: writes down what it has to keep of it.
  public void freeze(ByteWriter to) {
    List<Run> kept = new ArrayList<>();
    List<Written> all = all();
    to.putInt(all.size());
    for (Written written : all) {
      to.putLong(written.txn()).putInt(written.shard()).putInt(written.runs().size());
      written.runs().forEach(run -> to.putLong(run.summary().id()));
      kept.addAll(written.runs());
    }
    overBefore.addAll(over);
    over = new ArrayList<>();
    named = kept;
  }

  /// Returns when what the last [#freeze] has named will be found by the next life. By any thread,
  /// before the flush is written.
  ///
  /// @throws IOException if that is not known: the node has to stop
  public void force() throws IOException {
    for (Run run : named) {
      run.force();
    }
  }

  /// The flush that was begun by the last [#freeze] is durable.
  public void flushed() {
    for (Run run : overBefore) {
      run.release();
      run.delete();
    }
    overBefore = new ArrayList<>();
  }

  /// Finds again what [#freeze] has written down.
  ///
  /// @throws IOException if a run is missing or damaged
  public void read(ByteReader from) throws IOException {
    for (int left = from.getInt(); left > 0; left--) {
      long txn = from.getLong();
      int shard = from.getInt();
      Part part =
          parts.computeIfAbsent(txn, _ -> new TreeMap<>()).computeIfAbsent(shard, _ -> new Part());
      for (int runs = from.getInt(); runs > 0; runs--) {
        Run run = directory.open(from.getLong());
        run.hold();
        part.runs.add(run);
      }
    }
  }
}
