/* Learning, asking, counting. */
#include "audits/reconstruction/contest.h"

#include "audits/reconstruction/ranking.h"

struct tally {
    size_t first, top;
};

static enum status ask(const struct contest *contest, struct adversary *adversary, struct random random,
                       struct tally *choosing, struct tally *counted)
{
    size_t count = contest->privates.count;
    SCOPED_MEM double *scores = mem_new(count, sizeof *scores);
    if (!scores)
        return ERR_MEMORY;
    for (size_t i = 0; i < contest->asked; i++) {
        const double *all = contest->given ? contest->given + i * count : scores;
        if (adversary) {
            adversary_score(adversary, contest->updates + i * contest->shadows.width, contest->steps[i], scores);
            all = scores;
        }
        size_t truth = contest->truths[i], block = truth / contest->pool * contest->pool;
        size_t place = ranking_place(all + block, contest->pool, truth - block, random);
        struct tally *tally = i < contest->choosing ? choosing : counted;
        tally->first += place == 0;
        tally->top += place < CONTEST_TOP;
    }
    return OK;
}

static enum status learn_and_ask(const struct contest *contest, size_t kind, struct random random,
                                 struct tally *choosing, struct tally *counted)
{
    struct adversary *adversary = NULL;
    if (kind != CONTEST_GIVEN)
        TRY(adversary_learn((enum adversary_kind)kind, &contest->shadows, &contest->privates, contest->epochs, random,
                            &adversary));
    enum status status = ask(contest, adversary, random, choosing, counted);
    adversary_free(adversary);
    return status;
}

enum status contest_run(const struct contest *contest, struct random random, struct contest_outcome *out)
{
    size_t best = 0;
    uint64_t seed = random_u64(random);
    *out = (struct contest_outcome){.counted = contest->asked - contest->choosing};
    for (size_t kind = 0; kind < CONTEST_KINDS; kind++) {
        struct tally choosing = {0}, counted = {0};
        struct random_seeded seeded;
        TRY(learn_and_ask(contest, kind, random_seeded_start(&seeded, seed + kind), &choosing, &counted));
        out->hits[kind].first = counted.first;
        out->hits[kind].top = counted.top;
        size_t strength =
            choosing.first * (contest->asked + 1) + choosing.top; /* by the first place, then by the top */
        if (kind == 0 || strength > best) {
            best = strength;
            out->strongest = kind;
        }
    }
    return OK;
}
