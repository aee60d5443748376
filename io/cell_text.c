/* Tables behind the cell writers, and the slow path of their date cache. */
#include "io/cell_text.h"

const char sg_digit_pairs[201] = "00010203040506070809101112131415161718192021222324"
                                 "25262728293031323334353637383940414243444546474849"
                                 "50515253545556575859606162636465666768697071727374"
                                 "75767778798081828384858687888990919293949596979899";

const uint64_t sg_powers_of_ten[SG_SCALE_MAX + 1] = {1ull,
                                                     10ull,
                                                     100ull,
                                                     1000ull,
                                                     10000ull,
                                                     100000ull,
                                                     1000000ull,
                                                     10000000ull,
                                                     100000000ull,
                                                     1000000000ull,
                                                     10000000000ull,
                                                     100000000000ull,
                                                     1000000000000ull,
                                                     10000000000000ull,
                                                     100000000000000ull,
                                                     1000000000000000ull,
                                                     10000000000000000ull,
                                                     100000000000000000ull,
                                                     1000000000000000000ull};

const char sg_copy_escape[256] = {
    ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\v'] = 'v', ['\\'] = '\\'};

void sg_date_cache_fill(struct sg_date_cache *cache, int64_t day) {
    cache->day = day;
    if (day >= cache->month_first && day < cache->month_end) {
        sg_put_pair(cache->text + 8, (uint32_t)(day - cache->month_first) + 1);
        return;
    }
    if (day < SG_DAY_MIN || day > SG_DAY_MAX) {
        cache->out_of_range = true;
        day = 0;
    }
    struct sg_civil civil = sg_civil_from_day((int32_t)day);
    char *out = sg_put_pair(cache->text, (uint32_t)civil.year / 100);
    out = sg_put_pair(out, (uint32_t)civil.year % 100);
    *out++ = '-';
    out = sg_put_pair(out, (uint32_t)civil.month);
    *out++ = '-';
    out = sg_put_pair(out, (uint32_t)civil.day);
    *out = ' ';
    cache->month_first = day - civil.day + 1;
    cache->month_end = cache->month_first + sg_days_in_month(civil.year, civil.month);
}

#define B62_ROW(h)                                                                                           \
    {h, '0'}, {h, '1'}, {h, '2'}, {h, '3'}, {h, '4'}, {h, '5'}, {h, '6'}, {h, '7'}, {h, '8'}, {h, '9'},      \
        {h, 'A'}, {h, 'B'}, {h, 'C'}, {h, 'D'}, {h, 'E'}, {h, 'F'}, {h, 'G'}, {h, 'H'}, {h, 'I'}, {h, 'J'},  \
        {h, 'K'}, {h, 'L'}, {h, 'M'}, {h, 'N'}, {h, 'O'}, {h, 'P'}, {h, 'Q'}, {h, 'R'}, {h, 'S'}, {h, 'T'},  \
        {h, 'U'}, {h, 'V'}, {h, 'W'}, {h, 'X'}, {h, 'Y'}, {h, 'Z'}, {h, 'a'}, {h, 'b'}, {h, 'c'}, {h, 'd'},  \
        {h, 'e'}, {h, 'f'}, {h, 'g'}, {h, 'h'}, {h, 'i'}, {h, 'j'}, {h, 'k'}, {h, 'l'}, {h, 'm'}, {h, 'n'},  \
        {h, 'o'}, {h, 'p'}, {h, 'q'}, {h, 'r'}, {h, 's'}, {h, 't'}, {h, 'u'}, {h, 'v'}, {h, 'w'}, {h, 'x'},  \
        {h, 'y'}, {                                                                                          \
        h, 'z'                                                                                               \
    }

const char sg_base62_pairs[SG_BASE62_PAIRS][2] = {
    B62_ROW('0'), B62_ROW('1'), B62_ROW('2'), B62_ROW('3'), B62_ROW('4'), B62_ROW('5'), B62_ROW('6'),
    B62_ROW('7'), B62_ROW('8'), B62_ROW('9'), B62_ROW('A'), B62_ROW('B'), B62_ROW('C'), B62_ROW('D'),
    B62_ROW('E'), B62_ROW('F'), B62_ROW('G'), B62_ROW('H'), B62_ROW('I'), B62_ROW('J'), B62_ROW('K'),
    B62_ROW('L'), B62_ROW('M'), B62_ROW('N'), B62_ROW('O'), B62_ROW('P'), B62_ROW('Q'), B62_ROW('R'),
    B62_ROW('S'), B62_ROW('T'), B62_ROW('U'), B62_ROW('V'), B62_ROW('W'), B62_ROW('X'), B62_ROW('Y'),
    B62_ROW('Z'), B62_ROW('a'), B62_ROW('b'), B62_ROW('c'), B62_ROW('d'), B62_ROW('e'), B62_ROW('f'),
    B62_ROW('g'), B62_ROW('h'), B62_ROW('i'), B62_ROW('j'), B62_ROW('k'), B62_ROW('l'), B62_ROW('m'),
    B62_ROW('n'), B62_ROW('o'), B62_ROW('p'), B62_ROW('q'), B62_ROW('r'), B62_ROW('s'), B62_ROW('t'),
    B62_ROW('u'), B62_ROW('v'), B62_ROW('w'), B62_ROW('x'), B62_ROW('y'), B62_ROW('z')};
