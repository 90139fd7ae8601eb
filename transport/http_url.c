/* Which addresses a client takes. Hides curl's parts of a URL. */
#include <curl/curl.h>
#include <string.h>

#include "transport/http_inside.h"

static bool is_this_machine(const char *host)
{
    static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(host, names[i]) == 0)
            return true;
    return false;
}

/* A server's: https, a host, perhaps a port, and nothing else. A service's may have a path, and be http on this
 * machine. */
static bool parts_fit(CURLU *url, enum http_peer peer)
{
    static const CURLUPart unwanted[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT};
    char *scheme = NULL, *host = NULL, *path = NULL, *part = NULL;
    bool fit = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
               curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
               curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK;
    bool local = fit && peer == PEER_SERVICE && strcmp(scheme, "http") == 0 && is_this_machine(host);
    fit = fit && (local || strcmp(scheme, "https") == 0) && (peer == PEER_SERVICE || strcmp(path, "/") == 0);
    for (size_t i = 0; fit && i < sizeof unwanted / sizeof *unwanted; i++) {
        fit = curl_url_get(url, unwanted[i], &part, 0) != CURLUE_OK;
        curl_free(part);
        part = NULL;
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(path);
    return fit;
}

bool http_base_fits(const char *base, enum http_peer peer)
{
    CURLU *url = curl_url();
    bool fits = url && curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK && parts_fit(url, peer);
    curl_url_cleanup(url);
    return fits;
}
