/* How common a word is: three lists of ours, written from general knowledge of English and of what agents' logs talk
 * about, each sorted and in the form that words_next gives. What no list has is rare and weighs most. */
#include <stdlib.h>

#include "insight/words.h"

static const char *const function_words[] = {
    /* clang-format off */
    "a", "about", "above", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "away", "back",
    "be", "because", "been", "being", "below", "between", "both", "but", "by", "can", "could", "d", "did", "do",
    "doe", "doing", "don", "done", "down", "during", "each", "else", "ever", "every", "few", "for", "from",
    "further", "get", "got", "had", "has", "have", "having", "he", "her", "here", "him", "his", "how", "i", "if",
    "in", "instead", "into", "is", "isn", "it", "its", "itself", "just", "ll", "m", "may", "me", "might", "more",
    "most", "much", "must", "my", "near", "now", "of", "off", "on", "once", "onto", "or", "other", "our", "out",
    "over", "own", "per", "please", "re", "s", "same", "shall", "she", "should", "since", "so", "some", "still",
    "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "this", "those",
    "though", "through", "to", "together", "too", "toward", "under", "until", "up", "upon", "us", "ve", "very",
    "was", "wasn", "we", "well", "were", "what", "whatever", "when", "where", "whether", "which", "while", "who",
    "whom", "whose", "why", "will", "with", "within", "won", "would", "yes", "yet", "you", "your",
    /* clang-format on */
};
static const char *const common_words[] = {
    /* clang-format off */
    "able", "account", "act", "action", "add", "after", "against", "agent", "allow", "already", "alway", "answer",
    "apply", "ask", "available", "avoid", "base", "before", "begin", "bring", "call", "cancel", "cannot", "card",
    "case", "certain", "change", "check", "choose", "clear", "close", "code", "come", "common", "compare",
    "complete", "condition", "confirm", "consider", "contain", "continue", "correct", "cost", "create", "current",
    "customer", "data", "date", "day", "detail", "determine", "different", "direct", "easy", "end", "enough",
    "ensure", "error", "even", "example", "exist", "expect", "explain", "express", "extra", "fail", "file", "find",
    "first", "fix", "follow", "form", "format", "full", "give", "given", "go", "good", "group", "handle", "help",
    "high", "hold", "id", "identify", "important", "include", "indicate", "info", "information", "input", "issue",
    "item", "job", "keep", "key", "kind", "know", "large", "last", "later", "least", "leave", "left", "less", "let",
    "level", "like", "limit", "line", "list", "little", "long", "look", "low", "make", "many", "mean", "message",
    "method", "missing", "month", "move", "multiple", "name", "need", "never", "new", "next", "no", "none", "not",
    "note", "number", "offer", "often", "old", "one", "only", "open", "option", "order", "original", "output",
    "part", "particular", "pass", "pay", "payment", "people", "person", "place", "plan", "point", "policy",
    "possible", "present", "price", "problem", "process", "produce", "provide", "put", "question", "quick",
    "rather", "read", "ready", "really", "reason", "record", "refer", "refuse", "related", "remain", "remember",
    "remove", "repeat", "report", "request", "require", "respond", "response", "rest", "result", "retry", "return",
    "right", "rule", "run", "save", "say", "second", "see", "select", "send", "separate", "set", "several", "show",
    "side", "similar", "simple", "single", "size", "small", "solve", "sort", "specific", "start", "state", "status",
    "step", "stop", "store", "sum", "sure", "system", "take", "task", "tell", "test", "text", "think", "three",
    "time", "tool", "total", "try", "turn", "two", "type", "understand", "update", "use", "used", "useful", "user",
    "usual", "value", "verify", "want", "way", "week", "whole", "wide", "without", "word", "work", "write", "wrong",
    "year", "zero",
    /* clang-format on */
};
static const char *const known_words[] = {
    /* clang-format off */
    "accept", "access", "actual", "additional", "address", "adjust", "affect", "agree", "airport", "algebra",
    "alternative", "amount", "angle", "apology", "approach", "appropriate", "area", "argument", "array", "arrive",
    "assume", "attempt", "authenticate", "author", "bag", "baggage", "balance", "bank", "batch", "belong", "bill",
    "bit", "board", "book", "booking", "bound", "branch", "break", "brief", "budget", "build", "business", "buy",
    "cabin", "cache", "calculate", "cancellation", "capital", "catalog", "cause", "cell", "center", "certificate",
    "channel", "character", "charge", "choice", "circle", "claim", "class", "click", "client", "clock", "column",
    "combine", "command", "comment", "commit", "company", "compensation", "component", "compute", "concern",
    "config", "configuration", "connect", "connection", "consistent", "constant", "constraint", "contact",
    "content", "context", "contract", "contradiction", "control", "convert", "coordinate", "copy", "count",
    "couple", "cover", "credit", "criterion", "cross", "currency", "database", "deal", "decide", "decision",
    "default", "define", "delay", "delete", "deliver", "delivery", "deny", "depart", "department", "depend",
    "deploy", "describe", "description", "design", "destination", "device", "diagram", "difference", "digit",
    "direction", "directory", "discount", "discuss", "display", "distance", "distribute", "divide", "divisor",
    "document", "double", "draft", "drop", "duplicate", "duration", "economy", "edge", "edit", "effect", "eligible",
    "email", "empty", "enable", "enter", "entire", "entry", "environment", "equal", "equation", "equivalent",
    "escalate", "establish", "estimate", "evaluate", "event", "evidence", "exact", "exceed", "exception",
    "exchange", "execute", "exhaust", "expand", "expense", "expire", "expression", "extend", "extract", "face",
    "fact", "factor", "failure", "false", "fast", "feature", "fee", "feedback", "field", "figure", "filter",
    "final", "flag", "flight", "focus", "folder", "force", "formula", "fraction", "free", "frequent", "function",
    "fund", "general", "generate", "geometry", "gift", "graph", "greater", "guess", "half", "hand", "head", "hotel",
    "hour", "human", "identity", "image", "immediate", "implement", "improve", "increase", "index", "initial",
    "insert", "install", "instruction", "insurance", "integer", "interest", "intermediate", "internal", "interval",
    "invalid", "invoice", "involve", "lack", "language", "law", "lead", "length", "library", "link", "load",
    "local", "location", "lock", "log", "logic", "login", "loop", "lower", "machine", "main", "manage", "manual",
    "mark", "match", "math", "matrix", "matter", "maximum", "measure", "medium", "member", "membership", "memory",
    "mention", "middle", "minimum", "minute", "mode", "model", "modify", "module", "money", "monitor", "multiply",
    "narrow", "nature", "negative", "network", "normal", "notice", "object", "obtain", "odd", "operation",
    "opposite", "organize", "outcome", "outside", "overall", "owner", "package", "page", "pair", "parallel",
    "parameter", "parent", "partial", "party", "passenger", "password", "path", "pattern", "percent", "percentage",
    "perform", "period", "permission", "phone", "photo", "phrase", "pick", "piece", "port", "position", "positive",
    "post", "prefer", "prepare", "previous", "prime", "principle", "priority", "private", "probability",
    "procedure", "product", "profile", "program", "progress", "project", "promise", "proof", "proper", "property",
    "prove", "public", "pull", "purchase", "purpose", "push", "quality", "quantity", "query", "queue", "range",
    "rate", "ratio", "real", "receive", "recent", "recompute", "recover", "reduce", "reference", "refund", "region",
    "register", "regular", "reject", "relate", "relation", "relationship", "release", "relevant", "reply",
    "represent", "reservation", "reset", "resolve", "resource", "restart", "restrict", "retail", "review", "role",
    "root", "round", "route", "row", "sale", "sample", "satisfy", "scale", "schedule", "schema", "scope", "score",
    "script", "search", "seat", "section", "secure", "segment", "sentence", "sequence", "server", "service", "sery",
    "session", "setting", "shape", "share", "ship", "shipping", "shop", "short", "sign", "signal", "situation",
    "skill", "skip", "solution", "source", "space", "speed", "split", "square", "stack", "stage", "standard",
    "statement", "station", "strategy", "string", "structure", "subject", "submit", "substitute", "subtract",
    "success", "successful", "suggest", "suggestion", "supply", "support", "symbol", "table", "tag", "target",
    "team", "technique", "temporary", "term", "theorem", "theory", "third", "thought", "threshold", "ticket",
    "token", "top", "topic", "track", "traffic", "transaction", "transfer", "transform", "travel", "tree",
    "triangle", "trip", "true", "trust", "truth", "unable", "unique", "unit", "unknown", "unless", "unusual",
    "upgrade", "url", "valid", "variable", "variant", "variation", "verification", "version", "view", "visit",
    "volume", "wait", "warehouse", "warn", "warning", "watch", "weight", "window", "worker", "yesterday",
    /* clang-format on */
};

static const struct band {
    const char *const *words;
    size_t count;
    double weight;
} bands[] = {
    {function_words, sizeof function_words / sizeof *function_words, 0.2},
    {common_words, sizeof common_words / sizeof *common_words, 1.0},
    {known_words, sizeof known_words / sizeof *known_words, 1.7},
};
#define RARE_WEIGHT 2.5

static int compare(const void *word, const void *entry)
{
    return strcmp(word, *(const char *const *)entry);
}

static bool band_has(const struct band *band, const char *word)
{
    return bsearch(word, band->words, band->count, sizeof *band->words, compare) != NULL;
}

double word_weight(const char *word)
{
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++)
        if (band_has(&bands[i], word))
            return bands[i].weight;
    return RARE_WEIGHT;
}

bool word_is_stop(const char *word)
{
    return band_has(&bands[0], word);
}
