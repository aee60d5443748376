/* Manifest and run mark as JSON files. Reading trusts nothing: every field is checked and named when wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "io/cell_parse.h"
#include "io/facts_json.h"
#include "io/files.h"
#include "io/json_fields.h"
#include "io/manifest.h"

enum { MANIFEST_BYTES_MAX = 64 << 20, LEVEL_MIN = -100, LEVEL_MAX = 100 };

/* The two files of a run. */
struct kind {
    const char *name; /* of fault points */
    const char *file;
    bool tables;
};
static const struct kind manifest_kind = {"manifest", "manifest.json", true};
static const struct kind mark_kind = {"mark", "run.json", false};

/* Absent without external keys: most datasets have none. */
static bool set_keys(json_t *object, const struct sg_run *run) {
    if (run->key_count == 0) return true;
    json_t *array = json_array();
    for (uint64_t i = 0; i < run->key_count; i++) {
        char text[SG_UUID_BYTES];
        sg_put_uuid(text, (const uint64_t[]){run->keys[i].high, run->keys[i].low});
        if (json_array_append_new(array, json_stringn(text, sizeof text)) != 0) break;
    }
    if (json_array_size(array) == run->key_count)
        return json_object_set_new(object, "external_keys", array) == 0;
    json_decref(array);
    return false;
}

/* Runs without anomalies say nothing of them. */
static bool set_anomalies(json_t *object, const struct sg_run *run) {
    return !run->anomalies_ppm ||
           json_object_set_new(object, "anomalies_ppm", json_integer(run->anomalies_ppm)) == 0;
}

static bool set_identity(json_t *object, const struct sg_manifest *m) {
    char as_of[SG_DATE_BYTES + 1];
    sg_date_text(m->run.as_of_day, as_of);
    return json_object_set_new(object, "manifest_version", json_integer(SG_MANIFEST_VERSION)) == 0 &&
           json_object_set_new(object, "program_version", json_string(m->version)) == 0 &&
           json_object_set_new(object, "dataset", json_string(m->dataset->name)) == 0 &&
           json_object_set_new(object, "seed", sg_json_of_u64(m->run.seed)) == 0 &&
           json_object_set_new(object, "as_of", json_string(as_of)) == 0 &&
           json_object_set_new(object, "units", sg_json_of_u64(m->run.units)) == 0 &&
           json_object_set_new(object, "only_unit", sg_json_of_u64(m->run.only_unit)) == 0 &&
           set_anomalies(object, &m->run) && set_keys(object, &m->run) &&
           json_object_set_new(object, "tables_option", json_string(m->tables_option)) == 0 &&
           json_object_set_new(object, "partial", json_boolean(m->partial)) == 0 &&
           json_object_set_new(object, "format", json_string(m->format)) == 0 &&
           json_object_set_new(object, "compress", json_string(sg_compress_name(m->compression.how))) == 0 &&
           json_object_set_new(object, "level", json_integer(m->compression.level)) == 0;
}

static json_t *shards_json(const struct sg_manifest_table *table) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < table->shard_count; i++) {
        if (json_array_append_new(array, sg_facts_to_json(&table->shards[i])) == 0) continue;
        json_decref(array);
        return NULL;
    }
    return array;
}

static json_t *table_json(const struct sg_manifest_table *table) {
    json_t *object = json_object();
    if (object && json_object_set_new(object, "name", json_string(table->table->name)) == 0 &&
        json_object_set_new(object, "rows", sg_json_of_u64(table->rows)) == 0 &&
        json_object_set_new(object, "text_bytes", sg_json_of_u64(table->text_bytes)) == 0 &&
        json_object_set_new(object, "file_bytes", sg_json_of_u64(table->file_bytes)) == 0 &&
        json_object_set_new(object, "digest", sg_json_of_digest(table->digest)) == 0 &&
        json_object_set_new(object, "fingerprint", sg_json_of_fingerprint(table->fingerprint)) == 0 &&
        json_object_set_new(object, "shards", shards_json(table)) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static bool set_tables(json_t *object, const struct sg_manifest *m) {
    json_t *array = json_array();
    if (json_object_set_new(object, "root", sg_json_of_digest(m->root)) != 0) return false;
    if (json_object_set_new(object, "tables", array) != 0) return false;
    for (size_t i = 0; i < m->table_count; i++)
        if (json_array_append_new(array, table_json(&m->tables[i])) != 0) return false;
    return true;
}

static const char *const status_names[] = {[SG_RUN_COMPLETE] = "COMPLETE", [SG_RUN_INVALID] = "INVALID"};

static bool set_status(json_t *object, const struct sg_manifest *m) {
    return json_object_set_new(object, "status", json_string(status_names[m->status])) == 0 &&
           (m->status == SG_RUN_COMPLETE || json_object_set_new(object, "fault", json_string(m->fault)) == 0);
}

/* Absent when they are not known: of a run without totals, or one that an earlier version made. */
static bool set_totals(json_t *object, const struct sg_manifest *m) {
    if (!m->totals) return true;
    json_t *totals = json_object();
    if (json_object_set_new(object, "totals", totals) != 0) return false;
    for (uint16_t i = 0; i < m->dataset->total_count; i++)
        if (json_object_set_new(totals, m->dataset->totals[i].name, json_integer(m->totals[i])) != 0)
            return false;
    return true;
}

/* Absent when there are none. */
static bool set_documents(json_t *object, const struct sg_manifest *m) {
    if (!m->documents) return true;
    json_t *array = json_array();
    if (json_object_set_new(object, "documents", array) != 0) return false;
    for (uint16_t i = 0; i < m->dataset->document_count; i++) {
        json_t *one = json_object();
        if (json_array_append_new(array, one) != 0 ||
            json_object_set_new(one, "path", json_string(m->dataset->documents[i].path)) != 0 ||
            json_object_set_new(one, "bytes", sg_json_of_u64(m->documents[i].bytes)) != 0 ||
            json_object_set_new(one, "digest", sg_json_of_digest(m->documents[i].digest)) != 0)
            return false;
    }
    return true;
}

/* With `made`, never over an existing file; *made tells whether it was written. */
static enum sg_code write_kind(const struct kind *kind, const struct sg_manifest *m, const char *out,
                               bool *made, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, out, kind->file, err));
    json_t *object = json_object();
    char *text = NULL;
    if (object && set_identity(object, m) &&
        (!kind->tables || (set_status(object, m) && set_totals(object, m) && set_documents(object, m) &&
                           set_tables(object, m))))
        text = json_dumps(object, JSON_INDENT(1));
    json_decref(object);
    if (!text) return sg_fail(err, SG_SYSTEM, "no memory for %s", path);
    size_t size = strlen(text);
    text[size] = '\n'; /* in place of the NUL */
    enum sg_code code = made ? sg_write_file_new(kind->name, path, text, size + 1, made, err)
                             : sg_write_file(kind->name, path, text, size + 1, err);
    free(text);
    return code;
}

enum sg_code sg_manifest_write(const struct sg_manifest *manifest, const char *out, struct sg_error *err) {
    return write_kind(&manifest_kind, manifest, out, NULL, err);
}

enum sg_code sg_run_mark_write(const struct sg_manifest *identity, const char *out, struct sg_error *err) {
    return write_kind(&mark_kind, identity, out, NULL, err);
}

enum sg_code sg_run_mark_claim(const struct sg_manifest *identity, const char *out, bool *made,
                               struct sg_error *err) {
    return write_kind(&mark_kind, identity, out, made, err);
}

enum sg_code sg_run_mark_remove(const char *out, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, out, mark_kind.file, err));
    if (unlink(path) == 0 || errno == ENOENT) return SG_OK;
    return sg_fail_errno(err, SG_IO, errno, "cannot remove %s", path);
}

static enum sg_code bad(const struct sg_json *from, const char *field, const char *what,
                        struct sg_error *err) {
    return sg_fail(err, SG_CORRUPT, "%s: field %s %s; generate it again", from->where, field, what);
}

/* An integer of a small range. */
static enum sg_code get_small(const struct sg_json *from, const char *field, uint64_t least, uint64_t most,
                              uint64_t *value, struct sg_error *err) {
    SG_TRY(sg_json_u64(from, field, value, err));
    return *value >= least && *value <= most ? SG_OK : bad(from, field, "is out of range", err);
}

static enum sg_code get_version(const struct sg_json *root, struct sg_error *err) {
    uint64_t version;
    SG_TRY(sg_json_u64(root, "manifest_version", &version, err));
    if (version == SG_MANIFEST_VERSION) return SG_OK;
    return sg_fail(err, SG_CORRUPT, "%s: field manifest_version is %llu, this program knows %d", root->where,
                   (unsigned long long)version, SG_MANIFEST_VERSION);
}

static enum sg_code get_dataset(const struct sg_json *root, struct sg_manifest *m,
                                const struct sg_dataset *(*find)(const char *name), struct sg_error *err) {
    char name[64];
    SG_TRY(sg_json_text(root, "dataset", name, sizeof name, err));
    m->dataset = find(name);
    return m->dataset ? SG_OK : bad(root, "dataset", "names no dataset of this program", err);
}

static enum sg_code get_run(const struct sg_json *root, struct sg_run *run, struct sg_error *err) {
    char as_of[SG_DATE_BYTES + 2];
    SG_TRY(sg_json_u64(root, "seed", &run->seed, err));
    SG_TRY(sg_json_text(root, "as_of", as_of, sizeof as_of, err));
    if (!sg_parse_date(as_of, strlen(as_of), &run->as_of_day))
        return bad(root, "as_of", "is not a date", err);
    SG_TRY(get_small(root, "units", 1, UINT64_MAX, &run->units, err));
    SG_TRY(get_small(root, "only_unit", 0, run->units, &run->only_unit, err));
    uint64_t anomalies = 0;
    if (json_object_get(root->object, "anomalies_ppm"))
        SG_TRY(get_small(root, "anomalies_ppm", 1, SG_ANOMALIES_PPM_MAX, &anomalies, err));
    run->anomalies_ppm = (uint32_t)anomalies;
    return SG_OK;
}

/* No more than there are units. */
static enum sg_code get_keys(const struct sg_json *root, struct sg_manifest *m, struct sg_error *err) {
    const json_t *array;
    size_t count;
    if (!json_object_get(root->object, "external_keys")) return SG_OK;
    SG_TRY(sg_json_array(root, "external_keys", &array, &count, err));
    if (count == 0 || count > m->run.units) return bad(root, "external_keys", "has a wrong length", err);
    m->run.keys = m->keys = sg_alloc_array(count, sizeof *m->keys);
    if (!m->keys) return sg_fail(err, SG_SYSTEM, "no memory for %zu external keys", count);
    m->run.key_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *text = json_array_get(array, i);
        uint64_t halves[2];
        if (!json_is_string(text) ||
            !sg_parse_uuid(json_string_value(text), json_string_length(text), halves))
            return bad(root, "external_keys", "holds something else than UUIDs", err);
        m->keys[i] = (struct sg_key128){halves[0], halves[1]};
    }
    return SG_OK;
}

static enum sg_code get_identity(const struct sg_json *root, struct sg_manifest *m,
                                 const struct sg_dataset *(*find)(const char *name), struct sg_error *err) {
    char how[16];
    SG_TRY(get_version(root, err));
    SG_TRY(sg_json_text(root, "program_version", m->version, sizeof m->version, err));
    SG_TRY(get_dataset(root, m, find, err));
    SG_TRY(get_run(root, &m->run, err));
    SG_TRY(get_keys(root, m, err));
    SG_TRY(sg_json_text(root, "tables_option", m->tables_option, sizeof m->tables_option, err));
    SG_TRY(sg_json_bool(root, "partial", &m->partial, err));
    SG_TRY(sg_json_text(root, "format", m->format, sizeof m->format, err));
    if (!sg_format_find(m->format)) return bad(root, "format", "names no format of this program", err);
    SG_TRY(sg_json_text(root, "compress", how, sizeof how, err));
    if (!sg_compress_find(how, &m->compression.how)) return bad(root, "compress", "is not known", err);
    return sg_json_int(root, "level", LEVEL_MIN, LEVEL_MAX, &m->compression.level, err);
}

/* Shards of a table, each beginning where the one before ended. */
static enum sg_code get_shards(const struct sg_json *from, struct sg_manifest_table *table, bool all_rows,
                               struct sg_error *err) {
    const json_t *array;
    size_t count;
    SG_TRY(sg_json_array(from, "shards", &array, &count, err));
    if (count == 0) return bad(from, "shards", "is empty", err);
    table->shards = sg_alloc_array(count, sizeof *table->shards);
    if (!table->shards) return sg_fail(err, SG_SYSTEM, "no memory for %zu shards", count);
    table->shard_count = count;
    for (size_t i = 0; i < count; i++) {
        struct sg_json element;
        struct sg_shard_facts *facts = &table->shards[i];
        SG_TRY(sg_json_element(from, "shards", array, i, &element, err));
        SG_TRY(sg_facts_from_json(facts, &element, err));
        uint64_t expected = i ? facts[-1].row_first + facts[-1].rows : all_rows ? 0 : facts->row_first;
        if (facts->row_first != expected) return bad(&element, "row_first", "leaves a gap or overlaps", err);
    }
    return SG_OK;
}

static enum sg_code get_table(const struct sg_json *from, const struct sg_manifest *m,
                              struct sg_manifest_table *table, struct sg_error *err) {
    char name[128];
    SG_TRY(sg_json_text(from, "name", name, sizeof name, err));
    int index = sg_table_index(m->dataset, name);
    if (index < 0) return bad(from, "name", "names no table of the dataset", err);
    table->table = m->dataset->tables[index];
    SG_TRY(sg_json_u64(from, "rows", &table->rows, err));
    SG_TRY(sg_json_u64(from, "text_bytes", &table->text_bytes, err));
    SG_TRY(sg_json_u64(from, "file_bytes", &table->file_bytes, err));
    SG_TRY(sg_json_digest(from, "digest", &table->digest, err));
    SG_TRY(sg_json_fingerprint(from, "fingerprint", &table->fingerprint, err));
    return get_shards(from, table, m->run.only_unit == 0, err);
}

/* Tables in dataset order, none twice. */
static enum sg_code get_tables(const struct sg_json *root, struct sg_manifest *m, struct sg_error *err) {
    const json_t *array;
    size_t count;
    SG_TRY(sg_json_array(root, "tables", &array, &count, err));
    if (count > m->dataset->table_count) return bad(root, "tables", "has more tables than the dataset", err);
    m->tables = sg_alloc_array(count, sizeof *m->tables);
    if (!m->tables) return sg_fail(err, SG_SYSTEM, "no memory for %zu tables", count);
    m->table_count = count;
    int last = -1;
    for (size_t i = 0; i < count; i++) {
        struct sg_json element;
        SG_TRY(sg_json_element(root, "tables", array, i, &element, err));
        SG_TRY(get_table(&element, m, &m->tables[i], err));
        int index = sg_table_index(m->dataset, m->tables[i].table->name);
        if (index <= last) return bad(&element, "name", "is out of order or doubled", err);
        last = index;
    }
    if (!m->partial && count != sg_tables_of_run(m->dataset, &m->run))
        return bad(root, "tables", "lacks tables of the dataset", err);
    return SG_OK;
}

static enum sg_code get_totals(const struct sg_json *root, struct sg_manifest *m, struct sg_error *err) {
    const json_t *object = json_object_get(root->object, "totals");
    uint16_t count = m->dataset->total_count;
    if (!object) return SG_OK;
    if (json_object_size(object) != count) return bad(root, "totals", "has a wrong number of members", err);
    m->totals = sg_alloc_array(count, sizeof *m->totals);
    if (!m->totals) return sg_fail(err, SG_SYSTEM, "no memory for %u totals", count);
    for (uint16_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, m->dataset->totals[i].name);
        if (!json_is_integer(value)) return bad(root, "totals", "lacks a total of the dataset", err);
        m->totals[i] = json_integer_value(value);
    }
    return SG_OK;
}

/* In the dataset's order. */
static enum sg_code get_documents(const struct sg_json *root, struct sg_manifest *m, struct sg_error *err) {
    const json_t *array;
    size_t count;
    if (!json_object_get(root->object, "documents")) return SG_OK;
    SG_TRY(sg_json_array(root, "documents", &array, &count, err));
    if (count != m->dataset->document_count) return bad(root, "documents", "has a wrong length", err);
    m->documents = sg_alloc_array(count, sizeof *m->documents);
    if (!m->documents) return sg_fail(err, SG_SYSTEM, "no memory for %zu documents", count);
    for (size_t i = 0; i < count; i++) {
        struct sg_json element;
        char path[256];
        SG_TRY(sg_json_element(root, "documents", array, i, &element, err));
        SG_TRY(sg_json_text(&element, "path", path, sizeof path, err));
        if (strcmp(path, m->dataset->documents[i].path) != 0)
            return bad(&element, "path", "names no document of the dataset", err);
        SG_TRY(sg_json_u64(&element, "bytes", &m->documents[i].bytes, err));
        SG_TRY(sg_json_digest(&element, "digest", &m->documents[i].digest, err));
    }
    return SG_OK;
}

/* Names the first sum of a table that its shards do not give. */
static const char *differing_sum(const struct sg_manifest_table *a, const struct sg_manifest_table *b) {
    if (a->rows != b->rows) return "rows";
    if (a->text_bytes != b->text_bytes) return "text_bytes";
    if (a->file_bytes != b->file_bytes) return "file_bytes";
    if (memcmp(&a->digest, &b->digest, sizeof a->digest) != 0) return "digest";
    return a->fingerprint != b->fingerprint ? "fingerprint" : NULL;
}

/* Sums, digests and root must be what sealing gives. */
static enum sg_code check_seal(const struct sg_json *root, struct sg_manifest *m, struct sg_error *err) {
    struct sg_digest stored;
    SG_TRY(sg_json_digest(root, "root", &stored, err));
    struct sg_manifest_table *claimed = sg_alloc_array(m->table_count, sizeof *claimed);
    if (!claimed) return sg_fail(err, SG_SYSTEM, "no memory for %zu tables", m->table_count);
    memcpy(claimed, m->tables, m->table_count * sizeof *claimed);
    sg_manifest_seal(m);
    enum sg_code code = SG_OK;
    for (size_t i = 0; i < m->table_count && code == SG_OK; i++) {
        const char *field = differing_sum(&claimed[i], &m->tables[i]);
        if (field)
            code = sg_fail(err, SG_CORRUPT, "%s: tables[%zu]: field %s disagrees with the shards of %s",
                           root->where, i, field, m->tables[i].table->name);
    }
    free(claimed);
    if (code == SG_OK && memcmp(&stored, &m->root, sizeof stored) != 0)
        code = bad(root, "root", "disagrees with the rest", err);
    return code;
}

/* Manifests of earlier versions have none: they are complete. */
static enum sg_code get_status(const struct sg_json *root, struct sg_manifest *m, struct sg_error *err) {
    char name[16];
    if (!json_object_get(root->object, "status")) return SG_OK;
    SG_TRY(sg_json_text(root, "status", name, sizeof name, err));
    if (strcmp(name, status_names[SG_RUN_COMPLETE]) == 0) return SG_OK;
    if (strcmp(name, status_names[SG_RUN_INVALID]) != 0) return bad(root, "status", "is not known", err);
    m->status = SG_RUN_INVALID;
    return sg_json_text(root, "fault", m->fault, sizeof m->fault, err);
}

static enum sg_code read_kind(const struct kind *kind, struct sg_manifest *m, const char *out,
                              const struct sg_dataset *(*find)(const char *name), struct sg_error *err) {
    char path[SG_PATH_BYTES];
    memset(m, 0, sizeof *m);
    SG_TRY(sg_path_join(path, out, kind->file, err));
    struct sg_buffer text = {0};
    struct sg_json root = {0};
    enum sg_code code = sg_read_file(kind->name, path, MANIFEST_BYTES_MAX, &text, err);
    if (code == SG_OK) code = sg_json_parse(&root, text.bytes, text.used, path, err);
    sg_buffer_free(&text);
    if (code == SG_OK) code = get_identity(&root, m, find, err);
    if (code == SG_OK && kind->tables) code = get_totals(&root, m, err);
    if (code == SG_OK && kind->tables) code = get_documents(&root, m, err);
    if (code == SG_OK && kind->tables) code = get_status(&root, m, err);
    if (code == SG_OK && kind->tables) code = get_tables(&root, m, err);
    if (code == SG_OK && kind->tables) code = check_seal(&root, m, err);
    json_decref((json_t *)root.object);
    return code;
}

enum sg_code sg_manifest_read(struct sg_manifest *manifest, const char *out,
                              const struct sg_dataset *(*find)(const char *name), struct sg_error *err) {
    return read_kind(&manifest_kind, manifest, out, find, err);
}

enum sg_code sg_run_mark_read(struct sg_manifest *identity, const char *out,
                              const struct sg_dataset *(*find)(const char *name), struct sg_error *err) {
    return read_kind(&mark_kind, identity, out, find, err);
}
