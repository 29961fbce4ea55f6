package io.trencadis.sql.session;

import io.trencadis.base.ByteWriter;
import io.trencadis.storage.Keys;
import java.nio.charset.StandardCharsets;

/// Passes a statement's answer on, and keeps 128 bits of hash over what a client learns from it:
/// rows, tag and notices. Two runs of a statement with equal digests cannot be told apart by their
/// client.
///
/// Values are hashed in the form in which rows are stored, which tells apart all that prints
/// differently.
final class AnswerDigest implements ResponseSink {
  private static final byte[] NULL = {0};
  private static final byte[] ROW = {1};
  private static final byte[] TAG = {2};
  private static final byte[] NOTICE = {3};
  private static final byte[] SUSPENDED = {4};
  private static final int VALUE = 5;

  private final ResponseSink target;
  private final ByteWriter scratch = new ByteWriter(64);
  private long high;
  private long low;
  private long bytes;
  private boolean sent;

  /// What the client sends to the statement; null if that cannot be read again.
  private final CopyInput input;

  /// @param target null for a run that the client must not see
  AnswerDigest(ResponseSink target) {
    this(target, null);
  }

  /// @param input keeps what the client sends to the statement, so that to have asked for it counts
  ///   for nothing; null if nobody does
  AnswerDigest(ResponseSink target, CopyInput input) {
    this.target = target;
    this.input = input;
  }

  CopyInput input() {
    return input;
  }

  /// Whether anything has gone to the target.
  boolean sent() {
    return sent;
  }

  /// How much was hashed, in bytes.
  long bytes() {
    return bytes;
  }

  boolean sameAs(long otherHigh, long otherLow) {
    return high == otherHigh && low == otherLow;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  private void mix(byte[] data, int length) {
    low = low * 31 + Keys.hash64(data, 0, length);
    // The same bytes behind what was hashed before: a collision of one half tells nothing of the
    // other.
    scratch.putLong(low);
    high = Keys.hash64(scratch.array(), 0, scratch.length()) ^ Long.rotateLeft(high, 23);
    bytes += length;
  }

  private void mix(byte[] mark, String text) {
    scratch.reset().putBytes(mark).putBytes(text.getBytes(StandardCharsets.UTF_8));
    mix(scratch.array(), scratch.length());
  }

  private boolean forwards() {
    if (target != null) {
      sent = true;
    }
    return target != null;
  }

  @Override
  public void rowDescription(RowFormat format) {
    if (forwards()) {
      target.rowDescription(format);
    }
  }

  @Override
  public void row(RowFormat format, Object[] values) {
    scratch.reset().putBytes(ROW);
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        scratch.putBytes(NULL);
      } else {
        int at = scratch.length();
        scratch.putByte(VALUE).putInt(0);
        format.type(i).codec().encodeRow(values[i], scratch);
        scratch.setInt(at + 1, scratch.length() - at - 5);
      }
    }
    mix(scratch.array(), scratch.length());
    if (forwards()) {
      target.row(format, values);
    }
  }

  @Override
  public void complete(String tag) {
    mix(TAG, tag);
    if (forwards()) {
      target.complete(tag);
    }
  }

  @Override
  public void emptyQuery() {
    if (forwards()) {
      target.emptyQuery();
    }
  }

  @Override
  public void suspended() {
    mix(SUSPENDED, "");
    if (forwards()) {
      target.suspended();
    }
  }

  @Override
  public void notice(Notice notice) {
    mix(NOTICE, notice.severity() + notice.message());
    if (forwards()) {
      target.notice(notice);
    }
  }

  @Override
  public void parameterStatus(String name, String value) {
    if (forwards()) {
      target.parameterStatus(name, value);
    }
  }

  @Override
  public void notification(int processId, String channel, String payload) {
    if (forwards()) {
      target.notification(processId, channel, payload);
    }
  }

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    if (input != null) {
      return input.read(target, binary, columns);
    }
    forwards();
    return target.copyIn(binary, columns);
  }

  @Override
  public void copyOut(boolean binary, int columns) {
    forwards();
    target.copyOut(binary, columns);
  }

  @Override
  public void copyData(byte[] data, int offset, int length) {
    target.copyData(data, offset, length);
  }

  @Override
  public void copyDone() {
    target.copyDone();
  }
}
