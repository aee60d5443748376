/* Reference tables: weights, time zones, and that cities carry facts that belong together.
 * labels: quick */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"
#include "reference/reference.h"

static void names_follow_their_frequency(void **state) {
    (void)state;
    uint32_t smiths = 0, total = 1u << 16;
    for (uint32_t i = 0; i < total; i++)
        smiths += strcmp(sg_last_name(i << 16), "Smith") == 0;
    /* 1.006 % of the census, 1.26 % of the names kept */
    assert_in_range(smiths, total / 82, total / 76);
    assert_string_equal(sg_first_name(0), "James");
    assert_non_null(sg_last_name(UINT32_MAX));
}

static void zones_follow_the_daylight_rule(void **state) {
    (void)state;
    int32_t march = sg_day_from_civil(2025, 3, 9), november = sg_day_from_civil(2025, 11, 2);
    assert_int_equal(sg_zone_offset_s(SG_ZONE_EASTERN, march - 1), -5 * 3600);
    assert_int_equal(sg_zone_offset_s(SG_ZONE_EASTERN, march), -4 * 3600);
    assert_int_equal(sg_zone_offset_s(SG_ZONE_EASTERN, november - 1), -4 * 3600);
    assert_int_equal(sg_zone_offset_s(SG_ZONE_EASTERN, november), -5 * 3600);
    assert_int_equal(sg_zone_offset_s(SG_ZONE_ARIZONA, march + 60), -7 * 3600);
    assert_int_equal(sg_zone_offset_s(SG_ZONE_HAWAII, march + 60), -10 * 3600);
}

static void cities_are_whole(void **state) {
    (void)state;
    assert_true(sg_city_count > 20000 && sg_city_count < 65536);
    unsigned states = 0;
    char seen[26][26] = {{0}};
    for (uint32_t i = 0; i < sg_city_count; i++) {
        const struct sg_city *city = &sg_cities[i];
        assert_int_equal(strlen(city->zip), 5);
        assert_true(city->zone < SG_ZONE_COUNT);
        assert_true(city->latitude_e6 > 18000000 && city->latitude_e6 < 72000000);
        assert_true(city->longitude_e6 > -180000000 && city->longitude_e6 < -66000000);
        char *mark = &seen[city->state[0] - 'A'][city->state[1] - 'A'];
        states += !*mark;
        *mark = 1;
    }
    assert_int_equal(states, 51);
    assert_true(sg_city_pick(UINT32_MAX) < sg_city_count);
    assert_true(strlen(sg_street_name(12345)) > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_their_frequency),
        cmocka_unit_test(zones_follow_the_daylight_rule),
        cmocka_unit_test(cities_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
