/* Every rule, total and entry of the certificate of spendsense catches at least one of many faults planted in
 * its shards. timeout: 120 */
#include "datasets/registry.h"
#include "spoil.h"

enum { USERS = 40 };

static void everything_declared_catches_a_fault(void **state) {
    (void)state;
    struct seen *seen = calloc(1, sizeof *seen);
    spoil_all(seen, sg_dataset_find("spendsense"), USERS);
    check_seen(seen, sg_dataset_find("spendsense"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_declared_catches_a_fault)};
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
