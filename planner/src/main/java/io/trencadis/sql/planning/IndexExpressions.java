package io.trencadis.sql.planning;

import io.trencadis.sql.analyze.Analyzer;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.Eval;
import io.trencadis.sql.execute.IndexEvals;
import io.trencadis.sql.rel.IndexTerms;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rex.RexNode;

/// Compiles what the expression and partial indexes of a table compute, and its partition key.
public final class IndexExpressions {
  private IndexExpressions() {}

  /// By the oid of the index; indexes of plain columns are not in it.
  public static Map<Integer, IndexEvals> of(TableDescriptor table, Names names) {
    Map<Integer, IndexEvals> all = new HashMap<>();
    for (IndexDescriptor index : table.indexes()) {
      if (!index.isPlain() || index.exclusion()) {
        RelOptCluster cluster = QueryPlanner.newCluster();
        Analyzer analyzer = new Analyzer(names, cluster, new int[0]);
        IndexTerms terms = analyzer.indexTerms(table, index);
        QueryPlanner planner =
            new QueryPlanner(
                cluster, new SlotTable(analyzer.slots()), names.catalog(), names.context(), null);
        all.put(
            index.oid(),
            new IndexEvals(
                planner.compile(terms.expressions()),
                terms.predicate() == null ? null : planner.compile(List.of(terms.predicate()))[0],
                index.exclusion()
                    ? planner.compile(List.of(analyzer.exclusion(table, index)))[0]
                    : null));
      }
    }
    return all;
  }

  /// What the expressions of a partitioned table's key compute from a row of it.
  public static Eval[] ofPartitionKey(TableDescriptor table, Names names) {
    RelOptCluster cluster = QueryPlanner.newCluster();
    Analyzer analyzer = new Analyzer(names, cluster, new int[0]);
    List<RexNode> terms = analyzer.partitionTerms(table);
    return new QueryPlanner(
            cluster, new SlotTable(analyzer.slots()), names.catalog(), names.context(), null)
        .compile(terms);
  }
}
