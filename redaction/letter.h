/* What stands in lines with a name: a letter's head, a signature, a visiting card. Names and addresses are found by
 * then; between them stand positions and organisations that no list has (UPU S42: addressee, role, organisation, then
 * street and locality). */
#pragma once

#include "redaction/detect.h"

/* Add what the lines beneath names tell. The first `sorted` of scan->finds are in order and apart; only these are
 * looked at. */
void letter_scan(struct scan *scan, size_t sorted);
