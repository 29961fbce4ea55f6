package io.trencadis.sql.planning;

import io.trencadis.base.ByteWriter;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ExchangeNode;
import io.trencadis.sql.execute.FragmentNode;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.KeyCodec;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.SentRows;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// A fragment's program being written; [FragmentPrograms] reads it. Not thread-safe.
final class FragmentProgram {
  private final FragmentDraft draft;
  private final FragmentEngine engine;
  private final RexCompiler expressions;
  private final FragmentWriter body = new FragmentWriter();
  private final List<FragmentNode.Partner> others = new ArrayList<>();
  private final List<SentRows> sent = new ArrayList<>();
  private final List<RuntimeFilter> own = new ArrayList<>();

  /// What sends the rows that this joins; null where it reads a table's.
  private ExchangeNode.Side left;

  private ExchangeNode.Side right;

  FragmentProgram(FragmentDraft draft, FragmentEngine engine, RexCompiler expressions) {
    this.draft = draft;
    this.engine = engine;
    this.expressions = expressions;
  }

  ByteWriter out() {
    return body.out();
  }

  int special() {
    return body.special();
  }

  /// All up to what is made of the rows.
  ///
  /// @param read which columns of them that looks at
  void begin(BitSet read) {
    List<BitSet> wanted = draft.wanted(read);
    FragmentDraft.Source source = draft.source();
    if (source.exchanged() == null) {
      table(source.table(), source.conjuncts(), wanted.getLast(), source.filteredPlaces());
    } else {
      exchanged(source.exchanged(), wanted.getLast());
    }
    out().putShort(draft.steps().size());
    for (int i = 0; i < draft.steps().size(); i++) {
      switch (draft.steps().get(i)) {
        case FragmentDraft.Step.Keep(RexNode condition) -> {
          out().putByte(FragmentPrograms.KEEP);
          body.expression(condition);
        }
        case FragmentDraft.Step.Compute(List<RexNode> columns) -> compute(columns, wanted.get(i));
        case FragmentDraft.Step.Look look -> look(look, wanted.get(i));
        case FragmentDraft.Step.Meet meet -> meet(meet);
      }
    }
  }

  /// Rows that come from other nodes, and how they are joined.
  private void exchanged(FragmentDraft.Exchanged exchanged, BitSet wanted) {
    FragmentDraft.Join join = exchanged.join();
    BitSet lefts = join.left(wanted);
    BitSet rights = join.right(wanted);
    out().putShort(join.leftWidth());
    columns(out(), join.leftType(), lefts.stream().boxed().toList());
    out().putShort(join.rightType().getFieldCount());
    columns(out(), join.rightType(), rights.stream().boxed().toList());
    join(join, rights);
    Arrays.stream(join.filters()).filter(Objects::nonNull).forEach(own::add);
    boolean keepsAll = join.kind() == JoinNode.Kind.LEFT || join.kind() == JoinNode.Kind.ANTI;
    left = side(exchanged.left(), lefts, join.leftKeys(), exchanged, keepsAll);
    right = side(exchanged.right(), rights, join.rightKeys(), exchanged, false);
  }

  private ExchangeNode.Side side(
      FragmentDraft side,
      BitSet sent,
      int[] keys,
      FragmentDraft.Exchanged exchanged,
      boolean keepsNulls) {
    FragmentProgram sending = new FragmentProgram(side, engine, expressions);
    sending.begin(sent);
    ByteWriter to = sending.out();
    to.putByte(FragmentPrograms.DIVIDED);
    columns(to, side.rowType(), sent.stream().boxed().toList());
    columns(
        to, side.rowType(), Arrays.stream(exchanged.keys()).mapToObj(pair -> keys[pair]).toList());
    to.putByte(keepsNulls ? 0 : 1).putByte(exchanged.division().slotShards() == null ? 0 : 1);
    return new ExchangeNode.Side(side.source().scan(), sending.program(null));
  }

  /// The node that has other nodes run this.
  ///
  /// @param below what does the same, for EXPLAIN
  /// @param most what the special argument is; null where there is none
  PlanNode node(PlanNode.Estimate estimate, PlanNode below, Eval most, FragmentNode.Output output) {
    FragmentDraft.Exchanged exchanged = draft.source().exchanged();
    FragmentNode.Program program = program(most);
    return exchanged == null
        ? new FragmentNode(estimate, below, draft.source().scan(), program, output)
        : new ExchangeNode(estimate, below, left, right, program, output, exchanged.division());
  }

  private void compute(List<RexNode> columns, BitSet wanted) {
    out().putByte(FragmentPrograms.COMPUTE).putShort(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      boolean present = wanted.get(i) && columns.get(i) != null;
      out().putByte(present ? 1 : 0);
      if (present) {
        body.expression(columns.get(i));
      }
    }
  }

  private void look(FragmentDraft.Step.Look look, BitSet wanted) {
    StoredTable table = look.table();
    KeyCodec key = table.key();
    BitSet right = look.join().right(wanted);
    out().putByte(FragmentPrograms.LOOK).putShort(others.size());
    out().putInt(table.relation().relationId()).putShort(look.parts());
    for (int i = 0; i < look.parts(); i++) {
      out().putByte(key.descending(i) ? 1 : 0).putByte(key.nullsFirst(i) ? 1 : 0);
    }
    BitSet read = table(table, look.conjuncts(), right, new int[0]);
    others.add(
        new FragmentNode.Partner(
            table.descriptor().name(), table.relation().reading(table.columnBits(read))));
    join(look.join(), right);
    Arrays.stream(look.join().filters()).filter(Objects::nonNull).forEach(own::add);
  }

  private void meet(FragmentDraft.Step.Meet meet) {
    RelDataType type = meet.join().rightType();
    out().putByte(FragmentPrograms.MEET).putShort(sent.size());
    sent.add(meet.rows());
    out().putShort(type.getFieldCount());
    columns(out(), type, meet.columns().stream().boxed().toList());
    join(meet.join(), meet.columns());
  }

  /// @param right columns of right rows that are there
  private void join(FragmentDraft.Join join, BitSet right) {
    out().putByte(join.kind().ordinal()).putShort(join.leftKeys().length);
    for (int i = 0; i < join.leftKeys().length; i++) {
      out().putShort(join.leftKeys()[i]).putShort(join.rightKeys()[i]);
      FragmentWriter.type(out(), typeOf(join.leftType(), join.leftKeys()[i]));
    }
    out().putShort(right.cardinality());
    right.stream().forEach(out()::putShort);
    out().putByte(join.rest() == null ? 0 : 1);
    if (join.rest() != null) {
      body.expression(join.rest());
    }
  }

  /// @return all columns that are read
  private BitSet table(StoredTable table, List<RexNode> conjuncts, BitSet read, int[] filtered) {
    BitSet wanted = (BitSet) read.clone();
    wanted.or(RelColumns.columnsOf(conjuncts));
    for (int place : filtered) {
      wanted.set(place);
    }
    out().putShort(table.width()).putShort(wanted.cardinality());
    wanted.stream().forEach(place -> column(table.column(place), place));
    out().putShort(filtered.length);
    for (int place : filtered) {
      out().putShort(place);
    }
    out().putShort(conjuncts.size());
    conjuncts.forEach(body::expression);
    return wanted;
  }

  private void column(Column column, int place) {
    out().putShort(place).putShort(column.number());
    FragmentWriter.type(out(), PgTypeFactory.of(column));
    FragmentWriter.text(out(), column.missingText());
  }

  static RelDataType typeOf(RelDataType rowType, int column) {
    return rowType.getFieldList().get(column).getType();
  }

  static void columns(ByteWriter out, RelDataType rowType, List<Integer> columns) {
    out.putShort(columns.size());
    for (int column : columns) {
      out.putShort(column);
      FragmentWriter.type(out, typeOf(rowType, column));
    }
  }

  private FragmentNode.Program program(Eval most) {
    List<RexNode> nodes = body.arguments();
    Eval[] arguments = new Eval[nodes.size()];
    TypeCodec[] codecs = new TypeCodec[arguments.length];
    int version =
        draft.source().exchanged() != null
            ? FragmentPrograms.OF_EXCHANGE
            : draft.joinsThere() ? FragmentPrograms.WITH_JOINS : FragmentPrograms.VERSION;
    ByteWriter whole = new ByteWriter(512).putByte(version);
    whole.putShort(arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      RexNode node = nodes.get(i);
      RelDataType type = node == null ? PgTypeFactory.of(Types.INT8) : node.getType();
      arguments[i] = node == null ? most : expressions.compile(node);
      codecs[i] = PgRelType.of(type).codec();
      FragmentWriter.type(whole, type);
    }
    whole.putBytes(out().toByteArray());
    return new FragmentNode.Program(
        engine,
        whole.toByteArray(),
        arguments,
        codecs,
        draft.source().filters(),
        own,
        others,
        sent);
  }
}
