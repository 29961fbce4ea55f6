package io.trencadis.sql.session;

/// For statements that nobody waits for.
final class NoAnswers implements ResponseSink {
  @Override
  public void rowDescription(RowFormat format) {}

  @Override
  public void row(RowFormat format, Object[] values) {}

  @Override
  public void complete(String tag) {}

  @Override
  public void emptyQuery() {}

  @Override
  public void suspended() {}

  @Override
  public void notice(Notice notice) {}

  @Override
  public void parameterStatus(String name, String value) {}

  @Override
  public void notification(int processId, String channel, String payload) {}

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    throw new UnsupportedOperationException("nobody sends data");
  }

  @Override
  public void copyOut(boolean binary, int columns) {}

  @Override
  public void copyData(byte[] bytes, int offset, int length) {}

  @Override
  public void copyDone() {}
}
