/* Foreign CSV files and their validation: any file is read to its end or refused with the line named, and
 * records never hold more than the file did. */
#include "app/audit_file.h"
#include "fuzz_folder.h"
#include "io/csv_read.h"

static struct ch_audit audit;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    struct sg_error err = {0};
    FUZZ_DEMAND(ch_audit_open(&audit, &err) == SG_OK, "%s", err.text);
    fuzz_folder_make();
    return 0;
}

static size_t fuzz_example(unsigned seed, uint8_t *out, size_t max) {
    static const char head[] =
        "customer_id,first_name,last_name,email,age,state,city,employment_status,card_type,credit_limit,"
        "account_open_date,customer_segment,decline_type\r\n";
    static const char *const rows[] = {
        "CUST00000001,Ann,Lee,ann.lee@example.com,30,CA,Fresno,Employed,Standard,25000,2024-01-05,Budget-"
        "Conscious,\r\n",
        "CUST00000002,\"Bo \"\"B\"\"\",\"Ray, "
        "Jr\",bo@example.com,44,TX,\"Fort\nWorth\",Retired,Premium,50000,2023-02-28,"
        "Declining,gradual\n",
        "\n",
    };
    size_t size = fuzz_copy(head, sizeof head - 1, out, max);
    for (unsigned i = 0; i < seed % 6; i++) {
        const char *row = rows[(seed / 6 + i) % 3];
        size += fuzz_copy(row, strlen(row), out + size, max - size);
    }
    return size;
}

static void read_records(const char *path, size_t file_bytes) {
    struct sg_csv *csv;
    struct sg_error err = {0};
    const struct sg_csv_field *fields;
    size_t count = 1, bytes = 0;
    enum sg_code code = sg_csv_open(&csv, path, &err);
    uint64_t line = 0;
    while (code == SG_OK && (code = sg_csv_next(csv, &fields, &count, &err)) == SG_OK && count > 0) {
        for (size_t i = 0; i < count; i++) {
            bytes += fields[i].size;
            FUZZ_DEMAND(fields[i].text[fields[i].size] == '\0', "field %zu does not end", i);
        }
        FUZZ_DEMAND(sg_csv_line(csv) > line, "line %lu after %lu", (unsigned long)sg_csv_line(csv),
                    (unsigned long)line);
        line = sg_csv_line(csv);
    }
    FUZZ_DEMAND(code == SG_OK || (code == SG_CORRUPT && err.text[0]), "code %d: %s", code, err.text);
    FUZZ_DEMAND(bytes <= file_bytes, "%zu bytes of %zu", bytes, file_bytes);
    sg_csv_close(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[128];
    struct sg_error err = {0};
    fuzz_file_write("customers.csv", data, size);
    snprintf(path, sizeof path, "%s/customers.csv", fuzz_folder);
    read_records(path, size);
    enum sg_code code = sg_audit_file(&audit, path, &err);
    FUZZ_DEMAND(code == SG_OK || err.text[0], "code %d without a message", code);
    ch_audit_end(&audit);
    return 0;
}
