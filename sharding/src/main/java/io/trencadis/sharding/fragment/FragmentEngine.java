package io.trencadis.sharding.fragment;

import io.trencadis.storage.RowBlock;

/// Understands the programs of fragments. Thread-safe.
public interface FragmentEngine {
  /// Of a node that runs no fragments.
  FragmentEngine NONE =
      program -> {
        throw new IllegalArgumentException("this node runs no fragments");
      };

  /// Makes a program ready to be run.
  ///
  /// @param program as another node has written it
  /// @throws IllegalArgumentException if this is not a program, or has something in it that this
  ///   node does not know
  Program load(byte[] program);

  /// A program that is ready. Thread-safe.
  interface Program {
    /// Runs over rows until they end, or the output has its size.
    ///
    /// @param arguments what the program leaves open, as another node has written it
    /// @param mostRows after how many rows of output to stop, roughly; 0 for no such limit
    /// @throws io.trencadis.base.SqlException what an expression fails with
    /// @throws IllegalArgumentException if these are not the program's arguments
    Output run(byte[] arguments, Rows rows, int mostRows);
  }

  /// Stored rows. Confined to the thread that runs a program.
  interface Rows {
    /// Adds the next rows to a block that is empty; none where this piece has to end.
    ///
    /// @param most how many
    void read(RowBlock into, int most);

    /// All that was read so far is in the output: a next piece begins behind it.
    void keep();

    /// Goes back to where the piece began; not after [#keep].
    void restart();
  }

  /// What a program has computed.
  ///
  /// @param rows how many rows or groups it has
  /// @param passed how many stored rows have passed the conditions that are checked first
  record Output(byte[] bytes, int rows, long passed) {}
}
