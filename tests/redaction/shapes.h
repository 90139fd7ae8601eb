/* Pathological shapes: a unit again and again. What may be slow about each must stay linear, and near the ordinary. */
#pragma once

static const struct shape {
    const char *name, *unit;
} shapes[] = {
    {"line", "The agent looks at the result, compares it with what was asked and then goes on. "},
    {"digits", "4111111111111111"},
    {"at", "@"},
    {"base64", "QWxhZGRpbjpvcGVuIHNlc2FtZQ/+b3BlbiBzZXNhbWU"},
    {"deep", "{\"a\":["},
    {"quotes", "\""},
    {"colons", ":"},
    {"capitals", "A"},
    {"angles", "<"},
    {"backslashes", "\\"},
    {"escapes", "\\\\\\\""},
    {"percent", "%25"},
    {"members", "\":"},
    {"names", "Mia Li Sofia Kim "},
    {"keys", "\"password\": \"x\", "},
    {"labels", "order id number reservation "},
    {"mails", "a@b.co "},
    {"begin", "-----BEGIN PRIVATE KEY-----"},
    {"end", "-----END PRIVATE KEY-----"},
    {"claims", "key-"},
};
#define SHAPES (sizeof shapes / sizeof shapes[0])
