/* The log's commands that are more than one question to the vault. */
#include "base/encode.h"
#include "crypto/tile_folder.h"
#include "server/command.h"

/* The answer is shown in any case; a freeze makes it a failure, so that whoever runs this by the clock hears of it. */
enum status daemon_log_verify(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_JSON struct json *answer = NULL;
    TRY(daemon_ask_simple(arguments, "log.verify", NULL, NULL, result, why));
    TRY(json_parse(buf_bytes(result), SIZE_MAX, &answer, why));
    if (!json_is_true(json_get(answer, "frozen")))
        return OK;
    return why_hint(why, ERR_POLICY, "releases are frozen", NULL, "find out why, then chathamd log thaw REASON");
}

/* --- export --- */

struct exporter {
    const struct daemon_arguments *arguments;
    struct why *why;
};

static enum status ask_tiles(const struct exporter *exporter, const struct tile *tiles, size_t count,
                             struct json **answer)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_BUF struct buf text = {0}, result = {0};
    struct json *names = json_array();
    for (size_t i = 0; i < count; i++) {
        char name[TILE_PATH_MAX];
        tile_path(&tiles[i], name);
        json_push(names, json_text(name));
    }
    json_set(command, "command", json_text("log.tiles"));
    json_set(command, "tiles", names);
    TRY(json_canonical(command, &text));
    TRY(daemon_ask(exporter->arguments, buf_bytes(&text), &result, exporter->why));
    return json_parse(buf_bytes(&result), SIZE_MAX, answer, exporter->why);
}

static enum status fetch_tiles(void *state, const struct tile *tiles, size_t count, struct buf *contents)
{
    SCOPED_JSON struct json *answer = NULL;
    TRY(ask_tiles(state, tiles, count, &answer));
    const struct json *list = json_get(answer, "tiles");
    if (json_count(list) != count)
        return ERR_CORRUPT;
    for (size_t i = 0; i < count; i++)
        TRY(decode_base64(json_string_bytes(json_at(list, i)), &contents[i]));
    return OK;
}

/* The checkpoint to export under. */
static enum status first_answer(const struct exporter *exporter, struct json **answer, struct checkpoint *checkpoint)
{
    TRY(ask_tiles(exporter, NULL, 0, answer));
    checkpoint->size = (uint64_t)json_integer_value(json_get(*answer, "size"));
    return decode_hex_fixed(json_string_bytes(json_get(*answer, "root")), checkpoint->root, MERKLE_BYTES);
}

static enum status export_to(const char *folder, struct exporter *exporter, struct json *result)
{
    SCOPED_JSON struct json *answer = NULL;
    struct checkpoint checkpoint;
    struct tile_folder_report report;
    TRY(first_answer(exporter, &answer, &checkpoint));
    TRY(tile_folder_write(folder, checkpoint.size, fetch_tiles, exporter, &report));
    enum status status = tile_folder_check(folder, &checkpoint);
    if (status == ERR_CORRUPT)
        return why_hint(exporter->why, status, "the tiles there do not agree with the checkpoint", "--out",
                        "empty the folder and export again; then chathamd log verify");
    TRY(status);
    TRY(tile_folder_note(folder, json_string_bytes(json_get(answer, "checkpoint"))));
    json_set(result, "size", json_integer((int64_t)checkpoint.size));
    json_set(result, "written", json_integer((int64_t)report.written));
    json_set(result, "kept", json_integer((int64_t)report.kept));
    json_set(result, "vkey", json_string(json_string_bytes(json_get(answer, "vkey"))));
    return OK;
}

enum status daemon_log_export(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_JSON struct json *object = json_object();
    struct exporter exporter = {arguments, why};
    if (!arguments->out)
        return why_set(why, ERR_USAGE, "name a folder: --out DIR", NULL, 0);
    enum status status = export_to(arguments->out, &exporter, object);
    if (status != OK)
        return why_set(why, status, "the export is not whole", "--out", 0);
    return json_canonical(object, result);
}
