/* Numbers as people read them. */
#ifndef SG_APP_NUMBERS_H
#define SG_APP_NUMBERS_H

/* Pure. 1234567 -> "1.23 M". */
void sg_short_number(double value, char out[16]);

#endif
