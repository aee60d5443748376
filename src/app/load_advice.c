/* The settings that matter, by measurement (docs/database.md): condition, proposal and reason in one list. */
#include "app/load_advice.h"

enum sg_code sg_load_advice(struct sg_pg *pg, char out[SG_LOAD_ADVICE_BYTES], struct sg_error *err) {
    static const char query[] =
        "SELECT string_agg(format(E'  %s   %s\\n', rpad(proposal, 44), reason), '' ORDER BY place) FROM "
        "(VALUES "
        "(1, current_setting('wal_level') <> 'minimal', 'wal_level = minimal, max_wal_senders = 0', "
        " 'rows need no log (a restart; only without replicas and archive)'), "
        "(2, pg_size_bytes(current_setting('max_wal_size')) < 4::bigint << 30, 'max_wal_size = 8GB', "
        " 'fewer checkpoints meanwhile (a reload)'), "
        "(3, current_setting('checkpoint_timeout')::interval < interval '15 min', 'checkpoint_timeout = "
        "30min', "
        " 'the same (a reload)'), "
        "(4, current_setting('max_connections')::int < 20, 'max_connections = 20', "
        " 'room for a connection per core (a restart)')"
        ") v(place, helps, proposal, reason) WHERE helps";
    return sg_pg_ask_text(pg, out, SG_LOAD_ADVICE_BYTES, query, 0, NULL, err);
}
