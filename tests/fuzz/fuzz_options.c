/* Command lines: any words are options or refused with one message, and no message shows a password.
 *
 * An input is the words, a line each. */
#include "app/options.h"
#include "fuzz.h"

enum { WORDS_MAX = 32 };
static const char password[] = "hunter2secret";

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    static const char *const lines[] = {
        "--env\nproduction\n--seed=18446744073709551615\n--as-of\n2026-02-28\n--no-load",
        "load\n/tmp/x\n--database\npostgresql://me:hunter2secret@host/db?sslmode=disable\n--connections=3",
        "load\n--database=host=h password=hunter2secret dbname=d\n--partition-rows\n0",
        "--dataset\nspendsense\n--users\n1000\n--format=parquet\n--tables\nprofiles,accounts\n--only\nuser=7",
        "explain\ntap_events:12345678.volume_ml\n--accounts\n300",
        "cat\n/tmp/x\ntap_events\n--rows\n5-9\n--json",
        "run\n--part=2/7\n--threads=2\n--compress\nnone\n--level\n-3\n--anomalies\n0.01",
        "customers\n--count\n10\n--output\n-\n--seed\n1",
        "help\nverify",
    };
    const char *line = lines[seed % (sizeof lines / sizeof *lines)];
    return fuzz_copy(line, strlen(line), out, max);
}

/* Does the input hold the password once, and there where a URL or a connection string has it? */
static bool holds_secret(const char *text) {
    const char *found = strstr(text, password);
    if (!found || strstr(found + 1, password)) return false;
    return strstr(text, "://me:hunter2secret@host/") || strstr(text, "=host=h password=hunter2secret ");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *words[WORDS_MAX + 2] = {"synthgen-hpc"}, shown[4 * SG_URL_BYTES] = "";
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    bool secret = holds_secret(text);
    int count = 1;
    for (char *at = text; at && count <= WORDS_MAX;)
        words[count++] = strsep(&at, "\n");
    struct sg_options *options = calloc(1, sizeof *options);
    struct sg_error err = {0};
    enum sg_code code = sg_options_parse(options, count, words, &err);
    FUZZ_DEMAND(code == SG_OK || err.text[0], "code %d without a message", code);
    FUZZ_DEMAND(!secret || !strstr(err.text, password), "%s", err.text);
    if (code == SG_OK) {
        if (options->dataset) sg_options_reproduce(options, shown, sizeof shown);
        FUZZ_DEMAND(!secret || !strstr(shown, password), "%s", shown);
        sg_options_text(options, shown, sizeof shown);
        sg_url_redact(options->database_url, shown, sizeof shown);
        FUZZ_DEMAND(!secret || !strstr(shown, password), "%s", shown);
    }
    free(options);
    free(text);
    return 0;
}
