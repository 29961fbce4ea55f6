package io.trencadis.cli.bench;

import java.util.List;

/// TPC-H's eight tables (clause 1.4) in the schema `tpch`, with the specification's keys and an
/// index for each foreign key and for the two dates that its queries choose by. Plain PostgreSQL.
final class TpchSchema {
  static final String NAME = "tpch";

  /// Away with an earlier one.
  static final List<String> DROP = List.of("DROP SCHEMA IF EXISTS tpch CASCADE");

  /// The tables with their primary keys.
  static final List<String> TABLES =
      List.of(
          "CREATE SCHEMA tpch",
          """
          CREATE TABLE tpch.region (
            r_regionkey int PRIMARY KEY, r_name char(25) NOT NULL, r_comment varchar(152))""",
          """
          CREATE TABLE tpch.nation (
            n_nationkey int PRIMARY KEY, n_name char(25) NOT NULL, n_regionkey int NOT NULL,
            n_comment varchar(152))""",
          """
          CREATE TABLE tpch.supplier (
            s_suppkey int PRIMARY KEY, s_name char(25) NOT NULL, s_address varchar(40) NOT NULL,
            s_nationkey int NOT NULL, s_phone char(15) NOT NULL, s_acctbal numeric(15,2) NOT NULL,
            s_comment varchar(101) NOT NULL)""",
          """
          CREATE TABLE tpch.part (
            p_partkey int PRIMARY KEY, p_name varchar(55) NOT NULL, p_mfgr char(25) NOT NULL,
            p_brand char(10) NOT NULL, p_type varchar(25) NOT NULL, p_size int NOT NULL,
            p_container char(10) NOT NULL, p_retailprice numeric(15,2) NOT NULL,
            p_comment varchar(23) NOT NULL)""",
          """
          CREATE TABLE tpch.partsupp (
            ps_partkey int NOT NULL, ps_suppkey int NOT NULL, ps_availqty int NOT NULL,
            ps_supplycost numeric(15,2) NOT NULL, ps_comment varchar(199) NOT NULL,
            PRIMARY KEY (ps_partkey, ps_suppkey))""",
          """
          CREATE TABLE tpch.customer (
            c_custkey int PRIMARY KEY, c_name varchar(25) NOT NULL, c_address varchar(40) NOT NULL,
            c_nationkey int NOT NULL, c_phone char(15) NOT NULL, c_acctbal numeric(15,2) NOT NULL,
            c_mktsegment char(10) NOT NULL, c_comment varchar(117) NOT NULL)""",
          """
          CREATE TABLE tpch.orders (
            o_orderkey bigint PRIMARY KEY, o_custkey int NOT NULL, o_orderstatus char(1) NOT NULL,
            o_totalprice numeric(15,2) NOT NULL, o_orderdate date NOT NULL,
            o_orderpriority char(15) NOT NULL, o_clerk char(15) NOT NULL,
            o_shippriority int NOT NULL, o_comment varchar(79) NOT NULL)""",
          """
          CREATE TABLE tpch.lineitem (
            l_orderkey bigint NOT NULL, l_partkey int NOT NULL, l_suppkey int NOT NULL,
            l_linenumber int NOT NULL, l_quantity numeric(15,2) NOT NULL,
            l_extendedprice numeric(15,2) NOT NULL, l_discount numeric(15,2) NOT NULL,
            l_tax numeric(15,2) NOT NULL, l_returnflag char(1) NOT NULL,
            l_linestatus char(1) NOT NULL, l_shipdate date NOT NULL, l_commitdate date NOT NULL,
            l_receiptdate date NOT NULL, l_shipinstruct char(25) NOT NULL,
            l_shipmode char(10) NOT NULL, l_comment varchar(44) NOT NULL,
            PRIMARY KEY (l_orderkey, l_linenumber))""");

  /// What comes after the rows, since it is quicker to make for all of them at once.
  static final List<String> KEYS =
      List.of(
          "CREATE INDEX nation_region ON tpch.nation (n_regionkey)",
          "CREATE INDEX supplier_nation ON tpch.supplier (s_nationkey)",
          "CREATE INDEX partsupp_supplier ON tpch.partsupp (ps_suppkey)",
          "CREATE INDEX customer_nation ON tpch.customer (c_nationkey)",
          "CREATE INDEX orders_customer ON tpch.orders (o_custkey)",
          "CREATE INDEX orders_date ON tpch.orders (o_orderdate)",
          "CREATE INDEX lineitem_part_supplier ON tpch.lineitem (l_partkey, l_suppkey)",
          "CREATE INDEX lineitem_supplier ON tpch.lineitem (l_suppkey)",
          "CREATE INDEX lineitem_date ON tpch.lineitem (l_shipdate)",
          "ALTER TABLE tpch.nation ADD FOREIGN KEY (n_regionkey) REFERENCES tpch.region",
          "ALTER TABLE tpch.supplier ADD FOREIGN KEY (s_nationkey) REFERENCES tpch.nation",
          "ALTER TABLE tpch.customer ADD FOREIGN KEY (c_nationkey) REFERENCES tpch.nation",
          "ALTER TABLE tpch.partsupp ADD FOREIGN KEY (ps_partkey) REFERENCES tpch.part",
          "ALTER TABLE tpch.partsupp ADD FOREIGN KEY (ps_suppkey) REFERENCES tpch.supplier",
          "ALTER TABLE tpch.orders ADD FOREIGN KEY (o_custkey) REFERENCES tpch.customer",
          "ALTER TABLE tpch.lineitem ADD FOREIGN KEY (l_orderkey) REFERENCES tpch.orders",
          "ALTER TABLE tpch.lineitem ADD FOREIGN KEY (l_partkey, l_suppkey) REFERENCES tpch.partsupp",
          "VACUUM ANALYZE");

  private TpchSchema() {}
}
