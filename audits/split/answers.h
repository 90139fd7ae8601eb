/* Answers of the survey about one known thing, and Bayes' best guess of it. */
#pragma once

#include "audits/split/channel.h"

enum answer_aim {            /* what an attacker wants to know */
                  AIM_TOPIC, /* what most of a device's lessons are about */
                  AIM_KIND,  /* of what kind they are, all being of one */
                  AIMS
};
size_t answer_inputs(enum answer_aim aim); /* how many there are to guess from */
/* The part of an answer's ε that is spent on it. */
struct dp_epsilon answer_epsilon(const struct survey_terms *terms, enum answer_aim aim);
/* What a device has to say that has nothing but lessons of one topic and one kind. */
struct survey_truth answer_truth(enum answer_aim aim, size_t input);
/* Its answer, from such lessons and through the record. */
MUST_USE enum status answer_made(const struct channel *channel, enum answer_aim aim, size_t input,
                                 struct dp_stream *stream, struct answer *out);

struct pick { /* the best of what was added, ties by lot; begins as {0} */
    double best;
    size_t input, ties;
};
void pick_add(struct pick *pick, size_t input, double score, struct random random);
/* The likeliest input. table: channel_table's. */
size_t answer_guess(const struct channel *channel, const double *table, enum answer_aim aim,
                    const struct answer *answer, struct random random);
