/* What a character looks like in ASCII: letters and digits of other alphabets, sizes and frames that a reader takes for
 * Latin ones. Sources: Unicode Character Database 15.0 (NFKD base characters, general category Nd) and the confusables
 * of UTS 39 for letters that only look alike. */
#pragma once

#include <stdint.h>

#define FOLD_STAYS 0
#define FOLD_DROPS 0xff /* invisible, or a mark upon the letter before it */

/* The ASCII byte that a code point over U+007F becomes, FOLD_DROPS or FOLD_STAYS. */
uint8_t fold(uint32_t point);
