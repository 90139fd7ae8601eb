/* Documents and numbers of offices, banks and clinics behind their labels: passports, licences, health insurance,
 * routing numbers. Those with a check digit ask it. */
#include "redaction/id_match.h"

ID_BEHIND(gb_nhs)
ID_BEHIND(us_npi)
ID_BEHIND(us_mbi)
ID_BEHIND(us_dea)
ID_BEHIND(de_kvnr)
ID_BEHIND(nz_nhi)
ID_BEHIND(au_medicare)
ID_BEHIND(us_aba)
ID_BEHIND(clabe)
ID_BEHIND(cbu)
ID_ALONE(us_mbi)
ID_ALONE(gb_licence)

#define LABELLED(name, type, words, shapes, score, source)                                                             \
    {                                                                                                                  \
        name, type, words, match_numbered, shapes, score, ROW_LEARN | ROW_LIST, source,                                \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

/* ISO 9362: bank, country, place, and a branch or not; the country must be one. */
static size_t match_bic(struct scan *scan, const struct recognizer *row, size_t end)
{
    static const char countries[] =
        "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH "
        "CI "
        "CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GG GH GI "
        "GL "
        "GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ "
        "LA "
        "LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO "
        "NP "
        "NR NZ OM PA PE PF PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY "
        "SZ "
        "TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WS XK YE ZA ZM ZW ";
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, 0, &strong),
           stop = at < text.size ? chars_run(text, at, C_UPPER | C_DIGIT, 12) : 0;
    if ((stop != at + 8 && stop != at + 11) || chars_run(text, at, C_UPPER, 6) != at + 6 ||
        !chars_word_ends(text, stop))
        return end;
    bool language = !strong && end >= 5 && chars_are(text, end - 5, "swift");
    if (language && chars_run(text, at, C_UPPER, 12) == stop)
        return end; /* "Swift COMPILER" */
    for (const char *country = countries; *country; country += 3)
        if ((uint8_t)country[0] == text.data[at + 4] && (uint8_t)country[1] == text.data[at + 5]) {
            scan_found(scan, row, at, stop);
            return stop;
        }
    return end;
}

/* The machine-readable zone of a passport or card: lines of capitals, digits and '<' under one another. */
static size_t zone_line(struct bytes text, size_t at, bool *digits, bool *fillers)
{
    size_t start = at;
    *digits = *fillers = false;
    for (; at < text.size && at - start < 46 && (char_is(text.data[at], C_UPPER | C_DIGIT) || text.data[at] == '<');
         at++) {
        *digits |= char_is(text.data[at], C_DIGIT);
        *fillers |= text.data[at] == '<' && char_at(text, at + 1) == '<';
    }
    return at - start >= 30 && at - start <= 44 ? at : 0;
}

static size_t match_zone(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool digits, fillers;
    size_t start = end - 2, stop = chars_word_starts(text, start) ? zone_line(text, start, &digits, &fillers) : 0;
    if (!stop || !fillers)
        return end;
    for (int lines = 1; lines < 3; lines++) {
        size_t next = stop;
        while (next - stop < 4 && strchr(" \r\n\\n", char_at(text, next) ? char_at(text, next) : 'x'))
            next++;
        size_t line = next > stop ? zone_line(text, next, &digits, &fillers) : 0;
        stop = line ? line : stop;
    }
    scan_found(scan, row, start, stop);
    return stop;
}

static const struct recognizer rows[] = {
    {"passport.zone",
     REDACT_PASSPORT,
     "P<|I<|V<|PP|PO|PD|ID|AC",
     match_zone,
     NULL,
     0.97f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_LOOSE,
     "ICAO 9303-4 and 9303-5",
     {0}},
    LABELLED("tax.labelled", REDACT_TAX_ID,
             "vat number|vat id|vat no|vat no.|vat reg no|vat registration number|vat:|ust-idnr|ust-idnr.|ust-id|"
             "umsatzsteuer-identifikationsnummer|tva|numero de tva|btw-nummer|btw nummer|tax id|tax id number|tax "
             "identification number|taxpayer identification number|tax number|tax no|steuernummer|steuer-nr|moms nr",
             "%u{2}%d{8,12}|ATU%d{8}|%u{2}%A{8,12}|%d{2}-%d{7}|%d{9,13}|%d{2,3}/%d{3,4}/%d{4,5}|%u{2} %d{3} %d{3} "
             "%d{3}|%u{2} %d{3} %d{4} %d{2}|%u{2} %d{9,11}|NL%d{9}B%d{2}",
             0.85f, "Directive 2006/112/EC, VIES formats"),
    LABELLED(
        "national.labelled", REDACT_NATIONAL_ID,
        "national id|national id number|national id no|national identity number|national identification "
        "number|identity card number|identity card no|id card number|id card no|personal id number|personal "
        "identification number|citizen id number|resident id number|residence permit|residence permit number|"
        "green card number|alien registration number|a-number",
        "%A{6,18}|A-%d{8,9}|%u{1,3}-%d{5,12}|%d{2,6}-%d{2,8}|%d{2,6}-%d{2,7}-%d{1,5}|%d{3,4} %d{3,4} %d{3,4}|%u{1,3} "
        "%d{6,9}",
        0.85f, "identity cards by country"),
    LABELLED(
        "case.labelled", REDACT_CASE,
        "case number|case no|case no.|case id|case_id|case-id|case #|docket number|docket no|docket no.|docket|"
        "docket #|matter number|matter no|file number|file no|file no.|aktenzeichen|az.|geschaftszeichen|dossier "
        "number|dossier no|complaint no|complaint no.|petition no|petition no.|appeal no|appeal no.|incident report "
        "number|police report number|police report no|claim reference",
        "%d{1,6}/%d{2,4}|%d:%d{2}-%a{2,3}-%d{3,6}|%d{2,4}-%a{1,4}-%d{1,6}|%A{1,4}-%d{2,10}|%A{1,4}-%d{2,4}-%d{2,8}|"
        "%d{4,14}|%u{1,4}%d{4,12}|%d{1,3} %u{1,3} %d{1,5}/%d{2,4}|%u{1,3} %d{1,5}/%d{2,4}",
        0.85f, "PACER; court registries"),
    {"case.application",
     REDACT_CASE,
     "no.|nos.|application|applications|application no|applications nos|application number",
     match_labelled,
     "%d{3,6}/%d{2}|%d{3,6}/%d{4}",
     0.85f,
     ROW_LEARN | ROW_LIST,
     "Rules of Court, European Court of Human Rights",
     {0}},
    LABELLED("passport.labelled", REDACT_PASSPORT,
             "passport|passport number|passport no|passport no.|passport id|passport #|travel document|travel document "
             "number|reisepass|reisepass-nr|reisepassnummer|passeport|numero de passeport|pasaporte|numero de "
             "pasaporte|passaporto|passaporte|paspoort|paspoortnummer|паспорт|Паспорт|护照|護照|旅券|여권",
             "%A{6,10}|%u{1,2} %d{6,8}|%d{2} %d{2} %d{6}|%d{4} %d{6}|%d{3} %d{3} %d{3}", 0.9f, "ICAO 9303-3, 4.2.2"),
    LABELLED("licence.labelled", REDACT_LICENCE,
             "dl#|dl:|driver's license|drivers license|driver license|driver's licence|driving licence|driving "
             "license|driver's license number|drivers license number|driving licence number|dl number|dl no|dl "
             "#|license number|licence number|license no|licence no|medical license|nursing license|fuhrerschein|"
             "fuhrerscheinnummer|permis de conduire|permiso de conducir|patente di guida|rijbewijs|rijbewijsnummer|"
             "prawo jazdy|carteira de motorista|korkort",
             "%A{6,18}|%u{1,2}-%d{3,9}|%u%d{3}-%d{4}-%d{4}|%A{3,5}-%A{3,5}-%A{3,6}|%u{1,2} %d{5,9}|%d{5}/%d{2}/%d{4}|"
             "%d{3} %d{3} %d{3}|%d{2}-%d{3}-%d{4}",
             0.85f, "AAMVA D20; DVLA; Directive 2006/126/EC"),
    ROW_ALONE("licence.gb.letters", REDACT_LICENCE, "u5d6a2au2", gb_licence, 0.9f, ROW_INSIDE, "gov.uk, DVLA",
              {1 << 6, BESIDE_UPPER, BESIDE_UPPER}),

    LABELLED("medical.record", REDACT_MEDICAL,
             "mrn|medical record number|medical record|medical record no|medical record #|patient id|patient "
             "number|patient no|patient_id|patient #|chart number|hospital number|health record number|patientennummer|"
             "fallnummer|numero de dossier medical|historia clinica|numero de historia clinica",
             "%d{4,12}|%u{1,4}-%d{3,10}|%A{5,14}|%d{2,4}-%d{2,4}-%d{2,6}|%u{1,4}%d{4,10}-%d{1,4}", 0.9f,
             "HIPAA 164.514(b)(2)(i)(H)"),
    LABELLED("medical.insurance", REDACT_MEDICAL,
             "health insurance number|health insurance id|insurance id|insurance member id|subscriber id|health plan "
             "id|health plan beneficiary number|beneficiary id|beneficiary number|medicaid id|medicaid number|medicare "
             "id|medicare number|health card number|health card|hicn|ohip|versichertennummer|assurance maladie",
             "%A{6,15}|%u{3}-%A{3}-%A{3,6}|%A{3,5} %A{3,4} %A{2,5}|%A{4}-%A{3}-%A{3,5}|%u{1,4}-%d{4,12}", 0.9f,
             "HIPAA 164.514(b)(2)(i)(I)"),
    ROW_BEHIND("medical.gb.nhs", REDACT_MEDICAL, "nhs|nhs number|nhs no|nhs no.|chi number", "d10", gb_nhs, 0.97f,
               "NHS Data Dictionary, NHS NUMBER"),
    ROW_BEHIND("medical.us.npi", REDACT_MEDICAL, "npi|npi number|npi #|national provider identifier", "d10", us_npi,
               0.97f, "CMS, NPI check digit"),
    ROW_NEARBY("medical.us.mbi", REDACT_MEDICAL,
               "mbi|medicare beneficiary identifier|medicare number|medicare id|medicare no", "a11", us_mbi, 0.95f,
               "CMS, MBI format"),
    ROW_ALONE("medical.us.mbi.letters", REDACT_MEDICAL, "duad-uad-u2d2|duaduadu2d2", us_mbi, 0.9f, 0, "CMS, MBI format",
              {1 << 1, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_UPPER}),
    ROW_BEHIND("medical.us.dea", REDACT_MEDICAL, "dea|dea number|dea no|dea #|dea registration", "u2d7", us_dea, 0.97f,
               "21 CFR 1301"),
    ROW_BEHIND("medical.de.kvnr", REDACT_MEDICAL,
               "kvnr|krankenversichertennummer|krankenversicherungsnummer|versichertennummer|versicherten-nr", "ud9",
               de_kvnr, 0.97f, "SGB V, 290"),
    ROW_BEHIND("medical.nz.nhi", REDACT_MEDICAL, "nhi|nhi number|national health index", "u3d4", nz_nhi, 0.95f,
               "HISO 10046"),
    ROW_BEHIND("medical.au.medicare", REDACT_MEDICAL, "medicare|medicare card|medicare number", "d10", au_medicare,
               0.95f, "servicesaustralia.gov.au"),

    ROW_BEHIND("bank.aba", REDACT_BANK,
               "aba|routing|routing number|routing no|routing #|rtn|aba number|aba routing|routing transit "
               "number|transit number|ach routing",
               "d9", us_aba, 0.97f, "ABA Routing Number Policy"),
    ROW_BEHIND("bank.clabe", REDACT_BANK, "clabe|clabe interbancaria", "d18", clabe, 0.98f, "Banco de Mexico"),
    ROW_BEHIND("bank.cbu", REDACT_BANK, "cbu|cvu|clave bancaria uniforme", "d22", cbu, 0.98f, "BCRA"),
    {"bank.bic",
     REDACT_BANK,
     "bic|bic code|swift|swift code|swift/bic|bic/swift|swift-code|swift bic|bank identifier code",
     match_bic,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST,
     "ISO 9362",
     {0}},
    LABELLED("bank.sort_code", REDACT_BANK, "sort code|sort-code|sortcode|bankleitzahl|blz|bsb|bsb number",
             "%d{2}-%d{2}-%d{2}|%d{2} %d{2} %d{2}|%d{6}|%d{8}|%d{3}-%d{3}|%d{3} %d{3} %d{2}", 0.9f,
             "Pay.UK; Deutsche Bundesbank; AusPayNet"),
    LABELLED("bank.ifsc", REDACT_BANK, "ifsc|ifsc code", "%u{4}0%A{6}", 0.95f, "RBI"),
    LABELLED("bank.account", REDACT_BANK,
             "bank account|bank account number|bank account no|kontonummer|numero de compte|numero de cuenta|checking "
             "account|savings account|checking account number|savings account number|beneficiary account",
             "%d{6,17}|%d{4} %d{4} %d{2} %d{10}|%d{3,4}-%d{4,10}|%d{2,4}-%d{2,6}-%d{2,8}", 0.9f,
             "account numbers by country"),
};

const struct recognizers recognizers_document = {rows, sizeof rows / sizeof rows[0]};
