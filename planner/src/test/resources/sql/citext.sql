SELECT 'a'::citext
CREATE EXTENSION citext
CREATE EXTENSION citext
CREATE EXTENSION IF NOT EXISTS citext
SELECT 'Ab'::citext = 'aB', 'Ab'::citext = 'aB'::text, 'Ab'::citext <> 'aC'::citext, 'b' > 'A'::citext, 'B'::citext <= 'b'
SELECT 'Ab'::citext LIKE 'a%', 'Ab'::citext NOT LIKE '_B'::text, 'Ab' ~ 'b'::citext, 'Ab'::citext ~ '^aB', 'Ab'::citext !~ 'x', 'Ab'::citext ILIKE 'AB', 'x' LIKE 'X'::citext
SELECT pg_typeof('a'::citext), 'a'::citext || 'B', pg_typeof('a'::citext || 'B'), upper('a'::citext), length('añ'::citext), 'abc'::citext::varchar(2), 'ab'::char(5)::citext || '.', true::citext, '10.0.0.1'::inet::citext, 12::citext, '2020-01-02'::citext::date
CREATE TABLE users (id int PRIMARY KEY, email citext UNIQUE NOT NULL, tags citext[], nick citext DEFAULT 'Nobody')
INSERT INTO users VALUES (1, 'Anna@Example.org', '{A,b}'), (2, 'BERTA@example.org', NULL), (3, 'Zoë@example.org', '{}')
INSERT INTO users VALUES (4, 'anna@EXAMPLE.org')
SELECT id, email FROM users WHERE email = 'anna@example.org'
SELECT id FROM users WHERE email = 'anna@example.org'::text
SELECT id FROM users WHERE email = 'Anna@Example.org'::text
SELECT id FROM users WHERE email IN ('berta@EXAMPLE.ORG', 'zoË@example.org') ORDER BY id
SELECT id FROM users WHERE email = ANY (ARRAY['BERTA@EXAMPLE.ORG']::citext[])
SELECT id FROM users WHERE 'a' = ANY (tags)
SELECT id, tags @> '{B}' FROM users WHERE tags IS NOT NULL ORDER BY id
SELECT id FROM users WHERE email BETWEEN 'ANNA' AND 'c' ORDER BY email DESC
SELECT id FROM users WHERE email LIKE '%EXAMPLE%' ORDER BY 1
SELECT email FROM users ORDER BY email
SELECT min(email), max(email), pg_typeof(max(email)), count(DISTINCT lower(email)) FROM users
SELECT nick, count(*) FROM users GROUP BY nick ORDER BY nick
SELECT DISTINCT x FROM (VALUES ('a'::citext), ('b'), ('c')) v(x) ORDER BY x
SELECT count(DISTINCT x), count(*) FROM (VALUES ('a'::citext), ('A'), ('b')) v(x)
SELECT a.x, b.y FROM (VALUES ('a'::citext), ('C')) a(x) JOIN (VALUES ('A'::citext), ('c')) b(y) ON a.x = b.y ORDER BY 1
SELECT 'a'::citext UNION SELECT 'A'::text ORDER BY 1
INSERT INTO users VALUES (5, 'ANNA@example.org') ON CONFLICT (email) DO UPDATE SET nick = excluded.email RETURNING id, email, nick
UPDATE users SET email = 'BERTA@EXAMPLE.ORG' WHERE email = 'berta@example.org' RETURNING email
SELECT email FROM users WHERE id = 2
CREATE INDEX users_nick ON users (nick)
CREATE INDEX users_hash ON users USING hash (nick)
SELECT pg_get_indexdef('users_nick'::regclass)
SELECT opcname, opcintype::regtype FROM pg_opclass WHERE oid = (SELECT indclass[0] FROM pg_index WHERE indexrelid = 'users_nick'::regclass)
SELECT id FROM users WHERE nick = 'nobody' ORDER BY id
CREATE TABLE others (email citext REFERENCES users (email) ON UPDATE CASCADE)
INSERT INTO others VALUES ('ANNA@EXAMPLE.ORG')
INSERT INTO others VALUES ('nope')
UPDATE users SET email = 'new@example.org' WHERE id = 1
SELECT * FROM others
CREATE DOMAIN email AS citext CHECK (VALUE ~ '^[a-z]+@[a-z]+$')
SELECT 'A@B'::email = 'a@b', 'A@B'::email LIKE 'a%'
SELECT '1@b'::email
CREATE VIEW nicks AS SELECT id, nick FROM users WHERE nick = 'NOBODY'
SELECT * FROM nicks ORDER BY id
CREATE FUNCTION same(citext, citext) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2'
SELECT same('A', 'a')
SELECT nullif('a'::citext, 'A'), CASE 'a'::citext WHEN 'A' THEN 1 END, ('a'::citext, 1) = ('A', 1), ('a'::citext, 1) IN (('A', 1)), ARRAY['a'::citext] = ARRAY['A'::citext]
SELECT 'a'::citext IN (SELECT 'A'), 'a'::citext = ALL (SELECT 'A'::citext), 'a'::citext IN (SELECT 'A'::text)
SELECT 'a'::citext IS DISTINCT FROM 'A', 'a'::citext = ANY ('{A,b}'), 'a'::citext = ANY (ARRAY['A'])
CREATE TABLE part (k citext, v int) PARTITION BY LIST (k)
CREATE TABLE part_a PARTITION OF part FOR VALUES IN ('a', 'b')
INSERT INTO part VALUES ('A', 1)
SELECT tableoid::regclass, * FROM part WHERE k = 'A'
DROP TABLE part
PREPARE find (citext) AS SELECT id FROM users WHERE email = $1
EXECUTE find('berta@example.ORG')
SELECT replace('aBcB'::citext, 'b', 'x'), split_part('1aX2Ax3'::citext, 'ax', 2), strpos('abC'::citext, 'BC'), translate('Abc'::citext, 'aB', 'xy'), regexp_replace('aBab'::citext, 'B', '-'), regexp_replace('aBab'::citext, 'B', '-', 'g'), regexp_match('fooBAR'::citext, 'bar'), regexp_split_to_array('aXbxc'::citext, 'x'), regexp_match('fooBAR'::citext, 'bar', 'c')
SELECT regexp_matches('fooBar'::citext, '(O)(b)', ''), regexp_split_to_table('a1b'::citext, '1')
SELECT citext_cmp('A', 'b') < 0, citext_eq('a', 'A'), citext_larger('a', 'B'), 'a'::citext ~<~ 'B'::citext, citext_hash('Ab') = citext_hash('aB')
SELECT typname, typtype, typcategory, typlen, typalign, typstorage, typcollation, typarray <> 0 FROM pg_type WHERE typname IN ('citext', '_citext') ORDER BY 1
SELECT column_name, data_type, udt_name FROM information_schema.columns WHERE table_name = 'users' AND column_name IN ('email', 'tags') ORDER BY 1
SELECT to_json('Ab'::citext), array_agg(email ORDER BY email) FROM users
SELECT extname, extversion FROM pg_extension WHERE extname = 'citext'
ALTER TABLE users ALTER nick TYPE text
ALTER TABLE users ALTER nick TYPE citext
SELECT id FROM users WHERE nick = 'NOBODY' ORDER BY 1
DROP VIEW nicks
ALTER TABLE users ALTER nick TYPE text, ALTER nick DROP DEFAULT
ALTER TABLE users ALTER nick TYPE citext
SELECT id FROM users WHERE nick = 'NOBODY' ORDER BY 1
DROP TYPE citext
DROP FUNCTION citext_eq(citext, citext)
DROP FUNCTION same(citext, citext)
DROP DOMAIN email
DROP EXTENSION citext
CREATE SCHEMA kept
ALTER EXTENSION citext SET SCHEMA kept
SELECT 'a'::citext
SELECT 'a'::kept.citext::text
SET search_path = public, kept
SELECT id FROM users WHERE email = 'BERTA@example.org'
DROP TABLE others
DROP TABLE users
DROP EXTENSION citext
SELECT 'a'::citext
