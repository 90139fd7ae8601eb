/* Between vault and distil: either side may be taken over. The first byte says which of the two messages it is. */
#include "server/round_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void question(struct bytes text)
{
    struct distil_question first, second;
    SCOPED_BUF struct buf again = {0};
    if (distil_question_decode(text, &first) != OK)
        return;
    INVARIANT(distil_question_encode(&first, &again) == OK);
    INVARIANT(distil_question_decode(buf_bytes(&again), &second) == OK);
    INVARIANT(first.count == second.count);
    distil_question_free(&first);
    distil_question_free(&second);
}

static void answer(struct bytes text)
{
    struct distil_answer first, second;
    SCOPED_BUF struct buf again = {0};
    if (distil_answer_decode(text, 16, &first) != OK)
        return;
    INVARIANT(distil_answer_encode(&first, &again) == OK);
    INVARIANT(distil_answer_decode(buf_bytes(&again), 16, &second) == OK);
    INVARIANT(first.proposals.count == second.proposals.count);
    distil_answer_free(&first);
    distil_answer_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes text = bytes_of(data + 1, size - 1);
    if (data[0] == 'q')
        question(text);
    else
        answer(text);
    return 0;
}
