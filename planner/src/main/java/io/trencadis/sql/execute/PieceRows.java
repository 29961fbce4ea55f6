package io.trencadis.sql.execute;

import io.trencadis.base.ByteReader;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.BatchCodec;

/// The rows of a fragment's pieces, as they come. Confined to one thread.
abstract class PieceRows implements RowSource {
  private final FragmentNode.Output output;
  private ByteReader piece;
  private RowBytes.Stream states;
  private Batch batch;
  private int at;

  PieceRows(FragmentNode.Output output) {
    this.output = output;
  }

  /// The next piece; null for no more. May have nothing in it.
  abstract byte[] nextPiece();

  /// The piece that is read.
  final ByteReader piece() {
    return piece;
  }

  /// Whether there is anything left; brings the next piece if there is nothing in this one.
  final boolean advance() {
    while (piece == null || piece.remaining() == 0) {
      byte[] next = nextPiece();
      if (next == null) {
        return false;
      }
      piece = new ByteReader(next);
      states =
          output instanceof FragmentNode.Output.Groups groups ? groups.bytes().new Stream() : null;
    }
    return true;
  }

  private Batch nextBatch() {
    BatchCodec codec =
        output instanceof FragmentNode.Output.Rows rows
            ? rows.codec()
            : ((FragmentNode.Output.First) output).codec();
    while (advance()) {
      Batch next = codec.read(piece);
      if (next.count() > 0) {
        return next;
      }
    }
    return null;
  }

  @Override
  public Object[] next() {
    if (output instanceof FragmentNode.Output.Groups) {
      return advance() ? state() : null;
    }
    if (batch == null || at == batch.count()) {
      batch = nextBatch();
      at = 0;
    }
    return batch == null ? null : batch.row(batch.places()[at++]);
  }

  private Object[] state() {
    int length = piece.getInt();
    int from = piece.position();
    piece.skip(length);
    return states.read(piece.array(), from);
  }

  @Override
  public BatchSource batches() {
    return output instanceof FragmentNode.Output.Rows || output instanceof FragmentNode.Output.First
        ? this::nextBatch
        : null;
  }
}
