--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: Odd "Name; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA "Odd ""Name";


ALTER SCHEMA "Odd ""Name" OWNER TO postgres;

--
-- Name: shop; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA shop;


ALTER SCHEMA shop OWNER TO postgres;

--
-- Name: SCHEMA shop; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA shop IS 'what is sold';


--
-- Name: amount; Type: DOMAIN; Schema: shop; Owner: postgres
--

CREATE DOMAIN shop.amount AS numeric(12,2) NOT NULL DEFAULT 0
	CONSTRAINT amount_positive CHECK ((VALUE >= (0)::numeric));


ALTER DOMAIN shop.amount OWNER TO postgres;

--
-- Name: code; Type: DOMAIN; Schema: shop; Owner: postgres
--

CREATE DOMAIN shop.code AS text
	CONSTRAINT code_check CHECK ((VALUE ~ '^[A-Z]+$'::text));


ALTER DOMAIN shop.code OWNER TO postgres;

--
-- Name: DOMAIN code; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON DOMAIN shop.code IS 'capitals';


--
-- Name: state; Type: TYPE; Schema: shop; Owner: postgres
--

CREATE TYPE shop.state AS ENUM (
    'new',
    'paid',
    'it''s gone'
);


ALTER TYPE shop.state OWNER TO postgres;

--
-- Name: TYPE state; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON TYPE shop.state IS 'where an order is';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: Table; Type: TABLE; Schema: Odd "Name; Owner: postgres
--

CREATE TABLE "Odd ""Name"."Table" (
    "Column One" integer,
    "select" text,
    "tab	bed" text
);


ALTER TABLE "Odd ""Name"."Table" OWNER TO postgres;

--
-- Name: no_key; Type: TABLE; Schema: public; Owner: dump_owner
--

CREATE TABLE public.no_key (
    a integer,
    b text
);


ALTER TABLE public.no_key OWNER TO dump_owner;

--
-- Name: checked; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.checked WITH (security_barrier='true') AS
 SELECT no_key.a,
    no_key.b
   FROM public.no_key
  WHERE (no_key.a > 0)
  WITH CASCADED CHECK OPTION;


ALTER TABLE public.checked OWNER TO postgres;

--
-- Name: down; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.down
    AS smallint
    START WITH -1
    INCREMENT BY -1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE public.down OWNER TO postgres;

--
-- Name: empty; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.empty (
);


ALTER TABLE public.empty OWNER TO postgres;

--
-- Name: hashed; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.hashed (
    id integer NOT NULL,
    what text
)
PARTITION BY HASH (id);


ALTER TABLE public.hashed OWNER TO postgres;

--
-- Name: hashed_0; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.hashed_0 (
    id integer NOT NULL,
    what text
);


ALTER TABLE public.hashed_0 OWNER TO postgres;

--
-- Name: hashed_1; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.hashed_1 (
    id integer NOT NULL,
    what text
);


ALTER TABLE public.hashed_1 OWNER TO postgres;

--
-- Name: measures; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures (
    day date NOT NULL,
    place text NOT NULL,
    value double precision
)
PARTITION BY RANGE (day);


ALTER TABLE public.measures OWNER TO postgres;

--
-- Name: measures_2023; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures_2023 (
    day date NOT NULL,
    place text NOT NULL,
    value double precision
);


ALTER TABLE public.measures_2023 OWNER TO postgres;

--
-- Name: measures_2024; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures_2024 (
    day date NOT NULL,
    place text NOT NULL,
    value double precision
);


ALTER TABLE public.measures_2024 OWNER TO postgres;

--
-- Name: measures_rest; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures_rest (
    day date NOT NULL,
    place text NOT NULL,
    value double precision
);


ALTER TABLE public.measures_rest OWNER TO postgres;

--
-- Name: customers; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.customers (
    id integer NOT NULL,
    email character varying(100) NOT NULL,
    name text DEFAULT 'nobody'::text NOT NULL,
    since timestamp with time zone DEFAULT now(),
    born date DEFAULT '2000-01-01'::date,
    credit shop.amount,
    code shop.code DEFAULT 'AB'::text,
    active boolean DEFAULT true,
    upper_name text GENERATED ALWAYS AS (upper(name)) STORED,
    tags text[] DEFAULT '{}'::text[],
    CONSTRAINT customers_email_check CHECK (((email)::text ~~ '%@%'::text)),
    CONSTRAINT customers_name_check CHECK (((length(name) > 0) AND (length(name) < 1000)))
);


ALTER TABLE shop.customers OWNER TO postgres;

--
-- Name: TABLE customers; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON TABLE shop.customers IS 'who buys';


--
-- Name: COLUMN customers.email; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON COLUMN shop.customers.email IS 'with an @';


--
-- Name: CONSTRAINT customers_email_check ON customers; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON CONSTRAINT customers_email_check ON shop.customers IS 'no more than that';


--
-- Name: good; Type: VIEW; Schema: shop; Owner: postgres
--

CREATE VIEW shop.good AS
 SELECT customers.id,
    customers.name,
    customers.email
   FROM shop.customers
  WHERE customers.active;


ALTER TABLE shop.good OWNER TO postgres;

--
-- Name: VIEW good; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON VIEW shop.good IS 'those who may buy';


--
-- Name: numbers; Type: SEQUENCE; Schema: shop; Owner: postgres
--

CREATE SEQUENCE shop.numbers
    START WITH 100
    INCREMENT BY 5
    MINVALUE 10
    MAXVALUE 100000
    CACHE 3
    CYCLE;


ALTER TABLE shop.numbers OWNER TO postgres;

--
-- Name: SEQUENCE numbers; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON SEQUENCE shop.numbers IS 'in fives';


--
-- Name: orders; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.orders (
    id bigint NOT NULL,
    number integer DEFAULT nextval('shop.numbers'::regclass) NOT NULL,
    customer integer NOT NULL,
    state shop.state DEFAULT 'new'::shop.state NOT NULL,
    placed timestamp(0) without time zone DEFAULT CURRENT_TIMESTAMP,
    total numeric(10,2) DEFAULT 0.00,
    parent bigint,
    CONSTRAINT total_range CHECK (((total >= (0)::numeric) AND (total <= (100000)::numeric)))
);


ALTER TABLE shop.orders OWNER TO postgres;

--
-- Name: sums; Type: VIEW; Schema: shop; Owner: postgres
--

CREATE VIEW shop.sums AS
 SELECT c.name,
    count(*) AS orders,
    sum(o.total) AS total
   FROM (shop.customers c
     JOIN shop.orders o ON ((o.customer = c.id)))
  GROUP BY c.name;


ALTER TABLE shop.sums OWNER TO postgres;

--
-- Name: on_view; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.on_view AS
 SELECT g.id AS first,
    s.total AS second
   FROM (shop.good g
     LEFT JOIN shop.sums s ON ((s.name = g.name)))
  ORDER BY g.id
 LIMIT 10;


ALTER TABLE public.on_view OWNER TO postgres;

--
-- Name: regions; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.regions (
    id integer NOT NULL,
    region text NOT NULL
)
PARTITION BY LIST (region);


ALTER TABLE public.regions OWNER TO postgres;

--
-- Name: regions_eu; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.regions_eu (
    id integer NOT NULL,
    region text NOT NULL
);


ALTER TABLE public.regions_eu OWNER TO postgres;

--
-- Name: regions_na; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.regions_na (
    id integer NOT NULL,
    region text NOT NULL
);


ALTER TABLE public.regions_na OWNER TO postgres;

--
-- Name: types; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.types (
    id integer NOT NULL,
    b boolean,
    i2 smallint,
    i8 bigint,
    f4 real,
    f8 double precision,
    n numeric,
    n2 numeric(10,3),
    t text,
    v character varying(20),
    c character(5),
    by bytea,
    u uuid,
    d date,
    tm time without time zone,
    tz time with time zone,
    ts timestamp without time zone,
    tsz timestamp(3) with time zone,
    iv interval,
    j json,
    jb jsonb,
    ia integer[],
    ta text[],
    inet_ inet,
    cidr_ cidr,
    mac macaddr,
    bits bit(4),
    vbits bit varying(10),
    o oid,
    ch "char",
    nm name
);


ALTER TABLE public.types OWNER TO postgres;

--
-- Name: customers_id_seq; Type: SEQUENCE; Schema: shop; Owner: postgres
--

CREATE SEQUENCE shop.customers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE shop.customers_id_seq OWNER TO postgres;

--
-- Name: customers_id_seq; Type: SEQUENCE OWNED BY; Schema: shop; Owner: postgres
--

ALTER SEQUENCE shop.customers_id_seq OWNED BY shop.customers.id;


--
-- Name: lines; Type: TABLE; Schema: shop; Owner: postgres
--

CREATE TABLE shop.lines (
    order_id bigint NOT NULL,
    line smallint NOT NULL,
    what text,
    qty integer DEFAULT 1,
    note character varying DEFAULT ('x'::text || 'y'::text),
    by_default integer NOT NULL,
    CONSTRAINT lines_qty_check CHECK ((qty > 0))
);


ALTER TABLE shop.lines OWNER TO postgres;

--
-- Name: lines_by_default_seq; Type: SEQUENCE; Schema: shop; Owner: postgres
--

ALTER TABLE shop.lines ALTER COLUMN by_default ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME shop.lines_by_default_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: shop; Owner: postgres
--

ALTER TABLE shop.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME shop.orders_id_seq
    START WITH 1000
    INCREMENT BY 10
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: hashed_0; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.hashed ATTACH PARTITION public.hashed_0 FOR VALUES WITH (modulus 2, remainder 0);


--
-- Name: hashed_1; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.hashed ATTACH PARTITION public.hashed_1 FOR VALUES WITH (modulus 2, remainder 1);


--
-- Name: measures_2023; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures ATTACH PARTITION public.measures_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');


--
-- Name: measures_2024; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures ATTACH PARTITION public.measures_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');


--
-- Name: measures_rest; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures ATTACH PARTITION public.measures_rest DEFAULT;


--
-- Name: regions_eu; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.regions ATTACH PARTITION public.regions_eu FOR VALUES IN ('de', 'fr');


--
-- Name: regions_na; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.regions ATTACH PARTITION public.regions_na FOR VALUES IN ('us', 'ca', NULL);


--
-- Name: customers id; Type: DEFAULT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.customers ALTER COLUMN id SET DEFAULT nextval('shop.customers_id_seq'::regclass);


--
-- Data for Name: Table; Type: TABLE DATA; Schema: Odd "Name; Owner: postgres
--

COPY "Odd ""Name"."Table" ("Column One", "select", "tab	bed") FROM stdin;
1	x	y
\.


--
-- Data for Name: empty; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.empty  FROM stdin;
\.


--
-- Data for Name: hashed_0; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.hashed_0 (id, what) FROM stdin;
\.


--
-- Data for Name: hashed_1; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.hashed_1 (id, what) FROM stdin;
\.


--
-- Data for Name: measures_2023; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.measures_2023 (day, place, value) FROM stdin;
2023-05-05	here	1.25
\.


--
-- Data for Name: measures_2024; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.measures_2024 (day, place, value) FROM stdin;
2024-05-05	there	2.5
\.


--
-- Data for Name: measures_rest; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.measures_rest (day, place, value) FROM stdin;
2030-01-01	far	3
\.


--
-- Data for Name: no_key; Type: TABLE DATA; Schema: public; Owner: dump_owner
--

COPY public.no_key (a, b) FROM stdin;
1	one
2	\N
\.


--
-- Data for Name: regions_eu; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.regions_eu (id, region) FROM stdin;
1	de
\.


--
-- Data for Name: regions_na; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.regions_na (id, region) FROM stdin;
2	us
\.


--
-- Data for Name: types; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.types (id, b, i2, i8, f4, f8, n, n2, t, v, c, by, u, d, tm, tz, ts, tsz, iv, j, jb, ia, ta, inet_, cidr_, mac, bits, vbits, o, ch, nm) FROM stdin;
1	t	-32768	9223372036854775807	1.5	1e+300	NaN	1234567.891	tab\tnew\nline\\	varchar	ab   	\\x00ff10	a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11	2024-02-29	12:34:56.789	12:34:56+05:30	2024-02-29 23:59:59.999999	2024-02-29 23:59:59.999+00	1 year 2 mons 3 days 04:05:06	{"a": [1, 2]}	{"a": "x", "b": null}	{1,NULL,3}	{{a,"b c"},{"d,e",NULL}}	192.168.0.1/24	10.0.0.0/8	08:00:2b:01:02:03	1010	101	42	x	a_name
2	\N	\N	\N	NaN	-Infinity	\N	\N		\N	\N	\\x	\N	infinity	\N	\N	-infinity	\N	\N	\N	\N	{}	\N	\N	\N	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: customers; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.customers (id, email, name, since, born, credit, code, active, tags) FROM stdin;
1	a@example.org	Ann	2024-01-01 00:00:00+00	2000-01-01	10.50	AB	t	{}
2	b@example.org	Bob	2024-01-02 00:00:00+00	2000-01-01	0.00	CD	t	{}
\.


--
-- Data for Name: lines; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.lines (order_id, line, what, qty, note, by_default) FROM stdin;
1000	1	tea	1	xy	1
1000	2	cups	1	xy	2
1010	1	back\\slash	1	xy	3
\.


--
-- Data for Name: orders; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.orders (id, number, customer, state, placed, total, parent) FROM stdin;
1000	100	1	paid	2024-03-01 10:00:00	12.50	\N
1010	105	2	it's gone	2024-03-02 11:00:00	99.99	1000
\.


--
-- Name: down; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.down', -1, true);


--
-- Name: customers_id_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.customers_id_seq', 2, true);


--
-- Name: lines_by_default_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.lines_by_default_seq', 3, true);


--
-- Name: numbers; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.numbers', 110, true);


--
-- Name: orders_id_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.orders_id_seq', 1010, true);


--
-- Name: measures measures_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_pkey PRIMARY KEY (day, place);


--
-- Name: measures_2023 measures_2023_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_2023
    ADD CONSTRAINT measures_2023_pkey PRIMARY KEY (day, place);


--
-- Name: measures_2024 measures_2024_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_2024
    ADD CONSTRAINT measures_2024_pkey PRIMARY KEY (day, place);


--
-- Name: measures_rest measures_rest_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_rest
    ADD CONSTRAINT measures_rest_pkey PRIMARY KEY (day, place);


--
-- Name: types types_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.types
    ADD CONSTRAINT types_pkey PRIMARY KEY (id);


--
-- Name: customers customers_email_key; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);


--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: lines lines_pkey; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.lines
    ADD CONSTRAINT lines_pkey PRIMARY KEY (order_id, line);


--
-- Name: orders orders_number_customer_key; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_number_customer_key UNIQUE NULLS NOT DISTINCT (number, customer);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: measures_value; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_value ON ONLY public.measures USING btree (value);


--
-- Name: measures_2023_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_2023_value_idx ON public.measures_2023 USING btree (value);


--
-- Name: measures_2024_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_2024_value_idx ON public.measures_2024 USING btree (value);


--
-- Name: measures_rest_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_rest_value_idx ON public.measures_rest USING btree (value);


--
-- Name: customers_active; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE INDEX customers_active ON shop.customers USING btree (since DESC, name) WHERE active;


--
-- Name: customers_code; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE UNIQUE INDEX customers_code ON shop.customers USING btree (code NULLS FIRST) INCLUDE (email);


--
-- Name: customers_lower; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE INDEX customers_lower ON shop.customers USING btree (lower(name));


--
-- Name: INDEX customers_lower; Type: COMMENT; Schema: shop; Owner: postgres
--

COMMENT ON INDEX shop.customers_lower IS 'for searching';


--
-- Name: customers_sum; Type: INDEX; Schema: shop; Owner: postgres
--

CREATE INDEX customers_sum ON shop.customers USING btree (((id + 1)), name DESC NULLS LAST);


--
-- Name: measures_2023_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_pkey ATTACH PARTITION public.measures_2023_pkey;


--
-- Name: measures_2023_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_value ATTACH PARTITION public.measures_2023_value_idx;


--
-- Name: measures_2024_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_pkey ATTACH PARTITION public.measures_2024_pkey;


--
-- Name: measures_2024_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_value ATTACH PARTITION public.measures_2024_value_idx;


--
-- Name: measures_rest_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_pkey ATTACH PARTITION public.measures_rest_pkey;


--
-- Name: measures_rest_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_value ATTACH PARTITION public.measures_rest_value_idx;


--
-- Name: lines lines_order; Type: FK CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.lines
    ADD CONSTRAINT lines_order FOREIGN KEY (order_id) REFERENCES shop.orders(id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL;


--
-- Name: orders orders_customer_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer) REFERENCES shop.customers(id) ON DELETE CASCADE;


--
-- Name: orders orders_parent_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.orders
    ADD CONSTRAINT orders_parent_fkey FOREIGN KEY (parent) REFERENCES shop.orders(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: SCHEMA shop; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA shop TO dump_reader;


--
-- Name: TABLE no_key; Type: ACL; Schema: public; Owner: dump_owner
--

GRANT ALL ON TABLE public.no_key TO PUBLIC;


--
-- Name: TABLE customers; Type: ACL; Schema: shop; Owner: postgres
--

GRANT SELECT ON TABLE shop.customers TO dump_reader;
GRANT INSERT ON TABLE shop.customers TO dump_reader WITH GRANT OPTION;


--
-- Name: COLUMN customers.email; Type: ACL; Schema: shop; Owner: postgres
--

GRANT UPDATE(email) ON TABLE shop.customers TO dump_reader WITH GRANT OPTION;


--
-- Name: COLUMN customers.name; Type: ACL; Schema: shop; Owner: postgres
--

GRANT UPDATE(name) ON TABLE shop.customers TO dump_reader WITH GRANT OPTION;


--
-- Name: TABLE good; Type: ACL; Schema: shop; Owner: postgres
--

GRANT SELECT ON TABLE shop.good TO dump_reader;


--
-- Name: SEQUENCE numbers; Type: ACL; Schema: shop; Owner: postgres
--

GRANT USAGE ON SEQUENCE shop.numbers TO dump_reader;


--
-- Name: TABLE types; Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON TABLE public.types FROM postgres;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: shop; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA shop GRANT SELECT ON TABLES  TO dump_reader;


--
-- PostgreSQL database dump complete
--


