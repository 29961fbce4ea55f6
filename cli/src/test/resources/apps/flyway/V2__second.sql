ALTER TABLE people ADD COLUMN born date, ADD COLUMN c colour NOT NULL DEFAULT 'red';
CREATE INDEX by_born ON people (born DESC NULLS LAST) WHERE born IS NOT NULL;
COPY people (name, born) FROM STDIN;
Anna	1980-01-02
\.
