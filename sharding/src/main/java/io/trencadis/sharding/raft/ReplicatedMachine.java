package io.trencadis.sharding.raft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

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

  /// The log is about to let go of what was applied so far: makes sure that a next life finds it,
  /// in this machine's own store or in files in a directory. It may be done on another thread.
  ///
  /// @param done told null, or why it failed
  void save(Path directory, Consumer<IOException> done);

  /// The names of the files that [#copy] writes.
  default List<String> copied() {
    return List.of();
  }

  /// Another node is to begin with what was saved: writes what is missing in the directory for
  /// that, unless it was written before. What was applied since may be in it, too.
  default void copy(Path directory) throws IOException {}

  /// Begins anew with what another node has saved.
  ///
  /// @param index the place in the log of the last record that it covers
  void load(Path directory, long index) throws IOException;

  /// The log has failed and applies nothing any more.
  void failed(Throwable why);
}
