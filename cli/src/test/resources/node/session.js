// What applications do with node-postgres, printed as lines; the same run against PostgreSQL 15 gave session.expected.
'use strict';
const { Client, Pool } = require('pg');
const QueryStream = require('pg-query-stream');

const config = {
  host: '127.0.0.1',
  port: Number(process.env.PGPORT),
  user: 'postgres',
  database: 'postgres',
  ssl: process.env.TLS === 'on' ? { rejectUnauthorized: false } : false,
};

function show(value) {
  if (value === undefined) return 'undefined';
  if (value instanceof Date) return 'Date ' + value.toISOString();
  if (Buffer.isBuffer(value)) return 'Buffer ' + value.toString('hex');
  if (Array.isArray(value)) return '[' + value.map(show).join(', ') + ']';
  if (value !== null && typeof value === 'object') {
    return value.constructor.name + ' {' + Object.entries(value).map(([k, v]) => k + ': ' + show(v)).join(', ') + '}';
  }
  return value === null || typeof value === 'number' ? String(value) : typeof value + ' ' + JSON.stringify(value);
}

function print(what, value) {
  console.log(what + ' = ' + show(value));
}

function result(what, r) {
  console.log(`${what}: ${r.command} ${r.rowCount} (${r.fields.map((f) => f.name + ' ' + f.dataTypeID).join(', ')})`);
  r.rows.forEach((row) => print('  row', row));
}

async function fails(what, client, ...query) {
  try {
    result(what, await client.query(...query));
  } catch (e) {
    const kept = ['severity', 'code', 'position', 'detail', 'hint', 'table', 'column', 'constraint'];
    console.log(`${what}: ${e.message}`);
    kept.filter((k) => e[k] !== undefined).forEach((k) => console.log(`  ${k}: ${e[k]}`));
  }
}

async function types(client) {
  const literals = [
    'true', '7::int2', '8', '9::int8', '1.50::numeric', '1.5::float4', '0.1::float8', "'NaN'::float8", "'text'::text",
    "'pad'::char(5)", "'var'::varchar(10)", "'bytes'::bytea", "'2026-02-03'::date", "'04:05:06.789'::time",
    "'2026-02-03 04:05:06.789'::timestamp", "'2026-02-03 04:05:06.789+02'::timestamptz", "'1 day 02:03:04'::interval",
    "'11111111-2222-3333-4444-555555555555'::uuid", '\'{"a": [1, null]}\'::json', 'null::int', "array[1, null, 3]",
    "array['a', null, 'b,\"c']", 'array[1.5, 2]::numeric[]', "array[array[1, 2], array[3, 4]]", 'array[true, false]',
    "'{}'::text[]", '1::oid', "'pg_class'::regclass",
  ];
  for (const literal of literals) {
    await fails(literal, client, `SELECT ${literal} AS v`);
  }
}

async function parameters(client) {
  result('mixed', await client.query(
    'SELECT $1::int + 1 AS i, $2::text AS t, $3::timestamptz AS d, $4::bytea AS b, $5::bool AS y, $6::numeric AS n',
    [41, "it's", new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)), Buffer.from([0, 1, 255]), false, '12345678901234567890.5']));
  result('nulls', await client.query('SELECT $1::int AS i, $2::text AS t', [null, undefined]));
  result('arrays', await client.query('SELECT $1::int[] AS i, $2::text[] AS t', [[1, null, 3], ['a', 'b"c', null, '']]));
  result('json', await client.query('SELECT $1::json AS j', [{ a: [1, 'two'] }]));
  result('any', await client.query('SELECT g FROM generate_series(1, 9) g WHERE g = ANY($1) ORDER BY g', [[2, 4, 99]]));
  await fails('too few', client, 'SELECT $1::int, $2::int', [1]);
  await fails('no number', client, 'SELECT $1::int AS i', ['seven']);
}

async function main() {
  const client = new Client(config);
  const notices = [];
  client.on('notice', (notice) => notices.push(notice.severity + ' ' + notice.code + ' ' + notice.message));
  await client.connect();
  print('encrypted', client.connection.stream.encrypted === true);
  await client.query("SET TimeZone = 'UTC'");
  await client.query('DROP TABLE IF EXISTS item');
  await types(client);
  await parameters(client);

  await client.query(
    'CREATE TABLE item (id serial PRIMARY KEY, name varchar(8) NOT NULL UNIQUE, ' +
    'price numeric(8,2) CONSTRAINT positive CHECK (price > 0), tags text[], made timestamptz)');
  result('insert', await client.query(
    "INSERT INTO item (name, price, tags, made) VALUES ($1, $2, $3, $4), ('b', NULL, NULL, NULL) RETURNING *",
    ['a', 1.5, ['x', 'y'], new Date(0)]));
  result('update', await client.query('UPDATE item SET price = price * 2 WHERE id = $1', [1]));
  result('rows as arrays', await client.query({ text: 'SELECT id, name, price FROM item ORDER BY id', rowMode: 'array' }));
  result('no rows', await client.query('SELECT * FROM item WHERE false'));
  result('empty', { rowCount: null, fields: [], rows: [], ...(await client.query('')) });
  const several = await client.query("SELECT 1 AS one; SELECT 'two' AS two; DELETE FROM item WHERE id = 99");
  several.forEach((r, i) => result('several ' + i, r));

  for (let i = 1; i <= 3; i++) {
    result('named ' + i, await client.query({ name: 'by-id', text: 'SELECT name FROM item WHERE id = $1', values: [i] }));
  }
  result('prepared', await client.query("SELECT name, statement FROM pg_prepared_statements ORDER BY name"));

  await fails('syntax', client, 'SELECT 1 FRM x');
  await fails('column', client, 'SELECT id, unheard_of FROM item');
  await fails('table', client, 'SELECT * FROM nothing WHERE id = $1', [1]);
  await fails('function', client, 'SELECT no_such(1)');
  await fails('unique', client, "INSERT INTO item (name) VALUES ('a')");
  await fails('check', client, "INSERT INTO item (id, name, price) VALUES (50, 'c', $1)", [-1]);
  await fails('not null', client, 'INSERT INTO item (id) VALUES (51)');
  await fails('too long', client, "INSERT INTO item (name) VALUES ('123456789')");
  await fails('division', client, 'SELECT 1 / $1::int', [0]);
  await fails('two, second bad', client, 'SELECT 1; SELECT 1 / 0');

  await client.query('BEGIN');
  await client.query("INSERT INTO item (id, name) VALUES (60, 'tx')");
  await client.query('SAVEPOINT s');
  await fails('in a transaction', client, "INSERT INTO item (id, name) VALUES (60, 'again')");
  await fails('aborted', client, 'SELECT 1');
  await client.query('ROLLBACK TO s');
  result('seen inside', await client.query('SELECT name FROM item WHERE id = 60'));
  result('rollback', await client.query('ROLLBACK'));
  result('gone', await client.query('SELECT name FROM item WHERE id = 60'));
  await client.query('DROP TABLE IF EXISTS nothing');
  print('notices', notices);

  let sum = 0;
  let seen = 0;
  for await (const row of client.query(new QueryStream('SELECT g FROM generate_series(1, $1) g', [1000], { batchSize: 64 }))) {
    sum += row.g;
    seen++;
  }
  print('stream', [seen, sum]);
  const early = client.query(new QueryStream('SELECT g FROM generate_series(1, 100000) g', [], { batchSize: 10 }));
  for await (const row of early) {
    if (row.g === 25) break;
  }
  result('after a stream left early', await client.query('SELECT 1 AS one'));
  await client.query('DROP TABLE item');
  await client.end();

  const pool = new Pool({ ...config, max: 4 });
  const all = await Promise.all([...Array(20).keys()].map((i) => pool.query('SELECT $1::int * 2 AS d', [i])));
  print('pool', all.map((r) => r.rows[0].d));
  await pool.end();
  const wrong = new Client({ ...config, database: 'no_such_database' });
  await wrong.connect().then(() => console.log('connected?'), (e) => console.log('connecting: ' + e.code + ' ' + e.message));
}

main().catch((e) => {
  console.log('failed: ' + (e.stack || e));
  process.exit(1);
});
