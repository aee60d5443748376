-- Known answers of test_fingerprint.c, as PostgreSQL gives them:
--   psql -XAtq -f tests/unit/pg_hashes.sql > tests/unit/pg_hashes.inc
-- Each line: kind, value as the batch stores it, scale or second half, text, hash_record_extended(row(value), 0).
set timezone = 'UTC';
select '/* PostgreSQL ' || current_setting('server_version_num')::int / 10000 || ', by pg_hashes.sql */';

create temp table whole(v) as
select unnest(array[0, 1, -1, 2, 7, -7, 127, -128, 255, 32767, -32768, 65535, 65536, -65537, 2147483647, -2147483648,
                    2147483648, -2147483649, 4294967295, 4294967296, -4294967296, -4294967297, 1000000000000,
                    1234567890123456789, -1234567890123456789, 9223372036854775807, -9223372036854775808]::bigint[]);
create function pg_temp.literal(v bigint) returns text language sql as
$$ select case when v = -9223372036854775808 then 'INT64_MIN' else v || 'LL' end $$;
create function pg_temp.line(kind text, v bigint, extra text, t text, hash bigint) returns text
language sql as
$$ select format('{%s, %s, %s, "%s", %s},', kind, pg_temp.literal(v), extra, t, pg_temp.literal(hash)) $$;

select pg_temp.line('SG_BOOL', v::int, '0', '', hash_record_extended(row(v), 0)) from unnest(array[false, true]) v;
select pg_temp.line('SG_I16', v, '0', '', hash_record_extended(row(v::smallint), 0)) from whole where v between -32768 and 32767;
select pg_temp.line('SG_I32', v, '0', '', hash_record_extended(row(v::int), 0)) from whole where v between -2147483648 and 2147483647;
select pg_temp.line('SG_I64', v, '0', '', hash_record_extended(row(v), 0)) from whole;
select pg_temp.line('SG_DATE', d - date '1970-01-01', '0', '', hash_record_extended(row(d), 0))
from unnest(array['1970-01-01', '2000-01-01', '1999-12-31', '2026-11-20', '0001-01-01', '9999-12-31']::date[]) d;
select pg_temp.line('SG_TIMESTAMP', extract(epoch from t)::bigint, '0', '', hash_record_extended(row(t::timestamptz(0)), 0))
from unnest(array['1970-01-01 00:00:00+00', '2000-01-01 00:00:00+00', '1999-12-31 23:59:59+00',
                  '2026-11-20 12:34:56+00', '0001-01-01 00:00:00+00', '9999-12-31 23:59:59+00']::timestamptz[]) t;
select pg_temp.line('SG_DECIMAL', v, s::text, '',
                    hash_record_extended(row(v * ('1e-' || s)::numeric), 0))
from (select v from whole union all
      select unnest(array[10, 100, 1000, 9999, 10000, 10001, 12300, 12345, 99999, 100000, 1000000, 99990000, 100000000,
                          100010000, 123456789, 999999999999, 10000000000000000, 999999999999999999]::bigint[])) v,
     unnest(array[0, 1, 2, 3, 4, 5, 6, 8, 12]) s;
select pg_temp.line('SG_UUID', ('x' || left(u, 16))::bit(64)::bigint,
                    pg_temp.literal(('x' || right(u, 16))::bit(64)::bigint), '', hash_record_extended(row(u::uuid), 0))
from unnest(array['00000000000000000000000000000000', '0123456789abcdeffedcba9876543210',
                  'ffffffffffffffffffffffffffffffff', '00000000000000010000000000000000',
                  '6ba7b8109dad11d180b400c04fd430c8']) u;
select pg_temp.line('SG_TEXT', n, '0', left('The quick brown fox jumps over the lazy dog.', n),
                    hash_record_extended(row(left('The quick brown fox jumps over the lazy dog.', n)), 0))
from generate_series(0, 44) n;
select pg_temp.line('SG_TEXT', octet_length(t), '0', t, hash_record_extended(row(t::varchar(40)), 0))
from unnest(array['Café Zürich', '€', '🍺 beer', 'ÿÿÿÿÿÿÿÿ']) t;
