package io.trencadis.sharding.raft;

import java.io.IOException;
import java.nio.file.Path;

/// What a replication log feeds. Its methods are called one at a time.
public interface ReplicatedMachine {
  /// A record that will survive.
  ///
  /// @param index its place in the log; grows, with gaps
  void apply(long index, byte[] record);

  /// This node leads from now on, and has applied everything decided in earlier terms.
  ///
  /// @param term never given before
  void lead(long term);

  /// This node leads no more.
  void follow();

  /// Writes all that was applied into a directory, for another node to begin with. It may be done
  /// on another thread.
  ///
  /// @param done told null, or why it failed
  void save(Path directory, java.util.function.Consumer<IOException> done);

  /// Begins anew with what another node has saved.
  ///
  /// @param index the place in the log of the last record that it covers
  void load(Path directory, long index) throws IOException;

  /// The log has failed and applies nothing any more.
  void failed(Throwable why);
}
