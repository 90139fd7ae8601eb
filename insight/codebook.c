/* Hides how a text's words are looked up among the topics. */
#include "insight/codebook.h"

#include "insight/codebook_words.h"
#include "insight/common.h"
#include "insight/parts.h"

_Static_assert(sizeof codebook_words / sizeof *codebook_words == CODEBOOK_TOPICS - 1, "topic 0 is no word");

const char *codebook_topic(uint32_t topic)
{
    return topic > 0 && topic < CODEBOOK_TOPICS ? codebook_words[topic - 1] : "other";
}

static uint32_t topic_of_word(const char *word)
{
    for (uint32_t topic = 1; topic < CODEBOOK_TOPICS; topic++)
        if (strcmp(codebook_words[topic - 1], word) == 0)
            return topic;
    return 0;
}

/* Topics are in the order of their frequency: the largest is the rarest. */
static uint32_t rarest(const char *text, uint32_t least)
{
    struct text_words words = {.text = bytes_str(text)};
    struct bytes raw;
    char word[TEXT_WORD_MAX];
    while (text_word(&words, &raw, word)) {
        uint32_t topic = topic_of_word(word);
        least = topic > least ? topic : least;
    }
    return least;
}

static uint32_t rarest_of(const struct phrases *phrases, uint32_t least)
{
    for (size_t i = 0; i < phrases->count; i++)
        least = rarest(phrases->items[i], least);
    return least;
}

uint32_t codebook_topic_of(const struct candidate *candidate)
{
    uint32_t topic = rarest_of(&candidate->when, 0);
    if (candidate->error)
        topic = rarest(candidate->error, topic);
    if (topic)
        return topic;
    return rarest_of(&candidate->avoid, rarest_of(&candidate->act, 0));
}
