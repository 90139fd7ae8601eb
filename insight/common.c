/* Hides the tables of the public vocabulary and how words are cut and looked up in them. */
#include "insight/common.h"

#include <ctype.h>
#include <stdlib.h>

/* Sorted: found by bisection (tests/insight/phrases_test.c holds them to it). */
static const char *const common_words[] = {
    /* clang-format off */
    "a", "about", "above", "absolute", "accept", "accepted", "access", "account", "across", "act", "action", "active",
    "actual", "add", "added", "addition", "additional", "address", "adjust", "admission", "adult", "after", "again",
    "against", "age", "agent", "aggregate", "ago", "agree", "ahead", "alert", "all", "alliance", "allocate", "allow",
    "allowance", "allowed", "almost", "alone", "along", "aloud", "already", "also", "alternative", "although",
    "altogether", "always", "am", "ambiguous", "among", "amount", "an", "analyse", "analysis", "analyze", "and",
    "angle", "annual", "another", "answer", "any", "api", "app", "append", "apple", "application", "apply",
    "approach", "approval", "approve", "apps", "arc", "archive", "are", "area", "argument", "arithmetic", "around",
    "arrange", "arrangement", "array", "arrive", "as", "ask", "asked", "assertion", "assign", "associate", "assume",
    "at", "attach", "attempt", "attribute", "authenticate", "authentication", "author", "authorisation", "authorise",
    "authorization", "authorize", "auto", "available", "average", "avoid", "aware", "away", "axis", "back",
    "backfill", "backoff", "backup", "bad", "bag", "baggage", "balance", "bank", "bar", "base", "basic", "batch",
    "be", "because", "become", "bed", "been", "before", "begin", "behaviour", "behind", "being", "below", "best",
    "better", "between", "bill", "billing", "binary", "bind", "birth", "bit", "block", "blocked", "blue", "board",
    "body", "book", "booking", "boolean", "both", "bottom", "bound", "bounds", "box", "branch", "brand", "break",
    "bring", "brute", "bucket", "budget", "buffer", "bug", "build", "built", "bundle", "bus", "business", "but",
    "button", "buy", "by", "byte", "cabin", "cache", "calculate", "calculator", "calendar", "call", "calories", "can",
    "can't", "cancel", "canceled", "cancelled", "cannot", "capacity", "card", "care", "carry", "cart", "case", "cash",
    "cast", "category", "cause", "caution", "cell", "center", "central", "centroid", "cents", "certain",
    "certificate", "chain", "chair", "challenge", "change", "channel", "character", "characteristic", "charge",
    "chart", "chat", "check", "checked", "checkout", "child", "children", "choice", "choose", "chord", "circle",
    "circuit", "circumference", "claim", "class", "classify", "clause", "clean", "clear", "click", "client", "close",
    "closed", "cluster", "code", "codec", "coefficient", "coerce", "coin", "collect", "collection", "column",
    "combination", "combine", "come", "command", "comment", "commit", "commits", "common", "company", "compare",
    "compile", "compiler", "complete", "component", "compose", "compute", "computer", "concurrent", "condition",
    "conditional", "config", "configmap", "configuration", "confirm", "confirmation", "conflict", "conflicts",
    "congruent", "connect", "connection", "consecutive", "consider", "consistent", "constant", "constraint",
    "construct", "contact", "contain", "container", "content", "context", "continue", "contract", "control",
    "convergence", "convert", "cookie", "coordinate", "copy", "core", "correct", "cosine", "cost", "could",
    "couldn't", "count", "counter", "country", "coupon", "cover", "crash", "create", "created", "creation",
    "credential", "credentials", "credit", "criteria", "crop", "cross", "csv", "cube", "cubic", "currency", "current",
    "cursor", "customer", "cut", "cycle", "daemon", "daily", "damaged", "dashboard", "data", "database", "dataset",
    "date", "datetime", "day", "days", "deadline", "deadlock", "debit", "debug", "decide", "decimal", "declare",
    "decline", "decode", "decompose", "decrease", "deduplicate", "default", "define", "degree", "delay", "delayed",
    "delete", "deliver", "delivered", "delivery", "demand", "denied", "denominator", "deny", "department",
    "dependency", "depends", "deploy", "deployment", "deployments", "derivative", "derive", "describe", "description",
    "destination", "detached", "detail", "details", "detect", "determine", "device", "diagnose", "diagram",
    "diameter", "dict", "did", "didn't", "diff", "difference", "different", "differentiate", "digest", "digit",
    "dimension", "direct", "direction", "directory", "disable", "disabled", "disconnect", "discount", "discriminant",
    "disk", "dispatch", "display", "distance", "distinct", "distribute", "distribution", "diverged", "divide",
    "dividend", "divisibility", "divisible", "division", "divisor", "do", "docker", "document", "does", "doesn't",
    "doing", "dollar", "domain", "don't", "done", "dose", "double", "down", "downgrade", "download", "draft", "draw",
    "drive", "driver", "drop", "due", "duplicate", "duration", "during", "e", "each", "earlier", "early", "earn",
    "easier", "edge", "edit", "effect", "either", "element", "eligible", "eliminate", "else", "email", "employee",
    "empty", "enable", "enabled", "encode", "end", "endpoint", "engine", "enough", "ensure", "enter", "entity",
    "entries", "entry", "enum", "environment", "epoch", "equal", "equality", "equation", "error", "escalate",
    "estimate", "evaluate", "even", "event", "ever", "every", "evicted", "exact", "examine", "example", "exceed",
    "exceeded", "except", "exception", "exchange", "exchanged", "exclude", "exclusion", "execute", "execution",
    "exist", "existing", "exists", "exit", "expand", "expect", "expectation", "expected", "expire", "expired",
    "exponent", "exponential", "export", "express", "expression", "extend", "extension", "external", "extra",
    "extract", "extraneous", "extreme", "face", "factor", "factorial", "factoring", "factorization", "fail", "failed",
    "failure", "false", "family", "fast", "fault", "favour", "favourable", "feature", "fee", "feed", "feedback",
    "fermat", "fetch", "few", "field", "fifth", "figure", "file", "fill", "filter", "final", "find", "finding",
    "finish", "first", "fix", "flag", "flight", "float", "flow", "focus", "folder", "follow", "following", "for",
    "forbidden", "force", "foreign", "forget", "form", "format", "formula", "forward", "found", "fourth", "fraction",
    "free", "frequency", "friday", "from", "full", "fully", "function", "fund", "further", "future", "gas", "gateway",
    "gave", "general", "generate", "geometric", "geometry", "get", "gift", "git", "give", "given", "go", "good",
    "graph", "greater", "greatest", "grep", "grid", "group", "guess", "guest", "had", "half", "halve", "hand",
    "handle", "handler", "handshake", "happen", "has", "have", "having", "he", "head", "health", "healthy", "heap",
    "height", "hello", "helm", "help", "her", "here", "heron", "hers", "hexagon", "high", "higher", "him", "his",
    "history", "hold", "home", "host", "hostname", "hotel", "hour", "hours", "house", "how", "human", "hundred",
    "hypotenuse", "i", "id", "identification", "identifier", "identify", "identity", "if", "ignore", "image",
    "immediate", "immutable", "import", "improper", "improve", "in", "include", "included", "inclusion", "increase",
    "increment", "indentation", "independence", "independent", "index", "individual", "inequality", "inf", "infinite",
    "info", "information", "ingest", "ingredient", "ingress", "initial", "inject", "inner", "input", "inquire",
    "inscribed", "insert", "inside", "insight", "inspect", "install", "instance", "instead", "insufficient",
    "insurance", "int", "integer", "integral", "integrate", "interact", "interest", "interface", "internal",
    "interpret", "intersect", "intersection", "interval", "into", "invalid", "invariant", "inventory", "invoice",
    "ip", "is", "isn't", "isolate", "issue", "issuer", "it", "item", "iterable", "iterate", "iteration", "its", "job",
    "join", "json", "just", "keep", "key", "keyword", "killed", "kind", "know", "known", "kubectl", "label", "lack",
    "language", "large", "larger", "largest", "last", "late", "later", "latest", "law", "layer", "layout", "lead",
    "leading", "leap", "least", "leave", "left", "leg", "length", "less", "level", "library", "license", "limit",
    "line", "linear", "linearity", "link", "linker", "list", "literal", "load", "local", "locate", "location", "lock",
    "locked", "lockfile", "log", "logarithm", "logarithmic", "logic", "logical", "login", "logs", "long", "longer",
    "look", "lookup", "loop", "loss", "lost", "low", "lower", "luggage", "machine", "made", "mail", "main",
    "maintain", "make", "manage", "manager", "manifest", "manual", "many", "map", "mapping", "mark", "match",
    "matched", "matching", "math", "mathematical", "matrix", "max", "maximize", "maximum", "may", "me", "mean",
    "measure", "median", "meet", "member", "membership", "memory", "menu", "merge", "message", "metadata", "method",
    "metric", "middle", "midpoint", "might", "migrate", "migration", "mine", "minimal", "minimise", "minimize",
    "minimum", "minus", "minute", "minutes", "miss", "missing", "mix", "mixed", "mode", "model", "modified", "modify",
    "modular", "module", "modulo", "modulus", "monday", "money", "monitor", "month", "months", "more", "most",
    "mount", "move", "much", "multiple", "multiplication", "multiply", "must", "mutual", "my", "naive", "name",
    "named", "namespace", "nan", "natural", "near", "need", "negative", "neither", "nested", "net", "network",
    "never", "new", "next", "night", "no", "node", "non", "none", "nor", "normal", "not", "note", "notebook",
    "nothing", "notice", "notify", "noun", "now", "npm", "null", "number", "numerator", "numeric", "object", "obtain",
    "occur", "odd", "of", "off", "offer", "office", "offline", "offset", "often", "old", "older", "on", "once", "one",
    "ones", "online", "only", "onto", "oom", "open", "operation", "operator", "opposite", "option", "optional", "or",
    "order", "ordered", "origin", "original", "other", "our", "ours", "out", "outcome", "outer", "outgoing", "output",
    "outside", "over", "overcount", "overflow", "overlap", "own", "owner", "pack", "package", "page", "pair",
    "pairwise", "parallel", "parallelogram", "parameter", "parent", "parity", "parse", "part", "partial", "partition",
    "party", "pass", "passed", "passenger", "passport", "password", "past", "patch", "path", "pattern", "pause",
    "pay", "payer", "payment", "paypal", "peer", "penalty", "pending", "people", "per", "percent", "percentage",
    "perfect", "perform", "perimeter", "period", "periodic", "permission", "permit", "permutation", "perpendicular",
    "person", "personal", "phone", "phrase", "pick", "piece", "pipeline", "place", "plain", "plainly", "plan",
    "plane", "plate", "platform", "please", "plot", "plugin", "plus", "pod", "pods", "point", "policy", "poll",
    "polygon", "polynomial", "pool", "port", "portion", "position", "positional", "positive", "possible", "post",
    "postal", "power", "prefer", "preference", "prefix", "prepare", "present", "preserve", "press", "preview",
    "previous", "price", "primary", "prime", "principle", "print", "prior", "priority", "private", "probability",
    "probe", "problem", "procedure", "process", "product", "production", "profile", "program", "progress", "project",
    "projection", "promise", "prompt", "proof", "proper", "properties", "property", "proportion", "protect",
    "protocol", "prove", "provide", "provider", "province", "public", "publish", "pull", "purchase", "push", "put",
    "pythagorean", "python", "quadratic", "quadrilateral", "quantity", "quarter", "query", "question", "queue",
    "quick", "quota", "quote", "quotient", "radical", "radius", "raise", "random", "range", "rank", "rate", "ratio",
    "rational", "ray", "reach", "read", "ready", "real", "rearrange", "reason", "rebase", "receive", "recent",
    "recheck", "recipe", "recipient", "recognise", "recognize", "recompute", "reconcile", "record", "recover",
    "recurrence", "recursion", "recursive", "red", "redirect", "reduce", "reduction", "ref", "reference", "refine",
    "refresh", "refs", "refund", "refuse", "refused", "region", "register", "registry", "regular", "reject",
    "rejected", "relation", "relationship", "relative", "release", "relevant", "reload", "remain", "remainder",
    "remainders", "remaining", "remote", "remove", "removed", "rename", "render", "renew", "reopen", "repair",
    "repeat", "replace", "replica", "replicas", "reply", "repo", "report", "repository", "represent", "request",
    "requested", "require", "required", "requirement", "reroute", "reschedule", "resend", "reservation", "reserve",
    "reset", "residue", "resolution", "resolve", "resource", "respond", "response", "rest", "restart", "restore",
    "restrict", "restriction", "result", "resume", "retrieve", "retry", "return", "returned", "revenue", "reverse",
    "revert", "review", "revise", "revoke", "rewrite", "rhombus", "right", "rights", "role", "roll", "rollback",
    "rollout", "room", "root", "rotate", "round", "route", "row", "rule", "run", "running", "runtime", "safe", "sale",
    "same", "sample", "satisfy", "saturday", "save", "saved", "say", "scale", "scan", "schedule", "schema", "scope",
    "score", "script", "seal", "search", "seat", "second", "seconds", "secret", "secrets", "section", "secure",
    "security", "see", "seen", "segment", "segmentation", "select", "selection", "semi", "semicircle", "semver",
    "send", "sent", "sentence", "separate", "sequence", "serial", "series", "server", "service", "services",
    "session", "set", "setting", "settle", "several", "shall", "shape", "share", "she", "sheet", "shift", "ship",
    "shipment", "shipped", "shipping", "shoelace", "shop", "shopping", "short", "should", "show", "side", "sign",
    "signature", "signed", "silver", "similar", "similarity", "simple", "simplify", "simulate", "sine", "single",
    "site", "situation", "size", "sketch", "skill", "skip", "slope", "slot", "slow", "small", "smaller", "smallest",
    "snapshot", "so", "socket", "software", "sold", "solution", "solve", "some", "sort", "source", "space", "special",
    "specific", "specified", "specify", "speed", "spend", "split", "spread", "sql", "square", "stable", "stack",
    "stage", "standard", "start", "starting", "stash", "state", "statement", "station", "statistics", "status",
    "stay", "steady", "step", "still", "stock", "stop", "storage", "store", "str", "strategy", "stream", "street",
    "string", "structure", "style", "subject", "submit", "subscriptable", "subset", "substitute", "substitution",
    "subtract", "succeed", "success", "successful", "such", "suite", "sum", "summarise", "summarize", "summary",
    "sunday", "supplier", "supply", "support", "sure", "surface", "suspend", "swap", "switch", "symbol", "symmetric",
    "symmetry", "sync", "syntax", "synthesis", "system", "systematic", "table", "tag", "take", "tangent", "target",
    "task", "tax", "team", "tell", "template", "ten", "term", "terminal", "terraform", "test", "text", "than", "that",
    "the", "their", "theirs", "them", "then", "theorem", "there", "these", "they", "thing", "think", "third", "this",
    "those", "thread", "three", "threshold", "through", "thursday", "ticket", "tie", "tier", "time", "timed",
    "timeout", "times", "timestamp", "timezone", "title", "tls", "to", "today", "together", "token", "too", "tool",
    "top", "topic", "total", "totals", "touch", "toward", "trace", "traceback", "track", "tracking", "traffic",
    "trailing", "transaction", "transfer", "transform", "transformation", "transition", "translate", "trapezoid",
    "travel", "traversal", "tree", "triangle", "trigonometric", "trip", "triple", "true", "trust", "try", "tuesday",
    "tuple", "turn", "twice", "two", "type", "unauthorized", "unavailable", "unchanged", "undefined", "under",
    "underflow", "understand", "unexpected", "unhealthy", "unicode", "union", "unique", "unit", "units", "unknown",
    "unless", "unlimited", "unlock", "unmerged", "unmet", "unpaid", "unparsable", "unreachable", "unschedulable",
    "until", "untracked", "up", "update", "upgrade", "upload", "upper", "upstream", "us", "usage", "use", "user",
    "username", "using", "utf", "utility", "valid", "validate", "validation", "value", "values", "variable",
    "variance", "variant", "various", "vector", "vendor", "verify", "version", "vertex", "vertices", "very", "via",
    "video", "view", "violate", "violates", "visa", "visible", "visit", "visualise", "visualize", "voice", "void",
    "volume", "voucher", "wait", "wallet", "want", "warehouse", "warn", "warning", "was", "wasn't", "watch", "way",
    "we", "weather", "web", "webhook", "wednesday", "week", "weekly", "weeks", "weight", "well", "were", "what",
    "when", "where", "whether", "which", "while", "who", "whole", "whom", "whose", "why", "wide", "width", "will",
    "window", "wire", "with", "within", "without", "won't", "word", "work", "worked", "worker", "workflow",
    "workspace", "world", "would", "wrap", "write", "written", "wrong", "xml", "yaml", "year", "yearly", "years",
    "yes", "yet", "yield", "you", "younger", "your", "yours", "zero", "zip", "zone",
    /* clang-format on */
};

static const char *const stop_words[] = {
    "a",      "about",  "across", "after",   "again",  "against", "all",    "already", "also",    "always",  "am",
    "among",  "an",     "and",    "another", "any",    "are",     "as",     "at",      "away",    "back",    "be",
    "been",   "before", "being",  "between", "both",   "but",     "by",     "can",     "could",   "did",     "do",
    "does",   "doing",  "done",   "down",    "during", "each",    "either", "ever",    "every",   "few",     "for",
    "from",   "had",    "has",    "have",    "having", "he",      "her",    "here",    "hers",    "him",     "his",
    "how",    "i",      "if",     "in",      "into",   "is",      "it",     "its",     "just",    "least",   "less",
    "many",   "may",    "me",     "might",   "mine",   "more",    "most",   "much",    "must",    "my",      "neither",
    "never",  "no",     "nor",    "not",     "now",    "of",      "off",    "on",      "once",    "one",     "ones",
    "only",   "onto",   "or",     "other",   "our",    "ours",    "out",    "over",    "own",     "per",     "same",
    "shall",  "she",    "should", "so",      "some",   "still",   "such",   "than",    "that",    "the",     "their",
    "theirs", "them",   "then",   "there",   "these",  "they",    "this",   "those",   "through", "to",      "too",
    "under",  "until",  "up",     "us",      "very",   "via",     "was",    "we",      "were",    "what",    "when",
    "where",  "which",  "who",    "whom",    "whose",  "why",     "will",   "with",    "within",  "without", "would",
    "yes",    "yet",    "you",    "your",    "yours",
};

/* Runs of content words that any two people write; matched as whole runs of words inside one of these. */
static const char *const phrases[] = {
    /* clang-format off */
    "transfer human agent", "transfer user human agent instead", "transferring human agents",
    "transfer human agents instead", "ask customer order number", "first name last name zip code",
    "first name last name postal code",
    "name postal code e mail address", "set factor equal zero", "set each factor equal zero",
    "write equation standard form", "solve resulting equation", "solve system linear equations", "law cosines",
    "law sines", "greatest common divisor", "least common multiple", "number problem asks total", "does not add up",
    /* clang-format on */
};

static int compare(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool in_table(const char *const *table, size_t count, const char *word)
{
    return bsearch(word, table, count, sizeof *table, compare) != NULL;
}

#define IN(table, word) in_table(table, sizeof(table) / sizeof *(table), word)

static bool is_sorted(const char *const *table, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(table[i - 1], table[i]) >= 0)
            return false;
    return true;
}

bool common_tables_sorted(void)
{
    return is_sorted(common_words, sizeof common_words / sizeof *common_words) &&
           is_sorted(stop_words, sizeof stop_words / sizeof *stop_words);
}

/* The word without its ending, and with the "e" that -ing and -ed may have taken. */
static bool known_stem(const char *word, size_t size, const char *ending)
{
    size_t cut = strlen(ending);
    char stem[TEXT_WORD_MAX + 1];
    if (size < cut + 3 || strcmp(word + size - cut, ending) != 0)
        return false;
    memcpy(stem, word, size - cut);
    stem[size - cut] = 0;
    if (IN(common_words, stem))
        return true;
    if (stem[size - cut - 1] == stem[size - cut - 2]) { /* "running" */
        stem[size - cut - 1] = 0;
        return IN(common_words, stem);
    }
    stem[size - cut] = 'e';
    stem[size - cut + 1] = 0;
    return IN(common_words, stem);
}

bool common_word(struct bytes lower_case)
{
    char word[TEXT_WORD_MAX];
    if (lower_case.size == 0 || lower_case.size >= sizeof word)
        return false;
    memcpy(word, lower_case.data, lower_case.size);
    word[lower_case.size] = 0;
    if (IN(common_words, word))
        return true;
    static const char *const endings[] = {"s", "es", "ed", "d", "ing", "ly", "er", "able", "n't"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (known_stem(word, lower_case.size, endings[i]))
            return true;
    return false;
}

bool common_stop_word(struct bytes lower_case)
{
    char word[TEXT_WORD_MAX];
    if (lower_case.size >= sizeof word)
        return false;
    memcpy(word, lower_case.data, lower_case.size);
    word[lower_case.size] = 0;
    return IN(stop_words, word);
}

bool common_phrase(const char *content_words)
{
    size_t size = strlen(content_words);
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        const char *found = strstr(phrases[i], content_words);
        if (found && (found == phrases[i] || found[-1] == ' ') && (found[size] == 0 || found[size] == ' '))
            return true;
    }
    return false;
}

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
}

bool text_word(struct text_words *words, struct bytes *raw, char out[static TEXT_WORD_MAX])
{
    const uint8_t *data = words->text.data;
    size_t size = words->text.size, at = words->at;
    while (at < size && !is_word_byte(data[at]))
        at++;
    size_t start = at;
    while (at < size &&
           (is_word_byte(data[at]) || (data[at] == '\'' && at > start && at + 1 < size && is_word_byte(data[at + 1]))))
        at++;
    words->at = at;
    *raw = bytes_part(words->text, start, at - start);
    size_t kept = raw->size < TEXT_WORD_MAX - 1 ? raw->size : TEXT_WORD_MAX - 1;
    for (size_t i = 0; i < kept; i++)
        out[i] = (char)(raw->data[i] >= 'A' && raw->data[i] <= 'Z' ? raw->data[i] + 32 : raw->data[i]);
    out[kept] = 0;
    return raw->size > 0;
}

size_t common_word_count(void)
{
    return sizeof common_words / sizeof *common_words;
}

const char *common_word_at(size_t number)
{
    return common_words[number];
}

static bool number_of(const char *word, size_t size, size_t *number)
{
    size_t low = 0, high = common_word_count();
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strncmp(common_words[middle], word, size);
        order = order ? order : common_words[middle][size] != 0;
        if (order == 0) {
            *number = middle;
            return true;
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return false;
}

bool common_word_number(const char *lower_case, size_t *number)
{
    static const char *const endings[] = {"", "s", "es", "ed", "d", "ing", "ly", "er"};
    size_t size = strlen(lower_case);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);
        if (size > ending + (i > 0) && strcmp(lower_case + size - ending, endings[i]) == 0 &&
            number_of(lower_case, size - ending, number))
            return true;
    }
    return false;
}

/* Space and the punctuation of clauses; a sign beyond them could spell what no word of the vocabulary does. */
static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (!isalpha((unsigned char)*text) && !strchr(" ,.:;'-", *text))
            return false;
    return true;
}

bool common_text(const char *text)
{
    struct text_words words = {.text = bytes_str(text)};
    struct bytes raw;
    char word[TEXT_WORD_MAX];
    if (!is_plain(text))
        return false;
    while (text_word(&words, &raw, word))
        if (!common_word(bytes_str(word)) && !common_stop_word(bytes_str(word)))
            return false;
    return true;
}
