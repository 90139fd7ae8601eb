/* The words of codebook version 1, the commonest first: written by insight/train/codebook.py, never changed. */
#pragma once

static const char *const codebook_words[255] = {
    /* clang-format off */
    "command", "data", "value", "message", "read", "get", "line", "current", "function", "method", "new", "create",
    "type", "base", "number", "server", "module", "default", "process", "text", "instance", "test", "none", "format",
    "character", "codec", "event", "use", "write", "mapping", "tuple", "code", "version", "address", "error", "mode",
    "add", "time", "source", "false", "request", "user", "directory", "internal", "whether", "open", "run", "call",
    "raise", "option", "two", "close", "parse", "response", "connection", "context", "stream", "socket", "first",
    "argument", "exception", "loop", "system", "copy", "handle", "integer", "sequence", "interface", "send",
    "construct", "item", "single", "element", "remove", "buffer", "convert", "key", "end", "handler", "output",
    "print", "size", "attribute", "empty", "input", "start", "state", "check", "queue", "specific", "find", "xml",
    "non", "child", "block", "position", "found", "support", "document", "generate", "next", "result", "optional",
    "standard", "stop", "archive", "protocol", "host", "information", "thread", "available", "make", "last",
    "content", "parent", "tree", "import", "date", "distribution", "future", "node", "style", "manager", "link",
    "binary", "index", "member", "order", "port", "possible", "form", "level", "operation", "package", "entry",
    "memory", "see", "stack", "byte", "range", "compile", "configuration", "library", "log", "str", "compiler",
    "info", "root", "table", "build", "change", "decimal", "decode", "delete", "encode", "help", "int", "local",
    "running", "section", "simple", "window", "instead", "part", "client", "datetime", "namespace", "program",
    "random", "traceback", "case", "exist", "invalid", "long", "variable", "access", "pair", "platform", "dict",
    "extract", "length", "month", "record", "absolute", "clear", "enum", "example", "extension", "flag", "iterable",
    "load", "multiple", "point", "reset", "resource", "application", "common", "network", "parameter", "prefix",
    "query", "required", "script", "special", "work", "year", "body", "compute", "display", "install", "signature",
    "determine", "environment", "pattern", "register", "relative", "release", "wait", "zero", "bound", "cache",
    "cookie", "count", "execute", "main", "private", "replace", "successful", "zip", "day", "expression",
    "identifier", "negative", "real", "split", "target", "total", "try", "update", "ask", "device", "email",
    "following", "move", "numeric", "regular", "trace", "various", "way", "week", "bind", "ensure", "except", "exit",
    "image",
    /* clang-format on */
};
