-- Collects the facts about PostgreSQL's built-in objects that the catalog resources hold.
-- Run in a fresh database of a PostgreSQL 15 server:  psql -X -d NAME -f catalog-facts.sql
-- It writes one tab-separated file a relation into the current directory.
set search_path = pg_catalog;
create temp view ns as select oid, case nspname when 'pg_catalog' then '' else nspname::text end as nsp
  from pg_namespace where nspname in ('pg_catalog', 'information_schema');
\pset format unaligned
\pset fieldsep '\t'
\pset tuples_only on
\pset null ''
\o pg_type.tsv
select t.oid, typname, nsp, typlen, case when typbyval then 1 else 0 end, typtype, typcategory,
  case when typispreferred then 1 else 0 end, typdelim, typrelid, typelem, typarray, typbasetype, typtypmod,
  typcollation, typalign, typstorage, case when typtype = 'c' or typinput::text = 'array_in' then '' else typinput::text end,
  case when typtype = 'c' or typinput::text = 'array_in' then '' else typoutput::text end,
  case when typtype = 'c' or typinput::text = 'array_in' then '' else typreceive::text end,
  case when typtype = 'c' or typinput::text = 'array_in' then '' else typsend::text end,
  case typmodin when 0 then '' else typmodin::text end, case typmodout when 0 then '' else typmodout::text end,
  case typsubscript when 0 then '' else typsubscript::text end, case when typnotnull then 1 else 0 end
from pg_type t join ns on ns.oid = typnamespace where t.oid < 16384 order by t.oid;
\o pg_proc.tsv
select p.oid, proname, nsp, prokind, provolatile, proparallel, case when proisstrict then 1 else 0 end,
  case when proretset then 1 else 0 end, case when proleakproof then 1 else 0 end, prorettype, provariadic,
  proargtypes, array_to_string(proallargtypes, ' '), array_to_string(proargmodes, ''),
  array_to_string(proargnames, ','),
  (select string_agg(pg_get_function_arg_default(p.oid, i), e'\x1f' order by i)
     from generate_series(pronargs - pronargdefaults + 1, pronargs) i where pronargdefaults > 0),
  case l.lanname when 'internal' then 'i' when 'sql' then 's' else 'c' end,
  case l.lanname when 'internal' then case when prosrc = proname then '' else prosrc end when 'c' then prosrc end,
  procost, prorows, prosupport::oid
from pg_proc p join ns on ns.oid = pronamespace join pg_language l on l.oid = prolang
where p.oid < 16384 and not (l.lanname = 'c' and p.oid > 13000) order by p.oid;
\o pg_operator.tsv
select o.oid, oprname, oprkind, oprleft, oprright, oprresult, oprcode::oid, oprcom, oprnegate,
  case when oprcanmerge then 1 else 0 end, case when oprcanhash then 1 else 0 end, oprrest::oid, oprjoin::oid
from pg_operator o where o.oid < 16384 order by oid;
\o pg_cast.tsv
select oid, castsource, casttarget, castfunc, castcontext, castmethod from pg_cast where oid < 16384 order by oid;
\o pg_aggregate.tsv
select aggfnoid::oid, aggkind, aggnumdirectargs, aggtransfn::oid, aggfinalfn::oid, aggcombinefn::oid, aggserialfn::oid,
  aggdeserialfn::oid, aggmtransfn::oid, aggminvtransfn::oid, aggmfinalfn::oid,
  case when aggfinalextra then 1 else 0 end, case when aggmfinalextra then 1 else 0 end, aggfinalmodify,
  aggmfinalmodify, aggsortop, aggtranstype, aggtransspace, aggmtranstype, aggmtransspace,
  coalesce('=' || agginitval, ''), coalesce('=' || aggminitval, '')
from pg_aggregate order by 1;
\o pg_am.tsv
select oid, amname, amhandler::oid, amtype from pg_am where oid < 16384 order by oid;
\o pg_opfamily.tsv
select oid, opfmethod, opfname from pg_opfamily where oid < 16384 order by oid;
\o pg_opclass.tsv
select oid, opcmethod, opcname, opcfamily, opcintype, case when opcdefault then 1 else 0 end, opckeytype
from pg_opclass where oid < 16384 order by oid;
\o pg_amop.tsv
select oid, amopfamily, amoplefttype, amoprighttype, amopstrategy, amoppurpose, amopopr, amopmethod, amopsortfamily
from pg_amop where oid < 16384 order by oid;
\o pg_amproc.tsv
select oid, amprocfamily, amproclefttype, amprocrighttype, amprocnum, amproc::oid
from pg_amproc where oid < 16384 order by oid;
\o pg_language.tsv
select oid, lanname, case when lanispl then 1 else 0 end, case when lanpltrusted then 1 else 0 end,
  lanplcallfoid, laninline, lanvalidator from pg_language where lanname <> 'plpgsql' order by oid;
\o pg_collation.tsv
select c.oid, collname, collprovider, case when collisdeterministic then 1 else 0 end, collencoding, collcollate,
  collctype, colliculocale, collversion from pg_collation c where collprovider <> 'i' and c.oid < 16384 order by oid;
\o pg_range.tsv
select rngtypid, rngsubtype, rngmultitypid, rngcollation, rngsubopc, rngcanonical::oid, rngsubdiff::oid
from pg_range where rngtypid < 16384 order by 1;
\o pg_attribute.tsv
select c.oid, nsp, relname, relkind, reltype,
  (select string_agg(concat_ws(',', attname, atttypid, atttypmod, case when attnotnull then 1 else 0 end), ' '
     order by attnum) from pg_attribute a where attrelid = c.oid and attnum > 0 and not attisdropped)
from pg_class c join ns on ns.oid = relnamespace
where relkind in ('r', 'v') and c.oid < 16384 order by c.oid;
\o
\o keywords.tsv
select word, catcode, case when barelabel then 1 else 0 end from pg_get_keywords() order by word;
\o
\o timezone_abbrevs.tsv
select lower(abbrev), extract(epoch from utc_offset)::int, case when is_dst then 1 else 0 end
from pg_timezone_abbrevs order by 1;
\o
