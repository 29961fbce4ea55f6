package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;

/// Nodes that look at one row at a time: filters, projections, limits, constant rows.
public final class RowNodes {
  private static final int MOST_POINTS = 4;

  private RowNodes() {}

  /// Rows of expressions.
  public static final class Rows extends PlanNode {
    private final Eval[][] rows;

    public Rows(Estimate estimate, Eval[][] rows) {
      super(estimate);
      this.rows = rows;
    }

    @Override
    protected RowSource start(Execution x) {
      return new RowSource() {
        private int at;

        @Override
        public Object[] next() {
          if (at == rows.length) {
            return null;
          }
          return evaluate(rows[at++], NO_COLUMNS, x);
        }
      };
    }

    @Override
    public boolean isPoint() {
      return rows.length <= MOST_POINTS;
    }

    @Override
    public String label() {
      return rows.length == 1 ? "Result" : "Values Scan on \"*VALUES*\"";
    }
  }

  static final Object[] NO_COLUMNS = {};

  static Object[] evaluate(Eval[] expressions, Object[] row, Execution x) {
    Object[] out = new Object[expressions.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = expressions[i].eval(row, x);
    }
    return out;
  }

  /// Parts of a node that does something with each row of its input.
  ///
  /// @param inputs null for none
  static Parts mapped(Parts inputs, BiFunction<RowSource, Execution, RowSource> over) {
    if (inputs == null) {
      return null;
    }
    return new Parts() {
      @Override
      public int count() {
        return inputs.count();
      }

      @Override
      public RowSource open(int part, Execution worker) {
        return over.apply(inputs.open(part, worker), worker);
      }

      @Override
      public RowSource openAlone(int part, Execution x) {
        return over.apply(inputs.openAlone(part, x), x);
      }

      @Override
      public void finish() {
        inputs.finish();
      }
    };
  }

  /// Rows for which a condition holds.
  public static final class Filter extends PlanNode {
    private final PlanNode input;
    private final Eval condition;
    private final BatchCondition batchCondition;
    private final String text;

    /// @param batchCondition the same for batches; null where it has to be asked row by row
    public Filter(
        Estimate estimate,
        PlanNode input,
        Eval condition,
        BatchCondition batchCondition,
        String text) {
      super(estimate);
      this.input = input;
      this.condition = condition;
      this.batchCondition = batchCondition;
      this.text = text;
    }

    /// The same of other rows.
    public Filter of(PlanNode rows) {
      return new Filter(estimate(), rows, condition, batchCondition, text);
    }

    @Override
    protected RowSource start(Execution x) {
      return over(input.open(x), x);
    }

    @Override
    protected Parts parts(Execution x) {
      return mapped(input.parts(x), this::over);
    }

    private RowSource over(RowSource source, Execution x) {
      NodeCounters counters = x.counters(this);
      return new RowSource() {
        private int seen;

        @Override
        public Object[] next() {
          while (true) {
            Object[] row = source.next();
            if (row == null || condition.holds(row, x)) {
              return row;
            }
            if (counters != null) {
              counters.removedByFilter++;
            }
            if ((++seen & 0xff) == 0) {
              x.checkInterrupts();
            }
          }
        }

        @Override
        public BatchSource batches() {
          BatchSource batches = batchCondition == null ? null : source.batches();
          return batches == null ? null : () -> filtered(batches);
        }

        private Batch filtered(BatchSource batches) {
          for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
            int before = batch.count();
            batchCondition.keep(batch, x);
            if (counters != null) {
              counters.removedByFilter += before - batch.count();
            }
            if (batch.count() > 0) {
              return batch;
            }
          }
          return null;
        }

        @Override
        public void close() {
          source.close();
        }
      };
    }

    @Override
    public boolean isPoint() {
      return input.isPoint();
    }

    @Override
    public boolean growsWithReads() {
      return input.growsWithReads();
    }

    @Override
    public String label() {
      return "Result";
    }

    @Override
    public List<String> details() {
      return List.of("Filter: " + text);
    }

    @Override
    public List<PlanNode> children() {
      return List.of(input);
    }
  }

  /// New columns out of each row.
  public static final class Project extends PlanNode {
    private final PlanNode input;
    private final Eval[] expressions;
    private final BatchEval[] batchExpressions;

    /// @param batchExpressions the same for batches; null where they have to be computed row by row
    public Project(
        Estimate estimate, PlanNode input, Eval[] expressions, BatchEval[] batchExpressions) {
      super(estimate);
      this.input = input;
      this.expressions = expressions;
      this.batchExpressions = batchExpressions;
    }

    public PlanNode input() {
      return input;
    }

    public Eval[] expressions() {
      return expressions;
    }

    @Override
    protected RowSource start(Execution x) {
      return over(input.open(x), x);
    }

    @Override
    protected Parts parts(Execution x) {
      return mapped(input.parts(x), this::over);
    }

    private RowSource over(RowSource source, Execution x) {
      return new RowSource() {
        @Override
        public Object[] next() {
          Object[] row = source.next();
          return row == null ? null : evaluate(expressions, row, x);
        }

        @Override
        public BatchSource batches() {
          BatchSource batches = batchExpressions == null ? null : source.batches();
          return batches == null
              ? null
              : () -> {
                Batch batch = batches.next();
                return batch == null ? null : projected(batch);
              };
        }

        private Batch projected(Batch batch) {
          Column[] columns = new Column[batchExpressions.length];
          for (int i = 0; i < columns.length; i++) {
            columns[i] = batchExpressions[i].eval(batch, x);
          }
          return new Batch(columns, batch.places(), batch.count());
        }

        @Override
        public void close() {
          source.close();
        }
      };
    }

    @Override
    public boolean isPoint() {
      return input.isPoint();
    }

    @Override
    public boolean growsWithReads() {
      return input.growsWithReads();
    }

    @Override
    public String label() {
      // PostgreSQL computes projections inside other nodes and shows none; EXPLAIN skips this one.
      return "Project";
    }

    @Override
    public List<PlanNode> children() {
      return List.of(input);
    }
  }

  /// A select list with set-returning functions. A scalar column repeats; a set that ends early
  /// gives nulls.
  public static final class ProjectSet extends PlanNode {
    private final PlanNode input;
    private final Eval[] scalars;
    private final SetEval[] sets;

    /// @param scalars by output column, null where the column is a set
    /// @param sets by output column, null where the column is a scalar
    public ProjectSet(Estimate estimate, PlanNode input, Eval[] scalars, SetEval[] sets) {
      super(estimate);
      this.input = input;
      this.scalars = scalars;
      this.sets = sets;
    }

    @Override
    protected RowSource start(Execution x) {
      RowSource source = input.open(x);
      return new RowSource() {
        private Object[] row;
        private Iterator<?>[] iterators;
        private int produced;

        @Override
        public Object[] next() {
          while (true) {
            if (row == null) {
              row = source.next();
              if (row == null) {
                return null;
              }
              iterators = new Iterator<?>[sets.length];
              for (int i = 0; i < sets.length; i++) {
                iterators[i] = sets[i] == null ? null : sets[i].open(row, x);
              }
            }
            boolean any = false;
            Object[] out = new Object[sets.length];
            for (int i = 0; i < sets.length; i++) {
              if (iterators[i] != null && iterators[i].hasNext()) {
                out[i] = iterators[i].next();
                any = true;
              }
            }
            if (!any) {
              row = null;
              continue;
            }
            for (int i = 0; i < sets.length; i++) {
              if (scalars[i] != null) {
                out[i] = scalars[i].eval(row, x);
              }
            }
            if ((++produced & 0xff) == 0) {
              x.checkInterrupts();
            }
            return out;
          }
        }

        @Override
        public void close() {
          source.close();
        }
      };
    }

    @Override
    public String label() {
      return "ProjectSet";
    }

    @Override
    public List<PlanNode> children() {
      return List.of(input);
    }
  }

  /// Set-returning functions side by side, as a table.
  public static final class FunctionScan extends PlanNode {
    private final SetEval[] functions;
    private final int[] widths;
    private final boolean ordinality;
    private final String name;

    /// @param widths how many columns each function gives as a row value; -1 for a plain one
    public FunctionScan(
        Estimate estimate, SetEval[] functions, int[] widths, boolean ordinality, String name) {
      super(estimate);
      this.functions = functions;
      this.widths = widths;
      this.ordinality = ordinality;
      this.name = name;
    }

    @Override
    protected RowSource start(Execution x) {
      Iterator<?>[] iterators = new Iterator<?>[functions.length];
      int columns = ordinality ? 1 : 0;
      for (int i = 0; i < functions.length; i++) {
        iterators[i] = functions[i].open(NO_COLUMNS, x);
        columns += Math.abs(widths[i]);
      }
      int width = columns;
      return new RowSource() {
        private long produced;

        @Override
        public Object[] next() {
          Object[] out = new Object[width];
          boolean any = false;
          int at = 0;
          for (int i = 0; i < iterators.length; i++) {
            if (iterators[i].hasNext()) {
              any = true;
              Object value = iterators[i].next();
              if (widths[i] < 0) {
                out[at] = value;
              } else if (value != null) {
                Object[] fields = ((io.trencadis.sql.types.SqlRow) value).values();
                System.arraycopy(fields, 0, out, at, Math.min(fields.length, widths[i]));
              }
            }
            at += Math.abs(widths[i]);
          }
          if (!any) {
            return null;
          }
          produced++;
          if (ordinality) {
            out[width - 1] = produced;
          }
          if ((produced & 0xff) == 0) {
            x.checkInterrupts();
          }
          return out;
        }
      };
    }

    @Override
    public String label() {
      return "Function Scan on " + name;
    }
  }

  /// LIMIT and OFFSET, WITH TIES included.
  public static final class Limit extends PlanNode {
    private final PlanNode input;
    private final Eval offset;
    private final Eval fetch;
    private final RowOrder ties;

    /// @param offset bigint, or null
    /// @param fetch bigint, or null
    /// @param ties the order that tells ties, or null without WITH TIES
    public Limit(Estimate estimate, PlanNode input, Eval offset, Eval fetch, RowOrder ties) {
      super(estimate);
      this.input = input;
      this.offset = offset;
      this.fetch = fetch;
      this.ties = ties;
    }

    /// The count, from `LIMIT` or `OFFSET`; null for no limit.
    static Long count(Eval expression, Execution x, boolean isOffset) {
      if (expression == null) {
        return null;
      }
      Long value = (Long) expression.eval(NO_COLUMNS, x);
      if (value != null && value < 0) {
        throw isOffset
            ? new io.trencadis.base.SqlException(
                io.trencadis.base.SqlState.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE,
                "OFFSET must not be negative")
            : new io.trencadis.base.SqlException(
                io.trencadis.base.SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE,
                "LIMIT must not be negative");
      }
      return value;
    }

    @Override
    protected RowSource start(Execution x) {
      Long skip = count(offset, x, true);
      Long most = count(fetch, x, false);
      RowSource source = input.open(x);
      return new RowSource() {
        private long toSkip = skip == null ? 0 : skip;
        private long left = most == null ? Long.MAX_VALUE : most;
        private Object[] last;

        @Override
        public Object[] next() {
          while (toSkip > 0) {
            if (source.next() == null) {
              return null;
            }
            toSkip--;
          }
          if (left <= 0) {
            if (ties == null || last == null) {
              return null;
            }
            Object[] row = source.next();
            if (row == null || ties.compare(row, last) != 0) {
              last = null;
              return null;
            }
            return row;
          }
          left--;
          Object[] row = source.next();
          if (ties != null) {
            last = row;
          }
          return row;
        }

        @Override
        public void close() {
          source.close();
        }
      };
    }

    @Override
    public boolean growsWithReads() {
      return input.growsWithReads();
    }

    @Override
    public String label() {
      return "Limit";
    }

    @Override
    public List<PlanNode> children() {
      return List.of(input);
    }

    PlanNode input() {
      return input;
    }
  }

  /// Of sorted rows, the first of each run that agrees in the key columns.
  public static final class FirstOfEach extends PlanNode {
    private final PlanNode input;
    private final RowOrder keys;

    public FirstOfEach(Estimate estimate, PlanNode input, RowOrder keys) {
      super(estimate);
      this.input = input;
      this.keys = keys;
    }

    @Override
    protected RowSource start(Execution x) {
      RowSource source = input.open(x);
      return new RowSource() {
        private Object[] last;

        @Override
        public Object[] next() {
          while (true) {
            Object[] row = source.next();
            if (row == null || last == null || keys.compare(row, last) != 0) {
              last = row;
              return row;
            }
          }
        }

        @Override
        public void close() {
          source.close();
        }
      };
    }

    @Override
    public boolean growsWithReads() {
      return input.growsWithReads();
    }

    @Override
    public String label() {
      return "Unique";
    }

    @Override
    public List<PlanNode> children() {
      return List.of(input);
    }
  }
}
