/* Releases counts: each whole number of standard input, one a line, with noise, and on standard error what it cost.
 *
 *     cc noise.c $(pkg-config --cflags --libs chatham-dp) -o noise
 *     ./noise 0.5 3 <counts
 *
 * The first argument is epsilon for all counts together, the second how many of the counts one unit (a person, a
 * member) is in at most: each unit changes each of these by 1. Which lines there are must not depend on the units. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <dp/sampler.h>
#include <dp/zcdp.h>

static void release(const struct dp_sampler *sampler, struct dp_stream *stream)
{
    int64_t count;
    while (scanf("%" SCNd64, &count) == 1)
        printf("%" PRId64 "\n", dp_sampler_add(sampler, stream, count));
}

static void tell_cost(struct dp_epsilon epsilon, struct dp_ratio rate)
{
    char spent[DP_EPSILON_TEXT], loss[DP_ZCDP_TEXT];
    dp_epsilon_text(epsilon, spent);
    dp_zcdp_text(dp_zcdp_of_pure(epsilon), loss);
    fprintf(stderr, "epsilon %s, %s; 95 of 100 within %" PRIu64 "\n", spent, loss,
            dp_laplace_bound(rate, (struct dp_ratio){1, 20}));
}

int main(int argc, char **argv)
{
    struct dp_epsilon epsilon;
    struct dp_ratio rate;
    struct dp_sampler *sampler = NULL;
    struct dp_stream *stream = NULL;
    if (argc != 3 || dp_epsilon_parse(bytes_str(argv[1]), &epsilon) != OK ||
        dp_laplace_rate(epsilon, strtoull(argv[2], NULL, 10), &rate) != OK) {
        fprintf(stderr, "usage: noise EPSILON COUNTS-OF-ONE-UNIT <counts\n");
        return 2;
    }
    enum status status = dp_sampler_laplace(rate, &sampler);
    if (status == OK)
        status = dp_stream_new(random_system(), &stream);
    if (status == OK) {
        release(sampler, stream);
        tell_cost(epsilon, rate);
    } else {
        fprintf(stderr, "noise: %s\n", status_text(status));
    }
    dp_stream_free(stream);
    dp_sampler_free(sampler);
    return status_exit(status);
}
