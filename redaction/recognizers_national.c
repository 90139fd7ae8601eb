/* National and tax numbers of Europe. What is only digits needs its label; what is written with signs of its own, or
 * mixes letters and digits under a check, is known alone. Sources of the checks: redaction/id_check.h. */
#include "redaction/id_match.h"

ID_BEHIND(at_svnr)
ID_BEHIND(be_nn)
ID_BEHIND(bg_egn)
ID_BEHIND(ch_ahv)
ID_BEHIND(cz_rc)
ID_BEHIND(de_steuer)
ID_BEHIND(de_ausweis)
ID_BEHIND(de_rente)
ID_BEHIND(dk_cpr)
ID_BEHIND(ee_isikukood)
ID_BEHIND(es_dni)
ID_BEHIND(es_nie)
ID_BEHIND(es_cif)
ID_BEHIND(fi_hetu)
ID_BEHIND(fr_nir)
ID_BEHIND(fr_spi)
ID_BEHIND(gb_utr)
ID_BEHIND(gr_afm)
ID_BEHIND(gr_amka)
ID_BEHIND(hr_oib)
ID_BEHIND(hu_taj)
ID_BEHIND(hu_ado)
ID_BEHIND(ie_pps)
ID_BEHIND(is_kennitala)
ID_BEHIND(it_cf)
ID_BEHIND(it_piva)
ID_BEHIND(lu_matricule)
ID_BEHIND(lv_code)
ID_BEHIND(nl_bsn)
ID_BEHIND(no_fodselsnummer)
ID_BEHIND(pl_pesel)
ID_BEHIND(pl_nip)
ID_BEHIND(pl_dowod)
ID_BEHIND(pt_nif)
ID_BEHIND(ro_cnp)
ID_BEHIND(rs_jmbg)
ID_BEHIND(ru_inn)
ID_BEHIND(ru_snils)
ID_BEHIND(se_personnummer)
ID_BEHIND(tr_tckn)
ID_BEHIND(ua_rnokpp)

ID_ALONE(be_nn)
ID_ALONE(ch_ahv)
ID_ALONE(cz_rc)
ID_ALONE(es_dni)
ID_ALONE(es_nie)
ID_ALONE(fr_nir)
ID_ALONE(gb_nino)

/* Behind its label the form is enough: prefixes that are not issued stand in test data and on forms. */
static bool id_gb_nino_labelled(struct bytes id)
{
    return id.data[8] <= 'D';
}
ID_BEHIND(gb_nino_labelled)
ID_ALONE(it_cf)
ID_ALONE(pl_nip)
ID_ALONE(ru_snils)

/* A time of day behind a date has this form too ("240515-1530"); such a number needs its label. */
static bool is_clock(struct bytes id)
{
    return id_number(id, id.size - 4, 2) < 24 && id_number(id, id.size - 2, 2) < 60;
}

static bool id_fi_alone(struct bytes id)
{
    return (id_value(id, id.size - 1) > 9 || !is_clock(id)) && id_fi_hetu(id);
}
ID_ALONE(fi_alone)

static bool id_se_alone(struct bytes id)
{
    return !is_clock(id) && id_se_personnummer(id);
}
ID_ALONE(se_alone)

static bool id_dk_alone(struct bytes id)
{
    return !is_clock(id) && id_dk_cpr_checked(id);
}
ID_ALONE(dk_alone)

#define NATIONAL(name, words, form, check, source)                                                                     \
    ROW_BEHIND("national." name, REDACT_NATIONAL_ID, words, form, check, 0.97f, source)
#define TAX(name, words, form, check, source) ROW_BEHIND("tax." name, REDACT_TAX_ID, words, form, check, 0.97f, source)

static const struct recognizer rows[] = {
    NATIONAL("at.svnr", "svnr|sv-nummer|sv nummer|sozialversicherungsnummer|versicherungsnummer", "d10", at_svnr,
             "sozialversicherung.at"),
    NATIONAL("be.nn",
             "rijksregisternummer|rijksregister|insz|inss|niss|numero national|numero de registre national|registre "
             "national|nrn|national register number|belgian national number",
             "d11", be_nn, "ibz.rrn.fgov.be"),
    NATIONAL("bg.egn", "egn|егн|ЕГН|единен граждански номер|Единен граждански номер|bulgarian id", "d10", bg_egn,
             "grao.bg"),
    NATIONAL("ch.ahv", "ahv|ahv-nr|ahvn13|ahv-nummer|avs|numero avs|oasi|ahv number|avs number", "d13", ch_ahv,
             "zas.admin.ch"),
    NATIONAL("cz.rc", "rodne cislo|rodneho cisla|r.c.|birth number|czech national id|slovak national id", "d10", cz_rc,
             "Act 133/2000 Coll."),
    NATIONAL("de.ausweis",
             "personalausweis|personalausweisnummer|ausweisnummer|ausweis|ausweis-nr|german id card|reisepassnummer",
             "ua8d", de_ausweis, "Bundesdruckerei; ICAO 9303"),
    NATIONAL("de.rente",
             "rentenversicherungsnummer|rentenversicherung|rvnr|rv-nummer|sozialversicherungsnummer|"
             "versicherungsnummer|sv-nummer",
             "d8ud3", de_rente, "VKVV, 2"),
    ROW_NEARBY("national.dk.cpr", REDACT_NATIONAL_ID, "cpr|cpr-nummer|cprnr|cpr-nr|personnummer|cpr number", "d10",
               dk_cpr, 0.9f, "cpr.dk"),
    NATIONAL("ee.isikukood", "isikukood|estonian id|estonian personal code|asmens kodas|lithuanian personal code",
             "d11", ee_isikukood, "EVS 585; Lithuanian Republic Act I-2237"),
    NATIONAL("es.dni", "dni|nif|documento nacional de identidad|documento de identidad|spanish id", "d8u", es_dni,
             "interior.gob.es"),
    NATIONAL("es.nie", "nie|numero de identidad de extranjero|nif", "ud7u", es_nie, "interior.gob.es"),
    NATIONAL("fi.hetu", "hetu|henkilotunnus|personbeteckning|finnish personal identity code", "d6-d3a|d6+d3a|d6ud3a",
             fi_hetu, "dvv.fi"),
    NATIONAL("fr.nir",
             "nir|numero de securite sociale|securite sociale|n secu|numero secu|insee|carte vitale|french social "
             "security",
             "d15|d5d1ud8", fr_nir, "insee.fr"),
    ROW_NEARBY("national.gb.nino", REDACT_NATIONAL_ID,
               "national insurance|national insurance number|nino|ni number|ni no|nin", "u2d6u", gb_nino_labelled, 0.9f,
               "HMRC NIM39110"),
    NATIONAL("gr.amka", "amka|αμκα", "d11", gr_amka, "amka.gr"),
    NATIONAL("hr.oib", "oib|osobni identifikacijski broj|croatian id", "d11", hr_oib, "porezna-uprava.gov.hr"),
    NATIONAL("hu.taj", "taj|taj szam|taj-szam|tajszam|hungarian social security", "d9", hu_taj, "Act LXXXIII/1997"),
    NATIONAL("ie.pps", "pps|ppsn|pps number|pps no|personal public service number", "d7u|d7u2", ie_pps, "gov.ie"),
    NATIONAL("is.kennitala", "kennitala|kt.|icelandic id", "d10", is_kennitala, "skra.is"),
    NATIONAL("it.cf", "codice fiscale|cod. fisc.|cod fiscale|c.f.|italian tax code|fiscal code", "u6a2ua2ua3u", it_cf,
             "DM 12 March 1974"),
    NATIONAL("lu.matricule", "matricule|numero d'identification national|luxembourg id|numero matricule", "d13",
             lu_matricule, "ccss.lu"),
    NATIONAL("lv.code", "personas kods|personas koda|latvian personal code|pers. kods", "d11", lv_code, "pmlp.gov.lv"),
    NATIONAL("nl.bsn", "bsn|burgerservicenummer|sofinummer|sofi-nummer|citizen service number|dutch id", "d9", nl_bsn,
             "rvig.nl"),
    NATIONAL("no.fodselsnummer", "fodselsnummer|fnr|d-nummer|fodselsnr|personnummer|norwegian national id|norwegian id",
             "d11", no_fodselsnummer, "skatteetaten.no"),
    NATIONAL("pl.pesel", "pesel", "d11", pl_pesel, "gov.pl"),
    NATIONAL("pl.dowod", "dowod osobisty|dowodu|nr dowodu|dowod|seria i numer|polish id card", "u3d6", pl_dowod,
             "gov.pl"),
    NATIONAL("ro.cnp", "cnp|cod numeric personal|romanian id", "d13", ro_cnp, "OUG 97/2005"),
    NATIONAL("rs.jmbg",
             "jmbg|jmb|јмбг|ЈМБГ|emso|embg|ембг|ЕМБГ|maticni broj|enotna maticna stevilka|maticna "
             "stevilka|slovenian id|"
             "serbian id",
             "d13", rs_jmbg, "gov.si; mup.gov.rs"),
    NATIONAL("ru.snils", "snils|снилс|СНИЛС|pension insurance number", "d11", ru_snils, "sfr.gov.ru"),
    NATIONAL("se.personnummer",
             "personnummer|personnr|pers.nr|pnr|samordningsnummer|swedish personal number|swedish personal identity "
             "number",
             "d12|d10|d6+d4", se_personnummer, "skatteverket.se"),
    NATIONAL("tr.tckn",
             "tckn|tc kimlik|t.c. kimlik|tc kimlik no|kimlik no|kimlik numarasi|turkish id|turkish identity number",
             "d11", tr_tckn, "nvi.gov.tr"),

    TAX("de.steuer",
        "steuer-id|steuer id|steuerid|steuer-idnr|idnr|steueridentifikationsnummer|identifikationsnummer|tin|german "
        "tax "
        "id|steuer-identifikationsnummer",
        "d11", de_steuer, "bzst.de"),
    TAX("es.cif", "cif|nif|codigo de identificacion fiscal|numero de identificacion fiscal", "ud7a", es_cif,
        "Orden EHA/451/2008"),
    TAX("fr.spi", "spi|numero fiscal|n fiscal|french tax number|reference fiscale", "d13", fr_spi, "impots.gouv.fr"),
    TAX("gb.utr", "utr|unique taxpayer reference|unique tax reference", "d10", gb_utr, "hmrc.gov.uk"),
    TAX("gr.afm", "afm|αφμ|ΑΦΜ|a.f.m.|greek tax number|arithmos forologikou mitroou", "d9", gr_afm, "aade.gr"),
    TAX("hu.ado", "adoazonosito|adoazonosito jel|adoszam|hungarian tax id", "d10", hu_ado, "nav.gov.hu"),
    TAX("it.piva", "partita iva|p.iva|p. iva|piva|italian vat", "d11", it_piva, "agenziaentrate.gov.it"),
    TAX("pl.nip", "nip|numer identyfikacji podatkowej|polish tax id", "d10", pl_nip, "podatki.gov.pl"),
    TAX("pt.nif", "nif|numero de identificacao fiscal|contribuinte|numero de contribuinte|portuguese tax number", "d9",
        pt_nif, "portaldasfinancas.gov.pt"),
    TAX("ru.inn", "inn|инн|ИНН|russian tax number", "d12|d10", ru_inn, "nalog.gov.ru"),
    TAX("ua.rnokpp", "rnokpp|рнокпп|РНОКПП|ипн|ИПН|ukrainian tax number|individual tax number|іпн|ІПН", "d10",
        ua_rnokpp, "tax.gov.ua"),

    ROW_ALONE("national.be.nn.dotted", REDACT_NATIONAL_ID, "d2.d2.d2-d3.d2", be_nn, 0.95f, 0, "ibz.rrn.fgov.be",
              {1 << 2, 0, BESIDE_DOT}),
    ROW_ALONE("national.ch.ahv.dotted", REDACT_NATIONAL_ID, "d3.d4.d4.d2", ch_ahv, 0.98f, ROW_STRICT, "zas.admin.ch",
              {1 << 3, 0, BESIDE_DOT}),
    ROW_ALONE("national.cz.rc.slash", REDACT_NATIONAL_ID, "d6/d4", cz_rc, 0.85f, 0, "Act 133/2000 Coll.",
              {1 << 6, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_OTHER}),
    ROW_ALONE("national.dk.cpr.dashed", REDACT_NATIONAL_ID, "d6-d4", dk_alone, 0.8f, 0, "cpr.dk",
              {1 << 6, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_DASH}),
    ROW_ALONE("national.es.dni.letter", REDACT_NATIONAL_ID, "d8u|d8-u|d2.d3.d3-u|d2.d3.d3u", es_dni, 0.8f, 0,
              "interior.gob.es", {DIGITS_OR_MORE(7) | 1 << 2, 0, BESIDE_UPPER | BESIDE_DASH | BESIDE_DOT}),
    ROW_ALONE("national.es.nie.letters", REDACT_NATIONAL_ID, "ud7u|u-d7-u", es_nie, 0.9f, ROW_INSIDE, "interior.gob.es",
              {DIGITS_OR_MORE(7), BESIDE_UPPER, BESIDE_UPPER}),
    ROW_ALONE("national.fi.hetu.century", REDACT_NATIONAL_ID, "d6-d3a|d6+d3a|d6ud3a", fi_alone, 0.95f, 0, "dvv.fi",
              {1 << 6, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_DASH | BESIDE_PLUS | BESIDE_UPPER}),
    ROW_ALONE("national.fr.nir.spaced", REDACT_NATIONAL_ID, "d d2 d2 d2 d3 d3 d2|d d2 d2 du d3 d3 d2", fr_nir, 0.97f,
              ROW_STRICT, "insee.fr", {1 << 1, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_BLANK}),
    ROW_ALONE("national.gb.nino.letters", REDACT_NATIONAL_ID, "u2d6u|u2 d2 d2 d2 u", gb_nino, 0.8f, ROW_INSIDE,
              "HMRC NIM39110", {1 << 6 | 1 << 2, BESIDE_UPPER | BESIDE_BLANK, BESIDE_UPPER | BESIDE_BLANK}),
    ROW_ALONE("national.it.cf.letters", REDACT_NATIONAL_ID, "u6a2ua2ua3u", it_cf, 0.98f, ROW_INSIDE | ROW_STRICT,
              "DM 12 March 1974", {1 << 2, BESIDE_UPPER, BESIDE_UPPER}),
    ROW_ALONE("tax.pl.nip.dashed", REDACT_TAX_ID, "d3-d3-d2-d2|d3-d2-d2-d3", pl_nip, 0.85f, 0, "podatki.gov.pl",
              {1 << 3, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_DASH}),
    ROW_ALONE("national.ru.snils.dashed", REDACT_NATIONAL_ID, "d3-d3-d3 d2|d3-d3-d3-d2", ru_snils, 0.95f, 0,
              "sfr.gov.ru", {1 << 3, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_DASH}),
    ROW_ALONE("national.se.personnummer.dashed", REDACT_NATIONAL_ID, "d6-d4|d8-d4|d6+d4", se_alone, 0.8f, 0,
              "skatteverket.se",
              {1 << 6 | DIGITS_OR_MORE(7), BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_DASH | BESIDE_PLUS}),
};

const struct recognizers recognizers_national = {rows, sizeof rows / sizeof rows[0]};
