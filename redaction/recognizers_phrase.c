/* Recovery phrases of wallets: words of a list of 2,048, behind what announces them, or alone where their check sum is
 * right. Hides how words are walked and summed. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/secret.h"
#include "redaction/recognizer.h"
#include "redaction/seed_words.h"

#define PHRASE_AHEAD 120 /* bytes between the context and the first word */
#define PHRASE_MOST 24
#define PHRASE_LEAST 12
#define RUN_MOST 47 /* words around one of a phrase */
#define CROWD 28    /* words up to which a phrase may begin behind others of the list, not only at a line's start */

static int compare_word(const void *wanted, const void *word)
{
    return memcmp(wanted, word, 4);
}

/* Its number in the list; SIZE_MAX if it is in none. */
static size_t seed_word(struct bytes text, size_t at, size_t end)
{
    char first[4] = {'.', '.', '.', '.'};
    if (end - at < 3 || end - at > 8)
        return SIZE_MAX;
    for (size_t i = 0; i < 4 && at + i < end; i++)
        first[i] = (char)char_lower(text.data[at + i]);
    const char *found = bsearch(first, seed_words, SEED_WORDS, 4, compare_word);
    return found ? (size_t)(found - seed_words) / 4 : SIZE_MAX;
}

/* To the next word: over blanks, commas, quotes and numbers of a list ("3. "). */
static size_t next_word(struct bytes text, size_t at)
{
    size_t end = at + 12;
    while (at < text.size && at < end &&
           (char_is(text.data[at], C_SPACE | C_DIGIT | C_DOT) || strchr(",\"'\\:)", text.data[at])))
        at++;
    return at;
}

/* End of the run of seed words at `at`, and how many. */
static size_t phrase_end(struct bytes text, size_t at, size_t *count)
{
    size_t stop = at;
    *count = 0;
    while (*count < PHRASE_MOST) {
        size_t end = chars_run(text, at, C_ALPHA, 9);
        if (seed_word(text, at, end) == SIZE_MAX)
            break;
        ++*count;
        stop = end;
        at = next_word(text, end);
        if (at == end)
            break;
    }
    return stop;
}

static size_t match_phrase(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    for (size_t at = next_word(text, end); at < text.size && at < end + PHRASE_AHEAD;) {
        size_t count, stop = phrase_end(text, at, &count);
        if (count >= PHRASE_LEAST) {
            scan_found(scan, row, at, stop);
            return stop;
        }
        size_t word = chars_run(text, at, C_WORD, 32);
        at = next_word(text, word);
        at += at == word;
    }
    return end;
}

/* --- alone --- */

struct run {
    size_t count;
    uint16_t numbers[RUN_MOST];
    size_t starts[RUN_MOST], ends[RUN_MOST];
};

/* The start of the run of words that the one at `at` stands in, at most so many back. */
static size_t run_start(struct bytes text, size_t at)
{
    for (int words = 0; words < PHRASE_MOST - 1; words++) {
        size_t end = chars_run_back(text, at, C_SPACE, 4);
        size_t start = chars_run_back(text, end, C_ALPHA, 9);
        if (end == at || seed_word(text, start, end) == SIZE_MAX)
            break;
        at = start;
    }
    return at;
}

static void run_read(struct bytes text, size_t at, struct run *out)
{
    out->count = 0;
    while (out->count < RUN_MOST) {
        size_t end = chars_run(text, at, C_ALPHA, 9), number = seed_word(text, at, end);
        if (number == SIZE_MAX)
            return;
        out->starts[out->count] = at;
        out->ends[out->count] = end;
        out->numbers[out->count++] = (uint16_t)number;
        at = chars_run(text, end, C_SPACE, 4);
        if (at == end)
            return;
    }
}

/* BIP-39: eleven bits a word; of each 33 the last is of the entropy's SHA-256. */
static bool sum_holds(const uint16_t *numbers, size_t count)
{
    uint8_t bytes[PHRASE_MOST * 11 / 8 + 1] = {0}, digest[HASH_BYTES];
    for (size_t bit = 0; bit < count * 11; bit++)
        bytes[bit / 8] |= (uint8_t)((numbers[bit / 11] >> (10 - bit % 11) & 1) << (7 - bit % 8));
    size_t checked = count / 3, entropy = (count * 11 - checked) / 8;
    hash_sha256(bytes_of(bytes, entropy), digest);
    unsigned mask = 0xffu << (8 - checked) & 0xffu;
    bool holds = ((bytes[entropy] ^ digest[0]) & mask) == 0;
    secret_wipe(bytes, sizeof bytes);
    secret_wipe(digest, sizeof digest);
    return holds;
}

/* The longest phrase from the n-th word of the run on; 0 if there is none. */
static size_t phrase_size(const struct run *run, size_t from)
{
    for (size_t count = PHRASE_MOST; count >= PHRASE_LEAST; count -= 3)
        if (from + count <= run->count && sum_holds(run->numbers + from, count))
            return count;
    return 0;
}

static size_t match_bare_phrase(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    struct run run;
    run_read(text, run_start(text, chars_run_back(text, end, C_ALPHA, 9)), &run);
    for (size_t from = 0; from + PHRASE_LEAST <= run.count; from++) {
        bool may_start = from == 0 || run.count <= CROWD || text.data[run.starts[from] - 1] == '\n';
        size_t count = may_start ? phrase_size(&run, from) : 0;
        if (count)
            scan_found(scan, row, run.starts[from], run.ends[from + count - 1]);
    }
    size_t understood = run.count ? run.ends[run.count - 1] : end;
    secret_wipe(&run, sizeof run);
    return understood > end ? understood : end;
}

/* Of the words of six letters and more the 400 that other text holds least: of a hundred phrases of twelve words 93
 * hold one, of those of twenty-four all but one in two hundred. */
static const char seldom[] =
    "abandon|accuse|acoustic|addict|aerobic|affair|afford|alcohol|amateur|amazing|amused|analyst|annual|antenna|"
    "antique|anxiety|apology|arctic|arrest|artefact|artist|artwork|assault|asthma|athlete|attend|attitude|attract|"
    "auction|avocado|bachelor|balcony|bamboo|barely|bargain|barrel|basket|battle|beauty|betray|biology|bitter|"
    "blossom|blouse|breeze|broccoli|bronze|buffalo|bunker|burger|butter|cabbage|cactus|canyon|carbon|carpet|casino|"
    "castle|casual|cattle|celery|cement|cereal|champion|cheese|chicken|chimney|chronic|chuckle|cinnamon|clutch|"
    "coconut|comfort|concert|congress|convince|copper|cousin|coyote|cradle|crater|cricket|critic|crouch|crucial|"
    "cruise|crumble|crunch|culture|cupboard|curious|curtain|cushion|daring|debate|debris|demise|dentist|deposit|"
    "desert|despair|devote|diamond|diesel|dignity|dilemma|dinner|dinosaur|disagree|disease|disorder|divorce|"
    "dolphin|donate|donkey|dragon|drastic|ecology|educate|elegant|elephant|elevator|embark|embody|embrace|emerge|"
    "emotion|employ|empower|endless|energy|engage|enlist|enrich|episode|erosion|essence|estate|eternal|ethics|"
    "excite|exhaust|exhibit|eyebrow|faculty|famous|fatigue|festival|finger|flower|fortune|fossil|fragile|fringe|"
    "furnace|gadget|galaxy|gallery|garage|garlic|garment|genius|gentle|genuine|giggle|giraffe|glimpse|goddess|"
    "gorilla|gospel|gossip|govern|gravity|grocery|guitar|hammer|hamster|harvest|hazard|hedgehog|holiday|hollow|"
    "horror|humble|hungry|hurdle|hybrid|illness|imitate|immense|immune|impulse|income|industry|infant|inflict|"
    "inhale|injury|inmate|innocent|inquiry|insect|inspire|invest|invite|jaguar|jealous|jungle|junior|kangaroo|"
    "ketchup|kidney|kingdom|kitten|ladder|laundry|lawsuit|leader|lecture|leisure|leopard|liberty|liquid|lizard|"
    "lobster|lonely|lottery|lounge|lumber|luxury|lyrics|magnet|mammal|mandate|mansion|marble|marine|market|"
    "marriage|meadow|mechanic|midnight|miracle|misery|mixture|monster|mosquito|muffin|muscle|mushroom|mystery|"
    "napkin|neglect|nephew|nominee|noodle|nuclear|oblige|olympic|oppose|orchard|orient|ostrich|outdoor|oxygen|"
    "oyster|palace|panther|parade|parrot|patrol|peanut|peasant|pelican|pencil|picnic|pigeon|pioneer|pistol|planet|"
    "plunge|potato|pottery|poverty|powder|praise|predict|prison|profit|prosper|pudding|pumpkin|purity|pyramid|"
    "quantum|rabbit|raccoon|reform|regret|relief|resemble|resist|retreat|reunion|rhythm|ribbon|ripple|ritual|"
    "rocket|romance|rookie|runway|saddle|sadness|salmon|salute|satoshi|sausage|scatter|science|scorpion|season|"
    "seminar|senior|sheriff|shiver|shoulder|shrimp|situate|slender|slogan|soldier|spatial|sphere|sponsor|squirrel|"
    "stadium|stairs|stereo|stomach|struggle|stumble|subway|sudden|supreme|surround|sustain|swallow|tackle|talent|"
    "tattoo|tennis|thrive|thunder|timber|tissue|tobacco|toddler|toilet|tomato|tongue|tonight|topple|tornado|"
    "tortoise|tourist|tragic|trophy|trumpet|tuition|tumble|turkey|turtle|unaware|uncover|unfair|unfold|vacant|"
    "vanish|velvet|venture|vessel|veteran|vibrant|vicious|victory|vintage|violin|volcano|voyage|walnut|warfare|"
    "warrior|wealth|weapon|weasel|wedding|whisper|wisdom|wrestle";

static const struct recognizer rows[] = {
    {"seed.phrase",
     REDACT_SEED,
     "seed phrase|recovery phrase|secret phrase|backup phrase|mnemonic|seed words|recovery words|backup words|wallet|"
     "bip39|bip-39|12 words|24 words|12-word|24-word|twelve words|seed:|seed is|seed=|secret recovery|phrase "
     "is|phrase:",
     match_phrase,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "BIP-39",
     {0}},
    {"seed.bare_phrase",
     REDACT_SEED,
     seldom,
     match_bare_phrase,
     NULL,
     0.99f,
     ROW_STRICT | ROW_LEARN | ROW_LIST,
     "BIP-39, from entropy to mnemonic",
     {0}},
};

const struct recognizers recognizers_phrase = {rows, sizeof rows / sizeof rows[0]};
