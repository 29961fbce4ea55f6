package io.trencadis.cli.bench;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/// The consistency conditions of clause 3.3.2, all twelve. The eleventh, which the specification
/// states for tables just loaded, counts deliveries since then.
final class TpccConditions {
  /// @param broken a query for the number of places where it does not hold
  private record Condition(int number, String text, String places, String broken) {}

  private final List<Condition> conditions;

  TpccConditions(TpccScale scale) {
    conditions =
        List.of(
            new Condition(
                1,
                "W_YTD = sum(D_YTD)",
                "warehouses",
                """
                SELECT count(*) FROM warehouse LEFT JOIN
                  (SELECT d_w_id, sum(d_ytd) AS ytd FROM district GROUP BY d_w_id) d ON d_w_id = w_id
                WHERE w_ytd IS DISTINCT FROM ytd"""),
            new Condition(
                2,
                "D_NEXT_O_ID - 1 = max(O_ID) = max(NO_O_ID)",
                "districts",
                """
                SELECT count(*) FROM district LEFT JOIN
                  (SELECT o_w_id, o_d_id, max(o_id) AS o_last FROM orders GROUP BY o_w_id, o_d_id) o
                    ON o_w_id = d_w_id AND o_d_id = d_id LEFT JOIN
                  (SELECT no_w_id, no_d_id, max(no_o_id) AS no_last FROM new_order GROUP BY no_w_id, no_d_id) n
                    ON no_w_id = d_w_id AND no_d_id = d_id
                WHERE d_next_o_id - 1 IS DISTINCT FROM o_last OR d_next_o_id - 1 <> no_last"""),
            new Condition(
                3,
                "max(NO_O_ID) - min(NO_O_ID) + 1 = rows of NEW-ORDER",
                "districts",
                """
                SELECT count(*) FROM
                  (SELECT max(no_o_id) - min(no_o_id) + 1 AS span, count(*) AS n
                   FROM new_order GROUP BY no_w_id, no_d_id) d
                WHERE span <> n"""),
            new Condition(
                4,
                "sum(O_OL_CNT) = rows of ORDER-LINE",
                "districts",
                """
                SELECT count(*) FROM
                  (SELECT o_w_id, o_d_id, sum(o_ol_cnt) AS n FROM orders GROUP BY o_w_id, o_d_id) o FULL JOIN
                  (SELECT ol_w_id, ol_d_id, count(*) AS lines FROM order_line GROUP BY ol_w_id, ol_d_id) l
                    ON ol_w_id = o_w_id AND ol_d_id = o_d_id
                WHERE n IS DISTINCT FROM lines"""),
            new Condition(
                5,
                "O_CARRIER_ID is null where NEW-ORDER has the order, only there",
                "orders",
                """
                SELECT count(*) FROM orders FULL JOIN new_order
                  ON no_w_id = o_w_id AND no_d_id = o_d_id AND no_o_id = o_id
                WHERE o_id IS NULL OR (o_carrier_id IS NULL) <> (no_o_id IS NOT NULL)"""),
            new Condition(
                6,
                "O_OL_CNT = rows of ORDER-LINE of the order",
                "orders",
                """
                SELECT count(*) FROM orders FULL JOIN
                  (SELECT ol_w_id, ol_d_id, ol_o_id, count(*) AS lines FROM order_line
                   GROUP BY ol_w_id, ol_d_id, ol_o_id) l
                  ON ol_w_id = o_w_id AND ol_d_id = o_d_id AND ol_o_id = o_id
                WHERE o_ol_cnt IS DISTINCT FROM lines"""),
            new Condition(
                7,
                "OL_DELIVERY_D is null where O_CARRIER_ID is, only there",
                "order lines",
                """
                SELECT count(*) FROM order_line JOIN orders
                  ON o_w_id = ol_w_id AND o_d_id = ol_d_id AND o_id = ol_o_id
                WHERE (ol_delivery_d IS NULL) <> (o_carrier_id IS NULL)"""),
            new Condition(
                8,
                "W_YTD = sum(H_AMOUNT)",
                "warehouses",
                """
                SELECT count(*) FROM warehouse LEFT JOIN
                  (SELECT h_w_id, sum(h_amount) AS paid FROM history GROUP BY h_w_id) h ON h_w_id = w_id
                WHERE w_ytd IS DISTINCT FROM paid"""),
            new Condition(
                9,
                "D_YTD = sum(H_AMOUNT)",
                "districts",
                """
                SELECT count(*) FROM district LEFT JOIN
                  (SELECT h_w_id, h_d_id, sum(h_amount) AS paid FROM history GROUP BY h_w_id, h_d_id) h
                  ON h_w_id = d_w_id AND h_d_id = d_id
                WHERE d_ytd IS DISTINCT FROM paid"""),
            new Condition(
                10,
                "C_BALANCE = sum(OL_AMOUNT) of what was delivered - sum(H_AMOUNT)",
                "customers",
                """
                SELECT count(*) FROM customer LEFT JOIN
                  (SELECT o_w_id, o_d_id, o_c_id, sum(ol_amount) AS owed FROM orders JOIN order_line
                     ON ol_w_id = o_w_id AND ol_d_id = o_d_id AND ol_o_id = o_id
                   WHERE ol_delivery_d IS NOT NULL GROUP BY o_w_id, o_d_id, o_c_id) o
                  ON o_w_id = c_w_id AND o_d_id = c_d_id AND o_c_id = c_id LEFT JOIN
                  (SELECT h_c_w_id, h_c_d_id, h_c_id, sum(h_amount) AS paid FROM history
                   GROUP BY h_c_w_id, h_c_d_id, h_c_id) h
                  ON h_c_w_id = c_w_id AND h_c_d_id = c_d_id AND h_c_id = c_id
                WHERE c_balance <> COALESCE(owed, 0) - COALESCE(paid, 0)"""),
            new Condition(
                11,
                "rows of ORDER - rows of NEW-ORDER = delivered at first + sum(C_DELIVERY_CNT)",
                "districts",
                """
                SELECT count(*) FROM
                  (SELECT c_w_id, c_d_id, sum(c_delivery_cnt) AS delivered FROM customer
                   GROUP BY c_w_id, c_d_id) c LEFT JOIN
                  (SELECT o_w_id, o_d_id, count(*) AS n FROM orders GROUP BY o_w_id, o_d_id) o
                    ON o_w_id = c_w_id AND o_d_id = c_d_id LEFT JOIN
                  (SELECT no_w_id, no_d_id, count(*) AS open FROM new_order GROUP BY no_w_id, no_d_id) n
                    ON no_w_id = c_w_id AND no_d_id = c_d_id
                WHERE n - COALESCE(open, 0) IS DISTINCT FROM delivered +\s"""
                    + scale.delivered()),
            new Condition(
                12,
                "C_BALANCE + C_YTD_PAYMENT = sum(OL_AMOUNT) of what was delivered",
                "customers",
                """
                SELECT count(*) FROM customer LEFT JOIN
                  (SELECT o_w_id, o_d_id, o_c_id, sum(ol_amount) AS owed FROM orders JOIN order_line
                     ON ol_w_id = o_w_id AND ol_d_id = o_d_id AND ol_o_id = o_id
                   WHERE ol_delivery_d IS NOT NULL GROUP BY o_w_id, o_d_id, o_c_id) o
                  ON o_w_id = c_w_id AND o_d_id = c_d_id AND o_c_id = c_id
                WHERE c_balance + c_ytd_payment <> COALESCE(owed, 0)"""));
  }

  /// Checks all of them, and says so.
  ///
  /// @return whether all hold; one that cannot be checked does not
  boolean check(DataSource pool, PrintWriter out) throws SQLException {
    boolean all = true;
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (Condition condition : conditions) {
        String verdict;
        try (ResultSet result = statement.executeQuery(condition.broken)) {
          result.next();
          long broken = result.getLong(1);
          verdict = broken == 0 ? "holds" : "BROKEN in " + broken + " " + condition.places;
          all &= broken == 0;
        } catch (SQLException e) {
          connection.rollback();
          verdict = "NOT CHECKED: " + e.getSQLState() + " " + e.getMessage();
          all = false;
        }
        out.printf("condition %2d %s: %s%n", condition.number, verdict, condition.text);
        out.flush();
      }
      connection.rollback();
    }
    return all;
  }
}
