/* pages: every page of the application and the web site, with its path and title. */
#include <string.h>

#include "datasets/barsaas/activity_catalog.h"
#include "datasets/barsaas/tables.h"

enum column { ID, HOST, PATH, TITLE, AREA, COLUMN_COUNT };

static const char *const hosts[] = {"app.barsaas.example", "www.barsaas.example"};
static const struct sg_enum host_enum = {"page_host", hosts, 2};

static const struct sg_column columns[COLUMN_COUNT] = {
    [ID] = {.name = "id", .type = SG_I16, .origin = {0, 0, "key"}, .note = "Dense key from 1."},
    [HOST] = {.name = "host",
              .type = SG_ENUM,
              .labels = &host_enum,
              .origin = {0, 0, "reference"},
              .note = "Web host: the application, or the public site."},
    [PATH] = {.name = "path",
              .type = SG_TEXT,
              .length_max = 100,
              .origin = {0, 0, "reference"},
              .note = "Path on the host; https://, host and path make the URL."},
    [TITLE] = {.name = "title",
               .type = SG_TEXT,
               .length_max = 100,
               .origin = {0, 0, "reference"},
               .note = "Title of the page as people see it."},
    [AREA] = {.name = "area",
              .type = SG_ENUM,
              .labels = &bs_area_enum,
              .origin = {0, 0, "reference"},
              .note = "Part of the application or site."},
};

static const struct sg_rule rules[] = {
    {.kind = SG_RULE_CONSECUTIVE, .name = "page_ids_dense", .a = "id"},
    {.kind = SG_RULE_UNIQUE, .name = "page_paths_unique", .a = "path"},
};

static uint64_t rows_before(const struct sg_world *world, uint64_t unit) {
    return BS_SINGLE_ROWS_BEFORE(world, unit, BS_PAGES);
}

static enum sg_code generate(const struct sg_world *world, uint64_t unit_first, uint64_t unit_end,
                             struct sg_emitter *e, struct sg_error *err) {
    (void)world;
    for (int i = 0; unit_first < unit_end && i < BS_PAGE_COUNT; i++) {
        size_t room;
        SG_TRY(sg_emitter_room(e, &room, err));
        const struct bs_page *page = &bs_pages[i];
        sg_set_i16(e, ID, (int16_t)(i + 1));
        sg_set_enum(e, HOST, i >= BS_APP_PAGES);
        sg_set_text(e, PATH, page->path, strlen(page->path));
        sg_set_text(e, TITLE, page->title, strlen(page->title));
        sg_set_enum(e, AREA, page->area);
        sg_emitter_advance(e, 1);
    }
    return SG_OK;
}

const struct bs_table_logic bs_table_pages = {
    .declaration = {.name = "pages",
                    .domain = BS_SINGLE,
                    .columns = columns,
                    .column_count = COLUMN_COUNT,
                    .key = {"id"},
                    SG_ARRAY(rules, rule_count, rules),
                    .row_text_bytes = 70,
                    .text_bytes_max = 200,
                    .note = "Pages of the application and the public site, named by page views and web "
                            "sessions."},
    .rows_before = rows_before,
    .generate = generate,
};
