/* Loading a module, finding its token, logging in. Hides the order in which all that is undone. */
#include "crypto/pkcs11_session.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS_MAX 64

static const char where_module[] = "PKCS#11 module";
static const char where_token[] = "PKCS#11 token";

enum status pkcs11_status(unsigned long value, const char *what, struct why *why)
{
    static const struct {
        CK_RV value;
        enum status status;
        const char *what;
    } rows[] = {
        {CKR_PIN_INCORRECT, ERR_DENIED, "the PIN is wrong"},
        {CKR_PIN_INVALID, ERR_DENIED, "the PIN is wrong"},
        {CKR_PIN_LEN_RANGE, ERR_DENIED, "the PIN is wrong"},
        {CKR_PIN_EXPIRED, ERR_DENIED, "the PIN has expired"},
        {CKR_PIN_LOCKED, ERR_DENIED, "the PIN is locked after too many wrong ones"},
        {CKR_USER_PIN_NOT_INITIALIZED, ERR_DENIED, "the token has no user's PIN yet"},
        {CKR_ENCRYPTED_DATA_INVALID, ERR_DENIED, "what was wrapped does not open"},
        {CKR_ENCRYPTED_DATA_LEN_RANGE, ERR_DENIED, "what was wrapped does not open"},
        {CKR_MECHANISM_INVALID, ERR_UNAVAILABLE, "the token has no AES-GCM or makes no AES keys"},
        {CKR_TOKEN_WRITE_PROTECTED, ERR_UNAVAILABLE, "the token is write-protected"},
        {CKR_HOST_MEMORY, ERR_MEMORY, "the module is out of memory"},
    };
    if (value == CKR_OK)
        return OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value == value)
            return why_set(why, rows[i].status, rows[i].what, where_token, 0);
    return why_set(why, ERR_UNAVAILABLE, what, where_token, 0);
}

/* --- the module --- */

/* It will see keys: nobody else may be able to put another in its place. */
static enum status check_module(const char *path, struct why *why)
{
    struct stat facts;
    if (path[0] != '/')
        return why_hint(why, ERR_USAGE, "not an absolute path", where_module, "give the whole path of the .so file");
    if (stat(path, &facts) != 0)
        return why_set(why, ERR_NOT_FOUND, "not found", where_module, 0);
    if (!S_ISREG(facts.st_mode))
        return why_set(why, ERR_INPUT, "not a regular file", where_module, 0);
    if ((facts.st_mode & 022) || (facts.st_uid != 0 && facts.st_uid != geteuid()))
        return why_set(why, ERR_DENIED, "others may change it", where_module, 0);
    return OK;
}

static enum status load_module(const char *path, struct pkcs11_session *out, struct why *why)
{
    CK_C_GetFunctionList get = NULL;
    CK_FUNCTION_LIST *calls = NULL;
    TRY(check_module(path, why));
    out->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = out->library ? dlsym(out->library, "C_GetFunctionList") : NULL;
    memcpy(&get, &symbol, sizeof get); /* ISO C has no cast from object to function */
    if (!get || get(&calls) != CKR_OK || !calls)
        return why_set(why, ERR_INPUT, "cannot be loaded: not a PKCS#11 module", where_module, 0);
    TRY(pkcs11_status(calls->C_Initialize(NULL), "the module does not start", why));
    out->calls = calls;
    return OK;
}

/* --- the token --- */

/* Labels are padded with blanks to 32 bytes. */
static bool is_labelled(const CK_TOKEN_INFO *info, const char *label)
{
    size_t size = strlen(label);
    if (size == 0 || size > sizeof info->label || memcmp(info->label, label, size) != 0)
        return false;
    for (size_t i = size; i < sizeof info->label; i++)
        if (info->label[i] != ' ')
            return false;
    return true;
}

static enum status find_slot(const struct pkcs11_session *session, const char *label, CK_SLOT_ID *slot, struct why *why)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    size_t found = 0;
    TRY(pkcs11_status(session->calls->C_GetSlotList(CK_TRUE, slots, &count), "the module does not list its tokens",
                      why));
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (session->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK || !is_labelled(&info, label))
            continue;
        *slot = slots[i];
        found++;
    }
    if (found == 1)
        return OK;
    return why_set(why, ERR_UNAVAILABLE, found ? "several have this label" : "no token has this label", where_token, 0);
}

static enum status log_in(struct pkcs11_session *session, const char *token, struct bytes pin, struct why *why)
{
    CK_SLOT_ID slot = 0;
    TRY(find_slot(session, token, &slot, why));
    TRY(pkcs11_status(
        session->calls->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session->session),
        "no session with the token", why));
    session->is_open = true;
    unsigned char *text = (unsigned char *)(uintptr_t)pin.data; /* the standard's type forgot its const */
    return pkcs11_status(session->calls->C_Login(session->session, CKU_USER, text, pin.size), "the token refuses", why);
}

enum status pkcs11_session_open(const struct pkcs11_place *place, struct bytes pin, struct pkcs11_session *out,
                                struct why *why)
{
    *out = (struct pkcs11_session){0};
    enum status status = load_module(place->module, out, why);
    if (status == OK)
        status = log_in(out, place->token, pin, why);
    if (status != OK)
        pkcs11_session_close(out);
    return status;
}

/* The library stays loaded: modules leave handlers behind that run at the end of the process. */
void pkcs11_session_close(struct pkcs11_session *session)
{
    if (session->is_open) {
        session->calls->C_Logout(session->session);
        session->calls->C_CloseSession(session->session);
    }
    if (session->calls)
        session->calls->C_Finalize(NULL);
    *session = (struct pkcs11_session){0};
}
