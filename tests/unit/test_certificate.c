/* The certificate against planted distortions: each must be named by its own entry, and by no other. Also the
 * chances behind p-values against published tables, quotas, and local time.
 * labels: quick */
#include "planted.h"

#include <math.h>

#include "base/calendar.h"
#include "model/statistic_terms.h"
#include "verify/chance.h"
#include "verify/verify.h"
#include "verify/zones.h"

enum { PLACES = 120, EVENTS_EACH = 50, EVENTS = PLACES * EVENTS_EACH, SHARDS = 4, AS_OF = 20600 };

enum fault {
    NONE,
    WRONG_TIER,
    SHIFTED_HOURS,
    LOADED_DICE,
    STRETCHED_VALUES,
    DOUBLED_CHARGE,
    TOO_MANY_OPEN,
    DRIFTED_MEAN,
    UNLIKE_TWIN,
    MISPLACED_CHILD,
    SHUFFLED_PAIRS,
    QUIET_SUNDAYS,
    LATE_OPENING,
    UNEVEN_ZONES,
    GROWN_REGION,
    MISSPELT,
    REPEATED_TWIN,
    FAULTS
};

static const char *const tier_labels[] = {"Basic", "Pro", "Enterprise"};
static const struct sg_enum tiers = {"tier", tier_labels, 3};
static const char *const zone_labels[] = {"America/New_York", "America/Phoenix", "Pacific/Honolulu"};
static const struct sg_enum zones = {"zone", zone_labels, 3};
static const char *const kind_labels[] = {"red", "green", "blue", "none"};
static const struct sg_enum kinds = {"kind", kind_labels, 4};

enum { R_ID, R_SIZE };
static const struct sg_column region_columns[] = {{.name = "id", .type = SG_I32},
                                                  {.name = "size", .type = SG_I32, .nullable = true}};
static const struct sg_table regions = {
    .name = "regions", .columns = region_columns, .column_count = 2, .key = {"id"}, .row_text_bytes = 10};

enum { P_ID, P_TIER, P_ZONE, P_TOTAL, P_OPENED, P_REGION };
static const struct sg_column place_columns[] = {
    {.name = "id", .type = SG_I32},
    {.name = "tier", .type = SG_ENUM, .labels = &tiers},
    {.name = "zone", .type = SG_ENUM, .labels = &zones},
    {.name = "total", .type = SG_I64},
    {.name = "opened", .type = SG_TIMESTAMP},
    {.name = "region_id", .type = SG_I32, .nullable = true},
};
static const struct sg_foreign_key place_keys[] = {{"region_id", "regions", "id", SG_CASCADE}};
static const struct sg_table places = {.name = "places",
                                       .columns = place_columns,
                                       .column_count = 6,
                                       .key = {"id"},
                                       .foreign_keys = place_keys,
                                       .foreign_key_count = 1,
                                       .row_text_bytes = 40};

enum { E_ID, E_PLACE, E_AT, E_KIND, E_AMOUNT, E_WEIGHT, E_CLOSED, E_TWIN, E_NOTE };
static const struct sg_column event_columns[] = {
    {.name = "id", .type = SG_I32},
    {.name = "place_id", .type = SG_I32},
    {.name = "at", .type = SG_TIMESTAMP},
    {.name = "kind", .type = SG_ENUM, .labels = &kinds},
    {.name = "amount", .type = SG_I32},
    {.name = "weight", .type = SG_I32},
    {.name = "closed", .type = SG_DATE, .nullable = true},
    {.name = "twin", .type = SG_I32, .nullable = true},
    {.name = "note", .type = SG_TEXT, .length_max = 8},
};
static const struct sg_foreign_key event_keys[] = {{"place_id", "places", "id", SG_CASCADE}};
static const struct sg_table events = {.name = "events",
                                       .columns = event_columns,
                                       .column_count = 9,
                                       .key = {"id"},
                                       .foreign_keys = event_keys,
                                       .foreign_key_count = 1,
                                       .text_bytes_max = 8,
                                       .row_text_bytes = 60};

static const uint32_t tier_weights[] = {50, 35, 15}, kind_weights[] = {50, 30, 20, 0};
static const uint32_t hour_weights[24] = {[18] = 1, 2, 2, 1}, day_weights[7] = {1, 1, 1, 1, 1, 1, 1};
static const struct sg_knot uniform[] = {{0, 0},        {100, 100000}, {250, 250000},
                                         {500, 500000}, {900, 900000}, {1000, 1000000}};

/* The events are in the middle between the two: 4,147 of the 5,143 twins repeat. */
static const struct sg_knot repeats[] = {{EVENTS - 5000, 712678}, {EVENTS + 5000, 900000}};

static const uint32_t age_weights[] = {1, 1, 1}, weight_weights[] = {495, 495, 495};

static const struct sg_statistic model[] = {
    {.name = "tiers",
     .kind = SG_STAT_QUOTA,
     .of = {.table = "places", .column = "tier"},
     .weights = tier_weights,
     .class_count = 3},
    {.name = "hours",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "events", .column = "at"},
     .zone = {"zone", "place_id"},
     .classes = SG_CLASSES_HOUR,
     .weights = hour_weights,
     .class_count = 24,
     .tolerance = 0.03},
    {.name = "weekdays",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "events", .column = "at"},
     .zone = {"zone", "place_id"},
     .classes = SG_CLASSES_WEEKDAY,
     .weights = day_weights,
     .class_count = 7},
    {.name = "kinds",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "events", .column = "kind"},
     .weights = kind_weights,
     .class_count = 4},
    {.name = "kinds_of_pro",
     .kind = SG_STAT_CHI_SQUARED,
     .of = {.table = "events",
            .column = "kind",
            .where = {{.test = SG_TEST_LABEL, .column = "tier", .via = "place_id", .labels = "Pro"}}},
     .weights = kind_weights,
     .class_count = 4},
    {.name = "amounts",
     .kind = SG_STAT_KS,
     .of = {.table = "events", .column = "amount"},
     .curve = uniform,
     .curve_count = 6},
    {.name = "totals",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .column = "amount"},
     .by = {.table = "places", .column = "total"},
     .expected = 1},
    {.name = "open",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {{.test = SG_TEST_NULL, .column = "closed"}}},
     .by = {.table = "events"},
     .expected = 0.1,
     .slack = 0.5},
    {.name = "recent",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {{.test = SG_TEST_SINCE, .column = "closed", .value = 1}}},
     .by = {.table = "events", .where = {{.test = SG_TEST_NOT_NULL, .column = "closed"}}},
     .expected = 1},
    {.name = "weight",
     .kind = SG_STAT_MEAN,
     .of = {.table = "events", .column = "weight"},
     .expected = 50,
     .tolerance = 2},
    {.name = "events_per_place",
     .kind = SG_STAT_DEGREE,
     .of = {.table = "events", .column = "place_id"},
     .low = EVENTS_EACH,
     .high = EVENTS_EACH,
     .expected = EVENTS_EACH},
    {.name = "amount_and_weight",
     .kind = SG_STAT_CORRELATION,
     .of = {.table = "events", .column = "amount"},
     .by = {.table = "events", .column = "weight"},
     .bins = {0, 20},
     .by_bins = {-20, 2},
     .expected = 0.95,
     .tolerance = 0.05},
    {.name = "amount_less_weight",
     .kind = SG_STAT_MEAN,
     .of = {.table = "events", .column = "amount", .less = "weight"},
     .expected = 450,
     .tolerance = 15},
    {.name = "paired",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {{.test = SG_TEST_DIFFERS, .column = "amount", .other = "twin"}}},
     .by = {.table = "events"},
     .expected = 0},
    {.name = "ages",
     .kind = SG_STAT_PROFILE,
     .of = {.table = "events",
            .column = "at",
            .less = "opened",
            .less_via = "place_id",
            .where = {{.test = SG_TEST_BELOW,
                       .column = "at",
                       .less = "opened",
                       .less_via = "place_id",
                       .value = 13 * SG_DAY_S}}},
     .classes = SG_CLASSES_VALUE,
     .bins = {10 * SG_DAY_S, SG_DAY_S},
     .weights = age_weights,
     .class_count = 3,
     .tolerance = 0.05},
    {.name = "weights_by_zone",
     .kind = SG_STAT_MEANS,
     .of = {.table = "events", .column = "zone", .via = "place_id"},
     .by = {.table = "events", .column = "weight"},
     .weights = weight_weights,
     .class_count = 3,
     .expected = 0.1,
     .tolerance = 0.05},
    {.name = "region_size",
     .kind = SG_STAT_MEAN,
     .of = {.table = "events", .column = "size", .via = "place_id.region_id"},
     .expected = 300,
     .tolerance = 0.1},
    {.name = "full_twins",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {PERCENT_FROM("amount", 100, "twin"), FROM("amount", 1)}},
     .by = {.table = "events", .where = {NOT_NULL("twin"), FROM("amount", 1)}},
     .expected = 1},
    {.name = "overfull_twins",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {PERCENT_BELOW("twin", 100, "amount")}},
     .by = {.table = "events"},
     .expected = 0},
    {.name = "known_notes",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {TEXT("note", "alpha|beta")}},
     .by = {.table = "events"},
     .expected = 2.0 / 3,
     .slack = 0.5},
    {.name = "other_notes",
     .kind = SG_STAT_RATIO,
     .of = {.table = "events", .where = {OTHER_TEXT("note", "alpha|beta|gamma")}},
     .by = {.table = "events"},
     .expected = 0},
    {.name = "group_rows",
     .kind = SG_STAT_GROUPS,
     .of = {.table = "events"},
     .by = {.table = "places"},
     .group = {.via = "place_id"},
     .low = EVENTS_EACH,
     .high = EVENTS_EACH,
     .expected = 1},
    {.name = "group_steps",
     .kind = SG_STAT_GROUPS,
     .of = {.table = "events", .column = "id"},
     .group = {.via = "place_id", .test = SG_GROUP_STEPS, .rows = EVENTS_EACH},
     .low = 1,
     .high = 1,
     .expected = 1},
    {.name = "group_sum",
     .kind = SG_STAT_GROUPS,
     .of = {.table = "events", .column = "closed", .where = {NOT_NULL("closed")}},
     .group = {.via = "place_id", .test = SG_GROUP_SUM, .rows = 45},
     .low = 45 * (AS_OF - 20),
     .high = 45 * (AS_OF - 20),
     .expected = 1},
    {.name = "group_alike",
     .kind = SG_STAT_GROUPS,
     .of = {.table = "events", .column = "closed"},
     .group = {.via = "place_id", .key = "note", .test = SG_GROUP_ALIKE, .rows = 14, .percent = 0},
     .expected = 1},
    {.name = "repeated_twins",
     .kind = SG_STAT_REPEATS,
     .of = {.table = "events", .column = "twin"},
     .curve = repeats,
     .curve_count = 2,
     .tolerance = 0.00001},
    {.name = "too_little",
     .kind = SG_STAT_MEAN,
     .of = {.table = "events", .column = "weight"},
     .rows_min = EVENTS + 1},
    {.name = "absent", .kind = SG_STAT_MEAN, .of = {.table = "nowhere", .column = "weight"}},
};
enum { ENTRIES = sizeof model / sizeof *model };
static const struct sg_statistic totals[] = {
    {.name = "planned_amount",
     .kind = SG_STAT_TOTAL,
     .unit = "cents",
     .of = {.table = "events", .column = "amount"}},
    {.name = "planned_open",
     .kind = SG_STAT_TOTAL,
     .unit = "rows",
     .of = {.table = "events", .where = {{.test = SG_TEST_NULL, .column = "closed"}}}},
};
enum { TOTALS = sizeof totals / sizeof *totals, ALL_ENTRIES = ENTRIES + TOTALS };
static const struct sg_dataset dataset = {.name = "planted",
                                          .schema = "planted",
                                          .statistics = model,
                                          .statistic_count = ENTRIES,
                                          .totals = totals,
                                          .total_count = TOTALS};

static const char *name_of(int entry) {
    return entry < ENTRIES ? model[entry].name : totals[entry - ENTRIES].name;
}

static uint32_t noise(uint64_t row, uint32_t use) {
    uint64_t x = (row * 31 + use + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)(x >> 32);
}

static uint32_t below(uint64_t row, uint32_t use, uint32_t bound) {
    return (uint32_t)((uint64_t)noise(row, use) * bound >> 32);
}

static int32_t amount_of(uint64_t row, int fault) {
    uint32_t amount = below(row, 1, 1000);
    if (fault == STRETCHED_VALUES) amount = amount * amount / 1000;
    return (int32_t)amount;
}

static bool put_place(struct sg_emitter *e, uint64_t i, int fault) {
    int64_t total = 0;
    for (uint64_t k = 0; k < EVENTS_EACH; k++)
        total += amount_of(i * EVENTS_EACH + k, fault);
    uint16_t tier = i < 60 ? 0 : i < 102 ? 1 : 2;
    sg_set_i32(e, P_ID, (int32_t)i + 1);
    sg_set_enum(e, P_TIER, fault == WRONG_TIER && i == 3 ? 2 : tier);
    sg_set_enum(e, P_ZONE, (uint16_t)(i % 3));
    sg_set_i64(e, P_TOTAL, total);
    /* At noon, so that evenings of all zones are of one day's age. */
    sg_set_i64(e, P_OPENED, (int64_t)(AS_OF - 17 + (fault == LATE_OPENING)) * SG_DAY_S + 12 * SG_HOUR_S);
    sg_set_i32(e, P_REGION, (int32_t)(i % 4) + 1);
    if (i % 4 == 3) sg_set_null(e, P_REGION);
    return true;
}

/* Regions of 200, 300 and 400 with as many events; the places without a region and the last one do not count.
 */
static bool put_region(struct sg_emitter *e, uint64_t i, int fault) {
    sg_set_i32(e, R_ID, (int32_t)i + 1);
    sg_set_i32(e, R_SIZE, (int32_t)(200 + 100 * i) + (fault == GROWN_REGION && i == 1));
    if (i == 3) sg_set_null(e, R_SIZE);
    return true;
}

/* An evening hour of the place, as UTC: summer, so New York is four hours behind. */
static int64_t instant_of(uint64_t row, int fault) {
    static const int behind_h[] = {4, 7, 10}, hours[] = {18, 19, 19, 20, 20, 21};
    int32_t day = AS_OF - 7 + (int32_t)below(row, 2, 7);
    if (fault == QUIET_SUNDAYS && sg_weekday(day) == 6 && below(row, 3, 3) == 0) day++;
    int64_t local = (int64_t)day * SG_DAY_S + hours[below(row, 4, 6)] * SG_HOUR_S + below(row, 5, SG_HOUR_S);
    if (fault == SHIFTED_HOURS) local += SG_HOUR_S;
    return local + behind_h[row / EVENTS_EACH % 3] * SG_HOUR_S;
}

static const char *note_of(uint64_t row, int fault) {
    static const char *const notes[] = {"alpha", "beta", "gamma"};
    return fault == MISSPELT && row == 12 ? "alfa" : notes[row % 3];
}

static bool put_event(struct sg_emitter *e, uint64_t row, int fault) {
    uint32_t dice = below(row, 6, fault == LOADED_DICE ? 90 : 100);
    int32_t amount = amount_of(row, fault), weight = amount / 10 + (int32_t)below(row, 7, 11) - 5;
    uint64_t place = row / EVENTS_EACH;
    if (fault == MISPLACED_CHILD && row == 100) place--;
    if (fault == SHUFFLED_PAIRS) weight = (int32_t)below(row, 8, 100);
    if (fault == DRIFTED_MEAN) weight += 3;
    if (fault == UNEVEN_ZONES) weight += 6 * ((int32_t)(place % 3) - 1);
    sg_set_i32(e, E_ID, (int32_t)row + 1);
    sg_set_i32(e, E_PLACE, (int32_t)place + 1);
    sg_set_i64(e, E_AT, instant_of(row, fault));
    sg_set_enum(e, E_KIND, dice < 50 ? 0 : dice < 80 ? 1 : 2);
    sg_set_i32(e, E_AMOUNT, fault == DOUBLED_CHARGE && row == 77 ? 2 * amount : amount);
    sg_set_i32(e, E_WEIGHT, weight);
    sg_set_date(e, E_CLOSED, AS_OF - 20);
    sg_set_i32(e, E_TWIN,
               (fault == DOUBLED_CHARGE && row == 77 ? 2 : 1) * amount + (fault == UNLIKE_TWIN && row == 9));
    const char *note = note_of(row, fault);
    sg_set_text(e, E_NOTE, note, strlen(note));
    if (fault == REPEATED_TWIN && row == 9) sg_set_i32(e, E_TWIN, 5000);
    if (row % 7 == 3) sg_set_null(e, E_TWIN);
    if (row % 10 == 4 || (fault == TOO_MANY_OPEN && row == 55)) sg_set_null(e, E_CLOSED);
    return true;
}

static void write_run(struct sg_manifest *manifest, enum fault fault) {
    static const struct planted tables[] = {{&places, put_place, PLACES, SHARDS, 0},
                                            {&events, put_event, EVENTS, SHARDS, 0},
                                            {&regions, put_region, 4, SHARDS, 0}};
    *manifest = (struct sg_manifest){.dataset = &dataset, .run = {.as_of_day = AS_OF}};
    write_all_planted(manifest, tables, 3, fault);
    manifest->totals = calloc(TOTALS, sizeof *manifest->totals);
    for (uint64_t row = 0; row < EVENTS; row++)
        manifest->totals[0] += amount_of(row, NONE);
    manifest->totals[1] = EVENTS / 10;
    sg_manifest_seal(manifest);
}

/* The hashes of the one gathering, of all workers. */
static void judge_gathering(const struct sg_verify *verify, struct sg_verify_worker *const *worker,
                            size_t workers, uint64_t *cells) {
    struct sg_error err = {0};
    uint64_t *all = malloc(EVENTS * sizeof *all);
    size_t count = 0, part;
    assert_int_equal(verify->gathering_count, 1);
    for (size_t w = 0; w < workers; w++) {
        const uint64_t *hashes = sg_verify_unique_hashes(worker[w], 0, &part);
        memcpy(all + count, hashes, part * sizeof *all);
        count += part;
    }
    assert_int_equal(sg_verify_unique_judge(verify, 0, all, count, NULL, cells, &err), SG_OK);
    free(all);
}

/* Measures all shards with several workers in turn and adds up. */
static void certify(const struct sg_manifest *manifest, size_t workers, struct sg_fit fits[ALL_ENTRIES]) {
    struct sg_error err = {0};
    struct sg_verify verify;
    struct sg_verify_worker *worker[3];
    assert_int_equal(sg_verify_open(&verify, manifest, folder, &err), SG_OK);
    uint64_t *cells = calloc(verify.certificate.cells, sizeof *cells);
    for (size_t w = 0; w < workers; w++)
        assert_int_equal(sg_verify_worker_open(&worker[w], &verify, &err), SG_OK);
    for (uint16_t t = 0; t < manifest->table_count; t++)
        for (size_t s = 0; s < manifest->tables[t].shard_count; s++)
            assert_int_equal(sg_verify_shard(worker[s % workers], t, s, &err), SG_OK);
    for (size_t w = 0; w < workers; w++)
        for (size_t c = 0; c < verify.certificate.cells; c++)
            cells[c] += sg_verify_cells(worker[w])[c];
    judge_gathering(&verify, worker, workers, cells);
    for (size_t w = 0; w < workers; w++)
        sg_verify_worker_close(worker[w]);
    assert_int_equal(verify.certificate.count, ALL_ENTRIES);
    sg_certificate_judge(&verify.certificate, cells, fits);
    free(cells);
    sg_verify_close(&verify);
}

static void names_of(const struct sg_fit fits[ALL_ENTRIES], enum sg_fit_status status, char names[512]) {
    names[0] = 0;
    for (int i = 0; i < ALL_ENTRIES; i++)
        if (fits[i].status == status) snprintf(names + strlen(names), 512 - strlen(names), "%s ", name_of(i));
}

static void each_distortion_is_named(void **state) {
    (void)state;
    static const char *const expected[FAULTS] = {
        [NONE] = "",
        [WRONG_TIER] = "tiers ",
        [SHIFTED_HOURS] = "hours ",
        [LOADED_DICE] = "kinds kinds_of_pro ",
        [STRETCHED_VALUES] =
            "amounts weight amount_less_weight weights_by_zone repeated_twins planned_amount ",
        [DOUBLED_CHARGE] = "totals planned_amount ",
        [TOO_MANY_OPEN] = "open group_sum group_alike planned_open ",
        [DRIFTED_MEAN] = "weight weights_by_zone ",
        [UNLIKE_TWIN] = "paired full_twins ",
        [MISPLACED_CHILD] = "events_per_place group_rows group_steps group_sum ",
        [SHUFFLED_PAIRS] = "amount_and_weight ",
        [QUIET_SUNDAYS] = "weekdays ",
        [LATE_OPENING] = "ages ",
        [UNEVEN_ZONES] = "weights_by_zone ",
        [GROWN_REGION] = "region_size ",
        [MISSPELT] = "known_notes other_notes group_alike ",
        [REPEATED_TWIN] = "paired full_twins repeated_twins ",
    };
    for (enum fault fault = NONE; fault < FAULTS; fault++) {
        struct sg_manifest manifest;
        struct sg_fit fits[ALL_ENTRIES];
        char names[512];
        write_run(&manifest, fault);
        certify(&manifest, 1, fits);
        names_of(fits, SG_FIT_FAIL, names);
        if (strcmp(names, expected[fault]) != 0) print_error("fault %d\n", (int)fault);
        assert_string_equal(names, expected[fault]);
        names_of(fits, SG_FIT_SKIP, names);
        assert_string_equal(names, "too_little absent ");
        free_planted(&manifest);
    }
}

static void workers_add_up(void **state) {
    (void)state;
    struct sg_manifest manifest;
    struct sg_fit one[ALL_ENTRIES], three[ALL_ENTRIES];
    write_run(&manifest, DOUBLED_CHARGE);
    certify(&manifest, 1, one);
    certify(&manifest, 3, three);
    for (int i = 0; i < ALL_ENTRIES; i++) {
        assert_int_equal(one[i].status, three[i].status);
        assert_int_equal(one[i].rows, three[i].rows);
        assert_true(one[i].measured == three[i].measured);
        assert_string_equal(one[i].detail, three[i].detail);
    }
    free_planted(&manifest);
}

static void a_difference_of_one_is_told_to_the_unit(void **state) {
    (void)state;
    struct sg_manifest manifest;
    struct sg_fit fits[ALL_ENTRIES];
    char wanted[160];
    write_run(&manifest, NONE);
    int64_t held = manifest.totals[0]++;
    certify(&manifest, 2, fits);
    snprintf(wanted, sizeof wanted, "the rows hold %lld cents, the plan says %lld", (long long)held,
             (long long)held + 1);
    assert_int_equal(fits[ENTRIES].status, SG_FIT_FAIL);
    assert_string_equal(fits[ENTRIES].detail, wanted);
    assert_int_equal(fits[ENTRIES + 1].status, SG_FIT_PASS);
    free_planted(&manifest);
}

static void totals_that_nobody_planned_are_skipped(void **state) {
    (void)state;
    struct sg_manifest manifest;
    struct sg_fit fits[ALL_ENTRIES];
    write_run(&manifest, NONE);
    free(manifest.totals);
    manifest.totals = NULL;
    certify(&manifest, 1, fits);
    assert_int_equal(fits[ENTRIES].status, SG_FIT_SKIP);
    free_planted(&manifest);
}

static void one_root_entity_has_no_certificate(void **state) {
    (void)state;
    struct sg_manifest manifest = {.dataset = &dataset, .run.only_unit = 3};
    struct sg_certificate certificate;
    struct sg_error err = {0};
    assert_int_equal(sg_certificate_open(&certificate, &manifest, model, ENTRIES, &err), SG_OK);
    assert_int_equal(certificate.count, 0);
    sg_certificate_close(&certificate);
}

static void wrong_names_are_bugs(void **state) {
    (void)state;
    static const struct sg_statistic wrong[] = {
        {.name = "a", .kind = SG_STAT_MEAN, .of = {.table = "places", .column = "nosuch"}},
        {.name = "b",
         .kind = SG_STAT_RATIO,
         .of = {.table = "places", .where = {{.test = SG_TEST_LABEL, .column = "tier", .labels = "Gold"}}},
         .by = {.table = "places"}},
        {.name = "c", .kind = SG_STAT_MEAN, .of = {.table = "places", .column = "id", .via = "tier"}},
        {.name = "d", .kind = SG_STAT_DEGREE, .of = {.table = "places", .column = "tier"}},
        {.name = "e",
         .kind = SG_STAT_PROFILE,
         .of = {.table = "places", .column = "id"},
         .zone = {"tier", NULL}},
    };
    struct sg_manifest_table tables[] = {{.table = &places}};
    struct sg_manifest manifest = {.dataset = &dataset, .tables = tables, .table_count = 1};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct sg_certificate certificate;
        struct sg_error err = {0};
        assert_int_equal(sg_certificate_open(&certificate, &manifest, &wrong[i], 1, &err), SG_INTERNAL);
        assert_non_null(strstr(err.text, wrong[i].name));
        sg_certificate_close(&certificate);
    }
}

/* Five years of days, growing by a half a year, with seasons of their own or with the declared ones. */
static void seasons_are_seen_through_growth(void **state) {
    (void)state;
    static const uint32_t declared[12] = {80, 90, 100, 110, 120, 120, 110, 100, 90, 80, 90, 110};
    static const struct sg_statistic statistic = {.name = "seasons",
                                                  .kind = SG_STAT_SEASONS,
                                                  .of = {.table = "events", .column = "at"},
                                                  .by = {.table = "events"},
                                                  .classes = SG_CLASSES_MONTH,
                                                  .weights = declared,
                                                  .class_count = 12,
                                                  .tolerance = 0.01};
    struct sg_manifest_table table = {.table = &events};
    struct sg_manifest manifest = {
        .dataset = &(struct sg_dataset){.name = "planted"}, .tables = &table, .table_count = 1};
    for (int wrong = 0; wrong < 2; wrong++)
        for (int32_t as_of = AS_OF; as_of < AS_OF + 365; as_of += 73) {
            struct sg_certificate certificate;
            struct sg_error err = {0};
            struct sg_fit fit;
            manifest.run.as_of_day = as_of;
            assert_int_equal(sg_certificate_open(&certificate, &manifest, &statistic, 1, &err), SG_OK);
            uint64_t *cells = calloc(certificate.cells, sizeof *cells);
            struct sg_civil now = sg_civil_from_day(as_of);
            for (int32_t day = as_of - 1826; day < as_of; day++) {
                struct sg_civil then = sg_civil_from_day(day);
                int back = (now.year - then.year) * 12 + now.month - then.month;
                uint32_t season = declared[(then.month - 1 + wrong) % 12];
                cells[back] += (uint64_t)(season * pow(1.5, (day - as_of) / 365.25) * 1000);
            }
            sg_certificate_judge(&certificate, cells, &fit);
            assert_int_equal(fit.status, wrong ? SG_FIT_FAIL : SG_FIT_PASS);
            if (wrong) assert_non_null(strstr(fit.detail, "most off: "));
            free(cells);
            sg_certificate_close(&certificate);
        }
}

static void close_to(double value, double wanted) {
    if (fabs(value - wanted) > 2e-4) print_error("%g instead of %g\n", value, wanted);
    assert_true(fabs(value - wanted) <= 2e-4);
}

/* Critical values from printed tables. */
static void chances_are_those_of_tables(void **state) {
    (void)state;
    close_to(sg_chance_chi_squared(3.841, 1), 0.05);
    close_to(sg_chance_chi_squared(18.307, 10), 0.05);
    close_to(sg_chance_chi_squared(2.706, 1), 0.10);
    close_to(sg_chance_chi_squared(149.449, 100), 0.001);
    close_to(sg_chance_chi_squared(0, 3), 1);
    close_to(sg_chance_chi_squared(INFINITY, 3), 0);
    close_to(sg_chance_ks(1.3581 / 1000, 1e6), 0.05);
    close_to(sg_chance_ks(1.6276 / 1000, 1e6), 0.01);
    close_to(sg_chance_ks(0, 100), 1);
}

static void holm_corrects_step_by_step(void **state) {
    (void)state;
    double p[] = {0.01, 0.04, 0.03, 0.9};
    double *list[] = {&p[0], &p[1], &p[2], &p[3]};
    sg_chance_correct(list, 4);
    close_to(p[0], 0.04);
    close_to(p[2], 0.09);
    close_to(p[1], 0.09);
    close_to(p[3], 0.9);
}

static int64_t at(int32_t year, int32_t month, int32_t day, int32_t hour, int32_t second) {
    return (int64_t)sg_day_from_civil(year, month, day) * SG_DAY_S + hour * SG_HOUR_S + second;
}

static void local_time_knows_daylight_saving(void **state) {
    (void)state;
    static const struct {
        const char *zone;
        int month, day, hour, second, behind_h;
    } cases[] = {
        {"America/New_York", 3, 8, 6, 3599, 5},    {"America/New_York", 3, 8, 7, 0, 4},
        {"America/New_York", 11, 1, 5, 3599, 4},   {"America/New_York", 11, 1, 6, 0, 5},
        {"America/Los_Angeles", 3, 8, 9, 3599, 8}, {"America/Los_Angeles", 3, 8, 10, 0, 7},
        {"America/Phoenix", 7, 1, 0, 0, 7},        {"Pacific/Honolulu", 7, 1, 0, 0, 10},
        {"America/New_York", 1, 1, 0, 0, 5},       {"America/New_York", 12, 31, 23, 0, 5},
    };
    struct sg_zone_span span = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t instant = at(2026, cases[i].month, cases[i].day, cases[i].hour, cases[i].second);
        int zone = sg_zone_find(cases[i].zone);
        assert_true(zone >= 0);
        span = (struct sg_zone_span){0};
        assert_int_equal(sg_zone_local(zone, instant, &span), instant - cases[i].behind_h * SG_HOUR_S);
        assert_true(span.from <= instant && instant < span.until);
    }
    assert_int_equal(sg_zone_find("Mars/Olympus"), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_distortion_is_named),
        cmocka_unit_test(workers_add_up),
        cmocka_unit_test(a_difference_of_one_is_told_to_the_unit),
        cmocka_unit_test(totals_that_nobody_planned_are_skipped),
        cmocka_unit_test(one_root_entity_has_no_certificate),
        cmocka_unit_test(wrong_names_are_bugs),
        cmocka_unit_test(seasons_are_seen_through_growth),
        cmocka_unit_test(chances_are_those_of_tables),
        cmocka_unit_test(holm_corrects_step_by_step),
        cmocka_unit_test(local_time_knows_daylight_saving),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
