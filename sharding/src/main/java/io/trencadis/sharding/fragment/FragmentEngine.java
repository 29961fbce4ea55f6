package io.trencadis.sharding.fragment;

import io.trencadis.storage.RowBlock;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

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

  /// Makes ready to join what other nodes send here.
  ///
  /// @param program as another node has written it, as are `arguments`
  /// @param memory how much one hash table may take, and what has come in as much, in bytes
  /// @param mostKilobytes how much may be put on disk; negative for no limit
  /// @throws IllegalArgumentException if this is not a program of a join, or has something in it
  ///   that this node does not know
  default Exchange open(byte[] program, byte[] arguments, long memory, long mostKilobytes) {
    throw new IllegalArgumentException("this node joins nothing for others");
  }

  /// A program that is ready. Thread-safe.
  interface Program {
    /// Takes what the program leaves open. Does not look at it yet: that is left to the first run.
    ///
    /// @param arguments as another node has written them
    Bound bind(byte[] arguments);
  }

  /// A program with its arguments. Thread-safe.
  interface Bound {
    /// Runs over rows until they end, or the output has its size.
    ///
    /// @param mostRows after how many rows of output to stop, roughly; 0 for no such limit
    /// @throws io.trencadis.base.SqlException what an expression fails with
    /// @throws IllegalArgumentException if the arguments are not the program's
    Output run(Rows rows, int mostRows);

    /// What it takes in memory, in bytes, roughly.
    long memory();
  }

  /// Stored rows. Confined to the thread that runs a program.
  interface Rows {
    /// Adds the next rows to a block that is empty; none where this piece has to end.
    ///
    /// @param most how many
    void read(RowBlock into, int most);

    /// The shard that the rows read last are in.
    int shard();

    /// Adds rows of another relation to a block that is empty, those in the shard of the rows read
    /// last, in the order of their keys.
    ///
    /// @param other the relation's number among those that the program looks into
    /// @param most how many
    /// @return whether these are all with `from <= key < to`
    boolean look(int other, byte[] from, byte[] to, RowBlock into, int most);

    /// To which receiver each slot's rows go, for a program that divides rows; null for others.
    default byte[] slots() {
      return null;
    }

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

  /// One receiver's part of two sides that are joined, whose rows come from many nodes in any
  /// order. Thread-safe.
  interface Exchange extends AutoCloseable {
    /// Takes rows of a side.
    ///
    /// @param side 0 for the left, 1 for the right
    /// @param piece in which they came
    /// @param rows as a program has divided them
    /// @throws io.trencadis.base.SqlException 53100, 53400, 58030 where they cannot be put aside
    void add(int side, long piece, byte[] rows);

    /// All rows are in.
    ///
    /// @param counted which pieces count
    void seal(LongPredicate counted);

    /// Goes on joining.
    ///
    /// @param over whether to stop; asked every few rows
    /// @return nothing where the time was over before anything was found
    /// @throws io.trencadis.base.SqlException what an expression fails with
    Output run(BooleanSupplier over);

    /// Whether the last run was the last.
    boolean ended();

    /// Has a run end soon, and lets go of everything after it.
    @Override
    void close();
  }
}
