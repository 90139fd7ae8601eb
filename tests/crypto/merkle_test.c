/* Merkle trees: the test tree of certificate transparency, every size up to 70 against a naive recursion written from
 * the RFC's definitions, and refusal of every altered proof. */
#include "crypto/merkle.h"

#include "base/hash.h"
#include "tests/crypto/hex.h"

#define SIZES 70
#define LEVELS 8

/* --- a tree kept in memory --- */

struct tree {
    uint8_t nodes[LEVELS][128][MERKLE_BYTES];
    bool have[LEVELS][128];
    unsigned fail_after; /* 0: never */
};

static enum status read_node(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    struct tree *tree = state;
    if (tree->fail_after && --tree->fail_after == 0)
        return ERR_IO;
    assert_true(level < LEVELS && index < 128 && tree->have[level][index]);
    memcpy(out, tree->nodes[level][index], MERKLE_BYTES);
    return OK;
}

static enum status store_node(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    struct tree *tree = state;
    assert_true(level < LEVELS && index < 128 && !tree->have[level][index]);
    memcpy(tree->nodes[level][index], hash, MERKLE_BYTES);
    tree->have[level][index] = true;
    return OK;
}

static struct merkle_source source_of(struct tree *tree)
{
    return (struct merkle_source){read_node, tree};
}

static void append(struct tree *tree, uint64_t index, struct bytes entry)
{
    uint8_t leaf[MERKLE_BYTES];
    merkle_leaf(entry, leaf);
    assert_int_equal(merkle_append(source_of(tree), store_node, tree, index, leaf), OK);
}

/* --- the definitions of RFC 9162, 2.1.1, 2.1.3.1, 2.1.4.1, written down naively --- */

static uint8_t leaves[SIZES][MERKLE_BYTES];

static size_t below(size_t n)
{
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static void naive_mth(const uint8_t (*d)[MERKLE_BYTES], size_t n, uint8_t *out)
{
    uint8_t both[1 + 2 * MERKLE_BYTES] = {1};
    if (n == 1) {
        memcpy(out, d[0], MERKLE_BYTES);
        return;
    }
    naive_mth(d, below(n), both + 1);
    naive_mth(d + below(n), n - below(n), both + 1 + MERKLE_BYTES);
    hash_sha256(bytes_of(both, sizeof both), out);
}

static void naive_path(size_t m, const uint8_t (*d)[MERKLE_BYTES], size_t n, struct merkle_proof *proof)
{
    if (n == 1)
        return;
    size_t k = below(n);
    if (m < k) {
        naive_path(m, d, k, proof);
        naive_mth(d + k, n - k, proof->hashes[proof->count++]);
        return;
    }
    naive_path(m - k, d + k, n - k, proof);
    naive_mth(d, k, proof->hashes[proof->count++]);
}

static void naive_subproof(size_t m, const uint8_t (*d)[MERKLE_BYTES], size_t n, bool whole, struct merkle_proof *proof)
{
    if (m == n) {
        if (!whole)
            naive_mth(d, n, proof->hashes[proof->count++]);
        return;
    }
    size_t k = below(n);
    if (m <= k) {
        naive_subproof(m, d, k, whole, proof);
        naive_mth(d + k, n - k, proof->hashes[proof->count++]);
        return;
    }
    naive_subproof(m - k, d + k, n - k, false, proof);
    naive_mth(d, k, proof->hashes[proof->count++]);
}

static struct tree big;

static int grow_big(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < SIZES; i++) {
        uint8_t entry[2] = {(uint8_t)i, 42};
        merkle_leaf(bytes_of(entry, 2), leaves[i]);
        append(&big, i, bytes_of(entry, 2));
    }
    return 0;
}

/* --- known answers --- */

/* The eight leaves and the roots of sizes 1 to 8 that the certificate-transparency implementations test with. */
static const char *const ct_leaves[] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
static const char *const ct_roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                       "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                       "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                       "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                       "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                       "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                       "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

static void certificate_transparency_tree(void **state)
{
    (void)state;
    struct tree tree = {0};
    uint8_t root[MERKLE_BYTES];
    assert_int_equal(merkle_root(source_of(&tree), 0, root), OK);
    assert_hex(bytes_of(root, sizeof root), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (uint64_t i = 0; i < 8; i++) {
        SCOPED_BUF struct buf entry = {0};
        hex_to(ct_leaves[i], &entry);
        append(&tree, i, buf_bytes(&entry));
        assert_int_equal(merkle_root(source_of(&tree), i + 1, root), OK);
        assert_hex(bytes_of(root, sizeof root), ct_roots[i]);
    }
}

/* --- every size --- */

static void assert_same_proof(const struct merkle_proof *got, const struct merkle_proof *want)
{
    assert_int_equal(got->count, want->count);
    assert_memory_equal(got->hashes, want->hashes, want->count * MERKLE_BYTES);
}

static void roots(uint64_t size, uint8_t *out)
{
    uint8_t naive[MERKLE_BYTES];
    assert_int_equal(merkle_root(source_of(&big), size, out), OK);
    naive_mth(leaves, size, naive);
    assert_memory_equal(out, naive, MERKLE_BYTES);
}

static void inclusion_of_every_leaf(void **state)
{
    (void)state;
    uint8_t root[MERKLE_BYTES];
    for (uint64_t size = 1; size <= SIZES; size++) {
        roots(size, root);
        for (uint64_t i = 0; i < size; i++) {
            struct merkle_proof proof, naive = {0};
            assert_int_equal(merkle_prove_inclusion(source_of(&big), i, size, &proof), OK);
            naive_path(i, leaves, size, &naive);
            assert_same_proof(&proof, &naive);
            assert_int_equal(merkle_check_inclusion(leaves[i], i, size, &proof, root), OK);
        }
    }
}

static void consistency_of_every_pair(void **state)
{
    (void)state;
    uint8_t root[MERKLE_BYTES], old[MERKLE_BYTES];
    for (uint64_t size = 1; size <= SIZES; size++) {
        roots(size, root);
        for (uint64_t from = 1; from <= size; from++) {
            struct merkle_proof proof, naive = {0};
            roots(from, old);
            assert_int_equal(merkle_prove_consistency(source_of(&big), from, size, &proof), OK);
            naive_subproof(from, leaves, size, true, &naive);
            assert_same_proof(&proof, &naive);
            assert_int_equal(merkle_check_consistency(from, old, size, root, &proof), OK);
        }
    }
}

/* --- refusals --- */

static void altered_inclusion_is_refused(void **state)
{
    (void)state;
    uint8_t root[MERKLE_BYTES];
    for (uint64_t size = 1; size <= 33; size++) {
        roots(size, root);
        for (uint64_t i = 0; i < size; i++) {
            struct merkle_proof proof;
            assert_int_equal(merkle_prove_inclusion(source_of(&big), i, size, &proof), OK);
            for (size_t k = 0; k < proof.count; k++)
                for (size_t byte = 0; byte < MERKLE_BYTES; byte += 5) {
                    proof.hashes[k][byte] ^= 1;
                    assert_int_equal(merkle_check_inclusion(leaves[i], i, size, &proof, root), ERR_DENIED);
                    proof.hashes[k][byte] ^= 1;
                }
            for (uint64_t other = 0; other < size + 2; other++)
                if (other != i)
                    assert_int_equal(merkle_check_inclusion(leaves[i], other, size, &proof, root), ERR_DENIED);
            assert_int_equal(merkle_check_inclusion(leaves[(i + 1) % SIZES], i, size, &proof, root), ERR_DENIED);
            assert_int_equal(merkle_check_inclusion(leaves[i], i, size, &proof, leaves[i]),
                             size == 1 ? OK : ERR_DENIED);
            proof.count++;
            assert_int_equal(merkle_check_inclusion(leaves[i], i, size, &proof, root), ERR_DENIED);
            proof.count--;
            if (proof.count == 0)
                continue;
            proof.count--;
            assert_int_equal(merkle_check_inclusion(leaves[i], i, size, &proof, root), ERR_DENIED);
        }
    }
}

static void altered_consistency_is_refused(void **state)
{
    (void)state;
    uint8_t root[MERKLE_BYTES], old[MERKLE_BYTES], bad[MERKLE_BYTES];
    for (uint64_t size = 1; size <= 33; size++) {
        roots(size, root);
        for (uint64_t from = 1; from <= size; from++) {
            struct merkle_proof proof;
            roots(from, old);
            assert_int_equal(merkle_prove_consistency(source_of(&big), from, size, &proof), OK);
            for (size_t k = 0; k < proof.count; k++)
                for (size_t byte = 0; byte < MERKLE_BYTES; byte += 5) {
                    proof.hashes[k][byte] ^= 1;
                    assert_int_equal(merkle_check_consistency(from, old, size, root, &proof), ERR_DENIED);
                    proof.hashes[k][byte] ^= 1;
                }
            memcpy(bad, old, sizeof bad);
            bad[3] ^= 1;
            assert_int_equal(merkle_check_consistency(from, bad, size, root, &proof), ERR_DENIED);
            memcpy(bad, root, sizeof bad);
            bad[30] ^= 1;
            assert_int_equal(merkle_check_consistency(from, old, size, bad, &proof), ERR_DENIED);
            proof.count++;
            assert_int_equal(merkle_check_consistency(from, old, size, root, &proof), ERR_DENIED);
            if (proof.count < 2)
                continue;
            proof.count -= 2;
            assert_int_equal(merkle_check_consistency(from, old, size, root, &proof), ERR_DENIED);
        }
    }
}

static void a_rewritten_leaf_is_inconsistent(void **state)
{
    (void)state;
    static struct tree forked;
    uint8_t old[MERKLE_BYTES], root[MERKLE_BYTES];
    struct merkle_proof proof;
    for (uint64_t i = 0; i < 20; i++) {
        uint8_t entry[2] = {(uint8_t)i, i == 4 ? 43 : 42};
        append(&forked, i, bytes_of(entry, 2));
    }
    roots(10, old);
    assert_int_equal(merkle_root(source_of(&forked), 20, root), OK);
    assert_int_equal(merkle_prove_consistency(source_of(&forked), 10, 20, &proof), OK);
    assert_int_equal(merkle_check_consistency(10, old, 20, root, &proof), ERR_DENIED);
}

static void edges(void **state)
{
    (void)state;
    struct merkle_proof proof = {0};
    uint8_t root[MERKLE_BYTES], zero[MERKLE_BYTES] = {0};
    roots(5, root);
    assert_int_equal(merkle_prove_inclusion(source_of(&big), 5, 5, &proof), ERR_USAGE);
    assert_int_equal(merkle_prove_inclusion(source_of(&big), 0, 0, &proof), ERR_USAGE);
    assert_int_equal(merkle_prove_consistency(source_of(&big), 6, 5, &proof), ERR_USAGE);
    assert_int_equal(merkle_prove_consistency(source_of(&big), 0, 5, &proof), OK);
    assert_int_equal(proof.count, 0);
    assert_int_equal(merkle_check_consistency(0, zero, 5, root, &proof), OK);
    assert_int_equal(merkle_check_consistency(6, root, 5, root, &proof), ERR_DENIED); /* a log that shrank */
    proof.count = MERKLE_PROOF_MAX + 1;
    assert_int_equal(merkle_check_consistency(3, root, 5, root, &proof), ERR_DENIED);
    assert_int_equal(merkle_check_inclusion(root, 3, 5, &proof, root), ERR_DENIED);
    assert_int_equal(merkle_root(source_of(&big), UINT64_MAX, root), ERR_USAGE);
}

/* A tree of any size whose leaves are all alike: the hash of a complete subtree depends on its level alone. */
static enum status uniform_node(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    (void)state;
    (void)index;
    uint8_t both[1 + 2 * MERKLE_BYTES] = {1};
    merkle_leaf(bytes_str("same"), out);
    for (unsigned i = 0; i < level; i++) {
        memcpy(both + 1, out, MERKLE_BYTES);
        memcpy(both + 1 + MERKLE_BYTES, out, MERKLE_BYTES);
        hash_sha256(bytes_of(both, sizeof both), out);
    }
    return OK;
}

static void huge_trees(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {(UINT64_C(1) << 32) - 1, (UINT64_C(1) << 32) + 1, (UINT64_C(1) << 40) + 12345,
                                     (UINT64_C(1) << 62) + 7, (UINT64_C(1) << 63) - 1, UINT64_C(1) << 63};
    struct merkle_source source = {uniform_node, NULL};
    uint8_t leaf[MERKLE_BYTES], root[MERKLE_BYTES], old[MERKLE_BYTES];
    struct merkle_proof proof;
    merkle_leaf(bytes_str("same"), leaf);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_int_equal(merkle_root(source, sizes[i], root), OK);
        assert_int_equal(merkle_prove_inclusion(source, sizes[i] - 1, sizes[i], &proof), OK);
        assert_int_equal(merkle_check_inclusion(leaf, sizes[i] - 1, sizes[i], &proof, root), OK);
        uint64_t from = sizes[i] / 3;
        assert_int_equal(merkle_root(source, from, old), OK);
        assert_int_equal(merkle_prove_consistency(source, from, sizes[i], &proof), OK);
        assert_int_equal(merkle_check_consistency(from, old, sizes[i], root, &proof), OK);
        assert_int_equal(merkle_check_consistency(from + 1, old, sizes[i], root, &proof), ERR_DENIED);
    }
}

static void a_failing_source_is_reported(void **state)
{
    (void)state;
    struct merkle_proof proof;
    uint8_t root[MERKLE_BYTES];
    big.fail_after = 2;
    assert_int_equal(merkle_root(source_of(&big), 7, root), ERR_IO);
    big.fail_after = 3;
    assert_int_equal(merkle_prove_inclusion(source_of(&big), 2, 7, &proof), ERR_IO);
    assert_int_equal(proof.count, 0);
    big.fail_after = 1;
    assert_int_equal(merkle_prove_consistency(source_of(&big), 3, 7, &proof), ERR_IO);
    big.fail_after = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_transparency_tree),
        cmocka_unit_test(inclusion_of_every_leaf),
        cmocka_unit_test(consistency_of_every_pair),
        cmocka_unit_test(altered_inclusion_is_refused),
        cmocka_unit_test(altered_consistency_is_refused),
        cmocka_unit_test(a_rewritten_leaf_is_inconsistent),
        cmocka_unit_test(edges),
        cmocka_unit_test(huge_trees),
        cmocka_unit_test(a_failing_source_is_reported),
    };
    return cmocka_run_group_tests(tests, grow_big, NULL);
}
