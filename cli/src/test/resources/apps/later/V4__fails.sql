CREATE TABLE half (a int);
INSERT INTO nowhere VALUES (1);
