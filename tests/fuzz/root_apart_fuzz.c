/* What is said between a root key's process and its caller, from either side: a question has one answer, which is a
 * refusal or opens; a reason that is heard can be printed. Then a true question about the input: it is answered, and
 * with anything behind it it isn't. */
#include <string.h>

#include "crypto/keys.h"
#include "crypto/root_apart_internal.h"

static struct root_provider *provider;

static void start(void)
{
    SCOPED_SECRET struct secret root = {0};
    if (provider)
        return;
    INVARIANT(secret_start(0, NULL) == OK && secret_new(&root, KEY_BYTES) == OK);
    memset(root.data, 3, root.size);
    INVARIANT(root_provider_of_secret(&root, &provider) == OK);
}

static enum status answer_to(struct bytes question, struct buf *answer, struct bytes *said)
{
    INVARIANT(apart_answer(provider, question, answer) == OK && answer->size >= 1);
    *said = buf_bytes(answer);
    enum status status = apart_hear_answer(said);
    INVARIANT(status == (enum status)answer->data[0] && said->size == answer->size - 1);
    INVARIANT(status == OK || said->size == 0);
    return status;
}

static void hear_question(struct bytes input)
{
    struct bytes said;
    SCOPED_BUF struct buf answer;
    buf_init_secret(&answer);
    enum status status = answer_to(input, &answer, &said);
    INVARIANT(status != OK || said.size == (input.data[0] == APART_WRAP ? KEY_WRAPPED_BYTES : KEY_BYTES));
}

static void hear_answer(struct bytes input)
{
    struct bytes said = input;
    enum status status = apart_hear_answer(&said);
    INVARIANT(status <= ERR_BUG && (status == OK ? said.size == input.size - 1 : said.size == 0));
}

static void check_text(const char *text, size_t most)
{
    INVARIANT(!text || (strlen(text) > 0 && strlen(text) <= most));
    for (; text && *text; text++)
        INVARIANT(*text >= ' ' && *text < 0x7f);
}

static void hear_opened(struct bytes input)
{
    struct why why = {0};
    SCOPED_BUF struct buf again = {0};
    enum status status = apart_hear_opened(input, &why);
    INVARIANT(status <= ERR_BUG && (status != OK || (input.data[0] == OK && !why.what)));
    check_text(why.what, 127);
    check_text(why.where, 63);
    check_text(why.hint, 127);
    INVARIANT(apart_say_opened(ERR_DENIED, &why, &again) == OK);
    INVARIANT(apart_hear_opened(buf_bytes(&again), NULL) == ERR_DENIED);
}

/* The input is a label; a key of its first bytes comes back. */
static void go_and_come(struct bytes input)
{
    uint8_t key[KEY_BYTES] = {0};
    char label[KEY_BYTES] = {0};
    struct bytes said;
    SCOPED_BUF struct buf question = {0}, answer = {0}, wrapped = {0};
    memcpy(key, input.data, input.size < sizeof key ? input.size : sizeof key);
    memcpy(label, input.data, input.size < sizeof label ? input.size : sizeof label - 1);
    INVARIANT(apart_question(APART_WRAP, label, 7, bytes_of(key, sizeof key), &question) == OK);
    INVARIANT(answer_to(buf_bytes(&question), &answer, &said) == OK);
    buf_add(&wrapped, said);
    buf_add_byte(&question, 0);
    INVARIANT(answer_to(buf_bytes(&question), &answer, &said) == ERR_INPUT);
    buf_clear(&question);
    INVARIANT(apart_question(APART_UNWRAP, label, 7, buf_bytes(&wrapped), &question) == OK);
    INVARIANT(answer_to(buf_bytes(&question), &answer, &said) == OK && bytes_equal(said, bytes_of(key, sizeof key)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    if (size == 0)
        return 0;
    start();
    hear_question(input);
    hear_answer(input);
    hear_opened(input);
    go_and_come(input);
    return 0;
}
