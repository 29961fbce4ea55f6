// What applications do through postgres.js, Knex, Sequelize, TypeORM and Drizzle; prints what they get. Reads PGPORT.
'use strict';
require('reflect-metadata');
const { inspect } = require('util');

const port = Number(process.env.PGPORT);
const address = { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' };
const url = `postgres://postgres@127.0.0.1:${port}/postgres`;

function show(what, value) {
  console.log(what, '=', inspect(value, { depth: 8, breakLength: 140, sorted: true }));
}

async function failing(what, action) {
  try {
    await action();
    console.log(what, 'did not fail');
  } catch (e) {
    const cause = e.cause || e.original || e.driverError || e;
    console.log(what, e.constructor.name, cause.code, cause.message.split('\n')[0], cause.constraint || cause.constraint_name);
  }
}

async function postgresJs() {
  const notices = [];
  const sql = require('postgres')(url, { max: 3, onnotice: (n) => notices.push(n.message) });
  await sql`CREATE TABLE books (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL, tags text[], price numeric(8,2), extra jsonb,
    made timestamptz DEFAULT '2024-01-01Z', data bytea, n bigint)`;
  const books = [{ title: 'one', tags: ['a', 'b "c"'], price: '1.50', extra: { x: [1, null] }, data: Buffer.from([0, 255]), n: '9007199254740993' },
    { title: 'two', tags: [], price: null, extra: null, data: null, n: null }];
  show('inserted', await sql`INSERT INTO books ${sql(books, 'title', 'tags', 'price', 'extra', 'data', 'n')} RETURNING *`);
  show('in', await sql`SELECT title FROM books WHERE id IN ${sql([1, 2])} ORDER BY ${sql('id')}`);
  show('updated', (await sql`UPDATE books SET ${sql({ title: 'uno' }, 'title')} WHERE id = 1`).count);
  show('cursor', await (async () => {
    const sizes = [];
    for await (const rows of sql`SELECT * FROM generate_series(1, 10) AS g`.cursor(4)) sizes.push(rows.length);
    return sizes;
  })());
  show('transaction', await sql.begin('isolation level repeatable read', async (tx) => {
    await tx.savepoint(async (sp) => {
      await sp`DELETE FROM books`;
      throw new Error('back');
    }).catch((e) => e.message);
    return [...await tx`SELECT count(*)::int, current_setting('transaction_isolation') AS level FROM books`];
  }));
  show('values', await sql`SELECT 1 AS a, 'x' AS b`.values());
  show('raw', (await sql`SELECT 1::int4 AS a`.raw())[0][0].toString());
  show('described', (await sql`SELECT id, title FROM books WHERE id = ${1}`.describe()).columns.map((c) => [c.name, c.type, c.number]));
  show('many', (await sql.unsafe('SELECT 1 AS a; SELECT 2 AS b')).map((r) => [...r]));
  const { Readable } = require('stream');
  const { pipeline } = require('stream/promises');
  await pipeline(Readable.from(['three\t{x}\n', 'four\t{}\n']), await sql`COPY books (title, tags) FROM STDIN`.writable());
  const out = [];
  for await (const chunk of await sql`COPY (SELECT id, title FROM books ORDER BY id) TO STDOUT`.readable()) out.push(chunk.toString());
  show('copied', out.join(''));
  let heard;
  const arrived = new Promise((resolve) => { heard = resolve; });
  const { unlisten } = await sql.listen('news', heard);
  await sql.notify('news', 'hello');
  show('heard', await arrived);
  await unlisten();
  await failing('no table', () => sql`SELECT * FROM nowhere`);
  await failing('null', () => sql`INSERT INTO books (title) VALUES (NULL)`);
  const slow = sql`SELECT pg_sleep(60)`;
  slow.execute();
  setTimeout(() => slow.cancel(), 200);
  await failing('cancelled', () => slow);
  await sql`DROP TABLE IF EXISTS nothing`;
  show('notices', notices);
  await sql`DROP TABLE books`;
  await sql.end();
}

async function knexes() {
  const knex = require('knex')({ client: 'pg', connection: address, pool: { min: 1, max: 3 } });
  const migrations = {
    getMigrations: async () => ['1_first', '2_second'],
    getMigrationName: (m) => m,
    getMigration: async (m) => ({
      '1_first': {
        up: async (k) => {
          await k.schema.createTable('owners', (t) => { t.increments(); t.string('name').notNullable().unique(); t.timestamps(true, true); });
          await k.schema.createTable('pets', (t) => {
            t.uuid('id').primary().defaultTo(k.raw('gen_random_uuid()'));
            t.integer('owner_id').unsigned().references('id').inTable('owners').onDelete('CASCADE').index();
            t.enu('kind', ['cat', 'dog'], { useNative: true, enumName: 'pet_kind' });
            t.jsonb('extra');
            t.decimal('weight', 8, 3).defaultTo(1);
            t.boolean('alive').defaultTo(true);
            t.comment('animals');
            t.specificType('words', 'text[]');
          });
        },
        down: async (k) => { await k.schema.dropTable('pets').dropTable('owners'); await k.raw('DROP TYPE pet_kind'); },
      },
      '2_second': {
        up: (k) => k.schema.alterTable('pets', (t) => {
          t.string('nick', 10); t.check('weight > 0', {}, 'heavy'); t.unique(['owner_id', 'nick']); t.renameColumn('alive', 'living');
        }),
        down: (k) => k.schema.alterTable('pets', (t) => { t.dropUnique(['owner_id', 'nick']); t.dropColumn('nick'); t.renameColumn('living', 'alive'); }),
      },
    }[m]),
  };
  show('migrated', await knex.migrate.latest({ migrationSource: migrations }));
  show('again', await knex.migrate.latest({ migrationSource: migrations }));
  show('version', await knex.migrate.currentVersion({ migrationSource: migrations }));
  show('there', [await knex.schema.hasTable('pets'), await knex.schema.hasTable('nowhere'), await knex.schema.hasColumn('pets', 'nick')]);
  show('columns', await knex('pets').columnInfo());
  const [owner] = await knex('owners').insert({ name: 'Anna' }).returning('id');
  show('owner', owner);
  await knex.batchInsert('pets', Array.from({ length: 25 }, (_, i) => ({ owner_id: owner.id, kind: i % 2 ? 'cat' : 'dog', nick: `p${i}`, weight: i + 1, extra: { i } })), 10);
  show('rows', await knex('pets').join('owners', 'owners.id', 'pets.owner_id').select('owners.name', 'nick').where('weight', '<', 3).orderBy('nick'));
  show('grouped', await knex('pets').select('kind').count('* as n').sum('weight as total').groupBy('kind').having(knex.raw('count(*) > 1')).orderBy('kind'));
  show('upsert', await knex('owners').insert([{ name: 'Anna' }, { name: 'Bernat' }]).onConflict('name').merge({ updated_at: knex.fn.now() }).returning('name'));
  show('with', await knex.withRecursive('t', knex.raw('SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3')).select('*').from('t'));
  await failing('check', () => knex('pets').insert({ weight: -1 }));
  await failing('rolled back', () => knex.transaction(async (tx) => {
    await tx('pets').del();
    await tx.transaction(async (inner) => { await inner('owners').insert({ name: 'Inner' }); });
    await tx('owners').insert({ name: 'Anna' });
  }));
  show('left', await knex('pets').count());
  show('stream', await (async () => { let n = 0; for await (const row of knex('pets').stream({ batchSize: 7 })) n += row.nick ? 1 : 0; return n; })());
  show('locked', await knex.transaction((tx) => tx('owners').where('name', 'Anna').forUpdate().skipLocked().first('name')));
  show('back', await knex.migrate.rollback({ migrationSource: migrations }, true));
  await knex.schema.dropTable('knex_migrations').dropTable('knex_migrations_lock');
  await knex.destroy();
}

async function sequelizes() {
  const { Sequelize, DataTypes, Op, fn, col, literal } = require('sequelize');
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 3 } });
  const time = { timestamps: true, createdAt: 'made', updatedAt: 'changed' };
  const User = sequelize.define('User', {
    name: { type: DataTypes.STRING(30), allowNull: false, unique: true }, mood: DataTypes.STRING(4), age: { type: DataTypes.INTEGER, validate: { min: 0 } },
    extra: DataTypes.JSONB, tags: DataTypes.ARRAY(DataTypes.TEXT), balance: { type: DataTypes.DECIMAL(10, 2), defaultValue: 0 }, data: DataTypes.BLOB,
    big: DataTypes.BIGINT, day: DataTypes.DATEONLY, real: DataTypes.DOUBLE,
  }, { ...time, comment: 'people', indexes: [{ fields: ['age'], where: { mood: 'fine' } }, { fields: [fn('lower', col('name'))], name: 'lower_name' }] });
  const Task = sequelize.define('Task', { id: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4, primaryKey: true }, title: DataTypes.TEXT, done: { type: DataTypes.BOOLEAN, defaultValue: false } }, { ...time, paranoid: true });
  const Team = sequelize.define('Team', { name: DataTypes.STRING }, { timestamps: false });
  User.hasMany(Task, { as: 'tasks', onDelete: 'CASCADE' });
  Task.belongsTo(User);
  User.belongsToMany(Team, { through: 'Members', timestamps: false });
  Team.belongsToMany(User, { through: 'Members', timestamps: false });
  await sequelize.authenticate();
  await sequelize.sync({ force: true });
  await sequelize.sync();
  await sequelize.sync({ alter: true });
  const qi = sequelize.getQueryInterface();
  show('tables', (await qi.showAllTables()).map((t) => t.tableName || t).sort());
  show('described', await qi.describeTable('Users'));
  show('indexes', (await qi.showIndex('Users')).map((i) => [i.name, i.unique, i.primary, i.fields.map((f) => f.attribute)]).sort());
  show('references', (await qi.getForeignKeyReferencesForTable('Tasks')).map((r) => [r.constraintName, r.columnName, r.referencedTableName, r.referencedColumnName]));
  const anna = await User.create({ name: 'Anna', mood: 'fine', age: 40, extra: { a: { b: 1 } }, tags: ['x', 'y'], balance: '12.50', data: Buffer.from('hi'), big: '9007199254740993', day: '2024-02-29', real: 1.5,
    tasks: [{ title: 'first' }, { title: 'second' }] }, { include: 'tasks' });
  await User.bulkCreate([{ name: 'Bernat', age: 3 }, { name: 'Clara', age: 50, mood: 'sad' }]);
  await anna.addTeam(await Team.create({ name: 'red' }));
  const found = await User.findOne({ where: { name: 'Anna' }, include: [{ model: Task, as: 'tasks' }, Team], order: [[{ model: Task, as: 'tasks' }, 'title', 'ASC']] });
  show('found', { ...found.get({ plain: true }), made: 0, changed: 0, data: found.data.toString(), tasks: found.tasks.map((t) => t.title), Teams: found.Teams.map((t) => t.name) });
  show('where', (await User.findAll({ where: { [Op.or]: [{ name: { [Op.iLike]: 'an%' } }, { age: { [Op.between]: [45, 55] } }], tags: { [Op.or]: [{ [Op.contains]: ['x'] }, null] } }, order: ['name'] })).map((u) => u.name));
  show('json', (await User.findAll({ where: { 'extra.a.b': 1 } })).map((u) => u.name));
  show('counted', await User.findAndCountAll({ limit: 1, order: [['age', 'DESC']], attributes: ['name', [literal('age * 2'), 'twice']], raw: true }));
  show('grouped', (await User.findAll({ attributes: ['mood', [fn('count', col('*')), 'n']], group: 'mood', order: ['mood'], raw: true })));
  show('incremented', (await anna.increment('age', { by: 2 })).age);
  show('upsert', (await User.upsert({ name: 'Bernat', age: 4 }))[0].age);
  show('made', (await User.create({ name: 'Dolors', age: 1 })).age);
  await failing('unique', () => User.create({ name: 'Anna' }));
  await failing('foreign key', () => Task.create({ title: 'lost', UserId: 4711 }));
  await failing('back', () => sequelize.transaction({ isolationLevel: 'REPEATABLE READ' }, async (t) => {
    await User.destroy({ where: {}, transaction: t });
    throw Object.assign(new Error('given up'), { code: 'none' });
  }));
  await sequelize.transaction(async (t) => {
    await User.findOne({ where: { name: 'Anna' }, lock: t.LOCK.UPDATE, transaction: t });
    const inner = await sequelize.transaction({ transaction: t });
    await User.create({ name: 'Inner' }, { transaction: inner });
    await inner.rollback();
  });
  await Task.destroy({ where: { title: 'first' } });
  show('counts', [await User.count(), await Task.count(), await Task.count({ paranoid: false })]);
  await qi.addColumn('Users', 'extra2', { type: DataTypes.STRING, defaultValue: 'x' });
  await qi.changeColumn('Users', 'extra2', { type: DataTypes.TEXT, allowNull: false });
  await qi.renameColumn('Users', 'extra2', 'extra3');
  await qi.addIndex('Users', ['extra3']);
  await qi.removeColumn('Users', 'extra3');
  for (const name of ['Members', 'Tasks', 'Teams', 'Users']) await sequelize.query(`DROP TABLE "${name}"`);
  await sequelize.close();
}

async function typeorms() {
  const { DataSource, EntitySchema, In, Like, MoreThan } = require('typeorm');
  const Author = new EntitySchema({ name: 'Author', tableName: 'author',
    columns: { id: { type: 'int', primary: true, generated: true }, name: { type: 'varchar', length: 40 }, mood: { type: 'enum', enum: ['sad', 'fine'], default: 'fine' },
      made: { type: 'timestamptz', createDate: true }, version: { type: 'int', version: true }, extra: { type: 'jsonb', nullable: true }, words: { type: 'text', array: true, default: '{}' },
      price: { type: 'numeric', precision: 10, scale: 2, nullable: true }, gone: { type: 'timestamp', deleteDate: true, nullable: true } },
    relations: { books: { type: 'one-to-many', target: 'Book', inverseSide: 'author', cascade: true } },
    uniques: [{ name: 'one_name', columns: ['name'] }], checks: [{ name: 'named', expression: 'id > 0' }] });
  const Book = new EntitySchema({ name: 'Book', tableName: 'book',
    columns: { id: { type: 'uuid', primary: true, generated: 'uuid' }, title: { type: 'text' }, pages: { type: 'int', default: 0, comment: 'printed' } },
    relations: { author: { type: 'many-to-one', target: 'Author', inverseSide: 'books', onDelete: 'CASCADE', nullable: true },
      tags: { type: 'many-to-many', target: 'Tag', joinTable: true, cascade: true } },
    indices: [{ name: 'by_title', columns: ['title', 'pages'] }] });
  const Tag = new EntitySchema({ name: 'Tag', columns: { id: { type: 'bigint', primary: true, generated: 'identity' }, word: { type: 'varchar', unique: true } } });
  class First1700000000000 {
    async up(q) { await q.query('CREATE TABLE migrated (a int)'); }
    async down(q) { await q.query('DROP TABLE migrated'); }
  }
  const source = new DataSource({ type: 'postgres', ...address, username: 'postgres', entities: [Author, Book, Tag], migrations: [First1700000000000], uuidExtension: 'pgcrypto', installExtensions: false });
  await source.initialize();
  await source.synchronize(true);
  const again = await source.driver.createSchemaBuilder().log();
  show('nothing left to do', again.upQueries.map((q) => q.query));
  show('migrations', (await source.runMigrations()).map((m) => m.name));
  await source.undoLastMigration();
  const authors = source.getRepository('Author');
  const anna = await authors.save({ name: 'Anna', price: '1.50', extra: { a: 1 }, words: ['x'], books: [{ title: 'one', tags: [{ word: 'red' }, { word: 'blue' }] }, { title: 'two', pages: 7 }] });
  show('saved', [anna.id, anna.version, anna.mood]);
  anna.name = 'Anna Maria';
  await authors.save(anna);
  await authors.insert([{ name: 'Bernat' }, { name: 'Clara' }]);
  const found = await authors.findOne({ where: { id: anna.id }, relations: { books: { tags: true } }, order: { books: { title: 'ASC', tags: { word: 'ASC' } } } });
  show('found', { ...found, made: 0, books: found.books.map((b) => [b.title, b.pages, b.tags.map((t) => t.word)]) });
  show('where', (await authors.find({ where: [{ name: Like('B%') }, { name: In(['Clara']) }], order: { name: 'ASC' } })).map((a) => a.name));
  show('page', (await authors.findAndCount({ take: 2, skip: 1, order: { name: 'ASC' }, relations: { books: true } })).map((x) => Array.isArray(x) ? x.map((a) => a.name) : x));
  show('built', await source.createQueryBuilder(Book, 'b').leftJoin('b.author', 'a').select('a.name', 'name').addSelect('count(*)', 'n').groupBy('a.name').getRawMany());
  show('upsert', (await authors.upsert([{ name: 'Clara', price: '2' }], ['name'])).identifiers.length);
  show('updated', (await authors.update({ id: MoreThan(anna.id) }, { price: '9' })).affected);
  await failing('unique', () => authors.insert({ name: 'Clara' }));
  await failing('rolled back', () => source.transaction('SERIALIZABLE', async (m) => {
    await m.delete(Book, { pages: 7 });
    await m.transaction(async (inner) => { await inner.insert(Tag, { word: 'green' }); });
    await m.insert(Tag, { word: 'green' });
  }));
  show('locked', (await source.transaction((m) => m.findOne(Author, { where: { name: 'Clara' }, lock: { mode: 'pessimistic_write' } }))).name);
  await authors.softDelete({ name: 'Bernat' });
  show('counts', [await authors.count(), await source.getRepository('Book').count(), await source.getRepository('Tag').count()]);
  const table = await source.createQueryRunner().getTable('book');
  show('table', [table.columns.map((c) => [c.name, c.type, c.isNullable, c.isPrimary, c.default, c.comment]), table.foreignKeys.map((f) => [f.columnNames, f.onDelete, f.referencedTableName]),
    table.indices.map((i) => [i.name, i.columnNames])]);
  await source.dropDatabase();
  await source.destroy();
}

async function drizzles() {
  const { drizzle } = require('drizzle-orm/node-postgres');
  const { pgTable, serial, text, integer, jsonb, timestamp, numeric, uuid, pgEnum } = require('drizzle-orm/pg-core');
  const { eq, gt, sql, count, desc, relations, inArray } = require('drizzle-orm');
  const { Pool } = require('pg');
  const mood = pgEnum('mood', ['sad', 'fine']);
  const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').notNull().unique(), mood: mood('mood').default('fine'), extra: jsonb('extra'), price: numeric('price'),
    made: timestamp('made', { withTimezone: true }).default(sql`'2024-01-01Z'`), words: text('words').array(), key: uuid('key') });
  const posts = pgTable('posts', { id: serial('id').primaryKey(), title: text('title'), userId: integer('user_id').references(() => users.id) });
  const schema = { users, posts, usersRelations: relations(users, ({ many }) => ({ posts: many(posts) })),
    postsRelations: relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.id] }) })) };
  const pool = new Pool(address);
  const db = drizzle(pool, { schema });
  await db.execute(sql`CREATE TYPE mood AS ENUM ('sad', 'fine')`);
  await db.execute(sql`CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL UNIQUE, mood mood DEFAULT 'fine', extra jsonb, price numeric, made timestamptz DEFAULT '2024-01-01Z', words text[], key uuid)`);
  await db.execute(sql`CREATE TABLE posts (id serial PRIMARY KEY, title text, user_id int REFERENCES users)`);
  show('inserted', await db.insert(users).values([{ name: 'Anna', extra: { a: [1] }, price: '1.50', words: ['x', 'y z'], key: '00000000-0000-0000-0000-000000000001' }, { name: 'Bernat', mood: 'sad' }]).returning());
  await db.insert(posts).values([{ title: 'one', userId: 1 }, { title: 'two', userId: 1 }, { title: 'none' }]);
  show('relational', await db.query.users.findMany({ columns: { name: true }, with: { posts: { columns: { title: true }, orderBy: (p, { asc }) => asc(p.title) } }, orderBy: (u, { asc }) => asc(u.name) }));
  show('first', await db.query.posts.findFirst({ where: eq(posts.id, 2), with: { user: true } }));
  show('joined', await db.select({ name: users.name, n: count(posts.id) }).from(users).leftJoin(posts, eq(posts.userId, users.id)).groupBy(users.name).orderBy(desc(users.name)));
  const w = db.$with('w').as(db.select().from(posts).where(gt(posts.id, 1)));
  show('with', await db.with(w).select({ title: w.title }).from(w).orderBy(w.title));
  show('upsert', await db.insert(users).values({ id: 1, name: 'x' }).onConflictDoUpdate({ target: users.id, set: { name: sql`excluded.name || '!'` } }).returning({ name: users.name }));
  const prepared = db.select({ name: users.name }).from(users).where(eq(users.id, sql.placeholder('id'))).prepare('by_id');
  show('prepared', [await prepared.execute({ id: 1 }), await prepared.execute({ id: 2 })]);
  await failing('unique', () => db.insert(users).values({ name: 'Bernat' }));
  await failing('rolled back', () => db.transaction(async (tx) => {
    await tx.delete(posts);
    await tx.transaction(async (inner) => { await inner.insert(users).values({ name: 'Inner' }); });
    tx.rollback();
  }, { isolationLevel: 'serializable' }));
  show('left', [await db.$count(posts), await db.$count(users, inArray(users.name, ['Inner', 'Bernat']))]);
  await db.execute(sql`DROP TABLE posts, users`);
  await db.execute(sql`DROP TYPE mood`);
  await pool.end();
}

async function main() {
  const all = { postgresJs, knexes, sequelizes, typeorms, drizzles };
  for (const name of process.argv[2] ? [process.argv[2]] : Object.keys(all)) {
    console.log('==', name);
    await all[name]();
  }
}
main().catch((e) => { console.log('failed', e); process.exit(1); });
