/* noise-words: a text with every word replaced by one drawn near it. For looking at; nothing of it is sent anywhere. */
#include <unistd.h>

#include "client/command.h"
#include "client/print.h"
#include "insight/word_noise.h"

#define TEXT_MAX (1024u * 1024)

static enum status take(const char *text, const char *option, struct dp_epsilon *out, struct why *why)
{
    if (text && dp_epsilon_parse(bytes_str(text), out) == OK)
        return OK;
    return why_set(why, ERR_USAGE, "wants a number above 0, with at most six decimals", option, 0);
}

/* What it costs, always of the whole text beside that of a word. */
static void tell(const struct word_noise *told)
{
    char word[DP_EPSILON_TEXT], record[DP_EPSILON_TEXT];
    dp_epsilon_text(told->word, word);
    dp_epsilon_text(told->record, record);
    fprintf(stderr,
            "%zu words, %zu of them of no vocabulary: epsilon %s a word, %s for this text, which is what counts.\n"
            "How many words there are, and what stands between them, is not hidden.\n",
            told->words, told->other, word, record);
}

static enum status read_all(int fd, struct buf *out)
{
    uint8_t part[4096];
    ssize_t count;
    while ((count = read(fd, part, sizeof part)) > 0) {
        buf_add(out, bytes_of(part, (size_t)count));
        if (out->size > TEXT_MAX)
            return ERR_TOO_LARGE;
    }
    TRY(buf_status(out));
    return count == 0 ? OK : ERR_IO;
}

static enum status noise(struct bytes text, struct dp_epsilon word, struct dp_epsilon most, struct buf *out,
                         struct why *why)
{
    struct dp_stream *stream = NULL;
    struct word_noise told = {0};
    TRY(dp_stream_new(random_system(), &stream));
    enum status status = word_noise(stream, text, word, most, out, &told);
    dp_stream_free(stream);
    if (status == OK || status == ERR_POLICY)
        tell(&told);
    if (status == ERR_POLICY)
        return why_set(why, status, "the text would cost more than --cap", NULL, 0);
    if (status == ERR_INPUT)
        return why_set(why, status, "not UTF-8", "standard input", 0);
    if (status == ERR_USAGE)
        return why_set(why, status, "at most 1000", "--epsilon", 0);
    return status == OK ? OK : why_set(why, status, "too many words", "standard input", 0);
}

enum status command_noise(const struct arguments *arguments, struct why *why)
{
    struct dp_epsilon word = {0}, most = {UINT64_MAX};
    SCOPED_BUF struct buf text = {.secret = true}, out = {0};
    TRY(take(arguments->epsilon, "--epsilon", &word, why));
    if (arguments->cap)
        TRY(take(arguments->cap, "--cap", &most, why));
    enum status status = read_all(STDIN_FILENO, &text);
    if (status != OK)
        return why_set(why, status, "cannot be read, or larger than a megabyte", "standard input", 0);
    TRY(noise(buf_bytes(&text), word, most, &out, why));
    return print_bytes(buf_bytes(&out));
}
