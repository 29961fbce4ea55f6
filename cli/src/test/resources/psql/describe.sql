CREATE TABLE customer (id serial PRIMARY KEY, name varchar(40) NOT NULL, email text UNIQUE, credit numeric(12,2) DEFAULT 0, since date);
CREATE INDEX customer_name_since ON customer (name, since DESC);
CREATE TABLE event (at timestamp NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE VIEW rich AS SELECT id, name FROM customer WHERE credit > 1000;
CREATE SEQUENCE ticket START 100;
INSERT INTO customer (name, email, credit) VALUES ('Anna', 'anna@example.org', 12.5), ('Bernat', NULL, 0);
\d
\d customer
\d event
\dt
\di
\ds
\dv
\d ticket
\d rich
SELECT * FROM customer;
\x
SELECT * FROM customer WHERE id = 1;
\x
\pset null '(null)'
SELECT email FROM customer ORDER BY id;
SELECT 1/0;
INSERT INTO customer (name, email) VALUES ('Carla', 'anna@example.org');
BEGIN;
SELECT foo;
SELECT 1;
ROLLBACK;
\echo done
