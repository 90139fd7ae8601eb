/* Checked identifiers as properties, from a fixed seed: numbers that hold are found behind their label, a number with
 * one digit changed is not, and what machines write (UUIDs, hashes, times, order numbers) is not touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "redaction/id_check.h"
#include "redaction/redaction.h"

#define NUMBERS 20        /* of each document */
#define LOOKALIKES 120000 /* harmless tokens */
#define TOUCHED_MOST 11   /* fewer than 1 in 10,000 */
#define TRIES (1u << 22)  /* until a number holds */
#define FOLDED_MOST 0.15  /* of changed digits that a folded sum lets pass */

/* What a check says of one changed digit: all are seen; nearly all, since two remainders share a check digit or a
 * weight shares a factor with the modulus; none, since there is no check digit. */
enum sees { ALL, MOST, NONE };

/* The made number: d a digit, u a letter, a either, each with a count behind; y a date as YYMMDD, t as DDMMYY, c with
 * its century; any other byte stands for itself. */
struct document {
    const char *rule, *label, *form;
    id_check holds;
    enum sees sees;
};

/* ISO 13616, digit by digit. */
static bool iban_holds(struct bytes id)
{
    unsigned rest = 0;
    for (size_t i = 0; i < id.size; i++) {
        unsigned value = id_value(id, (i + 4) % id.size);
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
}

static const struct document documents[] = {
    {"national.at.svnr", "SVNR:", "d4t", id_at_svnr, ALL},
    {"national.be.nn", "rijksregisternummer", "yd5", id_be_nn, MOST},
    {"national.bg.egn", "ЕГН:", "yd4", id_bg_egn, MOST},
    {"national.ch.ahv", "AHV-Nr", "756d10", id_ch_ahv, ALL},
    {"national.cz.rc", "rodné číslo je", "yd4", id_cz_rc, MOST},
    {"national.de.ausweis", "Personalausweis Nr.", "ua8d", id_de_ausweis, ALL},
    {"national.de.rente", "RVNR", "d2tud3", id_de_rente, ALL},
    {"national.dk.cpr", "CPR:", "td4", id_dk_cpr, NONE},
    {"national.ee.isikukood", "isikukood", "dyd4", id_ee_isikukood, MOST},
    {"national.es.dni", "mi DNI es el", "d8u", id_es_dni, ALL},
    {"national.es.nie", "NIE:", "Xd7u", id_es_nie, ALL},
    {"national.fi.hetu", "henkilotunnus", "tAd3a", id_fi_hetu, ALL},
    {"national.fr.nir", "numéro de sécurité sociale :", "185d12", id_fr_nir, ALL},
    {"national.gb.nino", "NI number", "u2d6u", id_gb_nino, NONE},
    {"national.gr.amka", "ΑΜΚΑ", "td5", id_gr_amka, ALL},
    {"national.hr.oib", "moj OIB je", "d11", id_hr_oib, ALL},
    {"national.hu.taj", "TAJ szám:", "d9", id_hu_taj, ALL},
    {"national.ie.pps", "PPSN", "d7u", id_ie_pps, ALL},
    {"national.is.kennitala", "kennitala", "td4", id_is_kennitala, MOST},
    {"national.it.cf", "codice fiscale:", "u6d2ud2ud3u", id_it_cf, ALL},
    {"national.lu.matricule", "matricule", "cd5", id_lu_matricule, ALL},
    {"national.lv.code", "personas kods", "td5", id_lv_code, MOST},
    {"national.nl.bsn", "BSN", "d9", id_nl_bsn, ALL},
    {"national.no.fodselsnummer", "fødselsnummer:", "td5", id_no_fodselsnummer, ALL},
    {"national.pl.pesel", "mój PESEL to", "yd5", id_pl_pesel, ALL},
    {"national.pl.dowod", "dowód osobisty", "u3d6", id_pl_dowod, ALL},
    {"national.ro.cnp", "CNP", "dyd6", id_ro_cnp, MOST},
    {"national.rs.jmbg", "ЈМБГ:", "td7", id_rs_jmbg, ALL},
    {"national.ru.snils", "СНИЛС", "d11", id_ru_snils, ALL},
    {"national.se.personnummer", "personnummer", "yd4", id_se_personnummer, ALL},
    {"national.tr.tckn", "TC Kimlik No:", "d11", id_tr_tckn, ALL},
    {"tax.de.steuer", "Steuer-ID:", "d11", id_de_steuer, ALL},
    {"tax.es.cif", "CIF", "ud7a", id_es_cif, ALL},
    {"tax.fr.spi", "numéro fiscal", "d13", id_fr_spi, ALL},
    {"tax.gb.utr", "UTR", "d10", id_gb_utr, MOST},
    {"tax.gr.afm", "ΑΦΜ", "d9", id_gr_afm, MOST},
    {"tax.hu.ado", "adóazonosító jel:", "8d9", id_hu_ado, ALL},
    {"tax.it.piva", "P.IVA", "d11", id_it_piva, ALL},
    {"tax.pl.nip", "NIP", "d10", id_pl_nip, ALL},
    {"tax.pt.nif", "o meu NIF é", "d9", id_pt_nif, MOST},
    {"tax.ru.inn", "ИНН", "d12", id_ru_inn, ALL},
    {"tax.ua.rnokpp", "РНОКПП", "d10", id_ua_rnokpp, MOST},
    {"national.ae.emirates", "Emirates ID", "7841984d8", id_ae_emirates, ALL},
    {"national.ca.sin", "Social Insurance Number:", "d9", id_ca_sin, ALL},
    {"national.cn.resident", "身份证号:", "110105cd3a", id_cn_resident, ALL},
    {"national.do.cedula", "cédula", "d11", id_do_cedula, ALL},
    {"national.ec.cedula", "cédula de ciudadanía", "d10", id_ec_cedula, ALL},
    {"national.eg.national", "الرقم القومي", "dyd7", id_eg_national, NONE},
    {"national.hk.hkid", "HKID", "ud6a", id_hk_hkid, ALL},
    {"national.id.nik", "NIK:", "d6td4", id_id_nik, NONE},
    {"national.il.tz", "תעודת זהות", "d9", id_il_tz, ALL},
    {"national.in.aadhaar", "Aadhaar number is", "d12", id_in_aadhaar, ALL},
    {"national.jp.mynumber", "マイナンバーは", "d12", id_jp_mynumber, MOST},
    {"national.kr.rrn", "주민등록번호:", "yd7", id_kr_rrn, NONE},
    {"national.kw.civil", "Civil ID", "dyd5", id_kw_civil, ALL},
    {"national.mx.curp", "CURP:", "u4yHu5ad", id_mx_curp, MOST},
    {"national.my.nric", "MyKad", "yd6", id_my_nric, NONE},
    {"national.pk.cnic", "CNIC", "d13", id_pk_cnic, NONE},
    {"national.sa.national", "Iqama", "d10", id_sa_national, ALL},
    {"national.sg.nric", "NRIC", "Sd7u", id_sg_nric, ALL},
    {"national.th.id", "เลขประจำตัวประชาชน", "d13", id_th_id, MOST},
    {"national.tw.id", "身分證字號", "ud9", id_tw_id, MOST},
    {"national.uy.ci", "cédula de identidad", "d8", id_uy_ci, MOST},
    {"national.za.id", "South African ID", "yd7", id_za_id, ALL},
    {"tax.ar.cuit", "CUIT", "d11", id_ar_cuit, MOST},
    {"tax.au.abn", "ABN", "d11", id_au_abn, ALL},
    {"tax.au.tfn", "TFN:", "d9", id_au_tfn, ALL},
    {"tax.br.cpf", "CPF", "d11", id_br_cpf, MOST},
    {"tax.br.cnpj", "CNPJ", "d14", id_br_cnpj, ALL},
    {"tax.cl.rut", "RUT", "d8a", id_cl_rut, ALL},
    {"tax.co.nit", "NIT:", "d10", id_co_nit, MOST},
    {"tax.in.pan", "PAN card:", "u5d4u", id_in_pan, NONE},
    {"tax.in.gstin", "GSTIN", "d2u5d4udua", id_in_gstin, ALL},
    {"tax.mx.rfc", "RFC:", "u4ya3", id_mx_rfc, ALL},
    {"tax.nz.ird", "IRD number", "d9", id_nz_ird, MOST},
    {"tax.pe.ruc", "RUC", "d11", id_pe_ruc, MOST},
    {"tax.us.ein", "EIN", "d2-d7", id_us_ein, NONE},
    {"tax.us.itin", "ITIN", "d9", id_us_itin, NONE},
    {"medical.gb.nhs", "NHS no.", "d10", id_gb_nhs, ALL},
    {"medical.us.npi", "NPI", "1d9", id_us_npi, ALL},
    {"medical.us.dea", "DEA number", "Bud7", id_us_dea, MOST},
    {"medical.de.kvnr", "KVNR", "ud9", id_de_kvnr, ALL},
    {"medical.nz.nhi", "NHI", "u3d4", id_nz_nhi, ALL},
    {"medical.au.medicare", "Medicare card", "d10", id_au_medicare, MOST},
    {"bank.aba", "routing number", "d9", id_us_aba, ALL},
    {"bank.clabe", "CLABE", "d18", id_clabe, ALL},
    {"bank.cbu", "CBU:", "d22", id_cbu, ALL},
    {"device.imei", "IMEI", "d15", id_imei, ALL},
    {"device.iccid", "ICCID", "89d17", id_iccid, ALL},
    {"vehicle.vin.checked", "drives", "1u2a5du2d6", id_vin, ALL},
    {"card.number", "paid with", "4d15", id_luhn, ALL},
    {"iban", "send to", "DEd20", iban_holds, ALL},
};
#define DOCUMENTS (sizeof documents / sizeof documents[0])

static const struct redactor *redactor;

/* --- making numbers --- */

static void add_of(struct random random, const char *from, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++)
        buf_add_byte(out, (uint8_t)from[random_below(random, strlen(from))]);
}

static void add_date(struct random random, char kind, struct buf *out)
{
    unsigned year = 50 + (unsigned)random_below(random, 50), month = 1 + (unsigned)random_below(random, 12);
    unsigned day = 1 + (unsigned)random_below(random, 28);
    if (kind == 't')
        buf_addf(out, "%02u%02u%02u", day, month, year);
    else
        buf_addf(out, "%s%02u%02u%02u", kind == 'c' ? "19" : "", year, month, day);
}

static void make(struct random random, const char *form, struct buf *out)
{
    buf_clear(out);
    while (*form) {
        char kind = *form++;
        size_t count = 0;
        if (strchr("ytc", kind)) {
            add_date(random, kind, out);
            continue;
        }
        const char *letters = kind == 'd'   ? "0123456789"
                              : kind == 'u' ? "ABCDEFGHJKLMNPRSTUVWXYZ"
                              : kind == 'a' ? "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
                                            : NULL;
        while (letters && *form >= '0' && *form <= '9')
            count = count * 10 + (size_t)(*form++ - '0');
        if (letters)
            add_of(random, letters, count ? count : 1, out);
        else
            buf_add_byte(out, (uint8_t)kind);
    }
}

/* Without separators. */
static bool holds(const struct document *document, struct bytes written)
{
    uint8_t compact[64];
    size_t size = 0;
    for (size_t i = 0; i < written.size && size < sizeof compact; i++)
        if (written.data[i] != '-')
            compact[size++] = written.data[i];
    return document->holds(bytes_of(compact, size));
}

static void make_valid(struct random random, const struct document *document, struct buf *out)
{
    for (size_t i = 0; i < TRIES; i++) {
        make(random, document->form, out);
        assert_int_equal(buf_status(out), OK);
        if (holds(document, buf_bytes(out)))
            return;
    }
    fail_msg("no number of %s holds", document->rule);
}

/* --- finding them --- */

/* Whether some finding is exactly [start, end); with `rule` only one of that rule counts, and any overlap does. */
static bool is_found(struct bytes text, size_t start, size_t end, const char *rule)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    bool hit = false;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, text, &found), OK);
    for (size_t i = 0; i < found.count; i++) {
        const struct redact_finding *finding = &found.items[i];
        hit |= rule ? strcmp(finding->rule, rule) == 0 && finding->start < end && finding->end > start
                    : finding->start == start && finding->end == end;
    }
    redact_findings_free(&found);
    redact_session_free(session);
    return hit;
}

static bool is_found_labelled(const struct document *document, struct bytes number, const char *rule)
{
    struct buf text SCOPED_BUF = {0};
    buf_addf(&text, "%s ", document->label);
    size_t start = text.size;
    buf_add(&text, number);
    size_t end = text.size;
    buf_add_str(&text, " was given");
    assert_int_equal(buf_status(&text), OK);
    return is_found(buf_bytes(&text), start, end, rule);
}

static void numbers_that_hold_are_found(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 41);
    struct buf number SCOPED_BUF = {0};
    size_t missed = 0;
    for (size_t d = 0; d < DOCUMENTS; d++)
        for (size_t i = 0; i < NUMBERS; i++) {
            make_valid(random, &documents[d], &number);
            if (is_found_labelled(&documents[d], buf_bytes(&number), NULL))
                continue;
            printf("%s misses %s\n", documents[d].rule, buf_text(&number));
            missed++;
        }
    assert_int_equal(missed, 0);
}

/* Every digit of the number changed to every other. */
static size_t count_unseen(const struct document *document, struct buf *number, size_t *changed)
{
    size_t unseen = 0;
    for (size_t at = 0; at < number->size; at++) {
        uint8_t was = number->data[at];
        for (uint8_t digit = '0'; was >= '0' && was <= '9' && digit <= '9'; digit++) {
            if (digit == was)
                continue;
            number->data[at] = digit;
            unseen += holds(document, buf_bytes(number));
            ++*changed;
        }
        number->data[at] = was;
    }
    return unseen;
}

static void a_changed_digit_is_seen(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 42);
    struct buf number SCOPED_BUF = {0};
    for (size_t d = 0; d < DOCUMENTS; d++) {
        size_t unseen = 0, changed = 0;
        for (size_t i = 0; i < NUMBERS; i++) {
            make_valid(random, &documents[d], &number);
            unseen += count_unseen(&documents[d], &number, &changed);
        }
        bool holds_up = documents[d].sees == NONE || (double)unseen <= FOLDED_MOST * (double)changed;
        if (!holds_up || (documents[d].sees == ALL && unseen))
            fail_msg("%s: %zu of %zu changed digits are not seen", documents[d].rule, unseen, changed);
    }
}

static void changed_numbers_stay(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 43);
    struct buf number SCOPED_BUF = {0};
    for (size_t d = 0; d < DOCUMENTS; d++) {
        if (documents[d].sees != ALL)
            continue;
        make_valid(random, &documents[d], &number);
        uint8_t *last = &number.data[number.size - 1];
        while (last > number.data && (*last < '0' || *last > '9'))
            last--;
        *last = *last == '9' ? '0' : (uint8_t)(*last + 1);
        if (is_found_labelled(&documents[d], buf_bytes(&number), documents[d].rule))
            fail_msg("%s finds %s, which does not hold", documents[d].rule, buf_text(&number));
    }
}

/* --- what machines write --- */

static const char *const templates[] = {
    "hhhhhhhh-hhhh-4hhh-hhhh-hhhhhhhhhhhh",
    "HHHHHHHH-HHHH-4HHH-HHHH-HHHHHHHHHHHH",
    "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
    "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
    "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
    "hhhhhhhhhhhhhhhh",
    "hhhhhhh",
    "17dddddddd",
    "17ddddddddddd",
    "17ddddddddddddddd",
    "2024-01-0dT1d:2d:4dZ",
    "2024010d-1d2d",
    "2024010d1d2d3d",
    "dddddd",
    "dddddddd",
    "ddddddddd",
    "dddddddddd",
    "ddddddddddd",
    "dddddddddddd",
    "HHHHHHHHHH",
    "vd.dd.d",
    "d.dddddddd",
    "dd.0d.0dd.d",
    "ddd-ddd",
    "PR-ddddd",
    "req_hhhhhhhhhhhhhhhh",
    "run-dddddddddd",
    "0xhhhhhhhh",
    "dddd:dddd",
};
static const char *const around[] = {"id %s done",   "%s",   "commit %s (HEAD)", "[%s] ok", "a=%s b",
                                     "job %s, next", "/%s/x"};

static void add_token(struct random random, const char *template, struct buf *out)
{
    for (; *template; template ++)
        switch (*template) {
        case 'd':
            add_of(random, "0123456789", 1, out);
            break;
        case 'h':
            add_of(random, "0123456789abcdef", 1, out);
            break;
        case 'H':
            add_of(random, "0123456789ABCDEF", 1, out);
            break;
        default:
            buf_add_byte(out, (uint8_t) * template);
        }
}

static void machine_tokens_stay(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 44);
    struct buf text SCOPED_BUF = {0};
    size_t touched = 0;
    for (size_t i = 0; i < LOOKALIKES; i++) {
        struct redact_session *session = NULL;
        struct redact_findings found = {0};
        const char *frame = around[random_below(random, sizeof around / sizeof around[0])];
        size_t hole = strcspn(frame, "%");
        buf_clear(&text);
        buf_add(&text, bytes_of(frame, hole));
        add_token(random, templates[i % (sizeof templates / sizeof templates[0])], &text);
        buf_add_str(&text, frame + hole + 2);
        assert_int_equal(redact_session_new(redactor, &session), OK);
        assert_int_equal(redact_detect(session, buf_bytes(&text), &found), OK);
        if (found.count)
            printf("%s touches %s\n", found.items[0].rule, buf_text(&text));
        touched += found.count > 0;
        redact_findings_free(&found);
        redact_session_free(session);
    }
    printf("%zu of %d machine tokens are touched\n", touched, LOOKALIKES);
    assert_true(touched <= TOUCHED_MOST);
}

/* Numbers that the offices themselves, or the standards, give as examples. */
static void published_examples_hold(void **state)
{
    (void)state;
    static const struct {
        id_check holds;
        const char *example, *source;
    } examples[] = {
        {id_au_abn, "51824753556", "abr.business.gov.au, format of the ABN"},
        {id_au_tfn, "123456782", "ATO, test file numbers"},
        {id_bg_egn, "7523169263", "grao.bg, structure of the EGN"},
        {id_br_cnpj, "11222333000181", "Receita Federal"},
        {id_br_cnpj, "12ABC34501DE35", "Receita Federal, CNPJ alfanumerico"},
        {id_br_cpf, "11144477735", "Receita Federal"},
        {id_ca_sin, "046454286", "ESDC"},
        {id_ch_ahv, "7569217076985", "BSV, AHV-Nummer"},
        {id_cl_rut, "123456785", "SII"},
        {id_cn_resident, "11010519491231002X", "GB 11643-1999, 4.2"},
        {id_de_steuer, "86095742719", "BZSt, test numbers"},
        {id_es_dni, "12345678Z", "Ministerio del Interior"},
        {id_es_nie, "X1234567L", "Ministerio del Interior"},
        {id_fi_hetu, "131052308T", "dvv.fi"},
        {id_fr_nir, "255081416802538", "INSEE"},
        {id_gb_nhs, "9434765919", "NHS Data Dictionary"},
        {id_gr_afm, "094259216", "AADE"},
        {id_hk_hkid, "A1234563", "ImmD"},
        {id_imei, "490154203237518", "3GPP TS 23.003, annex B"},
        {id_it_cf, "RSSMRA85T10A562S", "Agenzia delle Entrate"},
        {id_nl_bsn, "111222333", "RvIG, test numbers"},
        {id_pl_nip, "8567346215", "podatki.gov.pl"},
        {id_pl_pesel, "44051401359", "gov.pl, PESEL"},
        {id_ro_cnp, "1630615123457", "OUG 97/2005"},
        {id_rs_jmbg, "0101006500006", "gov.si, EMSO"},
        {id_se_personnummer, "8112289874", "Skatteverket, SKV 704"},
        {id_sg_nric, "S1234567D", "ICA"},
        {id_tr_tckn, "10000000146", "NVI"},
        {id_us_aba, "021000021", "ABA"},
        {id_us_npi, "1234567893", "CMS, NPI check digit"},
        {id_vin, "1M8GDM9AXKP042788", "49 CFR 565"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        if (!examples[i].holds(bytes_str(examples[i].example)))
            fail_msg("%s of %s does not hold", examples[i].example, examples[i].source);
}

int main(void)
{
    struct redactor *made = NULL;
    if (redactor_new(BYTES_NONE, NULL, &made, NULL) != OK)
        return 1;
    redactor = made;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_hold), cmocka_unit_test(numbers_that_hold_are_found),
        cmocka_unit_test(a_changed_digit_is_seen), cmocka_unit_test(changed_numbers_stay),
        cmocka_unit_test(machine_tokens_stay),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(made);
    return failed;
}
