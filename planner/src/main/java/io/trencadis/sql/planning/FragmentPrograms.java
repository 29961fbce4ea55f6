package io.trencadis.sql.planning;

import io.trencadis.base.ByteReader;
import io.trencadis.sharding.fragment.FragmentEngine;
import io.trencadis.sql.batch.BatchCodec;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.AggregateNode;
import io.trencadis.sql.execute.BatchCondition;
import io.trencadis.sql.execute.BatchEval;
import io.trencadis.sql.execute.BatchJoin;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.ExchangeJoin;
import io.trencadis.sql.execute.FragmentPipeline;
import io.trencadis.sql.execute.FragmentPipeline.Sink;
import io.trencadis.sql.execute.FragmentPipeline.Step;
import io.trencadis.sql.execute.JoinNode;
import io.trencadis.sql.execute.KeyCodec;
import io.trencadis.sql.execute.KeyRange;
import io.trencadis.sql.execute.PlanNode;
import io.trencadis.sql.execute.RowBytes;
import io.trencadis.sql.execute.RowOrder;
import io.trencadis.sql.execute.RuntimeFilter;
import io.trencadis.sql.execute.SpillSpace;
import io.trencadis.sql.execute.StoredTable;
import io.trencadis.sql.execute.TableScanNode;
import io.trencadis.sql.execute.TemporaryFiles;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.rel.PgRelType;
import io.trencadis.sql.rel.Slot;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// Makes fragments' programs ready, as [FragmentProgram] has written them: with the compilers that
/// plans are made with. A program says of the table all that is needed to read its rows, so that no
/// catalog is asked; that the table is still so at the snapshot is seen to by the shards (rule 13).
/// Thread-safe.
public final class FragmentPrograms implements FragmentEngine {
  static final int VERSION = 1;

  /// Of programs that join rows.
  static final int WITH_JOINS = 2;

  /// Of programs that join what other nodes send.
  static final int OF_EXCHANGE = 3;

  // Steps.
  static final int KEEP = 0;
  static final int COMPUTE = 1;
  static final int LOOK = 2;
  static final int MEET = 3;

  // What is made of the rows.
  static final int ROWS = 0;
  static final int FIRST = 1;
  static final int GROUPS = 2;
  static final int LOCATED = 3;
  static final int DIVIDED = 4;

  private final Supplier<TemporaryFiles> files;

  /// For a node that puts nothing aside.
  public FragmentPrograms() {
    this(() -> null);
  }

  /// @param files where rows go that other nodes send, and that do not fit into memory; null for
  ///   nowhere
  public FragmentPrograms(Supplier<TemporaryFiles> files) {
    this.files = files;
  }

  @Override
  public Program load(byte[] program) {
    return read(program, Loading::pipeline);
  }

  @Override
  public Exchange open(byte[] program, byte[] arguments, long memory, long mostKilobytes) {
    TemporaryFiles aside = files.get();
    return read(program, Loading::exchange)
        .open(
            arguments,
            memory,
            aside == null ? null : new SpillSpace(aside, () -> mostKilobytes, () -> 1));
  }

  private static <P> P read(byte[] program, Function<Loading, P> as) {
    try {
      return as.apply(new Loading(new ByteReader(program)));
    } catch (IllegalArgumentException refused) {
      throw refused;
    } catch (RuntimeException unknown) {
      throw new IllegalArgumentException("not a program of this version", unknown);
    }
  }

  /// What groups' states are written with.
  static RowBytes stateBytes(List<TypeCodec> keys, int calls) {
    List<TypeCodec> codecs = new ArrayList<>(keys);
    for (int i = 0; i < calls; i++) {
      codecs.add(Types.RECORD.codec());
    }
    return new RowBytes(codecs.toArray(TypeCodec[]::new));
  }

  private static final JoinNode.Kind[] KINDS = JoinNode.Kind.values();

  private static final class Loading {
    private final ByteReader bytes;
    private final FragmentReader in;
    private RexCompiler rows;
    private BatchCompiler batches;

    Loading(ByteReader bytes) {
      this.bytes = bytes;
      this.in = new FragmentReader(bytes);
    }

    FragmentPipeline pipeline() {
      int version = bytes.getByte();
      if (version != VERSION && version != WITH_JOINS) {
        throw new IllegalArgumentException("a program of another version");
      }
      TypeCodec[] slots = slots();
      Table table = scan();
      List<Step> steps = new ArrayList<>();
      int now = steps(table.width, steps);
      return new FragmentPipeline(table.scan, slots, table.filters, steps, sink(now));
    }

    ExchangeJoin exchange() {
      if (bytes.getByte() != OF_EXCHANGE) {
        throw new IllegalArgumentException("a program of another version");
      }
      TypeCodec[] slots = slots();
      int leftWidth = in.count();
      BatchCodec left = outputs(leftWidth);
      int rightWidth = in.count();
      BatchCodec right = outputs(rightWidth);
      BatchJoin join = join(rightWidth);
      List<Step> steps = new ArrayList<>();
      int now = steps(join.width(leftWidth), steps);
      if (steps.stream().anyMatch(Step.Look.class::isInstance)) {
        throw new IllegalArgumentException("a look into no shard");
      }
      return new ExchangeJoin(left, right, join, slots, steps, sink(now));
    }

    private TypeCodec[] slots() {
      List<RelDataType> slots = types();
      in.slots(slots);
      rows = new RexCompiler(new SlotTable(parameters(slots)));
      batches = new BatchCompiler(rows);
      return codecs(slots);
    }

    /// @param width of the rows that go through the steps
    /// @param steps are added here
    /// @return the width of what comes of them
    private int steps(int width, List<Step> steps) {
      int now = width;
      for (int left = in.count(); left > 0; left--) {
        Step step = step();
        steps.add(step);
        now =
            switch (step) {
              case Step.Keep _ -> now;
              case Step.Compute(BatchEval[] columns) -> columns.length;
              case Step.Look look -> look.join().width(now);
              case Step.Meet meet -> meet.join().width(now);
            };
      }
      return now;
    }

    /// @param types of the columns that are read; null for the others
    private record Table(
        TableScanNode scan, int width, RuntimeFilter[] filters, RelDataType[] types) {}

    /// A table, and the conditions of its scan.
    private Table scan() {
      int[] needed = new int[0];
      int width = in.count();
      Column[] columns = new Column[width];
      RelDataType[] types = new RelDataType[width];
      for (int i = 0; i < width; i++) {
        columns[i] = Column.of(i + 1, "c", Types.INT4.oid(), -1);
      }
      for (int left = in.count(); left > 0; left--) {
        int place = in.number(width);
        int number = in.number(FragmentReader.MOST);
        RelDataType type = in.type();
        types[place] = type;
        columns[place] =
            Column.of(number, "c", PgRelType.of(type).oid(), PgRelType.typmodOf(type))
                .withCollation(PgRelType.collationOf(type))
                .withMissing(in.text());
        needed = Arrays.copyOf(needed, needed.length + 1);
        needed[needed.length - 1] = place;
      }
      int[] filtered = new int[in.count()];
      RuntimeFilter[] filters = new RuntimeFilter[filtered.length];
      for (int i = 0; i < filtered.length; i++) {
        filtered[i] = in.number(width);
        filters[i] = new RuntimeFilter();
      }
      List<TableScanNode.Stage> stages = new ArrayList<>();
      for (int left = in.count(); left > 0; left--) {
        RexNode conjunct = in.expression();
        Eval compiled = rows.compile(conjunct);
        stages.add(
            new TableScanNode.Stage(
                RelOptUtil.InputFinder.bits(conjunct).toArray(),
                compiled,
                condition(conjunct, compiled),
                false));
      }
      TableScanNode scan =
          new TableScanNode(
              PlanNode.Estimate.NONE,
              new StoredTable(table(columns)),
              null,
              KeyRange.ALL,
              false,
              null,
              needed,
              false,
              null,
              stages,
              new TableScanNode.Texts(null, null, null),
              null,
              filtered,
              filters);
      return new Table(scan, width, filters, types);
    }

    private List<RelDataType> types() {
      List<RelDataType> types = new ArrayList<>();
      for (int left = in.count(); left > 0; left--) {
        types.add(in.type());
      }
      return types;
    }

    private static List<Slot> parameters(List<RelDataType> types) {
      List<Slot> slots = new ArrayList<>();
      for (RelDataType type : types) {
        slots.add(new Slot.Parameter(slots.size() + 1, PgRelType.of(type)));
      }
      return slots;
    }

    private static TypeCodec[] codecs(List<RelDataType> types) {
      return types.stream().map(type -> PgRelType.of(type).codec()).toArray(TypeCodec[]::new);
    }

    private static TableDescriptor table(Column[] columns) {
      return new TableDescriptor(
          0,
          0,
          0,
          "fragment",
          0,
          'r',
          0,
          List.of(columns),
          0,
          null,
          List.of(),
          List.of(),
          new PlacementDescriptor.Single(0),
          null,
          0,
          null,
          null,
          List.of());
    }

    private BatchCondition condition(RexNode node, Eval compiled) {
      BatchCondition condition = batches.condition(node, compiled);
      if (condition == null) {
        throw new IllegalArgumentException("a condition that is not safe");
      }
      return condition;
    }

    private Step step() {
      int kind = bytes.getByte();
      return switch (kind) {
        case KEEP -> {
          RexNode node = in.expression();
          yield new Step.Keep(condition(node, rows.compile(node)));
        }
        case COMPUTE -> compute();
        case LOOK -> look();
        case MEET -> {
          int sent = in.number(FragmentReader.MOST);
          int width = in.count();
          yield new Step.Meet(sent, outputs(width), join(width));
        }
        default -> throw new IllegalArgumentException("a step of kind " + kind);
      };
    }

    private Step look() {
      int other = in.number(FragmentReader.MOST);
      int relation = bytes.getInt();
      int parts = in.count();
      boolean[] descending = new boolean[parts];
      boolean[] nullsFirst = new boolean[parts];
      for (int i = 0; i < parts; i++) {
        descending[i] = in.flag();
        nullsFirst[i] = in.flag();
      }
      Table table = scan();
      BatchJoin join = join(table.width);
      int[] columns = Arrays.copyOf(join.rightKeys(), parts);
      TypeCodec[] codecs = new TypeCodec[parts];
      for (int i = 0; i < parts; i++) {
        codecs[i] = PgRelType.codecOf(table.types[columns[i]]);
      }
      KeyCodec key = new KeyCodec(relation, columns, codecs, descending, nullsFirst);
      return new Step.Look(other, relation, key, parts, table.scan, join);
    }

    private BatchJoin join(int width) {
      int kind = bytes.getByte();
      if (kind < 0 || kind >= KINDS.length) {
        throw new IllegalArgumentException("a join of kind " + kind);
      }
      int count = in.count();
      int[] leftKeys = new int[count];
      int[] rightKeys = new int[count];
      TypeCodec[] codecs = new TypeCodec[count];
      for (int i = 0; i < count; i++) {
        leftKeys[i] = in.number(FragmentReader.MOST);
        rightKeys[i] = in.number(width);
        codecs[i] = PgRelType.codecOf(in.type());
      }
      int[] columns = new int[in.count()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = in.number(width);
      }
      RexNode rest = in.flag() ? in.expression() : null;
      return new BatchJoin(
          KINDS[kind],
          leftKeys,
          rightKeys,
          codecs,
          width,
          columns,
          rest == null ? null : condition(rest, rows.compile(rest)));
    }

    private Step compute() {
      int count = in.count();
      List<RexNode> nodes = new ArrayList<>();
      int[] places = new int[count];
      Arrays.fill(places, -1);
      for (int i = 0; i < count; i++) {
        if (in.flag()) {
          places[i] = nodes.size();
          nodes.add(in.expression());
        }
      }
      BitSet all = new BitSet();
      all.set(0, nodes.size());
      BatchEval[] compiled =
          batches.compile(nodes, nodes.stream().map(rows::compile).toArray(Eval[]::new), all);
      if (compiled == null) {
        throw new IllegalArgumentException("an expression that is not safe");
      }
      BatchEval[] columns = new BatchEval[count];
      for (int i = 0; i < count; i++) {
        columns[i] = places[i] < 0 ? null : compiled[places[i]];
      }
      return new Step.Compute(columns);
    }

    private Sink sink(int width) {
      int kind = bytes.getByte();
      return switch (kind) {
        case ROWS -> new Sink.Rows(outputs(width));
        case FIRST -> {
          BatchCodec codec = outputs(width);
          List<RowOrder.Key> keys = new ArrayList<>();
          for (int left = in.count(); left > 0; left--) {
            int column = in.number(width);
            TypeCodec own = PgRelType.codecOf(in.type());
            keys.add(new RowOrder.Key(column, own, in.flag(), in.flag()));
          }
          yield new Sink.First(codec, new RowOrder(keys), in.count());
        }
        case GROUPS -> groups(width);
        case LOCATED -> new Sink.Located();
        case DIVIDED -> divided(width);
        default -> throw new IllegalArgumentException("a sink of kind " + kind);
      };
    }

    private Sink divided(int width) {
      BatchCodec codec = outputs(width);
      int[] keys = new int[in.count()];
      TypeCodec[] codecs = new TypeCodec[keys.length];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = in.number(width);
        codecs[i] = PgRelType.codecOf(in.type());
      }
      return new Sink.Divided(codec, keys, codecs, in.flag(), in.flag());
    }

    private BatchCodec outputs(int width) {
      int[] columns = new int[in.count()];
      TypeCodec[] codecs = new TypeCodec[columns.length];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = in.number(width);
        codecs[i] = PgRelType.of(in.type()).codec();
      }
      return new BatchCodec(width, columns, codecs);
    }

    private Sink groups(int width) {
      int[] keys = new int[in.count()];
      List<TypeCodec> codecs = new ArrayList<>();
      for (int i = 0; i < keys.length; i++) {
        keys[i] = in.number(width);
        codecs.add(PgRelType.codecOf(in.type()));
      }
      AggregateNode.Call[] calls = new AggregateNode.Call[in.count()];
      for (int i = 0; i < calls.length; i++) {
        ResolvedCall call = in.call();
        int[] arguments = new int[in.count()];
        TypeCodec[] argumentCodecs = new TypeCodec[arguments.length];
        for (int j = 0; j < arguments.length; j++) {
          arguments[j] = in.number(width);
          argumentCodecs[j] = PgRelType.of(in.type()).codec();
        }
        int filter = bytes.getShort();
        if (filter >= width) {
          throw new IllegalArgumentException("column " + filter);
        }
        calls[i] =
            new AggregateNode.Call(
                Aggregates.bind(call), arguments, argumentCodecs, false, filter, null);
      }
      RowBytes states = stateBytes(codecs, calls.length);
      return new Sink.Groups(
          new AggregateNode(
              PlanNode.Estimate.NONE,
              null,
              keys,
              codecs.toArray(TypeCodec[]::new),
              calls,
              "",
              false,
              false,
              states),
          states);
    }
  }
}
