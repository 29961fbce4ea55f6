package io.trencadis.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sharding.NodeStore;
import io.trencadis.sql.catalog.CatalogStore;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.execute.TableCheck;
import io.trencadis.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a table says of where its rows are to be: `WITH (colocate_with = …)` and `WITH
/// (replicated)`.
class PlacementOptionsTest {
  private static final int SHARDS = 4;

  private final NodeStore store = NodeStore.inMemory(SHARDS);
  private final LocalSqlEngine engine = SqlScript.engine(store);
  private final SqlScript sql = new SqlScript(engine);

  private void done(String... statements) {
    for (String statement : statements) {
      List<String> answer = sql.run(statement);
      assertTrue(answer.stream().noneMatch(line -> line.startsWith("ERROR")), answer::toString);
    }
  }

  private PlacementDescriptor placement(String name) {
    return engine.catalogStore().latest().all(TableDescriptor.class).stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow()
        .placement();
  }

  private List<Integer> shards(String name) {
    return switch (placement(name)) {
      case PlacementDescriptor.Hash hash -> hash.bucketShards();
      case PlacementDescriptor.Range range -> range.shards();
      case PlacementDescriptor.Single single -> List.of(single.shard());
      case PlacementDescriptor.Replicated all -> List.of(all.home());
    };
  }

  private String options(String name) {
    return sql.run(
            "select array_to_string(reloptions, ',') from pg_class where relname = '" + name + "'")
        .getFirst();
  }

  private TableCheck.Report check() {
    List<ShardStore> shards = new ArrayList<>();
    for (int i = 0; i < SHARDS; i++) {
      shards.add(store.shard(i));
    }
    return new TableCheck(shards, Long.MAX_VALUE, _ -> {})
        .run(CatalogStore.read(shards.get(CatalogStore.META_SHARD), Long.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "create table x (id int primary key) with (colocate_with = none); ERROR 42P01",
        "create table x (id int primary key) with (colocate_with = nowhere.t); ERROR 42P01",
        "create table x (id int primary key) with (colocate_with = v); ERROR 42809",
        "create table x (id int primary key) with (colocate_with = s); ERROR 42809",
        "create table x (id int primary key) with (colocate_with = p); ERROR 42P16",
        "create table x (id int primary key) with (colocate_with = r); ERROR 42P16",
        "create table x (id text primary key) with (colocate_with = t); ERROR 42804",
        "create table x (id bigint primary key) with (colocate_with = t); ERROR 42804",
        "create table x (id int primary key) with (colocate_with = two); ERROR 42P16",
        "create temp table x (id int primary key) with (colocate_with = t); ERROR 42P16",
        "create temp table x (id int primary key) with (replicated); ERROR 42P16",
        "create table x (id int primary key) with (replicated = maybe); ERROR 22023",
        "create table x (id int primary key) with (replicated, replicated); ERROR 22023",
        "create table x (id int primary key) with (replicates); ERROR 22023",
        "create table x (id int primary key) with (replicated, colocate_with = t); ERROR 42P16",
        "create table x (id int) partition by list (id) with (replicated); ERROR 42P16",
        "create table x partition of p for values in (9) with (replicated); ERROR 42P16",
        "create table x (id int) partition by hash (id) partitions 2 with (replicated); ERROR 42P16",
        "create view x with (replicated) as select 1; ERROR 22023",
        "create index x on t (a) with (replicated); ERROR 22023",
        "alter table t set (replicated, colocate_with = two); ERROR 42P16",
        "alter table t set (colocate_with = t); ERROR 42P16",
        "alter table t set (colocate_with = follows); ERROR 42P16",
        "alter table t set (colocate_with = two); ERROR 42P16",
        "alter table follows set (replicated); ERROR 42P16",
        "alter table r set (colocate_with = t); ERROR 42P16",
        "alter table r move partition 0 to shard 1; ERROR 42809",
        "alter table p set (replicated); ERROR 42P16",
      })
  void whatCannotBeIsRefused(String statement, String error) {
    done(
        "create table t (id int primary key, a int)",
        "create table two (a int, b int, primary key (a, b)) partition by hash (a, b) partitions 3",
        "create table follows (id int primary key) with (colocate_with = t)",
        "create table r (id int primary key) with (replicated)",
        "create table p (id int) partition by list (id)",
        "create view v as select 1",
        "create sequence s");
    String answer = sql.run(statement).getLast();
    assertTrue(answer.startsWith(error), answer);
  }

  @Test
  void onlyTheOwnerOfATableHasOthersLieWithIt() {
    done("create role u", "create table t (id int primary key)", "grant all on schema public to u");
    done("grant all on t to u", "set role u");
    String answer =
        sql.run("create table x (id int primary key) with (colocate_with = t)").getLast();
    assertTrue(answer.startsWith("ERROR 42501"), answer);
  }

  @Test
  void whatIsColocatedIsPlacedAlikeAndStaysSo() {
    done(
        "create table a (id int, no text, v int, primary key (id, no))"
            + " partition by range (id) split at values (10), (20)",
        "create schema \"S t\"",
        "create table \"S t\".b (x int, y date, primary key (x, y)) with (colocate_with = 'a')",
        "create table c (z int primary key) with (colocate_with = '\"S t\".b', fillfactor = 70)",
        "insert into a select g, 'n', g from generate_series(1, 30) g",
        "insert into \"S t\".b select g, '2024-01-01' from generate_series(1, 30) g",
        "insert into c select g from generate_series(1, 30) g");
    assertEquals(shards("a"), shards("b"));
    assertEquals(shards("a"), shards("c"));
    assertEquals("colocate_with=public.a", options("b"));
    assertEquals("fillfactor=70,colocate_with=public.a", options("c"));
    List<Integer> before = shards("a");
    int elsewhere = (before.get(1) + 1) % SHARDS;
    done("alter table c move partition 1 to shard " + elsewhere);
    assertNotEquals(before, shards("a"));
    assertEquals(shards("a"), shards("b"));
    assertEquals(shards("a"), shards("c"));
    // Again it has nothing to do.
    done("alter table a move partition 1 to shard " + elsewhere);
    done("begin", "alter table a move partition for (25) to shard " + before.get(1), "commit");
    assertEquals(before.get(1), shards("c").get(2));
    assertEquals(shards("a"), shards("b"));
    done("alter table a split partition at (15)");
    assertEquals(4, shards("c").size());
    assertEquals(shards("a"), shards("c"));
    // The others still belong together when the one that they have named is gone.
    done("alter table a rename to renamed");
    assertEquals("colocate_with=public.renamed", options("b"));
    done("drop table renamed");
    assertEquals("", options("b"));
    assertEquals("fillfactor=70,colocate_with=\"S t\".b", options("c"));
    done("alter table c move partition for (3) to shard 3");
    assertEquals(shards("b"), shards("c"));
    done("alter table c reset (colocate_with)", "alter table c move partition for (3) to shard 2");
    assertNotEquals(shards("b"), shards("c"));
    assertEquals(List.of("30"), sql.run("select count(*) from c join \"S t\".b on x = z"));
    assertEquals(List.of(), check().faults());
  }

  /// As pg_dump has it: first the tables, then their keys, in the order of their names.
  @Test
  void aKeyThatComesLaterPlacesRowsAsTheTableHasSaid() {
    done(
        "create table z (id int not null)",
        "create table a (z int not null, no int not null) with (colocate_with = 'public.z')",
        "insert into a select g, 1 from generate_series(1, 40) g",
        "insert into z select g from generate_series(1, 40) g",
        "alter table only a add constraint a_pkey primary key (z, no)",
        "alter table only z add constraint z_pkey primary key (id)");
    assertEquals(shards("z"), shards("a"));
    done(
        "create table r (id int primary key) partition by hash (id) partitions 7",
        "alter table r move partition 2 to shard 0",
        "create table s (id int) with (colocate_with = r)",
        "insert into s select g from generate_series(1, 40) g",
        "alter table s add primary key (id)");
    assertEquals(shards("r"), shards("s"));
    assertEquals(
        List.of("a|z", "s|r"),
        sql.run(
            "select objid::regclass, refobjid::regclass from pg_depend where deptype = 'n'"
                + " and classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass"
                + " and objid::regclass::text in ('a', 's', 'r', 'z') order by 1"));
    done("alter table a set (colocate_with = r)");
    assertEquals(shards("r"), shards("a"));
    assertEquals(List.of("40"), sql.run("select count(*) from z join a on a.z = z.id"));
  }

  @Test
  void everyShardHasWhatIsReplicated() {
    done(
        "create table r (id int primary key, u int unique, t text) with (replicated)",
        "create index r_t on r (t)",
        "insert into r select g, g * 2, 't' || g % 5 from generate_series(1, 500) g",
        "update r set t = 'new' where id % 7 = 0",
        "update r set id = id + 1000 where id % 11 = 0",
        "delete from r where u % 9 = 0",
        "create table keyless (a int, b text) with (replicated = on)",
        "insert into keyless select g, 'x' from generate_series(1, 50) g",
        "update keyless set b = 'y' where a < 20",
        "delete from keyless where a = 7");
    assertEquals("replicated=true", options("r"));
    assertEquals("replicated=on", options("keyless"));
    assertTrue(sql.run("insert into r values (1, 7000, '')").getFirst().startsWith("ERROR 23505"));
    assertTrue(sql.run("insert into r values (7000, 2, '')").getFirst().startsWith("ERROR 23505"));
    TableCheck.Report report = check();
    assertEquals(List.of(), report.faults());
    assertEquals(
        List.of(report.rows() + ""),
        sql.run("select (select count(*) from r) + (select count(*) from keyless)"));
    done(
        "alter table r add column more int default 5",
        "alter table r alter u type bigint",
        "alter table r drop constraint r_pkey",
        "alter table r add primary key (id, u)",
        "alter table keyless add primary key (a)",
        "create table copied with (replicated) as select * from r",
        "alter table r reset (replicated)",
        "alter table copied set (replicated = false)");
    assertEquals(SHARDS, shards("r").size());
    assertEquals("", options("r"));
    assertEquals("replicated=false", options("copied"));
    done("alter table r set (replicated)", "truncate keyless", "insert into keyless values (3)");
    assertEquals(1, shards("r").size());
    assertEquals(List.of(), check().faults());
    assertEquals(
        sql.run("select count(*), sum(id), max(t) from copied"),
        sql.run("select count(*), sum(id), max(t) from r"));
  }
}
