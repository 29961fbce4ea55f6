package io.trencadis.sql.session;

import io.trencadis.sql.execute.RowSource;
import java.util.ArrayList;
import java.util.List;

/// A statement with its values, ready to run or running: what Bind, DECLARE CURSOR and a simple
/// query make. Confined to the session's thread.
final class Portal {
  private final String name;
  private final PreparedStatement statement;
  private final Object[] parameters;
  private final short[] resultFormats;
  private final boolean cursor;
  private final boolean holdable;
  private RowFormat format;
  private RowSource source;
  private boolean started;
  private boolean finished;
  private boolean ranToEnd;
  private String tag;
  private long sent;
  private List<Object[]> fetched;
  private int position;
  private List<CursorPositions.Source> sources = List.of();
  private String sourceText = "";
  private boolean scrollable;
  private long createdMicros;
  private long spentNanos;

  Portal(
      String name,
      PreparedStatement statement,
      Object[] parameters,
      short[] resultFormats,
      boolean cursor,
      boolean holdable) {
    this.name = name;
    this.statement = statement;
    this.parameters = parameters;
    this.resultFormats = resultFormats;
    this.cursor = cursor;
    this.holdable = holdable;
  }

  String name() {
    return name;
  }

  PreparedStatement statement() {
    return statement;
  }

  Object[] parameters() {
    return parameters;
  }

  short[] resultFormats() {
    return resultFormats;
  }

  boolean isCursor() {
    return cursor;
  }

  boolean holdable() {
    return holdable;
  }

  RowFormat format() {
    return format;
  }

  void format(RowFormat value) {
    format = value;
  }

  boolean started() {
    return started;
  }

  void start(RowSource rows) {
    started = true;
    source = rows;
  }

  boolean finished() {
    return finished;
  }

  /// The rows have all been sent; `tag` is what a further Execute answers.
  void finish(String value) {
    finished = true;
    tag = value;
    closeSource();
  }

  /// Notes what will be answered when the rows have all been sent.
  void finishTag(String value) {
    tag = value;
  }

  String tag() {
    return tag;
  }

  void countSent() {
    sent++;
  }

  long sent() {
    return sent;
  }

  /// How long it has run up to now.
  long spent() {
    return spentNanos;
  }

  void spent(long nanos) {
    spentNanos += nanos;
  }

  long createdMicros() {
    return createdMicros;
  }

  void createdMicros(long micros) {
    createdMicros = micros;
  }

  RowSource source() {
    return source;
  }

  private void closeSource() {
    if (source != null) {
      source.close();
      source = null;
    }
  }

  void close() {
    closeSource();
    finished = true;
  }

  /// As before its first run.
  void rewind() {
    closeSource();
    started = false;
    finished = false;
    ranToEnd = false;
    tag = null;
    sent = 0;
  }

  /// A simple query has sent all there was.
  void setRanToEnd() {
    ranToEnd = true;
  }

  boolean ranToEnd() {
    return ranToEnd;
  }

  // ---- scrolling, for cursors: rows that were read are kept

  /// The row at a zero-based position, read as far as needed; null past the end.
  Object[] rowAt(int index) {
    if (fetched == null) {
      fetched = new ArrayList<>();
    }
    while (fetched.size() <= index && source != null) {
      Object[] row = source.next();
      if (row == null) {
        closeSource();
        break;
      }
      fetched.add(row);
    }
    return index >= 0 && index < fetched.size() ? fetched.get(index) : null;
  }

  /// Reads all rows that are left, so that the cursor outlives its transaction.
  void materialize() {
    int index = fetched == null ? 0 : fetched.size();
    while (rowAt(index) != null) {
      index++;
    }
  }

  /// The text of the command that declared the cursor.
  String sourceText() {
    return sourceText;
  }

  /// Whether the cursor moves backward, too.
  boolean scrollable() {
    return scrollable;
  }

  void declared(String text, boolean movesBackward) {
    sourceText = text;
    scrollable = movesBackward;
  }

  /// Its transaction is over: where its rows are stored is no longer known.
  void heldOver() {
    sources = null;
  }

  /// The row that the cursor stands on, or null.
  Object[] current() {
    return position == 0 || fetched == null || position > fetched.size()
        ? null
        : fetched.get(position - 1);
  }

  /// The tables that the hidden columns of the rows locate rows of, in their order; null once the
  /// cursor outlives its transaction.
  List<CursorPositions.Source> sources() {
    return sources;
  }

  void sources(List<CursorPositions.Source> value) {
    sources = List.copyOf(value);
  }

  /// Where the cursor stands: 0 before the first row, n on row n, one more than there are rows
  /// after the last.
  int position() {
    return position;
  }

  void position(int value) {
    position = value;
  }
}
