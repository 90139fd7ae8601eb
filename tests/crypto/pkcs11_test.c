/* The root key in a token, with SoftHSM2 over a folder of its own: it wraps and opens, never comes out, and refuses
 * whoever has another PIN, token, key or module. Skips where SoftHSM2 is not installed. */
#include "crypto/pkcs11.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "crypto/keys.h"
#include "crypto/root_apart.h"

#define PIN "1234-secret"
#define OTHER_PIN "5678-secret"

static const char *module;
static char folder[64];
static const char label[] = "intermediate";

static const char *find_module(void)
{
    static const char *const places[] = {"/usr/lib/softhsm/libsofthsm2.so",
                                         "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                                         "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (file_exists(places[i]))
            return places[i];
    return NULL;
}

static void make_token(const char *name, const char *pin)
{
    char command[512];
    snprintf(command, sizeof command,
             "softhsm2-util --init-token --free --label '%s' --pin '%s' --so-pin so-secret >'%s/out' 2>&1", name, pin,
             folder);
    assert_int_equal(system(command), 0);
}

static struct pkcs11_place place_of(const char *token, const char *key)
{
    return (struct pkcs11_place){module, token, key};
}

/* What a process of its own opens. */
struct request {
    struct pkcs11_place place;
    const char *pin;
    enum status (*open)(const struct pkcs11_place *, struct bytes, struct root_provider **, struct why *);
};
static enum status open_it(const void *context, struct root_provider **out, struct why *why)
{
    const struct request *request = context;
    return request->open(&request->place, bytes_str(request->pin), out, why);
}
static enum status open_apart(struct request request, struct root_provider **out, struct why *why)
{
    return root_provider_apart(open_it, &request, out, why);
}
static struct root_provider *must_open(struct request request)
{
    struct root_provider *provider = NULL;
    assert_int_equal(open_apart(request, &provider, NULL), OK);
    return provider;
}

static void what_a_token_wrapped_it_opens_again_after_a_new_login(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = {0}, got = {0};
    SCOPED_BUF struct buf wrapped = {0}, again = {0};
    assert_int_equal(secret_random(&key, KEY_BYTES), OK);
    struct root_provider *provider = must_open((struct request){place_of("house", "root one"), PIN, pkcs11_create});
    assert_int_equal(root_wrap(provider, label, 1, &key, &wrapped), OK);
    assert_int_equal(root_wrap(provider, label, 1, &key, &again), OK);
    assert_true(wrapped.size <= ROOT_WRAPPED_MAX);
    assert_false(bytes_equal(buf_bytes(&wrapped), buf_bytes(&again)));
    assert_int_equal(bytes_find(buf_bytes(&wrapped), secret_bytes(&key)), SIZE_MAX);
    root_provider_close(provider);
    provider = must_open((struct request){place_of("house", "root one"), PIN, pkcs11_open});
    assert_int_equal(root_unwrap(provider, label, 1, buf_bytes(&wrapped), &got), OK);
    assert_memory_equal(got.data, key.data, KEY_BYTES);
    root_provider_close(provider);
}

static void what_was_moved_or_altered_does_not_open(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = {0}, got = {0};
    SCOPED_BUF struct buf wrapped = {0};
    assert_int_equal(secret_random(&key, KEY_BYTES), OK);
    SCOPED_ROOT struct root_provider *provider =
        must_open((struct request){place_of("house", "root two"), PIN, pkcs11_create});
    SCOPED_ROOT struct root_provider *other =
        must_open((struct request){place_of("house", "root three"), PIN, pkcs11_create});
    assert_int_equal(root_wrap(provider, label, 1, &key, &wrapped), OK);
    assert_int_equal(root_unwrap(provider, label, 2, buf_bytes(&wrapped), &got), ERR_DENIED);
    assert_int_equal(root_unwrap(provider, "tenant", 1, buf_bytes(&wrapped), &got), ERR_DENIED);
    assert_int_equal(root_unwrap(other, label, 1, buf_bytes(&wrapped), &got), ERR_DENIED);
    for (size_t i = 0; i < wrapped.size; i++) {
        wrapped.data[i] ^= 0x10;
        assert_int_equal(root_unwrap(provider, label, 1, buf_bytes(&wrapped), &got), ERR_DENIED);
        assert_null(got.data);
        wrapped.data[i] ^= 0x10;
    }
    assert_int_equal(root_unwrap(provider, label, 1, bytes_of(wrapped.data, wrapped.size - 1), &got), ERR_DENIED);
    assert_int_equal(root_unwrap(provider, label, 1, buf_bytes(&wrapped), &got), OK);
}

static void who_does_not_belong_is_refused(void **state)
{
    (void)state;
    char text[96], open_to_all[96];
    snprintf(text, sizeof text, "%s/text.so", folder);
    snprintf(open_to_all, sizeof open_to_all, "%s/open.so", folder);
    assert_int_equal(file_write(text, bytes_str("no module"), 0600), OK);
    assert_int_equal(file_write(open_to_all, bytes_str("no module"), 0600), OK);
    assert_int_equal(chmod(open_to_all, 0666), 0);
    root_provider_close(must_open((struct request){place_of("house", "root four"), PIN, pkcs11_create}));
    const struct {
        struct request request;
        enum status want;
    } rows[] = {
        {{place_of("house", "root four"), PIN, pkcs11_open}, OK},
        {{place_of("house", "root four"), "0000-wrong", pkcs11_open}, ERR_DENIED},
        {{place_of("house", "root four"), "", pkcs11_open}, ERR_DENIED},
        {{place_of("house", "root none"), PIN, pkcs11_open}, ERR_DENIED},
        {{place_of("other", "root four"), OTHER_PIN, pkcs11_open}, ERR_DENIED},
        {{place_of("other", "root four"), PIN, pkcs11_open}, ERR_DENIED},
        {{place_of("nowhere", "root four"), PIN, pkcs11_open}, ERR_UNAVAILABLE},
        {{place_of("", "root four"), PIN, pkcs11_open}, ERR_UNAVAILABLE},
        {{{"/nowhere/libsofthsm2.so", "house", "root four"}, PIN, pkcs11_open}, ERR_NOT_FOUND},
        {{{"libsofthsm2.so", "house", "root four"}, PIN, pkcs11_open}, ERR_USAGE},
        {{{text, "house", "root four"}, PIN, pkcs11_open}, ERR_INPUT},
        {{{open_to_all, "house", "root four"}, PIN, pkcs11_open}, ERR_DENIED},
        {{{"/usr", "house", "root four"}, PIN, pkcs11_open}, ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_ROOT struct root_provider *provider = NULL;
        struct why why = {0};
        assert_int_equal(open_apart(rows[i].request, &provider, &why), rows[i].want);
        assert_int_equal(provider == NULL, rows[i].want != OK);
        assert_int_equal(why.what == NULL, rows[i].want == OK);
    }
}

/* --- by the module's own calls, in a process of their own: the module is not ours to have here --- */

#define MUST(claim)                                                                                                    \
    do {                                                                                                               \
        if (!(claim))                                                                                                  \
            return false;                                                                                              \
    } while (0)

static bool in_session(CK_FUNCTION_LIST *calls, CK_SESSION_HANDLE *session)
{
    CK_SLOT_ID slots[16];
    CK_ULONG count = 16;
    MUST(calls->C_Initialize(NULL) == CKR_OK && calls->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        MUST(calls->C_GetTokenInfo(slots[i], &info) == CKR_OK);
        if (memcmp(info.label, "house ", 6) != 0)
            continue;
        MUST(calls->C_OpenSession(slots[i], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, session) == CKR_OK);
        return calls->C_Login(*session, CKU_USER, (unsigned char *)PIN, strlen(PIN)) == CKR_OK;
    }
    return false;
}

static bool the_value_stays_inside(CK_FUNCTION_LIST *calls, CK_SESSION_HANDLE session)
{
    CK_OBJECT_HANDLE key = 0;
    CK_ULONG count = 0;
    CK_BBOOL sensitive = 0, extractable = 1, never = 0, always = 0;
    unsigned char value[KEY_BYTES];
    CK_ATTRIBUTE wanted[] = {{CKA_LABEL, (void *)"root five", 9}};
    MUST(calls->C_FindObjectsInit(session, wanted, 1) == CKR_OK);
    MUST(calls->C_FindObjects(session, &key, 1, &count) == CKR_OK && count == 1);
    calls->C_FindObjectsFinal(session);
    CK_ATTRIBUTE facts[] = {{CKA_SENSITIVE, &sensitive, sizeof sensitive},
                            {CKA_EXTRACTABLE, &extractable, sizeof extractable},
                            {CKA_NEVER_EXTRACTABLE, &never, sizeof never},
                            {CKA_ALWAYS_SENSITIVE, &always, sizeof always}};
    MUST(calls->C_GetAttributeValue(session, key, facts, 4) == CKR_OK);
    MUST(sensitive && !extractable && never && always);
    CK_ATTRIBUTE secret[] = {{CKA_VALUE, value, sizeof value}};
    return calls->C_GetAttributeValue(session, key, secret, 1) == CKR_ATTRIBUTE_SENSITIVE;
}

static bool a_key_that_can_leave(CK_FUNCTION_LIST *calls, CK_SESSION_HANDLE session)
{
    CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
    CK_BBOOL yes = CK_TRUE;
    CK_ULONG size = KEY_BYTES;
    CK_OBJECT_HANDLE key = 0;
    CK_ATTRIBUTE wanted[] = {{CKA_TOKEN, &yes, sizeof yes},       {CKA_EXTRACTABLE, &yes, sizeof yes},
                             {CKA_ENCRYPT, &yes, sizeof yes},     {CKA_DECRYPT, &yes, sizeof yes},
                             {CKA_VALUE_LEN, &size, sizeof size}, {CKA_LABEL, (void *)"root loose", 10}};
    return calls->C_GenerateKey(session, &mechanism, wanted, 6, &key) == CKR_OK;
}

typedef bool (*token_act)(CK_FUNCTION_LIST *calls, CK_SESSION_HANDLE session);
static enum status act_opener(const void *context, struct root_provider **out, struct why *why)
{
    CK_C_GetFunctionList get = NULL;
    CK_FUNCTION_LIST *calls = NULL;
    CK_SESSION_HANDLE session = 0;
    (void)why, *out = NULL;
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL),
         *symbol = library ? dlsym(library, "C_GetFunctionList") : NULL;
    memcpy(&get, &symbol, sizeof get);
    bool good =
        get && get(&calls) == CKR_OK && in_session(calls, &session) && (*(const token_act *)context)(calls, session);
    return good ? root_provider_of_chance(out) : ERR_BUG;
}
static void must_act(token_act act)
{
    SCOPED_ROOT struct root_provider *provider = NULL;
    assert_int_equal(root_provider_apart(act_opener, &act, &provider, NULL), OK);
}

static void the_root_key_never_leaves_the_token(void **state)
{
    (void)state;
    root_provider_close(must_open((struct request){place_of("house", "root five"), PIN, pkcs11_create}));
    must_act(the_value_stays_inside);
}

static void a_key_that_can_be_taken_out_is_refused(void **state)
{
    (void)state;
    struct root_provider *provider = NULL;
    struct why why = {0};
    must_act(a_key_that_can_leave);
    assert_int_equal(open_apart((struct request){place_of("house", "root loose"), PIN, pkcs11_open}, &provider, &why),
                     ERR_DENIED);
    assert_non_null(why.hint);
    assert_null(provider);
}

static int start(void **state)
{
    char path[96], text[256];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/chatham-token-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/tokens", folder);
    assert_int_equal(folder_create(path, 0700), OK);
    snprintf(text, sizeof text, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", path);
    snprintf(path, sizeof path, "%s/softhsm2.conf", folder);
    assert_int_equal(file_write(path, bytes_str(text), 0600), OK);
    assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
    make_token("house", PIN);
    make_token("other", OTHER_PIN);
    return 0;
}

static int end(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

int main(void)
{
    module = find_module();
    if (!module || system("command -v softhsm2-util >/dev/null") != 0) {
        puts("SoftHSM2 is not installed: nothing to test against");
        return 77;
    }
    if (secret_start(0, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_token_wrapped_it_opens_again_after_a_new_login),
        cmocka_unit_test(what_was_moved_or_altered_does_not_open),
        cmocka_unit_test(who_does_not_belong_is_refused),
        cmocka_unit_test(the_root_key_never_leaves_the_token),
        cmocka_unit_test(a_key_that_can_be_taken_out_is_refused),
    };
    return cmocka_run_group_tests(tests, start, end);
}
