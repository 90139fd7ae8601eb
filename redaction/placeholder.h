/* What an earlier pass wrote: <EMAIL_1>, <EMAIL_3f9a...>, <AGE_30-39>, <AGE_90+>, <EMAIL_1:c2VhbGVk> (sealed). It
 * is never found again. */
#pragma once

#include "base/bytes.h"

/* End of the placeholder that starts at `at`, or 0. */
size_t placeholder_at(struct bytes text, size_t at);
/* Whether the one at the start of `text` is sealed: the name of its type, and base64url without padding. */
bool placeholder_sealed(struct bytes text, struct bytes *type, struct bytes *sealed);
/* Whether text is nothing but placeholders and punctuation: then there is nothing left to find in it. */
bool placeholder_only(struct bytes text);

/* Asks one after the other, ascending if all is to be linear, whether spans of one text lie within a placeholder. */
struct placeholder_around {
    struct bytes text;
    size_t from, to; /* of what may stand in a placeholder: looked at already */
};
bool placeholder_holds(struct placeholder_around *around, size_t start, size_t end);
