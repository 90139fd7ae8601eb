/* The lessons whose features are attacked, as words of one vocabulary, and how much of a lesson a guess has.
 *
 * The vocabulary is what the attacker may choose from: it holds every word of every lesson of the scope, and as many
 * decoys of the public vocabulary as there are, so that a guess is never impossible. */
#pragma once

#include "audits/audit.h"
#include "client/prepare.h"
#include "insight/words.h"

#define LESSONS_MAX 240     /* drawn from the scope where it has more */
#define LESSON_WORDS_MAX 96 /* words behind these are not looked for */
#define DECOYS 128          /* words of the public vocabulary beside those of the lessons */

struct lesson {
    size_t tenant, task; /* task: its number, from 0, over all tenants */
    enum candidate_kind kind;
    const struct candidate *candidate; /* borrowed from `prepared` */
    size_t count, distinct;
    uint32_t words[LESSON_WORDS_MAX]; /* as they stand: when, do, avoid, why */
    uint32_t set[LESSON_WORDS_MAX];   /* each once, ascending */
};
struct lessons {
    size_t count, tasks, tenants; /* tasks: of these lessons */
    struct lesson *items;         /* owned, by tenant */
    size_t vocabulary;
    char (*words)[WORD_MAX + 1]; /* owned, ascending */
    struct prepared *prepared;   /* owned, of every tenant */
};
/* Prepared by the client's own code. No lesson at all: OK and a count of 0. */
MUST_USE enum status lessons_open(const struct audit_scope *scope, struct lessons *out, struct why *why);
void lessons_close(struct lessons *lessons);
/* For struct trials: a hash of the lessons' words and tasks. */
uint64_t lessons_parameters(const struct lessons *lessons);
/* Words and kind of any candidate, as of a lesson; words that the vocabulary does not have are left out. */
void lessons_read(const struct lessons *lessons, const struct candidate *candidate, struct lesson *out);
bool lessons_number(const struct lessons *lessons, const char *word, uint32_t *number);

/* A guess: as many words as the lesson has different ones, the surest first. */
struct guess {
    size_t count;
    uint32_t words[LESSON_WORDS_MAX];
};
/* The best of a score for every word of the vocabulary. */
void guess_best(const float *scores, size_t vocabulary, size_t count, struct guess *out);
/* Token accuracy: the share of the lesson's different words that the guess has. */
double guess_accuracy(const struct guess *guess, const struct lesson *lesson);
/* ROUGE-L (Lin 2004): the F measure of the longest common subsequence of guess and lesson, both as they stand. */
MUST_USE enum status guess_rouge(const struct guess *guess, const struct lesson *lesson, double *out);
/* ROUGE-1: the F measure of words in common, repeated ones counted as often as both have them. */
double guess_rouge_1(const struct guess *guess, const struct lesson *lesson);
/* Put the guess's words into the order in which they tend to stand: mean places of each word, between 0 and 1 (owned by
 * the caller, vocabulary numbers; words without one at the end). */
void guess_order(struct guess *guess, const float *places);
