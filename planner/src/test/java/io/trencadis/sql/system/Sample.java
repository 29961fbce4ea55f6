package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.DatabaseDescriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.Partitioning;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import java.util.ArrayList;
import java.util.List;

/// A catalog made by hand. The statements that would make it in PostgreSQL:
///
/// ```
/// create table t(id serial primary key, a text not null default 'x', b numeric(10,2) check (b > 0),
///   c varchar(20), e int, f int generated always as identity, unique (a, b));
/// create index t_c on t (c desc, e) include (b);
/// create unique index "T Odd" on t (e nulls first);
/// create view v as select id, a from t where id > 3;
/// create table p(k int, v text) partition by range (k);
/// create table p1 partition of p for values from (minvalue) to (10);
/// create table p2 partition of p default;
/// create schema other; create table other.q(x int[]);
/// create role grp; create role joe login in role grp;
/// ```
final class Sample {
  static final int T = 16400;
  static final int T_PKEY = 16401;
  static final int T_A_B_KEY = 16403;
  static final int T_C = 16405;
  static final int T_ODD = 16406;
  static final int CHECK = 16407;
  static final int V = 16408;
  static final int P = 16409;
  static final int P1 = 16410;
  static final int P2 = 16411;
  static final int OTHER = 16412;
  static final int Q = 16413;
  static final int ID_SEQ = 16414;
  static final int F_SEQ = 16415;
  static final int GRP = 16416;
  static final int JOE = 16417;

  private static final PlacementDescriptor PLACEMENT = new PlacementDescriptor.Single(0);

  private Sample() {}

  static Catalog catalog() {
    int postgres = Catalog.BOOTSTRAP_ROLE;
    int database = Catalog.POSTGRES_DATABASE;
    return Catalog.of(
        1,
        List.of(
            new DatabaseDescriptor(database, "postgres", postgres, -1),
            new SchemaDescriptor(Catalog.PUBLIC, database, "public", postgres),
            new SchemaDescriptor(OTHER, database, "other", postgres),
            role(postgres, "postgres", true, List.of()),
            role(GRP, "grp", false, List.of()),
            role(JOE, "joe", false, List.of(GRP)),
            sequence(ID_SEQ, "t_id_seq", 1, false),
            sequence(F_SEQ, "t_f_seq", 6, true),
            table(),
            relation(
                V,
                Catalog.PUBLIC,
                "v",
                'v',
                columns("id", 23, "a", 25),
                null,
                0,
                null,
                "select id, a from t"),
            relation(
                P,
                Catalog.PUBLIC,
                "p",
                'p',
                columns("k", 23, "v", 25),
                new Partitioning('r', List.of(1), List.of()),
                0,
                null,
                null),
            relation(
                P1,
                Catalog.PUBLIC,
                "p1",
                'r',
                columns("k", 23, "v", 25),
                null,
                P,
                new PartitionBound.Range(
                    List.of(new PartitionBound.Edge(-1, null)),
                    List.of(new PartitionBound.Edge(0, "10"))),
                null),
            relation(
                P2,
                Catalog.PUBLIC,
                "p2",
                'r',
                columns("k", 23, "v", 25),
                null,
                P,
                new PartitionBound.Default(),
                null),
            relation(
                Q, OTHER, "q", 'r', List.of(Column.of(1, "x", 1007, -1)), null, 0, null, null)));
  }

  private static RoleDescriptor role(
      int oid, String name, boolean superuser, List<Integer> memberOf) {
    return new RoleDescriptor(
        oid,
        name,
        superuser,
        true,
        superuser,
        superuser,
        !name.equals("grp"),
        false,
        false,
        -1,
        "verifier",
        null,
        memberOf);
  }

  private static SequenceDescriptor sequence(int oid, String name, int column, boolean identity) {
    return new SequenceDescriptor(
        oid,
        Catalog.POSTGRES_DATABASE,
        Catalog.PUBLIC,
        name,
        Catalog.BOOTSTRAP_ROLE,
        23,
        1,
        1,
        1,
        Integer.MAX_VALUE,
        1,
        false,
        T,
        column,
        identity,
        0);
  }

  private static List<Column> columns(Object... namesAndTypes) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(
          Column.of(i / 2 + 1, (String) namesAndTypes[i], (Integer) namesAndTypes[i + 1], -1));
    }
    return columns;
  }

  private static IndexDescriptor index(
      int oid,
      String name,
      List<KeyPart> parts,
      List<Integer> included,
      boolean unique,
      int constraint) {
    return new IndexDescriptor(
        oid,
        name,
        oid,
        parts,
        included,
        unique,
        oid == T_PKEY,
        false,
        constraint != 0,
        constraint,
        PLACEMENT);
  }

  private static TableDescriptor table() {
    List<Column> columns =
        List.of(
            Column.of(1, "id", 23, -1)
                .withNotNull(true)
                .withDefault("nextval('t_id_seq'::regclass)"),
            Column.of(2, "a", 25, -1).withNotNull(true).withDefault("'x'"),
            Column.of(3, "b", 1700, (10 << 16 | 2) + 4),
            Column.of(4, "c", 1043, 24),
            Column.of(5, "e", 23, -1),
            Column.of(6, "f", 23, -1).withNotNull(true).withIdentity('a', F_SEQ),
            Column.of(7, "gone", 25, -1).asDropped());
    IndexDescriptor primary =
        index(T_PKEY, "t_pkey", List.of(KeyPart.ascending(1)), List.of(), true, T_PKEY + 1);
    return new TableDescriptor(
        T,
        Catalog.POSTGRES_DATABASE,
        Catalog.PUBLIC,
        "t",
        Catalog.BOOTSTRAP_ROLE,
        'r',
        1,
        columns,
        20,
        primary,
        List.of(
            primary,
            index(
                T_A_B_KEY,
                "t_a_b_key",
                List.of(KeyPart.ascending(2), KeyPart.ascending(3)),
                List.of(),
                true,
                T_A_B_KEY + 1),
            index(
                T_C,
                "t_c",
                List.of(new KeyPart(4, true, true), KeyPart.ascending(5)),
                List.of(3),
                false,
                0),
            index(T_ODD, "T Odd", List.of(new KeyPart(5, false, true)), List.of(), true, 0)),
        List.of(new CheckConstraint(CHECK, "t_b_check", "b > 0", List.of(3))),
        PLACEMENT,
        null,
        0,
        null,
        null,
        List.of());
  }

  private static TableDescriptor relation(
      int oid,
      int schema,
      String name,
      char kind,
      List<Column> columns,
      Partitioning partitioning,
      int parent,
      PartitionBound bound,
      String viewText) {
    return new TableDescriptor(
        oid,
        Catalog.POSTGRES_DATABASE,
        schema,
        name,
        Catalog.BOOTSTRAP_ROLE,
        kind,
        1,
        columns,
        oid,
        null,
        List.of(),
        List.of(),
        kind == 'r' ? PLACEMENT : null,
        partitioning,
        parent,
        bound,
        viewText,
        List.of());
  }
}
