package io.trencadis.cli.bench;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The five transactions (clauses 2.4 to 2.8) as statements of any PostgreSQL. Neither begun nor
/// ended here: that is the terminal's. Stateless.
final class TpccTransactions {
  private TpccTransactions() {}

  /// Runs the statements of a transaction.
  ///
  /// @return whether to commit it; an order for an item that does not exist is to be rolled back
  static boolean run(Connection connection, TpccInput input) throws SQLException {
    switch (input) {
      case TpccInput.NewOrder order -> {
        return newOrder(connection, order);
      }
      case TpccInput.Payment payment -> payment(connection, payment);
      case TpccInput.OrderStatus status -> orderStatus(connection, status);
      case TpccInput.Delivery delivery -> delivery(connection, delivery);
      case TpccInput.StockLevel level -> stockLevel(connection, level);
    }
    return true;
  }

  private static boolean newOrder(Connection connection, TpccInput.NewOrder in)
      throws SQLException {
    BigDecimal discount =
        (BigDecimal)
            one(
                connection,
                "SELECT c_discount, c_last, c_credit FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
                in.warehouse(),
                in.district(),
                in.customer())[0];
    BigDecimal tax =
        (BigDecimal)
            one(connection, "SELECT w_tax FROM warehouse WHERE w_id = ?", in.warehouse())[0];
    Object[] district =
        one(
            connection,
            "UPDATE district SET d_next_o_id = d_next_o_id + 1 WHERE d_w_id = ? AND d_id = ?"
                + " RETURNING d_next_o_id - 1, d_tax",
            in.warehouse(),
            in.district());
    int order = (Integer) district[0];
    boolean local = in.lines().stream().allMatch(line -> line.supplier() == in.warehouse());
    update(
        connection,
        "INSERT INTO orders (o_id, o_d_id, o_w_id, o_c_id, o_entry_d, o_ol_cnt, o_all_local)"
            + " VALUES (?, ?, ?, ?, LOCALTIMESTAMP, ?, ?)",
        order,
        in.district(),
        in.warehouse(),
        in.customer(),
        in.lines().size(),
        local ? 1 : 0);
    update(
        connection,
        "INSERT INTO new_order (no_o_id, no_d_id, no_w_id) VALUES (?, ?, ?)",
        order,
        in.district(),
        in.warehouse());
    BigDecimal sum = lines(connection, in, order);
    if (sum == null) {
      return false;
    }
    // What the terminal would show.
    sum.multiply(BigDecimal.ONE.subtract(discount))
        .multiply(BigDecimal.ONE.add(tax).add((BigDecimal) district[1]));
    return true;
  }

  /// The lines of an order.
  ///
  /// @return what they amount to, or null if an item does not exist
  private static BigDecimal lines(Connection connection, TpccInput.NewOrder in, int order)
      throws SQLException {
    List<TpccInput.Line> lines = new ArrayList<>(in.lines());
    // Stock rows are locked in one order by all, or orders of the same popular items would
    // deadlock.
    // The item that does not exist stays the last.
    int sorted = in.invalid() ? lines.size() - 1 : lines.size();
    lines
        .subList(0, sorted)
        .sort(
            Comparator.comparingInt(TpccInput.Line::supplier)
                .thenComparingInt(TpccInput.Line::item));
    String dist = "s_dist_" + (in.district() < 10 ? "0" : "") + in.district();
    BigDecimal sum = BigDecimal.ZERO;
    try (PreparedStatement change =
            connection.prepareStatement(
                "UPDATE stock SET s_quantity = CASE WHEN s_quantity >= ? THEN s_quantity - ?"
                    + " ELSE s_quantity - ? + 91 END, s_ytd = s_ytd + ?, s_order_cnt = s_order_cnt + 1,"
                    + " s_remote_cnt = s_remote_cnt + ? WHERE s_w_id = ? AND s_i_id = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO order_line (ol_o_id, ol_d_id, ol_w_id, ol_number, ol_i_id, ol_supply_w_id,"
                    + " ol_quantity, ol_amount, ol_dist_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (TpccInput.Line line : lines) {
        List<Object[]> item =
            all(connection, "SELECT i_price, i_name, i_data FROM item WHERE i_id = ?", line.item());
        if (item.isEmpty()) {
          return null;
        }
        Object[] stock =
            one(
                connection,
                "SELECT s_quantity, "
                    + dist
                    + ", s_data FROM stock WHERE s_w_id = ? AND s_i_id = ? FOR UPDATE",
                line.supplier(),
                line.item());
        bind(
            change,
            line.quantity() + 10,
            line.quantity(),
            line.quantity(),
            line.quantity(),
            line.supplier() == in.warehouse() ? 0 : 1,
            line.supplier(),
            line.item());
        change.addBatch();
        BigDecimal amount =
            ((BigDecimal) item.getFirst()[0]).multiply(BigDecimal.valueOf(line.quantity()));
        sum = sum.add(amount);
        bind(
            insert,
            order,
            in.district(),
            in.warehouse(),
            line.number(),
            line.item(),
            line.supplier(),
            line.quantity(),
            amount,
            stock[1]);
        insert.addBatch();
      }
      change.executeBatch();
      insert.executeBatch();
    }
    return sum;
  }

  private static void payment(Connection connection, TpccInput.Payment in) throws SQLException {
    Object[] warehouse =
        one(
            connection,
            "UPDATE warehouse SET w_ytd = w_ytd + ? WHERE w_id = ?"
                + " RETURNING w_name, w_street_1, w_street_2, w_city, w_state, w_zip",
            in.amount(),
            in.warehouse());
    Object[] district =
        one(
            connection,
            "UPDATE district SET d_ytd = d_ytd + ? WHERE d_w_id = ? AND d_id = ?"
                + " RETURNING d_name, d_street_1, d_street_2, d_city, d_state, d_zip",
            in.amount(),
            in.warehouse(),
            in.district());
    TpccInput.Customer who = in.customer();
    int number = number(connection, who);
    Object[] customer =
        one(
            connection,
            "UPDATE customer SET c_balance = c_balance - ?, c_ytd_payment = c_ytd_payment + ?,"
                + " c_payment_cnt = c_payment_cnt + 1 WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?"
                + " RETURNING c_credit, c_first, c_middle, c_last, c_street_1, c_street_2, c_city, c_state, c_zip,"
                + " c_phone, c_since, c_credit_lim, c_discount, c_balance",
            in.amount(),
            in.amount(),
            who.warehouse(),
            who.district(),
            number);
    if ("BC".equals(customer[0])) {
      String note =
          number
              + " "
              + who.district()
              + " "
              + who.warehouse()
              + " "
              + in.district()
              + " "
              + in.warehouse()
              + " "
              + in.amount()
              + " | ";
      one(
          connection,
          "UPDATE customer SET c_data = substr(?::varchar || c_data, 1, 500)"
              + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ? RETURNING substr(c_data, 1, 200)",
          note,
          who.warehouse(),
          who.district(),
          number);
    }
    update(
        connection,
        "INSERT INTO history (h_c_id, h_c_d_id, h_c_w_id, h_d_id, h_w_id, h_date, h_amount, h_data)"
            + " VALUES (?, ?, ?, ?, ?, LOCALTIMESTAMP, ?, ?)",
        number,
        who.district(),
        who.warehouse(),
        in.district(),
        in.warehouse(),
        in.amount(),
        warehouse[0] + "    " + district[0]);
  }

  /// A customer's number. Of several with a name it is the one in the middle by first name, rounded
  /// up (clause 2.5.2.2).
  private static int number(Connection connection, TpccInput.Customer who) throws SQLException {
    if (who.lastName() == null) {
      return who.number();
    }
    List<Object[]> named =
        all(
            connection,
            "SELECT c_id FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_last = ? ORDER BY c_first",
            who.warehouse(),
            who.district(),
            who.lastName());
    if (named.isEmpty()) {
      throw new SQLException("no customer has the name " + who.lastName(), "02000");
    }
    return (Integer) named.get((named.size() - 1) / 2)[0];
  }

  private static void orderStatus(Connection connection, TpccInput.OrderStatus in)
      throws SQLException {
    TpccInput.Customer who = in.customer();
    int number = number(connection, who);
    one(
        connection,
        "SELECT c_balance, c_first, c_middle, c_last FROM customer WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
        who.warehouse(),
        who.district(),
        number);
    Object[] order =
        one(
            connection,
            "SELECT o_id, o_entry_d, o_carrier_id FROM orders WHERE o_w_id = ? AND o_d_id = ? AND o_c_id = ?"
                + " ORDER BY o_id DESC LIMIT 1",
            who.warehouse(),
            who.district(),
            number);
    all(
        connection,
        "SELECT ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d FROM order_line"
            + " WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?",
        who.warehouse(),
        who.district(),
        order[0]);
  }

  private static void delivery(Connection connection, TpccInput.Delivery in) throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      List<Object[]> oldest =
          all(
              connection,
              "SELECT no_o_id FROM new_order WHERE no_w_id = ? AND no_d_id = ?"
                  + " ORDER BY no_o_id LIMIT 1 FOR UPDATE",
              in.warehouse(),
              district);
      if (oldest.isEmpty()) {
        continue;
      }
      Object order = oldest.getFirst()[0];
      update(
          connection,
          "DELETE FROM new_order WHERE no_w_id = ? AND no_d_id = ? AND no_o_id = ?",
          in.warehouse(),
          district,
          order);
      Object customer =
          one(
              connection,
              "UPDATE orders SET o_carrier_id = ? WHERE o_w_id = ? AND o_d_id = ? AND o_id = ? RETURNING o_c_id",
              in.carrier(),
              in.warehouse(),
              district,
              order)[0];
      update(
          connection,
          "UPDATE order_line SET ol_delivery_d = LOCALTIMESTAMP WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?",
          in.warehouse(),
          district,
          order);
      Object sum =
          one(
              connection,
              "SELECT sum(ol_amount) FROM order_line WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id = ?",
              in.warehouse(),
              district,
              order)[0];
      update(
          connection,
          "UPDATE customer SET c_balance = c_balance + ?, c_delivery_cnt = c_delivery_cnt + 1"
              + " WHERE c_w_id = ? AND c_d_id = ? AND c_id = ?",
          sum,
          in.warehouse(),
          district,
          customer);
    }
  }

  private static void stockLevel(Connection connection, TpccInput.StockLevel in)
      throws SQLException {
    int next =
        (Integer)
            one(
                connection,
                "SELECT d_next_o_id FROM district WHERE d_w_id = ? AND d_id = ?",
                in.warehouse(),
                in.district())[0];
    one(
        connection,
        "SELECT count(DISTINCT s_i_id) FROM order_line JOIN stock ON s_w_id = ol_w_id AND s_i_id = ol_i_id"
            + " WHERE ol_w_id = ? AND ol_d_id = ? AND ol_o_id >= ? AND ol_o_id < ? AND s_quantity < ?",
        in.warehouse(),
        in.district(),
        next - 20,
        next,
        in.threshold());
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /// Changes one row or several; that none was changed is an error.
  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      if (statement.executeUpdate() == 0) {
        throw new SQLException("no row was changed by: " + sql, "02000");
      }
    }
  }

  private static Object[] one(Connection connection, String sql, Object... values)
      throws SQLException {
    List<Object[]> rows = all(connection, sql, values);
    if (rows.size() != 1) {
      throw new SQLException(rows.size() + " rows, not one, came of: " + sql, "02000");
    }
    return rows.getFirst();
  }

  private static List<Object[]> all(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        List<Object[]> rows = new ArrayList<>();
        while (result.next()) {
          Object[] row = new Object[columns];
          for (int i = 0; i < columns; i++) {
            row[i] = result.getObject(i + 1);
          }
          rows.add(row);
        }
        return rows;
      }
    }
  }
}
