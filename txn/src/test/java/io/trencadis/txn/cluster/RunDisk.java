package io.trencadis.txn.cluster;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.run.Run;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.txn.distributed.Pieces;
import io.trencadis.txn.participant.LargeWrites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// The disk of one node as far as large transactions need it, with what is open there in one life:
/// what was not forced is lost with that.
final class RunDisk {
  private static final Path DIRECTORY = Path.of("/runs");

  private final FaultyDisk disk;
  private final long largeBytes;

  /// What the last flush has kept.
  private byte[] flushed;

  private RunDirectory directory;
  private Pieces pieces;

  /// @param largeBytes who writes so much at a shard is large; 0 for nobody
  RunDisk(long seed, long largeBytes) {
    disk = new FaultyDisk(seed);
    this.largeBytes = largeBytes;
  }

  /// A life begins.
  void begin() {
    try {
      directory = new RunDirectory(disk, DIRECTORY);
      pieces = new Pieces(directory);
      if (flushed != null) {
        pieces.read(new ByteReader(flushed));
      }
      Set<Long> named = new HashSet<>();
      pieces.all().stream()
          .flatMap(each -> each.runs().stream())
          .map(Run::summary)
          .forEach(summary -> named.add(summary.id()));
      directory.retain(named);
    } catch (IOException lost) {
      throw new UncheckedIOException(lost);
    }
  }

  /// A life ends.
  void crash() {
    disk.crash();
  }

  Pieces pieces() {
    return pieces;
  }

  LargeWrites writes() {
    return largeBytes == 0 ? null : new LargeWrites(directory, largeBytes, 1L << 30);
  }

  /// All that was said so far is on the disk.
  void flush(Iterable<SimulatedStore> stores) {
    ByteWriter state = new ByteWriter();
    pieces.freeze(state);
    try {
      pieces.force();
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
    flushed = state.toByteArray();
    stores.forEach(SimulatedStore::flushed);
    pieces.flushed();
  }

  /// Files that nobody needs any more.
  int files() {
    try {
      return directory.files().size();
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }
}
