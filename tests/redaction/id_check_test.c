/* Every check of identifiers against known answers (tests/cases/redaction/ids.txt): the right ones hold, and of all
 * that one altered character or two neighbours exchanged make of them exactly as many pass as should: none where a
 * check digit sees everything, more where two remainders share a digit or only the structure counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "redaction/id_check.h"

#define ID_MOST 24

struct check {
    const char *name;
    id_check holds;
};
#define CHECK(name)                                                                                                    \
    {                                                                                                                  \
#name, id_##name                                                                                               \
    }
static const struct check checks[] = {
    CHECK(luhn),
    CHECK(verhoeff),
    CHECK(at_svnr),
    CHECK(be_nn),
    CHECK(bg_egn),
    CHECK(ch_ahv),
    CHECK(cz_rc),
    CHECK(de_steuer),
    CHECK(de_ausweis),
    CHECK(de_rente),
    CHECK(de_kvnr),
    CHECK(dk_cpr),
    CHECK(dk_cpr_checked),
    CHECK(ee_isikukood),
    CHECK(es_dni),
    CHECK(es_nie),
    CHECK(es_cif),
    CHECK(fi_hetu),
    CHECK(fr_nir),
    CHECK(fr_spi),
    CHECK(gb_nhs),
    CHECK(gb_nino),
    CHECK(gb_utr),
    CHECK(gb_licence),
    CHECK(gr_afm),
    CHECK(gr_amka),
    CHECK(hr_oib),
    CHECK(hu_taj),
    CHECK(hu_ado),
    CHECK(ie_pps),
    CHECK(is_kennitala),
    CHECK(it_cf),
    CHECK(it_piva),
    CHECK(lu_matricule),
    CHECK(lv_code),
    CHECK(nl_bsn),
    CHECK(no_fodselsnummer),
    CHECK(pl_pesel),
    CHECK(pl_nip),
    CHECK(pl_dowod),
    CHECK(pt_nif),
    CHECK(ro_cnp),
    CHECK(rs_jmbg),
    CHECK(ru_inn),
    CHECK(ru_snils),
    CHECK(se_personnummer),
    CHECK(tr_tckn),
    CHECK(ua_rnokpp),
    CHECK(ae_emirates),
    CHECK(ar_cuit),
    CHECK(au_abn),
    CHECK(au_tfn),
    CHECK(au_medicare),
    CHECK(br_cpf),
    CHECK(br_cnpj),
    CHECK(ca_sin),
    CHECK(cl_rut),
    CHECK(cn_resident),
    CHECK(co_nit),
    CHECK(do_cedula),
    CHECK(ec_cedula),
    CHECK(eg_national),
    CHECK(hk_hkid),
    CHECK(id_nik),
    CHECK(il_tz),
    CHECK(in_aadhaar),
    CHECK(in_pan),
    CHECK(in_gstin),
    CHECK(jp_mynumber),
    CHECK(kr_rrn),
    CHECK(kr_rrn_checked),
    CHECK(kw_civil),
    CHECK(mx_curp),
    CHECK(mx_rfc),
    CHECK(my_nric),
    CHECK(nz_ird),
    CHECK(nz_nhi),
    CHECK(pe_ruc),
    CHECK(pk_cnic),
    CHECK(sa_national),
    CHECK(sg_nric),
    CHECK(th_id),
    CHECK(tw_id),
    CHECK(us_aba),
    CHECK(us_dea),
    CHECK(us_ein),
    CHECK(us_itin),
    CHECK(us_mbi),
    CHECK(us_npi),
    CHECK(us_ssn),
    CHECK(uy_ci),
    CHECK(za_id),
    CHECK(imei),
    CHECK(iccid),
    CHECK(vin),
    CHECK(clabe),
    CHECK(cbu),
};
#define CHECKS (sizeof checks / sizeof checks[0])

struct passed {
    size_t altered, exchanged;
};

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Another digit for a digit, another letter for a letter. */
static size_t altered(id_check holds, struct bytes right)
{
    size_t passed = 0;
    for (size_t at = 0; at < right.size; at++) {
        uint8_t id[ID_MOST];
        memcpy(id, right.data, right.size);
        uint8_t first = is_digit(id[at]) ? '0' : 'A', last = is_digit(id[at]) ? '9' : 'Z';
        for (id[at] = first; id[at] <= last; id[at]++)
            passed += id[at] != right.data[at] && holds(bytes_of(id, right.size));
    }
    return passed;
}

static size_t exchanged(id_check holds, struct bytes right)
{
    size_t passed = 0;
    for (size_t at = 0; at + 1 < right.size; at++) {
        uint8_t id[ID_MOST];
        memcpy(id, right.data, right.size);
        id[at] = right.data[at + 1];
        id[at + 1] = right.data[at];
        if (id[at] != id[at + 1] && is_digit(id[at]) == is_digit(id[at + 1]))
            passed += holds(bytes_of(id, right.size));
    }
    return passed;
}

static struct bytes word_of(struct bytes *line)
{
    size_t size = bytes_find(*line, bytes_str(" "));
    struct bytes word = bytes_part(*line, 0, size);
    *line = bytes_part(*line, word.size + 1, SIZE_MAX);
    return word;
}

static size_t number_of(struct bytes word)
{
    size_t number = 0;
    for (size_t i = 0; i < word.size; i++)
        number = number * 10 + (size_t)(word.data[i] - '0');
    return number;
}

/* How many right ids the line holds; 0 if one of them is refused or a wrong one passes. */
static size_t line_holds(struct bytes line, const struct check *check)
{
    size_t wanted_altered = number_of(word_of(&line)), wanted_exchanged = number_of(word_of(&line)), count = 0;
    struct passed passed = {0, 0};
    bool refused = false;
    for (; line.size; count++) {
        struct bytes id = word_of(&line);
        assert_true(id.size <= ID_MOST);
        if (!check->holds(id))
            printf("%s: %.*s is right and was refused\n", check->name, (int)id.size, (const char *)id.data);
        refused |= !check->holds(id);
        passed.altered += altered(check->holds, id);
        passed.exchanged += exchanged(check->holds, id);
    }
    bool same = passed.altered == wanted_altered && passed.exchanged == wanted_exchanged;
    if (!same)
        printf("%s: %zu altered and %zu exchanged pass, not %zu and %zu\n", check->name, passed.altered,
               passed.exchanged, wanted_altered, wanted_exchanged);
    return same && !refused ? count : 0;
}

static const struct check *check_named(struct bytes name)
{
    for (size_t i = 0; i < CHECKS; i++)
        if (bytes_is(name, checks[i].name))
            return &checks[i];
    return NULL;
}

static void known_answers(void **state)
{
    (void)state;
    char path[4096];
    struct buf file SCOPED_BUF = {0};
    size_t names = 0, wrong = 0;
    snprintf(path, sizeof path, "%s/tests/cases/redaction/ids.txt", getenv("CHATHAM_SOURCE"));
    assert_int_equal(file_read(path, 1 << 20, &file), OK);
    struct bytes text = buf_bytes(&file);
    for (size_t at = 0; at < text.size;) {
        struct bytes line = bytes_part(text, at, bytes_find(bytes_part(text, at, SIZE_MAX), bytes_str("\n")));
        at += line.size + 1;
        if (line.size == 0 || line.data[0] == '#')
            continue;
        const struct check *check = check_named(word_of(&line));
        assert_non_null(check);
        wrong += line_holds(line, check) < 2;
        names++;
    }
    assert_int_equal(names, CHECKS); /* none is without its line */
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
