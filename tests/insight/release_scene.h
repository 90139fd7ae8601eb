/* A round made by hand, for tests of selection: candidates with their tenants, and what a distiller says of them. */
#pragma once

#include "tests/insight/candidates.h"

#include "insight/release.h"

enum { MOST = 40 };
static struct redactor *redactor; /* between start and stop */

struct scene {
    struct candidate candidates[MOST];
    struct release_row rows[MOST];
    size_t count;
    struct proposal items[MOST];
    struct proposals proposals;
    struct policy policy;
    const char *const *canaries;
    struct library library;
    struct release_report report;
};

static inline int start(void **state)
{
    (void)state;
    struct why why = {0};
    return redactor_new(BYTES_NONE, NULL, &redactor, &why) == OK ? 0 : -1;
}

static inline int stop(void **state)
{
    (void)state;
    redactor_free(redactor);
    return 0;
}

static inline void open_scene(struct scene *scene, uint32_t k)
{
    *scene = (struct scene){0};
    policy_default(&scene->policy);
    scene->policy.k = k;
    scene->policy.min_tasks = 1;
}

static inline void add(struct scene *scene, uint32_t tenant, struct spec spec)
{
    scene->candidates[scene->count] = make_candidate(spec);
    scene->rows[scene->count].tenant = tenant;
    memcpy(scene->rows[scene->count].task, scene->candidates[scene->count].task, TASK_TAG_BYTES);
    scene->count++;
}

static inline struct proposal *propose(struct scene *scene, struct spec spec, const uint32_t *support, size_t count)
{
    struct proposal *proposal = &scene->items[scene->proposals.count++];
    scene->proposals.items = scene->items;
    proposal->text = make_candidate(spec);
    proposal->support = mem_new(count, sizeof *support);
    memcpy(proposal->support, support, count * sizeof *support);
    proposal->support_count = count;
    return proposal;
}

static inline struct proposal *propose_all(struct scene *scene, struct spec spec)
{
    uint32_t support[MOST];
    for (uint32_t i = 0; i < scene->count; i++)
        support[i] = i;
    return propose(scene, spec, support, scene->count);
}

static inline enum status release(struct scene *scene)
{
    library_free(&scene->library);
    scene->library = (struct library){0};
    struct release_input input = {.candidates = scene->candidates,
                                  .rows = scene->rows,
                                  .count = scene->count,
                                  .proposals = &scene->proposals,
                                  .policy = &scene->policy,
                                  .redactor = redactor,
                                  .canaries = scene->canaries};
    return release_select(&input, &scene->library, &scene->report);
}

static inline void close_scene(struct scene *scene)
{
    library_free(&scene->library);
    free_candidates(scene->candidates, scene->count);
    for (size_t i = 0; i < scene->proposals.count; i++) {
        candidate_free(&scene->items[i].text);
        mem_free(scene->items[i].support);
        mem_free(scene->items[i].links);
    }
}

/* The insights as one text, to compare releases. */
static inline char *release_text(struct scene *scene)
{
    assert_int_equal(release(scene), OK);
    SCOPED_BUF struct buf out = {0};
    for (size_t i = 0; i < scene->library.insight_count; i++) {
        SCOPED_JSON struct json *encoded = insight_encode(&scene->library.insights[i]);
        assert_int_equal(json_canonical(encoded, &out), OK);
        buf_add_byte(&out, '\n');
    }
    assert_int_equal(buf_status(&out), OK);
    return mem_copy(buf_bytes(&out));
}

static const struct spec shared = {.kind = CANDIDATE_RECOVERY,
                                   .when = "a booking is refused because payments do not add up",
                                   .act = "recompute bags and insurance|compare the total with the payments",
                                   .avoid = "charging the card a second time",
                                   .why = "the call does not check the parts",
                                   .tool = "book_reservation",
                                   .outcome = OUTCOME_SUCCESS,
                                   .runs_for = 8,
                                   .runs_against = 2};

static inline void honest_scene(struct scene *scene)
{
    open_scene(scene, 2);
    for (uint32_t tenant = 0; tenant < 3; tenant++)
        add(scene, tenant, shared);
    struct spec lonely = {
        .when = "the sky is green", .act = "sell the house of the third street", .why = "it was said"};
    add(scene, 7, lonely); /* candidate 3: only tenant 7 */
    add(scene, 7, (struct spec){.when = shared.when, .act = "whisper the word", .why = shared.why});
}
static const uint32_t honest_support[] = {0, 1, 2};
