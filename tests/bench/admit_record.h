/* A contribution of 4 KiB: as many synthetic candidates as it takes. */
#pragma once

#include "tests/bench/synthetic.h"

#define BENCH_RECORD_BYTES 4096

static inline void bench_record(uint64_t number, struct buf *record)
{
    for (size_t candidates = 10; record->size < BENCH_RECORD_BYTES - 256; candidates++) {
        buf_clear(record);
        synthetic_record(number * 7, candidates, record);
    }
}
