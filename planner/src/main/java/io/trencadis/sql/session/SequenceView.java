package io.trencadis.sql.session;

import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.types.Types;
import java.util.List;

/// A sequence read as a table: one row with its state.
record SequenceView(SequenceDescriptor sequence, Sequences sequences) implements SystemView {
  @Override
  public String schema() {
    return "public";
  }

  @Override
  public String name() {
    return sequence.name();
  }

  @Override
  public int oid() {
    return sequence.oid();
  }

  @Override
  public char kind() {
    return 'S';
  }

  @Override
  public List<ViewColumn> columns() {
    return List.of(
        new ViewColumn("last_value", Types.INT8, true),
        new ViewColumn("log_cnt", Types.INT8, true),
        new ViewColumn("is_called", Types.BOOL, true));
  }

  @Override
  public Iterable<Object[]> rows(EvalContext cx) {
    return List.<Object[]>of(
        new Object[] {
          sequences.last(sequence), sequences.reserved(sequence), sequences.called(sequence)
        });
  }
}
