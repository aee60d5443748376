/* Shards read back what was written, zstd reads them too, and every damage and failure is noticed.
 * labels: quick */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "folder.h"
#include "io/facts_json.h"
#include "io/files.h"
#include "io/fingerprint.h"
#include "io/shard.h"
#include "io_fixture.h"

static struct sg_compression compression = {SG_COMPRESS_GUIDED, 3};

/* Sink that keeps the text and fingerprint beside the shard. */
struct beside {
    struct sg_shard_writer *writer;
    const struct sg_format_info *format;
    struct sg_buffer text;
    __int128 fingerprint;
};

static enum sg_code write_beside(void *context, const struct sg_batch *batch, struct sg_error *err) {
    struct beside *beside = context;
    SG_TRY(beside->format->encode(batch, &beside->text, err));
    sg_fingerprint_batch(batch, &beside->fingerprint);
    return sg_shard_write(beside->writer, batch, err);
}

/* Writes a shard of pseudo-random rows. beside->text receives what it should hold. */
static void write_shard(const char *format, const char *path, uint64_t row_first, size_t rows,
                        struct beside *beside, struct sg_shard_facts *facts,
                        struct sg_shard_workspace *workspace) {
    struct sg_error err = {0};
    memset(beside, 0, sizeof *beside);
    beside->format = sg_format_find(format);
    if (sg_shard_create_with(workspace, &beside->writer, folder, path, &fix_table, beside->format,
                             compression, row_first, &err))
        fail_msg("%s", err.text);
    if (beside->format->header) beside->format->encode_header(&fix_table, &beside->text, &err);
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, &fix_table, write_beside, beside, &err), SG_OK);
    fix_fill(&e, 11, row_first, rows);
    sg_emitter_close(&e);
    if (beside->format->encode_trailer) beside->format->encode_trailer(&fix_table, &beside->text, &err);
    if (sg_shard_finish(beside->writer, facts, &err)) fail_msg("%s", err.text);
}

static enum sg_code read_all(const struct sg_shard_facts *facts, struct sg_buffer *text, size_t *frames,
                             struct sg_error *err) {
    struct sg_shard_reader *reader;
    *frames = 0;
    SG_TRY(sg_shard_open(&reader, folder, facts, err));
    for (;;) {
        const char *part;
        size_t size;
        enum sg_code code = sg_shard_next(reader, &part, &size, err);
        if (code == SG_OK && size) code = sg_buffer_reserve(text, size, err);
        if (code != SG_OK || size == 0) {
            sg_shard_close(reader);
            return code;
        }
        assert_true(size <= SG_FRAME_TEXT_BYTES);
        memcpy(text->bytes + text->used, part, size);
        text->used += size;
        ++*frames;
    }
}

static void read_by_zstd(const char *path, const struct sg_buffer *expected) {
    char command[1024];
    snprintf(command, sizeof command, "zstd -q -t %s/%s && zstd -dc %s/%s", folder, path, folder, path);
    FILE *pipe = popen(command, "r");
    char *got = malloc(expected->used + 2);
    size_t size = fread(got, 1, expected->used + 2, pipe);
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(size, expected->used);
    assert_memory_equal(got, expected->bytes ? expected->bytes : "", size);
    free(got);
}

static void round_trip(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 4095, 4096, 4097, 30001};
    struct sg_shard_workspace *workspace;
    struct sg_error err = {0};
    assert_int_equal(sg_shard_workspace_open(&workspace, &err), SG_OK);
    for (size_t i = 0; i < 3 * sizeof sizes / sizeof *sizes; i++) {
        const char *format = sg_formats()[i % 3].name;
        size_t rows = sizes[i / 3], frames;
        struct beside beside;
        struct sg_shard_facts facts, inside;
        write_shard(format, "a/b/everything-00000.zst", 1000, rows, &beside, &facts,
                    i & 2 ? workspace : NULL);
        assert_string_equal(facts.path, "a/b/everything-00000.zst");
        assert_int_equal(facts.row_first, 1000);
        assert_int_equal(facts.rows, rows);
        assert_int_equal(facts.text_bytes, beside.text.used);
        assert_true(facts.fingerprint == beside.fingerprint);
        char last[32] = "";
        if (rows) snprintf(last, sizeof last, "%zu", 1000 + rows);
        assert_string_equal(facts.key_first, rows ? "1001" : "");
        assert_string_equal(facts.key_last, last);
        struct sg_buffer text = {0};
        if (read_all(&facts, &text, &frames, &err)) fail_msg("%s", err.text);
        assert_int_equal(text.used, beside.text.used);
        assert_memory_equal(text.bytes ? text.bytes : "", beside.text.bytes ? beside.text.bytes : "",
                            text.used);
        assert_true(rows < 30000 || frames > 2);
        assert_int_equal(sg_shard_facts_read(&inside, folder, facts.path, &err), SG_OK);
        assert_int_equal(inside.file_bytes, facts.file_bytes);
        assert_string_equal(inside.key_last, facts.key_last);
        assert_true(inside.fingerprint == facts.fingerprint);
        read_by_zstd(facts.path, &beside.text);
        sg_buffer_free(&text);
        sg_buffer_free(&beside.text);
    }
    sg_shard_workspace_close(workspace);
}

/* The seek table of a file of text, with the rows of its frames. */
static void read_frames(const char *path, struct sg_seek_table *frames) {
    char full[256];
    uint64_t count, facts_at = 0;
    struct sg_buffer file = {0};
    struct sg_error err = {0};
    struct sg_shard_facts facts = {0};
    snprintf(full, sizeof full, "%s/%s", folder, path);
    assert_int_equal(sg_read_file("shard", full, 1 << 24, &file, &err), SG_OK);
    assert_true(sg_seek_footer_read(file.bytes + file.used - SG_SEEK_FOOTER_BYTES, &count));
    uint64_t table_at = file.used - sg_seek_table_bytes(count);
    assert_int_equal(sg_seek_table_read(frames, file.bytes + table_at, count, path, &err), SG_OK);
    for (size_t i = 0; i < frames->count; i++)
        facts_at += frames->entries[i].frame_bytes;
    facts_at += SG_SKIPPABLE_HEADER_BYTES;
    assert_int_equal(sg_facts_read(&facts, frames, file.bytes + facts_at, table_at - facts_at, path, &err),
                     SG_OK);
    sg_buffer_free(&file);
}

/* What others need who start in the middle: each frame begins with the row that the facts claim. */
static void frames_hold_the_rows_they_claim(void **state) {
    (void)state;
    struct beside beside;
    struct sg_shard_facts facts;
    struct sg_error err = {0};
    struct sg_seek_table frames = {0};
    write_shard("csv", "frames.zst", 500, 30001, &beside, &facts, NULL);
    read_frames("frames.zst", &frames);
    assert_true(frames.count > 2);
    struct sg_shard_reader *reader;
    assert_int_equal(sg_shard_open(&reader, folder, &facts, &err), SG_OK);
    for (size_t i = 0, row = 500; i < frames.count; row += frames.entries[i++].rows) {
        const char *text;
        size_t size;
        assert_int_equal(sg_shard_next(reader, &text, &size, &err), SG_OK);
        assert_int_equal(size, frames.entries[i].text_bytes);
        if (i == 0) text = memchr(text, '\n', size) + 1;
        assert_int_equal(strtoull(text, NULL, 10), row + 1);
    }
    sg_shard_close(reader);
    sg_seek_table_free(&frames);
    sg_buffer_free(&beside.text);
}

static void long_rows_make_short_frames(void **state) {
    (void)state;
    static const struct sg_column columns[] = {{.name = "id", .type = SG_I64},
                                               {.name = "text", .type = SG_TEXT}};
    static const struct sg_table table = {
        .name = "long", .columns = columns, .column_count = 2, .key = {"id"}, .text_bytes_max = 1 << 20};
    struct sg_error err = {0};
    struct sg_shard_writer *writer;
    struct sg_shard_facts facts;
    struct sg_emitter e;
    char *text = malloc(1 << 20);
    memset(text, 'x', 1 << 20);
    assert_int_equal(
        sg_shard_create(&writer, folder, "long.zst", &table, sg_format_find("csv"), compression, 0, &err),
        SG_OK);
    assert_int_equal(sg_emitter_open(&e, &table, sg_shard_write, writer, &err), SG_OK);
    for (int i = 0; i < 9; i++) {
        size_t room;
        assert_int_equal(sg_emitter_room(&e, &room, &err), SG_OK);
        sg_set_i64(&e, 0, i);
        sg_set_text(&e, 1, text, (size_t)(i % 3 + 1) * 300000);
        sg_emitter_advance(&e, 1);
    }
    if (sg_emitter_flush(&e, &err)) fail_msg("%s", err.text);
    sg_emitter_close(&e);
    assert_int_equal(sg_shard_finish(writer, &facts, &err), SG_OK);
    struct sg_buffer got = {0};
    size_t frames;
    if (read_all(&facts, &got, &frames, &err)) fail_msg("%s", err.text);
    assert_int_equal(got.used, 9 + 3 * (300000 + 600000 + 900000) + 9 * 4);
    assert_in_range(frames, 3, 6);
    sg_buffer_free(&got);
    free(text);
}

static void too_long_rows_and_gaps_are_refused(void **state) {
    (void)state;
    static const struct sg_column columns[] = {{.name = "id", .type = SG_I64},
                                               {.name = "text", .type = SG_TEXT}};
    static const struct sg_table table = {
        .name = "long", .columns = columns, .column_count = 2, .key = {"id"}, .text_bytes_max = 4 << 20};
    for (int gap = 0; gap < 2; gap++) {
        struct sg_error err = {0};
        struct sg_shard_writer *writer;
        struct sg_shard_facts facts;
        struct sg_emitter e;
        char *text = calloc(1, SG_FRAME_TEXT_BYTES);
        memset(text, 'x', SG_FRAME_TEXT_BYTES);
        assert_int_equal(sg_shard_create(&writer, folder, "refused.zst", &table, sg_format_find("copy"),
                                         compression, 0, &err),
                         SG_OK);
        assert_int_equal(sg_emitter_open(&e, &table, sg_shard_write, writer, &err), SG_OK);
        sg_emitter_seek(&e, (uint64_t)gap);
        sg_set_i64(&e, 0, 1);
        sg_set_text(&e, 1, text, gap ? 1 : SG_FRAME_TEXT_BYTES);
        sg_emitter_advance(&e, 1);
        assert_int_equal(sg_emitter_flush(&e, &err), SG_INTERNAL);
        assert_non_null(strstr(err.text, gap ? "rows from 1 follow row 0" : "row 0 is longer"));
        assert_int_equal(sg_shard_finish(writer, &facts, &err), SG_INTERNAL);
        char path[128], temporary[SG_PATH_BYTES];
        snprintf(path, sizeof path, "%s/refused.zst", folder);
        assert_int_equal(access(path, F_OK), -1);
        assert_int_equal(sg_path_temporary(temporary, path, &err), SG_OK);
        assert_int_equal(access(temporary, F_OK), -1);
        sg_emitter_close(&e);
        free(text);
    }
}

/* A rank that everybody believes dead, on a host that was cut off, writes the shard that another makes anew.
 */
static void two_processes_write_one_shard(void **state) {
    (void)state;
    struct sg_error err = {0};
    struct sg_shard_writer *dead;
    struct sg_shard_facts facts;
    int begun[2], end[2], status;
    char byte;
    assert_int_equal(pipe(begun) | pipe(end), 0);
    pid_t child = fork();
    if (child == 0) {
        bool ok = sg_shard_create(&dead, folder, "twice.zst", &fix_table, sg_format_find("copy"), compression,
                                  0, &err) == SG_OK &&
                  write(begun[1], "", 1) == 1 && read(end[0], &byte, 1) == 1;
        sg_shard_abandon(dead);
        _exit(!ok);
    }
    assert_int_equal(read(begun[0], &byte, 1), 1);
    struct sg_shard_writer *alive;
    assert_int_equal(sg_shard_create(&alive, folder, "twice.zst", &fix_table, sg_format_find("copy"),
                                     compression, 0, &err),
                     SG_OK);
    assert_int_equal(write(end[1], "", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(sg_shard_finish(alive, &facts, &err), SG_OK);
    assert_int_equal(sg_shard_prove(&facts, folder, &err), SG_OK);
}

/* Reads the shard through; any code but SG_OK is fine, a crash or SG_OK is not. */
static enum sg_code try_reading(const struct sg_shard_facts *facts) {
    struct sg_error err = {0};
    struct sg_buffer text = {0};
    size_t frames;
    enum sg_code code = read_all(facts, &text, &frames, &err);
    sg_buffer_free(&text);
    if (code != SG_OK) assert_true(strlen(err.text) > 10);
    return code;
}

static void damage_is_noticed(void **state) {
    (void)state;
    struct beside beside;
    struct sg_shard_facts facts, found;
    struct sg_error err = {0};
    write_shard("copy", "damaged.zst", 0, 300, &beside, &facts, NULL);
    sg_buffer_free(&beside.text);
    char path[128];
    snprintf(path, sizeof path, "%s/damaged.zst", folder);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    for (uint64_t at = 0; at < facts.file_bytes; at += at + 700 < facts.file_bytes ? 37 : 1) {
        unsigned char byte, flipped;
        assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
        flipped = byte ^ (1 << at % 8);
        assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at), 1);
        if (try_reading(&facts) != SG_CORRUPT)
            fail_msg("bit flip at %llu of %llu", (unsigned long long)at,
                     (unsigned long long)facts.file_bytes);
        err = (struct sg_error){0};
        assert_int_equal(sg_shard_prove(&facts, folder, &err), SG_CORRUPT);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
    }
    assert_int_equal(try_reading(&facts), SG_OK);
    err = (struct sg_error){0};
    assert_int_equal(sg_shard_prove(&facts, folder, &err), SG_OK);
    for (uint64_t size = facts.file_bytes; size-- > 0; size -= size > 1000 ? 97 : 0) {
        assert_int_equal(ftruncate(fd, (off_t)size), 0);
        assert_int_equal(try_reading(&facts), SG_CORRUPT);
        err = (struct sg_error){0};
        assert_int_equal(sg_shard_facts_read(&found, folder, facts.path, &err), SG_CORRUPT);
    }
    close(fd);
    unlink(path);
    assert_int_equal(try_reading(&facts), SG_NO_INPUT);
}

static void facts_of_another_shard_do_not_fit(void **state) {
    (void)state;
    struct beside beside;
    struct sg_shard_facts facts, other;
    write_shard("copy", "facts.zst", 0, 10, &beside, &facts, NULL);
    sg_buffer_free(&beside.text);
    other = facts, other.rows++;
    assert_int_equal(try_reading(&other), SG_CORRUPT);
    other = facts, other.digest.bytes[3] ^= 1;
    assert_int_equal(try_reading(&other), SG_CORRUPT);
    other = facts, other.fingerprint++;
    assert_int_equal(try_reading(&other), SG_CORRUPT);
    other = facts, other.key_last[0] = '9';
    assert_int_equal(try_reading(&other), SG_CORRUPT);
    other = facts, other.file_bytes++;
    assert_int_equal(try_reading(&other), SG_CORRUPT);
    assert_int_equal(try_reading(&facts), SG_OK);
}

#ifdef SG_FAULTS

/* The code of writing a shard of several frames, whose message then holds `path`. */
static enum sg_code write_failing(const char *path) {
    struct sg_error err = {0};
    struct sg_shard_writer *writer;
    struct sg_shard_facts facts;
    enum sg_code code =
        sg_shard_create(&writer, folder, path, &fix_table, sg_format_find("copy"), compression, 0, &err);
    if (code != SG_OK) return code;
    struct sg_emitter e;
    assert_int_equal(sg_emitter_open(&e, &fix_table, sg_shard_write, writer, &err), SG_OK);
    uint64_t random = 5;
    for (uint64_t i = 0; code == SG_OK && i < 20000; i++) {
        size_t room;
        code = sg_emitter_room(&e, &room, &err);
        if (code != SG_OK) break;
        fix_row(&e, &random, i);
        sg_emitter_advance(&e, 1);
    }
    if (code == SG_OK) code = sg_emitter_flush(&e, &err);
    sg_emitter_close(&e);
    if (code != SG_OK)
        sg_shard_abandon(writer);
    else
        code = sg_shard_finish(writer, &facts, &err);
    assert_non_null(strstr(err.text, folder));
    return code;
}

static void failures_leave_nothing_behind(void **state) {
    (void)state;
    static const struct {
        const char *fault;
        enum sg_code code;
    } cases[] = {
        {"shard.create:1:EACCES", SG_DENIED},
        {"shard.write:1:ENOSPC", SG_IO},
        {"shard.write:2", SG_IO},
        {"shard.write:4:EDQUOT", SG_IO},
        {"shard.sync:1:EIO", SG_IO},
        {"shard.close:1:ENOSPC", SG_IO},
        {"shard.rename:1:EIO", SG_IO},
        {"folder.make:1:EROFS", SG_DENIED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(sg_fault_arm(cases[i].fault));
        enum sg_code code = write_failing("failing/f.zst");
        if (code != cases[i].code) fail_msg("%s: code %d", cases[i].fault, code);
        char command[256];
        snprintf(command, sizeof command,
                 "test -z \"$(ls -A %s/failing 2>/dev/null)\"; r=$?; rm -rf %s/failing; exit $r", folder,
                 folder);
        if (system(command) != 0) fail_msg("%s leaves a file behind", cases[i].fault);
    }
    struct beside beside;
    struct sg_shard_facts facts;
    assert_true(sg_fault_arm(NULL));
    write_shard("copy", "fine.zst", 0, 10, &beside, &facts, NULL);
    sg_buffer_free(&beside.text);
    assert_true(sg_fault_arm("shard.read:2:EIO"));
    assert_int_equal(try_reading(&facts), SG_IO);
    assert_true(sg_fault_arm(NULL));
    assert_int_equal(try_reading(&facts), SG_OK);
}

static void fault_specifications(void **state) {
    (void)state;
    static const char *const bad[] = {"x",      "x.y",         ":1",     "x.y:",  "x.y:0",
                                      "x.y:1:", "x.y:1:EWHAT", "x.y:1z", "a.b:1,"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (sg_fault_arm(bad[i])) fail_msg("%s was taken", bad[i]);
    assert_true(sg_fault_arm("x.y:2:ENOSPC,x.z:1:17"));
    assert_int_equal(SG_FAULT("x", "y"), 0);
    assert_int_equal(SG_FAULT("x", "z"), 17);
    assert_int_equal(SG_FAULT("x", "y"), 28);
    assert_int_equal(SG_FAULT("x", "y"), 0);
    assert_true(sg_fault_arm("x.y:1@77"));
    assert_int_equal(SG_FAULT("x", "y"), 0);
    assert_true(sg_fault_arm(""));
}

#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(frames_hold_the_rows_they_claim),
        cmocka_unit_test(long_rows_make_short_frames),
        cmocka_unit_test(too_long_rows_and_gaps_are_refused),
        cmocka_unit_test(two_processes_write_one_shard),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(facts_of_another_shard_do_not_fit),
#ifdef SG_FAULTS
        cmocka_unit_test(failures_leave_nothing_behind),
        cmocka_unit_test(fault_specifications),
#endif
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
