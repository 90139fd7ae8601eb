/* Postal addresses: how a block of house number, street, unit, city, region, code and country is read, in either order
 * (UPU S42), and how much of it makes it one. */
#pragma once

#include "redaction/names.h"

struct address {
    struct bytes text;
    const struct names *names;
    size_t at;   /* how far it is read */
    size_t end;  /* behind the last part that says what it is */
    size_t last; /* behind the last part */
    unsigned streets, units, codes, places, words, numbers, breaks, loose; /* loose: words since the last evidence */
    size_t around;      /* behind the number that ends what a number began: "5 Aasa 43"; 0: none */
    bool street_behind; /* the last word is a street's, with its number to come */
    bool street_ahead;  /* the next capitalised word is a street's */
};

/* Read on from `at` as long as it is what stands in addresses. */
struct address address_from(struct scan *scan, size_t at);
/* The same behind something that is known to begin one. */
struct address address_after(struct scan *scan, size_t at);
/* Does it say of itself that it is an address: by a word for a street, a unit, or a code with a known place? */
bool address_told(const struct address *block);
/* Or does it only read like one: a number on either side of its words, and another part behind? */
bool address_likely(const struct address *block);
/* Where it ends: behind its last evidence, or behind a city or a region that ends the line after it. */
size_t address_end(const struct address *block);

/* Whether a word of an address may begin at `at`: with a capital (Latin, Greek, Cyrillic), or with an article and one
 * ("d'Ouchy"). */
bool address_capital(struct bytes text, size_t at);
/* Past the mark that the lines of a quotation or a list begin with ("> ", "* "), where a line begins. */
size_t address_skip_mark(struct bytes text, size_t at);
/* Whether the word of `size` bytes at `at` is one for a street that stands before the name: "rue", "al.". */
bool address_street_word(struct bytes text, size_t at, size_t size);
/* End of the word at `at`, letters of other scripts and joints within it too. */
size_t address_word_end(struct bytes text, size_t at);
/* Whether the word ends as names of streets do that are one word: "Hauptstrasse". */
bool address_street_ends(struct bytes word);
