package io.trencadis.sharding.fragment;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import java.nio.charset.StandardCharsets;

/// A node's answer to a [FragmentRequest].
public sealed interface FragmentAnswer {
  /// A piece.
  ///
  /// @param done how many of the ranges have been read to their end
  /// @param last the last key read of the range after those; null for none
  /// @param terms in which the node leads the shards, by range
  /// @param rowsRead how many stored rows it was made of
  /// @param rowsPassed how many of those have passed the first conditions
  /// @param rows how many rows of output it has
  record Part(
      int done, byte[] last, long[] terms, long rowsRead, long rowsPassed, int rows, byte[] output)
      implements FragmentAnswer {}

  /// What is not a piece, and has no more to tell.
  enum Plain implements FragmentAnswer {
    /// The node has not been told of the job, or has forgotten it: ask with its program.
    UNKNOWN_JOB,
    /// The node does not lead one of the shards.
    NOT_LEADER,
    /// There is too much to do already: ask again.
    BUSY,
    /// The node does not understand the program: read the rows instead.
    CANNOT,
    /// An exchange's rows have been taken, or what else was asked of it is done.
    TAKEN,
    /// A receiver does not know the exchange any more, or cannot be reached: it has to begin again.
    LOST
  }

  /// The plan is for another schema version than the shard has at the snapshot.
  record SchemaChanged(int relationId, long currentVersion) implements FragmentAnswer {}

  /// It has failed: what an expression says, or the snapshot is too old.
  record Failed(SqlException why) implements FragmentAnswer {}

  static byte[] toBytes(FragmentAnswer answer) {
    return switch (answer) {
      case Part part -> {
        ByteWriter out = new ByteWriter(part.output.length + 128).putByte(Kind.PART.ordinal());
        out.putInt(part.done).putByte(part.last == null ? 0 : 1);
        if (part.last != null) {
          FragmentRequest.put(out, part.last);
        }
        out.putInt(part.terms.length);
        for (long term : part.terms) {
          out.putLong(term);
        }
        out.putLong(part.rowsRead).putLong(part.rowsPassed).putInt(part.rows);
        FragmentRequest.put(out, part.output);
        yield out.toByteArray();
      }
      case Plain plain ->
          new ByteWriter().putByte(Kind.PLAIN.ordinal()).putByte(plain.ordinal()).toByteArray();
      case SchemaChanged(int relation, long version) ->
          new ByteWriter()
              .putByte(Kind.SCHEMA_CHANGED.ordinal())
              .putInt(relation)
              .putLong(version)
              .toByteArray();
      case Failed(SqlException why) -> {
        ByteWriter out = new ByteWriter().putByte(Kind.FAILED.ordinal());
        out.putShort(why.state().ordinal());
        putText(out, why.getMessage());
        putText(out, why.fields().get(SqlException.Field.DETAIL));
        putText(out, why.fields().get(SqlException.Field.HINT));
        yield out.toByteArray();
      }
    };
  }

  /// @throws IllegalArgumentException if it is no answer
  static FragmentAnswer read(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    return switch (choice(in.getByte(), Kind.values())) {
      case PART -> {
        int done = in.getInt();
        byte[] last = in.getByte() == 0 ? null : FragmentRequest.get(in, bytes.length);
        int count = in.getInt();
        if (count < 0 || count > FragmentRequest.MOST_RANGES || done < 0 || done > count) {
          throw new IllegalArgumentException(done + " of " + count + " ranges");
        }
        long[] terms = new long[count];
        for (int i = 0; i < count; i++) {
          terms[i] = in.getLong();
        }
        yield new Part(
            done,
            last,
            terms,
            in.getLong(),
            in.getLong(),
            in.getInt(),
            FragmentRequest.get(in, bytes.length));
      }
      case PLAIN -> choice(in.getByte(), Plain.values());
      case SCHEMA_CHANGED -> new SchemaChanged(in.getInt(), in.getLong());
      case FAILED -> {
        SqlException why = new SqlException(choice(in.getShort(), SqlState.values()), text(in));
        String detail = text(in);
        String hint = text(in);
        if (detail != null) {
          why.detail(detail);
        }
        if (hint != null) {
          why.hint(hint);
        }
        yield new Failed(why);
      }
    };
  }

  /// How an answer begins.
  enum Kind {
    PART,
    PLAIN,
    SCHEMA_CHANGED,
    FAILED
  }

  private static <E> E choice(int ordinal, E[] values) {
    if (ordinal < 0 || ordinal >= values.length) {
      throw new IllegalArgumentException("no such value: " + ordinal);
    }
    return values[ordinal];
  }

  private static void putText(ByteWriter out, String text) {
    out.putByte(text == null ? 0 : 1);
    if (text != null) {
      FragmentRequest.put(out, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(ByteReader in) {
    return in.getByte() == 0
        ? null
        : new String(FragmentRequest.get(in, in.remaining()), StandardCharsets.UTF_8);
  }
}
