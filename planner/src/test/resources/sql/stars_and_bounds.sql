CREATE TABLE pairs (f1 int, f2 text)
CREATE FUNCTION keep(v pairs) RETURNS void LANGUAGE sql AS 'INSERT INTO pairs VALUES (v.*)'
SELECT keep(ROW(1, 'one'))
SELECT keep(ROW(2, 'two')::pairs)
SELECT * FROM pairs ORDER BY 1
SELECT x.* FROM pairs p, LATERAL (VALUES (p.*)) x ORDER BY 1
SELECT x.* FROM pairs p, LATERAL (VALUES (p.*, 7), (0, 'zero', p.f1)) x ORDER BY 1, 2, 3
SELECT x.* FROM pairs p, LATERAL (VALUES (p.*, 7), (0, 'zero')) x
SELECT p.f1, (SELECT count(*) FROM (VALUES (p.*)) x(a, b) WHERE b = 'two') FROM pairs p ORDER BY 1
SELECT 1, 'x' UNION ALL VALUES (2, 'y') ORDER BY 1
CREATE TABLE q (a int, b int, c int) PARTITION BY RANGE (a, b)
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (minvalue, 0) TO (1, maxvalue)
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (minvalue, minvalue) TO (1, maxvalue)
CREATE TABLE q2 PARTITION OF q FOR VALUES FROM (1, maxvalue) TO (10, minvalue)
CREATE TABLE q3 PARTITION OF q FOR VALUES FROM (10, maxvalue) TO (maxvalue, 3)
CREATE TABLE q3 PARTITION OF q FOR VALUES FROM (10, maxvalue) TO (maxvalue, minvalue)
CREATE TABLE q3 PARTITION OF q FOR VALUES FROM (10, maxvalue) TO (maxvalue, maxvalue) PARTITION BY LIST (c)
CREATE TABLE q31 PARTITION OF q3 FOR VALUES IN (1, 2)
INSERT INTO q3 VALUES (11, 0, 1)
INSERT INTO q3 VALUES (11, 0, 3)
INSERT INTO q3 VALUES (1, 0, 1)
SELECT tableoid::regclass, * FROM q ORDER BY 2
