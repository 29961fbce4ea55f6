package io.trencadis.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Small tables with what makes transactions meet (keys, unique indexes, foreign keys, partitions,
/// a table without a key) and transactions on them, by chance. No statement says more than the
/// tables do: no time, no sequence, no order of rows, and errors are the same whoever meets them.
final class RandomTransactions {
  private static final int IDS = 6;
  private static final int VALUES = 5;

  /// A client's transaction: its statements, of which the last ends it, or a lone one.
  record Script(boolean block, List<String> statements) {}

  private final Random random;

  RandomTransactions(long seed) {
    random = new Random(seed);
  }

  /// Makes the tables, or makes them anew.
  List<String> schema() {
    List<String> out = new ArrayList<>();
    out.add("drop table if exists u, t, p, h cascade");
    out.add("create table t (id int primary key, a int, b int, c text)");
    if (random.nextInt(3) > 0) {
      out.add("create unique index t_b on t (b)" + pick("", "", " where a > 1", " include (a)"));
    }
    if (random.nextBoolean()) {
      out.add("create index t_a on t (a" + pick("", ", c", " desc, id") + ")");
    }
    out.add(
        "create table u (id int primary key, t_id int"
            + pick(
                "",
                " references t",
                " references t on delete cascade on update cascade",
                " references t on delete set null on update cascade")
            + ", v int"
            + pick("", " check (v < 7)")
            + ")");
    if (random.nextBoolean()) {
      out.add("create index u_t on u (t_id)");
    }
    switch (random.nextInt(3)) {
      case 0 -> out.add("create table p (k int, v int)");
      case 1 -> {
        out.add("create table p (k int, v int) partition by range (k)");
        out.add("create table p1 partition of p for values from (minvalue) to (2)");
        out.add("create table p2 partition of p for values from (2) to (maxvalue)");
      }
      default -> {
        out.add("create table p (k int primary key, v int) partition by list (k)");
        out.add("create table p1 partition of p for values in (0, 1, 2)");
        out.add("create table p2 partition of p default");
      }
    }
    out.add("create table h (a int, b int)");
    return out;
  }

  /// Empties them.
  List<String> emptied() {
    return List.of("delete from u", "delete from t", "delete from p", "delete from h");
  }

  /// Fills them.
  List<String> contents() {
    List<String> out = new ArrayList<>();
    for (int id = 0; id < IDS; id++) {
      if (random.nextInt(3) > 0) {
        out.add(
            "insert into t values (%d, %d, %d, 'c%d')"
                .formatted(id, value(), random.nextInt(12), value()));
        if (random.nextBoolean()) {
          out.add("insert into u values (%d, %d, %d)".formatted(id, id, value()));
        }
      }
    }
    for (int k = 0; k < 4; k++) {
      if (random.nextBoolean()) {
        out.add("insert into p values (%d, %d)".formatted(k, value()));
        out.add("insert into h values (%d, %d)".formatted(value(), k));
      }
    }
    return out;
  }

  /// Queries that tell all that is in them.
  List<String> state() {
    return List.of("select * from t", "select * from u", "select * from p", "select * from h");
  }

  Script transaction() {
    if (random.nextInt(4) == 0) {
      return new Script(false, List.of(random.nextInt(4) == 0 ? read() : write()));
    }
    List<String> statements = new ArrayList<>();
    boolean readOnly = random.nextInt(8) == 0;
    statements.add(
        readOnly
            ? pick("begin read only", "begin read only deferrable isolation level serializable")
            : "begin");
    int count = 1 + random.nextInt(4);
    boolean saved = false;
    for (int i = 0; i < count; i++) {
      if (!readOnly && random.nextInt(6) == 0) {
        if (saved) {
          statements.add(pick("rollback to s", "release s"));
          saved = statements.getLast().startsWith("rollback");
        } else {
          statements.add("savepoint s");
          saved = true;
        }
      }
      statements.add(readOnly || random.nextInt(5) < 2 ? read() : write());
    }
    if (saved && random.nextBoolean()) {
      statements.add("rollback to s");
      statements.add(read());
    }
    statements.add("commit");
    return new Script(true, statements);
  }

  private int id() {
    return random.nextInt(IDS + 2);
  }

  private int value() {
    return random.nextInt(VALUES);
  }

  private String pick(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String ofT() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "id = " + id();
      case 3 -> "a = " + value();
      case 4 -> "a > " + value();
      case 5 -> "b = " + random.nextInt(12);
      case 6 -> "id between " + id() + " and " + id() + " + 2";
      default -> "c = 'c" + value() + "'";
    };
  }

  private String read() {
    return switch (random.nextInt(22)) {
      case 0, 1 -> "select * from t where id = " + id();
      case 2 -> "select sum(a), count(*) from t where " + ofT();
      case 3 -> "select max(id), min(b) from t";
      case 4 -> "select t.id, u.v from t join u on u.t_id = t.id where t." + ofT();
      case 5 -> "select id from t where not exists (select 1 from u where t_id = t.id)";
      case 6 -> "select v from p where k = " + value();
      case 7 -> "select count(*), sum(v) from p where k >= " + value();
      case 8 ->
          "select id, a from t where "
              + ofT()
              + " for "
              + pick("update", "no key update", "share", "key share");
      case 9 -> "select a, count(*) from t group by a having count(*) > 1";
      case 10 -> "select count(*), sum(b) from h where a = " + value();
      case 11 -> "select id, sum(a) over (order by id) from t where " + ofT();
      case 12 -> "select t.id, u.id from t left join u on u.v = t.a where t." + ofT();
      case 13 -> "select id from t where b in (" + random.nextInt(12) + ", " + value() + ")";
      case 14 -> "select id from t union all select id from u where v = " + value();
      case 15 -> "select exists (select 1 from u where v > " + value() + ")";
      case 16 -> "select id, b from t order by b, id limit 2";
      case 17 -> "select id from t order by id desc limit 1";
      case 18 -> "select u.id, (select t.a from t where t.id = u.t_id) from u";
      case 19 -> "select count(distinct a) from t";
      case 20 -> "select a, b from h where b not in (select k from p where k is not null)";
      default -> "select u.id, t.a from u join t on t.id = u.t_id where u.v = " + value();
    };
  }

  private String returning() {
    return random.nextInt(4) == 0 ? " returning *" : "";
  }

  private String write() {
    return switch (random.nextInt(30)) {
      case 0, 1, 2 -> "update t set a = a + 1 where " + ofT() + returning();
      case 3 -> "update t set b = b + 1 where " + ofT() + returning();
      case 4 -> "update t set a = (select count(*) from u where v = t.a) where " + ofT();
      case 5 -> "update t set id = " + id() + " where id = " + id() + returning();
      case 6 -> "update t set a = u.v from u where u.t_id = t.id and u.v < 5" + returning();
      case 7, 8 -> "delete from t where " + ofT() + returning();
      case 9 -> "delete from u where v = " + value() + returning();
      case 10 -> "delete from u using t where t.id = u.t_id and t." + ofT();
      case 11, 12, 13 ->
          "insert into t values (%d, %d, %d, 'c%d')"
                  .formatted(id(), value(), random.nextInt(12), value())
              + pick("", " on conflict do nothing", " on conflict (id) do nothing")
              + returning();
      case 14, 15 ->
          "insert into t values (%d, 1, %d, 'x') on conflict (id) do update set a = t.a + excluded.a"
                  .formatted(id(), random.nextInt(12))
              + pick("", " where t.a < 3")
              + returning();
      case 16 ->
          "insert into t select id + 6, a, b + 12, c from t where "
              + ofT()
              + " on conflict do nothing";
      case 17, 18 ->
          "insert into u values (%d, %d, %d)".formatted(id(), id(), value())
              + pick("", " on conflict do nothing")
              + returning();
      case 19 -> "insert into u select id + 10, id, a from t where " + ofT();
      case 20 -> "insert into h values (%d, %d)".formatted(value(), value());
      case 21 -> "insert into h select count(*), max(a) from t where " + ofT() + returning();
      case 22 -> "delete from h where a = " + value();
      case 23 -> "update h set b = b + 1 where a = " + value() + returning();
      case 24 -> "update p set v = v + 1 where k = " + value() + returning();
      case 25 -> "update p set k = %d where k = %d".formatted(value(), value());
      case 26 ->
          "insert into p values (%d, %d)".formatted(value(), value())
              + pick("", " on conflict do nothing");
      case 27 ->
          "merge into t using u on u.t_id = t.id when matched and u.v > 2 then delete"
              + " when matched then update set a = t.a + 1";
      case 28 ->
          "with gone as (delete from h where a = %d returning b) insert into u select b + 20, null, 1"
                  .formatted(value())
              + " from gone on conflict do nothing";
      default -> "update u set v = v + 1 where t_id = " + id() + returning();
    };
  }
}
