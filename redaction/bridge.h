/* From a name to its value, over quotes, brackets, signs and more words of the name: NAME=value, "name": "value",
 * name("value"), getenv("NAME", "value"), ENV['NAME'] = 'value', name value. */
#pragma once

#include "redaction/chars.h"

enum link {
    LINK_NONE,
    LINK_BLANK,   /* token 4f6a..., token is 4f6a... */
    LINK_DIVIDED, /* token | 4f6a, token -> 4f6a */
    LINK_JOINT,   /* vendor-token-4f6a... */
    LINK_COMPARE, /* token == "4f6a" */
    LINK_COMMA,   /* getenv("TOKEN", "4f6a") */
    LINK_CALL,    /* setToken("4f6a") */
    LINK_TAG,     /* <token>4f6a</token>, <key>token</key><string>4f6a</string> */
    LINK_SIGN,    /* TOKEN=4f6a */
};
struct bridge {
    size_t name; /* end of the name */
    size_t at;   /* where the value may begin */
    enum link link;
    bool spaced; /* there are blanks right before the value */
    bool opened; /* a brace or a comma: "value" or "default" may follow */
};
/* From the end of a name; bounded. `link` is LINK_NONE where nothing leads on. */
struct bridge bridge_from(struct bytes text, size_t name);
/* The rest of the word that ends at `at` or goes on, and more words of the name behind joints: "access" of
 * "access-token-key". */
size_t bridge_name_end(struct bytes text, size_t at);
bool bridge_is_quote(uint8_t byte);
