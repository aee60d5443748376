/* Files published in the background: every name has its content, folders are synced at the end, a failure
 * reaches whoever comes next and leaves no temporary file. labels: quick */
#include <fcntl.h>
#include <unistd.h>

#include "base/fault.h"
#include "folder.h"
#include "io/publisher.h"
#include "io_fixture.h"

enum { FILES = 100 };

static struct sg_error err;

static void path_of(char out[SG_PATH_BYTES], int number, const char *suffix) {
    snprintf(out, SG_PATH_BYTES, "%s/%d/%d%s", folder, number % 3, number, suffix);
}

static bool is_there(int number, const char *suffix) {
    char path[SG_PATH_BYTES];
    path_of(path, number, suffix);
    return access(path, F_OK) == 0;
}

static enum sg_code add(struct sg_publisher *publisher, int number) {
    char temporary[SG_PATH_BYTES], path[SG_PATH_BYTES];
    path_of(temporary, number, ".tmp");
    path_of(path, number, "");
    assert_int_equal(sg_make_parents(path, &err), SG_OK);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, &number, sizeof number), sizeof number);
    return sg_publisher_add(publisher, fd, "shard", temporary, path, &err);
}

static void check_file(int number) {
    char path[SG_PATH_BYTES];
    int content = -1;
    path_of(path, number, "");
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &content, sizeof content), sizeof content);
    close(fd);
    assert_int_equal(content, number);
    assert_int_equal(unlink(path), 0);
}

static void names_have_their_content(void **state) {
    (void)state;
    struct sg_publisher *publisher;
    assert_int_equal(sg_publisher_open(&publisher, &err), SG_OK);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < FILES; i++)
            assert_int_equal(add(publisher, i), SG_OK);
        assert_int_equal(sg_publisher_wait(publisher, &err), SG_OK);
        for (int i = 0; i < FILES; i++)
            check_file(i);
    }
    assert_int_equal(add(publisher, 7), SG_OK);
    sg_publisher_close(publisher); /* ends behind what is pending */
    check_file(7);
    sg_publisher_close(NULL);
}

#ifdef SG_FAULTS
static void a_failure_is_reported_once_and_for_all(void **state) {
    (void)state;
    static const struct {
        const char *fault;
        enum sg_code code;
    } cases[] = {
        {"shard.sync:3:EIO", SG_IO}, {"shard.close:3:ENOSPC", SG_IO}, {"shard.rename:3:EACCES", SG_DENIED}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct sg_publisher *publisher;
        assert_int_equal(sg_publisher_open(&publisher, &err), SG_OK);
        assert_true(sg_fault_arm(cases[c].fault));
        enum sg_code code = SG_OK;
        for (int i = 0; i < FILES && code == SG_OK; i++)
            code = add(publisher, i);
        assert_int_equal(sg_publisher_wait(publisher, &err), cases[c].code);
        assert_non_null(strstr(err.text, folder));
        assert_int_equal(add(publisher, FILES), cases[c].code);
        sg_publisher_close(publisher);
        assert_true(sg_fault_arm(NULL));
        for (int i = 0; i <= FILES; i++) {
            assert_false(is_there(i, ".tmp"));
            assert_int_equal(is_there(i, ""), i < 2);
        }
        check_file(0);
        check_file(1);
    }
}

static void folders_are_synced_at_the_end(void **state) {
    (void)state;
    struct sg_publisher *publisher;
    for (int i = 0; i < 3; i++) { /* their folders shall be there */
        char path[SG_PATH_BYTES];
        path_of(path, i, "");
        assert_int_equal(sg_make_parents(path, &err), SG_OK);
    }
    assert_int_equal(sg_publisher_open(&publisher, &err), SG_OK);
    assert_true(sg_fault_arm("folder.sync:3:EIO")); /* three folders, whatever the number of files */
    for (int i = 0; i < FILES; i++)
        assert_int_equal(add(publisher, i), SG_OK);
    assert_int_equal(sg_publisher_wait(publisher, &err), SG_IO);
    assert_true(sg_fault_arm("folder.sync:1:EIO"));
    assert_int_equal(sg_publisher_wait(publisher, &err), SG_OK);
    sg_publisher_close(publisher);
    assert_true(sg_fault_arm(NULL));
    for (int i = 0; i < FILES; i++)
        check_file(i);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_their_content),
#ifdef SG_FAULTS
        cmocka_unit_test(a_failure_is_reported_once_and_for_all),
        cmocka_unit_test(folders_are_synced_at_the_end),
#endif
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
