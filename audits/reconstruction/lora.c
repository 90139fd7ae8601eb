/* Finding pairs, and projecting them from both sides. */
#include "audits/reconstruction/lora.h"

#include <math.h>
#include <stdio.h>

#include "base/hash.h"

#define NAME_MAX_BYTES 1024
#define PROJECTION_MAX 1e15 /* more is no update of any model */

static const struct {
    const char *a, *b;
} words[] = {{"lora_A", "lora_B"}, {"lora_down", "lora_up"}};

static enum status refuse(struct why *why, const char *text)
{
    return why_set(why, ERR_INPUT, text, "adapter", 0);
}

/* --- pairs --- */

static const struct tensor *find(const struct safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->items[i].name, name) == 0)
            return &file->items[i];
    return NULL;
}

/* The tensor whose name has `to` where this one has `from`; NULL: this one does not have it, or there is none. */
static const struct tensor *other(const struct safetensors *file, const struct tensor *tensor, const char *from,
                                  const char *to)
{
    char name[NAME_MAX_BYTES];
    const char *at = strstr(tensor->name, from);
    if (!at)
        return NULL;
    int wanted = snprintf(name, sizeof name, "%.*s%s%s", (int)(at - tensor->name), tensor->name, to, at + strlen(from));
    return wanted > 0 && (size_t)wanted < sizeof name ? find(file, name) : NULL;
}

static bool has_product(const struct tensor *a, const struct tensor *b)
{
    return a->dimensions == 2 && b->dimensions == 2 && a->shape[0] == b->shape[1] && a->shape[0] > 0 &&
           a->count <= LORA_NUMBERS_MAX && b->count <= LORA_NUMBERS_MAX && a->count > 0 && b->count > 0;
}

/* --- a sketch --- */

struct matrices {
    size_t rank, inputs, outputs;
    float *a, *b;    /* owned */
    double *av, *ub; /* owned: of length rank */
};

static void matrices_free(struct matrices *matrices)
{
    mem_free(matrices->a);
    mem_free(matrices->b);
    mem_free(matrices->av);
    mem_free(matrices->ub);
}

static enum status matrices_read(const struct tensor *a, const struct tensor *b, struct matrices *out)
{
    *out = (struct matrices){.rank = a->shape[0],
                             .inputs = a->shape[1],
                             .outputs = b->shape[0],
                             .a = mem_new(a->count, sizeof *out->a),
                             .b = mem_new(b->count, sizeof *out->b),
                             .av = mem_new(a->shape[0], sizeof *out->av),
                             .ub = mem_new(a->shape[0], sizeof *out->ub)};
    if (!out->a || !out->b || !out->av || !out->ub)
        return ERR_MEMORY;
    TRY(tensor_numbers(a, out->a));
    return tensor_numbers(b, out->b);
}

struct signs { /* random ones, 64 at a time */
    uint64_t seed, block, bits;
};

static double sign_at(struct signs *signs, size_t i)
{
    if (i % 64 == 0) {
        signs->block = i / 64;
        signs->bits = hash_mix64(bytes_of(&signs->block, sizeof signs->block), signs->seed);
    }
    return signs->bits >> (i % 64) & 1 ? 1 : -1;
}

/* u' B A v */
static double project(const struct matrices *matrices, uint64_t name, size_t place)
{
    struct signs v = {.seed = name + 2 * place}, u = {.seed = name + 2 * place + 1};
    memset(matrices->av, 0, matrices->rank * sizeof *matrices->av);
    memset(matrices->ub, 0, matrices->rank * sizeof *matrices->ub);
    for (size_t i = 0; i < matrices->inputs; i++) {
        double sign = sign_at(&v, i);
        for (size_t r = 0; r < matrices->rank; r++)
            matrices->av[r] += sign * (double)matrices->a[r * matrices->inputs + i];
    }
    for (size_t o = 0; o < matrices->outputs; o++) {
        double sign = sign_at(&u, o);
        for (size_t r = 0; r < matrices->rank; r++)
            matrices->ub[r] += sign * (double)matrices->b[o * matrices->rank + r];
    }
    double sum = 0;
    for (size_t r = 0; r < matrices->rank; r++)
        sum += matrices->av[r] * matrices->ub[r];
    return sum;
}

static enum status add_projections(const struct matrices *matrices, uint64_t name, float out[static LORA_WIDTH])
{
    for (size_t place = 0; place < LORA_WIDTH; place++) {
        double value = project(matrices, name, place) / sqrt(LORA_WIDTH);
        if (!(fabs(value) < PROJECTION_MAX))
            return ERR_INPUT;
        out[place] += (float)value;
    }
    return OK;
}

static enum status add_pair(const struct tensor *a, const struct tensor *b, float out[static LORA_WIDTH],
                            struct why *why)
{
    struct matrices matrices = {0};
    if (!has_product(a, b))
        return refuse(why, "the shapes of a pair make no product");
    enum status status = matrices_read(a, b, &matrices);
    if (status == OK)
        status = add_projections(&matrices, hash_mix64(bytes_str(a->name), 5), out);
    matrices_free(&matrices);
    return status == ERR_INPUT ? refuse(why, "a matrix has numbers of no floating type, or that are out of all measure")
                               : status;
}

enum status lora_sketch(const struct safetensors *file, float out[static LORA_WIDTH], struct why *why)
{
    size_t pairs = 0;
    memset(out, 0, LORA_WIDTH * sizeof *out);
    for (size_t i = 0; i < file->count; i++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            const struct tensor *tensor = &file->items[i];
            bool is_a = strstr(tensor->name, words[w].a) != NULL;
            if (!is_a && !strstr(tensor->name, words[w].b))
                continue;
            const struct tensor *b =
                is_a ? other(file, tensor, words[w].a, words[w].b) : other(file, tensor, words[w].b, words[w].a);
            if (!b)
                return refuse(why, "a matrix of a pair is there without the other");
            if (!is_a)
                continue;
            TRY(add_pair(tensor, b, out, why));
            pairs++;
        }
    return pairs > 0 ? OK : refuse(why, "no pair of matrices of a low-rank adapter");
}
