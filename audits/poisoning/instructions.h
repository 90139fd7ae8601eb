/* Instructions to agents that a poisoned insight might carry. */
#pragma once

#include "audits/poisoning/poison.h"

/* The forms that docs/library.md says the release gate stops. After Perez & Ribeiro 2022 (goal hijacking, prompt
 * leaking), Greshake et al. 2023 (indirect injection) and OWASP LLM01. */
enum instruction_form {
    INSTRUCTION_OVERRIDE, /* "ignore ... previous ... instruction" */
    INSTRUCTION_ROLE,     /* "you are now ..." */
    INSTRUCTION_SPACED,   /* one of these, letter by letter */
    INSTRUCTION_LEAK,     /* "reveal your prompt" */
    INSTRUCTION_TAG,      /* roles and tools of chat templates */
    INSTRUCTION_ADDRESS,
    INSTRUCTION_SHELL,
    INSTRUCTION_MARKUP,    /* Markdown and HTML that act */
    INSTRUCTION_INVISIBLE, /* invisible, bidirectional, full-width characters */
    INSTRUCTION_ALIKE,     /* Cyrillic letters within Latin words */
    INSTRUCTION_BLOB,      /* long base64 */
    INSTRUCTION_FORMS
};
const char *instruction_form_name(enum instruction_form form);
/* An instruction of that form, drawn, as the "do" of some advice. */
void instruction_write(enum instruction_form form, struct random random, struct poison_text *out);
