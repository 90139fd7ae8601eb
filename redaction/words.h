/* Word lists: names of persons, places, peoples, ordinary words; one look-up tells all that the lists know. */
#pragma once

#include "base/bytes.h"

enum name_class {
    NAME_GIVEN = 1,
    NAME_FAMILY = 2,
    NAME_COMMON = 4,     /* also an ordinary word, a place or a product: no name without more evidence */
    WORD_FILLER = 8,     /* may stand between a label and its value: "is", "of", "the" */
    WORD_TELLING = 16,   /* likewise, and says that a value follows: "number", "id" */
    WORD_PLAIN = 32,     /* an ordinary word */
    PLACE_COUNTRY = 64,  /* a country */
    PLACE_REGION = 128,  /* a state, province or county */
    PLACE_CITY = 256,    /* a large city */
    PEOPLE_NATION = 512, /* "Slovenian" */
    PEOPLE_BELIEF = 1024,
    WORD_FIRST = 2048, /* longer entries begin with this word: "new york" */

    NAME_ANY = NAME_GIVEN | NAME_FAMILY,
    PLACE_ANY = PLACE_COUNTRY | PLACE_REGION | PLACE_CITY,
    PEOPLE_ANY = PEOPLE_NATION | PEOPLE_BELIEF,
};

/* Lists of lower-case words separated by blanks, '_' for a blank within (*_data.c); written for this project
 * from general knowledge. */
extern const char names_given[], names_family[], names_common[], words_plain[];
extern const char places_countries[], places_regions[], places_cities[], people_nations[], people_beliefs[];

struct names;
MUST_USE enum status names_new(struct names **out);
void names_free(struct names *names);
/* The classes of a word, or of several with a blank between; in any case. 0: on no list. */
unsigned names_class(const struct names *names, struct bytes text);
/* Whether the word is an ordinary one, inflected or not. */
bool names_plain(const struct names *names, struct bytes word);
/* Whether the word ends as family names do: "-sson", "-ovic", "-enko". */
bool names_family_shape(struct bytes word);
/* May text (words of any case) be a person's name: does it hold a listed word that is nothing else, or are all its
 * words listed? "Wall Clock" is none. */
bool names_likely(const struct names *names, struct bytes text);
