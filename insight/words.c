/* Words. Hides what counts as a letter and how a plural is recognised (roughly: the same rule on both sides is what
 * matters). */
#include "insight/words.h"

static bool is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
}

static char lower(uint8_t byte)
{
    return (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

static void drop_plural(struct words *words)
{
    char *word = words->word;
    size_t n = words->size;
    if (n < 4 || word[n - 1] != 's' || word[n - 2] == 's' || word[n - 2] == 'u' || word[n - 2] == 'i')
        return;
    if (n > 4 && word[n - 2] == 'e' && word[n - 3] == 'i') { /* "queries" */
        word[n - 3] = 'y';
        n -= 2;
    } else {
        n -= 1;
    }
    word[n] = 0;
    words->size = n;
}

void words_start(struct words *words, struct bytes text)
{
    words->left = text;
    words->size = 0;
    words->word[0] = 0;
}

bool words_next(struct words *words)
{
    struct bytes left = words->left;
    while (left.size && !is_letter(*left.data))
        left = bytes_of(left.data + 1, left.size - 1);
    words->size = 0;
    while (left.size && is_letter(*left.data)) {
        if (words->size < WORD_MAX)
            words->word[words->size++] = lower(*left.data);
        left = bytes_of(left.data + 1, left.size - 1);
    }
    words->word[words->size] = 0;
    words->left = left;
    drop_plural(words);
    return words->size > 0;
}
