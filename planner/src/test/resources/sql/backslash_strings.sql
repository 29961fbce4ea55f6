SHOW standard_conforming_strings;
SELECT 'a\nb' AS plain, E'a\tb' AS escaped;
SET standard_conforming_strings = off;
SHOW standard_conforming_strings;
SELECT 'a\\bcd' AS f1, 'a\\b\'cd' AS f2, 'a\\b\'''cd' AS f3, 'abcd\\' AS f4, 'ab\\\'cd' AS f5, '\\\\' AS f6;
SELECT 'tab\there' AS t, 'octal\101' AS o, 'hex\x41' AS h, 'unicode\u0041' AS u;
SET escape_string_warning = off;
SELECT 'a\\b\'cd' AS f2, 'x' 'y';
SELECT E'a\\bcd' AS f1, $$a\b$$ AS d, "a\b" FROM (SELECT 1 AS "a\b") q; -- it's
SELECT 'b\\c' /* it's '\' */ -- '\'
SELECT B'101' AS b, X'1F' AS x, 'a''b' AS q;
SELECT U&'a\0041';
SELECT U&"a\0041" FROM (SELECT 1 AS "aA") q;
SELECT 'open\';
CREATE TABLE bs (t text DEFAULT 'a\\b');
INSERT INTO bs VALUES ('it\'s'), (DEFAULT);
SELECT * FROM bs ORDER BY t;
PREPARE p AS SELECT 'a\'b' || $1;
EXECUTE p('\\');
SET backslash_quote = off;
SELECT 'a\'b';
SELECT E'a\'b';
SELECT 'a\\b';
RESET standard_conforming_strings;
SELECT 'a\b', E'a\'b';
RESET backslash_quote;
SELECT E'a\'b', 'a\b';
SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'bs'::regclass;
