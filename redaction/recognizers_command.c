/* Passwords on command lines, where each program has a flag of its own for them. Hides which, and how a line is taken
 * apart into words. */
#include "redaction/claim.h"
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define LINE_MOST 600
#define WORDS_MOST 40
#define ECHO_BACK 200

/* --- words of a line --- */

struct line {
    struct bytes text;
    size_t at, end, words;
};

/* The next word without its quotes, of the part up to a pipe; false behind the last. */
static bool line_word(struct line *line, struct bytes *word)
{
    line->at = chars_run(line->text, line->at, C_SPACE, LINE_MOST);
    uint8_t first = char_at(line->text, line->at);
    if (line->at >= line->end || line->words++ >= WORDS_MOST || first == '|' || first == ';' || first == '&')
        return false;
    size_t stop = line->at;
    if (first == '"' || first == '\'') {
        *word = claim_value(line->text, &line->at);
        line->at += word->size + 1;
        return true;
    }
    while (stop < line->end && !char_is(line->text.data[stop], C_SPACE) && !strchr("|;\"'`<>)", line->text.data[stop]))
        stop++;
    *word = bytes_part(line->text, line->at, stop - line->at);
    if (char_at(line->text, stop) == '"' || char_at(line->text, stop) == '\'') { /* -p'value', --flag="value" */
        size_t at = stop;
        struct bytes value = claim_value(line->text, &at);
        *word = bytes_part(line->text, line->at, at + value.size - line->at);
        stop = at + value.size + 1;
    }
    line->at = stop == line->at ? stop + 1 : stop;
    return true;
}

static struct line line_from(struct bytes text, size_t at)
{
    size_t end = at;
    while (end < text.size && end - at < LINE_MOST && text.data[end] != 0x1e &&
           (text.data[end] != '\n' || text.data[end - 1] == '\\'))
        end++;
    return (struct line){bytes_part(text, 0, end), at, end, 0};
}

/* --- values --- */

static void report(struct scan *scan, const struct recognizer *row, struct bytes value)
{
    while (value.size && (value.data[0] == '"' || value.data[0] == '\''))
        value = bytes_part(value, 1, SIZE_MAX);
    bool other = value.size < 4 || strchr("-$<{%*", value.data[0]) != NULL;
    if (other || claim_is_no_value(value) || rarity_is_filler(value) || bytes_is(value, "public"))
        return;
    size_t start = (size_t)(value.data - scan_text(scan).data);
    scan_found(scan, row, start, start + value.size);
}

static void report_split(struct scan *scan, const struct recognizer *row, struct bytes word, char sign)
{
    size_t at = bytes_find(word, bytes_of(&sign, 1));
    bool elsewhere = sign == ':' && !bytes_starts(word, "pass:"); /* openssl's env:, file: */
    if (at != SIZE_MAX && !elsewhere)
        report(scan, row, bytes_part(word, at + 1, SIZE_MAX));
}

/* --- flags: what a row's shape says ('|' between) ---
 *
 *   -a *    the word behind the flag          -U *%   of that word, what stands behind the sign
 *   -p*     the rest of the flag's own word   -b #3   if the flag is there, the third word that is none */
struct option {
    struct bytes flag;
    bool glued;
    char sign;
    size_t nth;
};

static struct option option_read(const char **shape)
{
    struct option option = {0};
    size_t size = strcspn(*shape, " *#|");
    option.flag = bytes_of(*shape, size);
    const char *at = *shape + size;
    option.glued = *at == '*';
    at += *at == ' ';
    option.nth = *at == '#' ? (size_t)(at[1] - '0') : 0;
    option.sign = *at == '*' && at[1] && at[1] != '|' ? at[1] : 0;
    at += strcspn(at, "|");
    *shape = at + (*at == '|');
    return option;
}

/* The n-th word that is no flag, if the flag stands before it. */
static size_t match_nth(struct scan *scan, const struct recognizer *row, struct line line, const struct option *option)
{
    struct bytes word;
    bool asked = option->flag.size == 0;
    for (size_t nth = 0; line_word(&line, &word);) {
        asked |= bytes_equal(word, option->flag);
        bool place = word.size && (strchr("-/\\", word.data[0]) || word.data[word.size - 1] == ':');
        nth += word.size && !place;
        if (asked && nth == option->nth) {
            report(scan, row, word);
            break;
        }
    }
    return line.at;
}

static size_t match_flag(struct scan *scan, const struct recognizer *row, struct line line, const struct option *option)
{
    struct bytes word;
    for (bool armed = false; line_word(&line, &word);) {
        struct bytes rest = bytes_part(word, option->flag.size, SIZE_MAX);
        bool flag = word.size >= option->flag.size && memcmp(word.data, option->flag.data, option->flag.size) == 0;
        if (armed && option->sign)
            report_split(scan, row, word, option->sign);
        else if (armed)
            report(scan, row, word);
        armed = flag && rest.size == 0 && !option->glued;
        if (flag && rest.size && option->glued)
            report(scan, row, rest);
        else if (flag && option->sign && char_at(rest, 0) == '=')
            report_split(scan, row, bytes_part(rest, 1, SIZE_MAX), option->sign);
    }
    return line.at;
}

/* The anchor is the program's name and a blank. */
static bool program_starts(struct bytes text, size_t end)
{
    size_t start = end - 1;
    while (start > 0 && char_is(text.data[start - 1], C_TOKEN | C_DOT))
        start--;
    uint8_t before = char_at(text, start - 1);
    return text.data[start] != '-' && before != '=' && before != '@';
}

static size_t match_command(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct line line = line_from(scan_text(scan), end);
    if (!program_starts(line.text, end))
        return end;
    size_t understood = end;
    for (const char *shape = row->shape; *shape;) {
        struct option option = option_read(&shape);
        size_t at = option.nth ? match_nth(scan, row, line, &option) : match_flag(scan, row, line, &option);
        understood = at > understood ? at : understood;
    }
    return understood;
}

/* echo value | sudo -S ...: what is written to a program that reads a password. */
static size_t match_piped(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t from = end > ECHO_BACK ? end - ECHO_BACK : 0, echo = SIZE_MAX;
    for (size_t at = end; at > from && text.data[at - 1] != '\n' && text.data[at - 1] != 0x1e; at--)
        if (chars_are(text, at - 1, "echo ") || chars_are(text, at - 1, "printf ")) {
            echo = at - 1;
            break;
        }
    if (echo != SIZE_MAX) {
        struct line line = line_from(bytes_part(text, 0, end), echo);
        struct bytes word;
        while (line_word(&line, &word) && line.words < 4)
            if (line.words > 1 && word.size && word.data[0] != '-') {
                report(scan, row, word);
                return end;
            }
    }
    size_t at = chars_run(text, end, C_SPACE, 2);
    if (!chars_are(text, at, "<<<"))
        return end;
    struct line line = line_from(text, at + 3);
    struct bytes word;
    if (line_word(&line, &word))
        report(scan, row, word);
    return end;
}

#define COMMAND(name, programs, flags, page)                                                                           \
    {                                                                                                                  \
        "command." name, REDACT_PASSWORD, programs, match_command, flags, 0.85f, ROW_LEARN | ROW_LIST | ROW_CASED,     \
            page,                                                                                                      \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

static const struct recognizer rows[] = {
    COMMAND("mysql", "mysql |mysqldump |mysqladmin |mysqlimport |mysqlcheck |mysqlsh |mariadb |mariadb-dump ", "-p*",
            "mysql(1)"),
    COMMAND("redis", "redis-cli ", "-a *|--pass *", "redis-cli(1)"),
    COMMAND("ldap", "ldapsearch |ldapadd |ldapmodify |ldapdelete |ldapwhoami |ldappasswd ", "-w *|-s *",
            "ldapsearch(1)"),
    COMMAND("openssl", "openssl ", "-k *|-K *|-pass *:|-passin *:|-passout *:", "openssl-passphrase-options(1)"),
    COMMAND("smb", "smbclient |rpcclient |winexe |smbmap |mount.cifs ", "-U *%", "smbclient(1)"),
    COMMAND("rdp", "xfreerdp |wfreerdp |cmdkey |mstsc ", "/p:*|/pass:*", "xfreerdp(1), cmdkey"),
    COMMAND("sql", "sqlcmd |osql |isql |bcp ", "-P *|-P*", "learn.microsoft.com sqlcmd"),
    COMMAND("capital_p", "ipmitool |mosquitto_pub |mosquitto_sub |zip |unzip ", "-P *",
            "ipmitool(1), mosquitto_pub(1), zip(1)"),
    COMMAND("java", "keytool |jarsigner ", "-storepass *|-keypass *|-srcstorepass *|-deststorepass *", "keytool(1)"),
    COMMAND("gpg", "gpg |gpg2 ", "--passphrase *", "gpg(1)"),
    COMMAND("archive", "sshpass |7z |7za |unrar |rar ", "-p*", "sshpass(1), 7z(1), rar(1)"),
    COMMAND("snmp", "snmpwalk |snmpget |snmpset ", "-A *|-X *|-c *", "snmpcmd(1)"),
    COMMAND("ftp", "lftp |ncftp ", "-u *,", "lftp(1)"),
    COMMAND("network", "nmcli ", "password *|wifi-sec.psk *", "nmcli(1)"),
    COMMAND("kubectl", "create secret generic ", "--from-literal *=", "kubectl create secret"),
    COMMAND("htpasswd", "htpasswd ", "-b #3|-cb #3|-bc #3|-nb #2", "htpasswd(1)"),
    COMMAND("wpa", "wpa_passphrase ", "#2", "wpa_passphrase(8)"),
    COMMAND("rabbitmq", "rabbitmqctl ", "add_user #3|change_password #3", "rabbitmqctl(8)"),
    COMMAND("share", "net use ", "#1", "learn.microsoft.com net use"),
    COMMAND("user", "net user ", "#2", "learn.microsoft.com net user"),
    {"command.piped",
     REDACT_PASSWORD,
     "--password-stdin|sudo -S|--with-token|chpasswd|passwd --stdin",
     match_piped,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE | ROW_CASED,
     "sudo(8), docker login, chpasswd(8), gh auth login",
     {0}},
};

const struct recognizers recognizers_command = {rows, sizeof rows / sizeof rows[0]};
