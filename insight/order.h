/* The order in which a library is worth reading: widest support first, then what speaks most clearly for or against,
 * then what is shortest, then by id. */
#pragma once

#include "protocol/library.h"

/* Indices into library->insights; the caller frees with mem_free. NULL: out of memory. */
uint32_t *library_order(const struct library *library);
