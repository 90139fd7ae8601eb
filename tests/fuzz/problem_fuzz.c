/* Answers that may be problem documents (first byte: which HTTP status they came with), and proofs. */
#include "protocol/problem.h"

#include "protocol/proof.h"
#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes input = bytes_of(data + 1, size - 1);
    SCOPED_BUF struct buf again = {0};
    struct merkle_proof proof, second;
    INVARIANT(problem_decode(input, 400 + data[0] % 128) != OK);
    if (proof_decode(input, &proof, NULL) != OK)
        return 0;
    INVARIANT(proof_encode(&proof, &again) == OK && proof_decode(buf_bytes(&again), &second, NULL) == OK);
    INVARIANT(proof.count == second.count && memcmp(proof.hashes, second.hashes, proof.count * MERKLE_BYTES) == 0);
    return 0;
}
