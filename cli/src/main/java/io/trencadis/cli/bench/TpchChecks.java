package io.trencadis.cli.bench;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// Whether the tables are what the generator makes: row counts, and the rules that tie rows
/// together (clauses 4.2.3 and 4.2.5).
final class TpchChecks {
  private record Check(String name, String sql, long expected) {}

  private TpchChecks() {}

  static boolean run(DataSource server, TpchScale scale, PrintWriter out) throws SQLException {
    List<Check> checks = new ArrayList<>();
    checks.add(new Check("regions", "SELECT count(*) FROM region", 5));
    checks.add(new Check("nations", "SELECT count(*) FROM nation", 25));
    checks.add(new Check("suppliers", "SELECT count(*) FROM supplier", scale.suppliers()));
    checks.add(new Check("parts", "SELECT count(*) FROM part", scale.parts()));
    checks.add(
        new Check(
            "suppliers of parts",
            "SELECT count(*) FROM partsupp",
            (long) scale.parts() * TpchScale.SUPPLIERS_OF_A_PART));
    checks.add(new Check("customers", "SELECT count(*) FROM customer", scale.customers()));
    checks.add(new Check("orders", "SELECT count(*) FROM orders", scale.orders()));
    checks.add(
        new Check(
            "orders of customers who have none",
            "SELECT count(*) FROM orders WHERE o_custkey % 3 = 0",
            0));
    checks.add(
        new Check(
            "orders whose status is not that of their lines",
            """
            SELECT count(*) FROM orders JOIN (
              SELECT l_orderkey, min(l_linestatus) AS least, max(l_linestatus) AS most
              FROM lineitem GROUP BY l_orderkey) AS lines ON l_orderkey = o_orderkey
            WHERE o_orderstatus <> CASE WHEN least = most THEN least ELSE 'P' END""",
            0));
    checks.add(
        new Check(
            "lines with dates out of order",
            """
            SELECT count(*) FROM lineitem JOIN orders ON l_orderkey = o_orderkey
            WHERE l_shipdate <= o_orderdate OR l_receiptdate <= l_shipdate OR l_commitdate <= o_orderdate""",
            0));
    boolean sound = true;
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement()) {
      for (Check check : checks) {
        try (ResultSet result = statement.executeQuery(check.sql())) {
          result.next();
          long found = result.getLong(1);
          boolean holds = found == check.expected();
          sound &= holds;
          out.printf(
              "%-9s %s: %d%s%n",
              holds ? "right" : "WRONG",
              check.name(),
              found,
              holds ? "" : ", not " + check.expected());
        }
      }
    }
    out.flush();
    return sound;
  }
}
