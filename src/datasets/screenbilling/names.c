/* Names and e-mail addresses of customers: businesses called after people, at domains kept for examples. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "datasets/screenbilling/screenbilling.h"
#include "reference/reference.h"

static const char *const businesses[] = {
    "Fitness", "Dental", "Bakery",    "Pharmacy", "Coffee",    "Hotels",  "Motors",  "Optics",
    "Outdoor", "Pizza",  "Clinic",    "Hardware", "Cinemas",   "Grocers", "Brewing", "Realty",
    "Salons",  "Sports", "Logistics", "Museum",   "Furniture", "Garden"};
static const char *const domains[] = {"example.com", "example.net", "example.org"};

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof *(array_))

static struct sg_block person(const struct sg_world *world, uint64_t number) {
    struct sg_source source = sg_source(world->run.seed, SB_DATASET_ID, SB_CUSTOMERS);
    return sg_draw(&source, number, SB_STREAM_PERSON, 0);
}

size_t sb_customer_name(const struct sg_world *world, uint64_t number, char out[SB_NAME_BYTES]) {
    struct sg_block w = person(world, number);
    return (size_t)snprintf(out, SB_NAME_BYTES, "%s %s", sg_last_name(w.w[1]),
                            businesses[sg_below(w.w[2], COUNT(businesses))]);
}

size_t sb_customer_email(const struct sg_world *world, uint64_t number, char out[SB_EMAIL_BYTES]) {
    struct sg_block w = person(world, number);
    size_t length =
        (size_t)snprintf(out, SB_EMAIL_BYTES, "%s.%s.%" PRIu64 "@%s", sg_first_name(w.w[0]),
                         sg_last_name(w.w[1]), number + 1, domains[sg_below(w.w[3], COUNT(domains))]);
    for (size_t i = 0; i < length; i++)
        out[i] = (char)tolower((unsigned char)out[i]);
    return length;
}
