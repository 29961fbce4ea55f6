select a, b as c, t.*, count(*) filter (where x > 1) over (partition by y order by z desc) from t join u using (id) left join v on t.x = v.y
;;
select 1 where a between 1 and 2 and b not in (1,2,3) or c like 'a%' escape '\' group by 1, rollup(a,b) having count(*) > 1 order by 1, 2 limit 10 offset 5 for update of t skip locked
;;
select -1, - -5, 2-1, @ -5, 1+2*3^4, a::int[], cast('1' as numeric(10,2)), interval '1 day' day
;;
select extract(year from now()), substring('abc' from 2 for 1), trim(both 'x' from y), position('a' in 'abc'), overlay('abc' placing 'x' from 1), now() at time zone 'utc'
;;
select (a).b.c, (select 1), array[1,2,3], array[[1],[2]], row(1,2), (1,2) overlaps (3,4), x is not null, x is distinct from 5, $1, $2[1:2]
;;
select case a when 1 then 2 else 3 end, exists (select 1), a = any (array[1]), a <> all (select 1), coalesce(1,2), current_timestamp(3), "Foo"."Bar", f(a => 1, variadic b)
;;
with recursive x(a) as materialized (select 1 union all select a+1 from x where a < 10), y as (delete from t returning *) select * from x, y
;;
insert into t (a,b) select * from x on conflict (a) where b > 1 do update set b = excluded.b, (c,d) = (1, default), e = default where t.a > 1 returning a, b as z
;;
insert into t as q (a) overriding system value values (1, default), (2, 3)
;;
insert into t default values
;;
create table if not exists public.t (id bigint generated always as identity primary key, a int not null default 5, b text default 'x'::text || 'y' check (b <> ''))
;;
create temp table t (c numeric(10,2) references o(id) on delete cascade deferrable initially deferred, constraint pk unique (a,b) include (c), foreign key (a) references b (c) match full on update set null, like foo including all) on commit drop
;;
create table p partition of t for values from (1, minvalue) to (maxvalue, 'x') partition by range (a)
;;
select * from ((a cross join b) left join c on true) as j, lateral (select 1) x, generate_series(1,2) with ordinality as g(a,b), rows from (f(1) as (a int), g(2)) r, json_to_recordset('[]') as x(a int, b text), only t
;;
update only t as x set a = 1, b[1] = 2 from b where c isnull returning *
;;
delete from t using u, v where current of c
;;
set local search_path to a, "B", 'c'
;;
set time zone interval '-3' hour
;;
begin isolation level repeatable read, read write
;;
rollback to savepoint a
;;
copy t (a,b) from stdin with (format csv, header true, delimiter ',', freeze on) where a > 1
;;
copy t from 'f' with csv header delimiter as '|' null as '' quote '"' force quote a, b
;;
alter table t add column if not exists a int default 1, drop column b cascade, alter c type text using c::text, alter d set default 5
;;
alter table only t alter e drop not null, add constraint x check (a>1) not valid, add unique using index i, owner to current_user, set (fillfactor=70)
;;
alter table t rename column a to b
;;
grant select (a,b), insert on table t, u to public, bob with grant option
;;
revoke all privileges on all tables in schema s from x cascade
;;
create role bob with login password 'x' nosuperuser connection limit 5 in role a, b
;;
fetch backward 5 from c
;;
declare c scroll cursor with hold for select 1
;;
explain (analyze, buffers off, format json) select 1
;;
vacuum full verbose t (a), u
;;
lock table t in access exclusive mode nowait
;;
prepare p (int, text) as select $1
;;
create or replace view v (a,b) with (security_barrier) as select 1, 2 with local check option
;;
create unique index concurrently if not exists i on only t using btree (a desc nulls last, lower(b) collate "C" text_pattern_ops, (a+b)) include (c) nulls not distinct with (fillfactor = 70) where a > 1
;;
create sequence s as int increment by 2 minvalue 1 no maxvalue start with 5 cache 10 no cycle owned by t.a
;;
comment on column s.t.c is null
;;
drop table if exists a, b.c cascade
;;
truncate table only a, b restart identity cascade
;;
select distinct on (a, b) a from t tablesample bernoulli (10) repeatable (1) window w as (partition by a rows between unbounded preceding and current row exclude ties) union all (values (1), (2)) intersect table x order by 1 using < fetch first 5 rows with ties
;;
select 'a' || b'101' || x'1F' || e'\n' || U&'\0041' || $$abc$$ || .5 + 1e5 - 1. % 3 ^ 2 operator(pg_catalog.+) 4 ~* 'x' !~~ 'y'
;;
create schema if not exists s authorization bob
;;
create type e as enum ('a', 'b')
;;
create domain d as int default 5 not null check (value > 1)
;;
select a.b[1].c, a[1:], a[:2], (b).*, percentile_cont(0.5) within group (order by x desc), not a and b or not c is true, x collate "C" < y, grouping(a), a similar to 'b', localtime, user
