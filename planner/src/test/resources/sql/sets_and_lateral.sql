CREATE TABLE few (id int, v int, at pg_lsn)
INSERT INTO few VALUES (1, 1, '0/16B3748'), (2, 2, 'A/0'), (2, 3, NULL)
SELECT generate_series(1, generate_series(1, 3)), generate_series(2, 4)
SELECT generate_series(generate_series(1, 2), generate_series(2, 3)) + generate_series(10, 11)
SELECT unnest(ARRAY[generate_series(1, 2), 5]), 'x'
SELECT id, generate_series(1, generate_series(1, id)) FROM few WHERE v < 3 ORDER BY 1, 2
SELECT generate_series(1, 2) g, count(*), sum(id) FROM few GROUP BY g ORDER BY 1
SELECT generate_series(1, 2) g, generate_series(1, 3) h, count(*) FROM few GROUP BY g ORDER BY 1, 2
SELECT id, generate_series(1, 2), count(*) FROM few GROUP BY id ORDER BY 1, 2
SELECT count(*), generate_series(1, id) + 1 FROM few GROUP BY generate_series(1, id) ORDER BY 2
SELECT id, generate_series(1, 2) g, count(*) FROM few GROUP BY ROLLUP (id, g) ORDER BY 1, 2
SELECT id, count(*) FROM few GROUP BY id, unnest(ARRAY[id, 7]) ORDER BY 1, 2
SELECT count(*) FROM few GROUP BY id HAVING generate_series(1, 2) > 1
SELECT sum(generate_series(1, 3)) FROM few
SELECT DISTINCT generate_series(1, generate_series(1, 3)) ORDER BY 1
SELECT id, generate_series(1, 2) FROM few ORDER BY id, generate_series(1, 2) DESC LIMIT 3
SELECT (SELECT GROUPING(id) FROM (VALUES (1)) v2(c)) FROM few GROUP BY ROLLUP (id) ORDER BY 1
SELECT id, v, (SELECT GROUPING(id, v) FROM (VALUES (1)) v2(c) WHERE GROUPING(v) = 1) FROM few GROUP BY CUBE (id, v) ORDER BY 1, 2, 3
SELECT id, (SELECT sum(c) + GROUPING(id) FROM (VALUES (1), (2)) v2(c)) FROM few GROUP BY ROLLUP (id) ORDER BY 1
SELECT (SELECT GROUPING(c) FROM (VALUES (1)) v2(c)) FROM few GROUP BY ROLLUP (id)
SELECT (SELECT GROUPING(id, c) FROM (VALUES (1)) v2(c) GROUP BY c) FROM few GROUP BY ROLLUP (id)
SELECT (SELECT GROUPING(v) FROM (VALUES (1)) v2(c)) FROM few GROUP BY ROLLUP (id)
SELECT (SELECT GROUPING(id) FROM (VALUES (1)) v2(c)) FROM few WHERE GROUPING(id) = 0 GROUP BY id
SELECT * FROM few WHERE (SELECT GROUPING(id) = 0)
SELECT a.id, b.v, s FROM few a, (few b JOIN LATERAL (SELECT a.id + b.id) l(s) ON true) ORDER BY 1, 2, 3
SELECT a.id, b.v, s FROM few a LEFT JOIN (few b JOIN LATERAL (SELECT a.id + b.id s) l ON l.s > 3) ON a.id = b.id ORDER BY 1, 2, 3
SELECT a.id, b.v, s FROM few a, (few b LEFT JOIN LATERAL (SELECT a.id s WHERE a.v < b.v) l ON true) ORDER BY 1, 2, 3
SELECT a.id, b.v, g FROM few a, (few b CROSS JOIN generate_series(a.v, b.v) g) ORDER BY 1, 2, 3
SELECT a.id, l.g, b.v FROM few a, (LATERAL (SELECT a.id + 1 AS g) l JOIN few b ON b.id = l.g) ORDER BY 1, 2, 3
SELECT a.id, b.v, c.v, g FROM few a, ((few b JOIN few c USING (id)) JOIN LATERAL generate_series(a.v, b.v + c.v - 2) g ON g <> b.v) ORDER BY 1, 2, 3, 4
SELECT a.id, x.s FROM few a, (few b RIGHT JOIN LATERAL (SELECT a.id + 1 AS s) x0 ON b.id = x0.s) AS x(i, v, at, s) ORDER BY 1, 2
SELECT a.v, (SELECT sum(g) FROM (SELECT 1) one, (few b JOIN LATERAL (SELECT a.v * b.v AS g) l ON b.id = a.id)) FROM few a ORDER BY 1
SELECT * FROM few a, (few b JOIN few c ON a.id = c.id)
SELECT * FROM few a, (few b JOIN (SELECT a.id) c ON true)
SELECT * FROM few a LEFT JOIN (few b JOIN LATERAL (SELECT a.id + b.id s) l ON l.s = a.id) ON true
SELECT * FROM few a FULL JOIN (few b JOIN LATERAL (SELECT a.id + b.id s) l ON l.s > 3) ON a.id = b.id
UPDATE few SET v = s FROM few b CROSS JOIN LATERAL (SELECT b.v + 10 AS s) l WHERE few.v = b.v
SELECT id, v FROM few ORDER BY 1, 2
CREATE VIEW joined_sideways AS SELECT a.id, b.v, s FROM few a, (few b JOIN LATERAL (SELECT a.id + b.id) l(s) ON true)
SELECT * FROM joined_sideways ORDER BY 1, 2, 3
SELECT at, at + 16, 8 + at, at - 1, at - '0/1'::pg_lsn, pg_wal_lsn_diff(at, '0/10') FROM few ORDER BY at
SELECT min(at), max(at), count(DISTINCT at) FROM few
SELECT at FROM few WHERE at > '0/0' AND at < 'B/0' ORDER BY at DESC
CREATE INDEX ON few (at)
SELECT v FROM few WHERE at = 'a/0'
SELECT '0/0'::pg_lsn = '00000000/0'::pg_lsn, 'FFFFFFFF/FFFFFFFF'::pg_lsn > '7FFFFFFF/0'::pg_lsn, 'ffffffff/fffffffe'::pg_lsn::text
SELECT ARRAY['1/0', '0/2']::pg_lsn[], pg_lsn(23783416::numeric), pg_lsn(2.5)
SELECT ' 0/1'::pg_lsn
SELECT '0/'::pg_lsn
SELECT 'G/0'::pg_lsn
SELECT '123456789/0'::pg_lsn
SELECT '0/0'::pg_lsn + 'NaN'::numeric
SELECT '0/0'::pg_lsn - 'NaN'::numeric
SELECT '0/0'::pg_lsn + 'Infinity'::numeric
SELECT '0/1'::pg_lsn - 2
SELECT 'FFFFFFFF/FFFFFFFF'::pg_lsn + 1
SELECT 18446744073709551615::numeric::pg_lsn
SELECT pg_lsn(18446744073709551616)
