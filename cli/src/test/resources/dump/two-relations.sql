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

SET default_tablespace = '';

SET default_table_access_method = heap;

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
-- Name: customers id; Type: DEFAULT; Schema: shop; Owner: postgres
--

ALTER TABLE ONLY shop.customers ALTER COLUMN id SET DEFAULT nextval('shop.customers_id_seq'::regclass);


--
-- Data for Name: customers; Type: TABLE DATA; Schema: shop; Owner: postgres
--

COPY shop.customers (id, email, name, since, born, credit, code, active, tags) FROM stdin;
1	a@example.org	Ann	2024-01-01 00:00:00+00	2000-01-01	10.50	AB	t	{}
2	b@example.org	Bob	2024-01-02 00:00:00+00	2000-01-01	0.00	CD	t	{}
\.


--
-- Name: customers_id_seq; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.customers_id_seq', 2, true);


--
-- Name: numbers; Type: SEQUENCE SET; Schema: shop; Owner: postgres
--

SELECT pg_catalog.setval('shop.numbers', 110, true);


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
-- Name: SEQUENCE numbers; Type: ACL; Schema: shop; Owner: postgres
--

GRANT USAGE ON SEQUENCE shop.numbers TO dump_reader;


--
-- PostgreSQL database dump complete
--


