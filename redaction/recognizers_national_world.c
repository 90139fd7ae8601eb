/* National and tax numbers outside Europe, as in recognizers_national.c. */
#include "redaction/id_match.h"

ID_BEHIND(ae_emirates)
ID_BEHIND(ar_cuit)
ID_BEHIND(au_abn)
ID_BEHIND(au_tfn)
ID_BEHIND(br_cpf)
ID_BEHIND(br_cnpj)
ID_BEHIND(ca_sin)
ID_BEHIND(cl_rut)
ID_BEHIND(cn_resident)
ID_BEHIND(co_nit)
ID_BEHIND(do_cedula)
ID_BEHIND(ec_cedula)
ID_BEHIND(eg_national)
ID_BEHIND(hk_hkid)
ID_BEHIND(id_nik)
ID_BEHIND(il_tz)
ID_BEHIND(in_aadhaar)
ID_BEHIND(in_pan)
ID_BEHIND(in_gstin)
ID_BEHIND(jp_mynumber)
ID_BEHIND(kr_rrn)
ID_BEHIND(kw_civil)
ID_BEHIND(mx_curp)
ID_BEHIND(mx_rfc)
ID_BEHIND(my_nric)
ID_BEHIND(nz_ird)
ID_BEHIND(pe_ruc)
ID_BEHIND(pk_cnic)
ID_BEHIND(sa_national)
ID_BEHIND(sg_nric)
ID_BEHIND(th_id)
ID_BEHIND(tw_id)
ID_BEHIND(us_ein)
ID_BEHIND(us_itin)
ID_BEHIND(uy_ci)
ID_BEHIND(za_id)

ID_ALONE(ae_emirates)
ID_ALONE(ar_cuit)
ID_ALONE(br_cpf)
ID_ALONE(br_cnpj)
ID_ALONE(cl_rut)
ID_ALONE(cn_resident)
ID_ALONE(hk_hkid)

/* Ten hexadecimal capitals are rather a hash. */
static bool id_in_pan_alone(struct bytes id)
{
    for (size_t i = 0; i < id.size; i++)
        if (id.data[i] > 'F')
            return id_in_pan(id);
    return false;
}
ID_ALONE(in_pan_alone)
ID_ALONE(in_gstin)
ID_ALONE(kr_rrn_checked)
ID_ALONE(mx_curp)
ID_ALONE(mx_rfc)
ID_ALONE(my_nric)
ID_ALONE(pk_cnic)
ID_ALONE(sg_nric)
ID_ALONE(th_id)
ID_ALONE(tw_id)
ID_ALONE(us_itin)

#define NATIONAL(name, words, form, check, source)                                                                     \
    ROW_BEHIND("national." name, REDACT_NATIONAL_ID, words, form, check, 0.97f, source)
/* Without a check digit. */
#define STRUCTURED(name, words, form, check, source)                                                                   \
    ROW_NEARBY("national." name, REDACT_NATIONAL_ID, words, form, check, 0.9f, source)
#define TAX(name, words, form, check, source) ROW_BEHIND("tax." name, REDACT_TAX_ID, words, form, check, 0.97f, source)
/* What stands before a number that begins with its first digit. */
#define FREE (BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON)

static const struct recognizer rows[] = {
    NATIONAL("ae.emirates", "emirates id|eid|uae id|emirates identity card", "d15", ae_emirates, "icp.gov.ae"),
    NATIONAL("ca.sin",
             "sin:|sin number|sin no|canadian sin|social insurance number|social insurance|s.i.n.|numero d'assurance "
             "sociale|assurance sociale",
             "d9", ca_sin, "canada.ca"),
    ROW_NEARBY("national.ca.sin.word", REDACT_NATIONAL_ID, "sin", "d9", ca_sin, 0.85f, "canada.ca"),
    NATIONAL("cn.resident", "身份证|身份证号|身份證|id card|resident id|identity card|shenfenzheng|chinese id", "d17a",
             cn_resident, "GB 11643-1999"),
    NATIONAL("do.cedula", "cedula|cedula de identidad|dominican id", "d11", do_cedula, "jce.gob.do"),
    NATIONAL("ec.cedula", "cedula|cedula de ciudadania|ecuadorian id", "d10", ec_cedula, "registrocivil.gob.ec"),
    STRUCTURED("eg.national", "الرقم القومي|egyptian id|national id|national number", "d14", eg_national, "moi.gov.eg"),
    NATIONAL("hk.hkid", "hkid|hong kong id|hong kong identity card|hkid no|身份證", "ud6a|u2d6a", hk_hkid,
             "immd.gov.hk"),
    STRUCTURED("id.nik", "nik|nomor induk kependudukan|ktp|no ktp|indonesian id", "d16", id_nik,
               "dukcapil.kemendagri.go.id"),
    NATIONAL("il.tz", "teudat zehut|תעודת זהות|ת.ז.|ת\"ז|מספר זהות|israeli id", "d9", il_tz, "gov.il"),
    NATIONAL("in.aadhaar", "aadhaar|aadhar|aadhaar number|uidai|आधार", "d12", in_aadhaar, "uidai.gov.in"),
    NATIONAL("jp.mynumber", "my number|マイナンバー|個人番号|kojin bango|mynumber", "d12", jp_mynumber,
             "Ordinance 85 of 2014"),
    STRUCTURED("kr.rrn", "rrn|주민등록번호|주민번호|resident registration number|korean id|외국인등록번호", "d13",
               kr_rrn, "mois.go.kr"),
    NATIONAL("kw.civil", "civil id|civil number|الرقم المدني|kuwaiti id", "d12", kw_civil, "paci.gov.kw"),
    NATIONAL("mx.curp", "curp|clave unica de registro de poblacion", "u4d6u6ad", mx_curp, "gob.mx/curp"),
    STRUCTURED("my.nric", "mykad|nric|ic number|ic no|no kad pengenalan|kad pengenalan|malaysian id", "d12", my_nric,
               "jpn.gov.my"),
    STRUCTURED("pk.cnic", "cnic|nicop|pakistani id|identity card number", "d13", pk_cnic, "nadra.gov.pk"),
    NATIONAL("sa.national", "iqama|national id|رقم الهوية|الهوية الوطنية|saudi id", "d10", sa_national, "absher.sa"),
    NATIONAL("sg.nric", "nric|fin|nric number|singapore id", "ud7u", sg_nric, "ica.gov.sg"),
    NATIONAL("th.id", "thai id|บัตรประชาชน|เลขประจำตัวประชาชน|thai national id|citizen id", "d13", th_id,
             "bora.dopa.go.th"),
    NATIONAL("tw.id", "身分證|身分證字號|統一編號|taiwan id|taiwanese id|arc number", "ud9|u2d8", tw_id,
             "immigration.gov.tw"),
    NATIONAL("uy.ci", "cedula|cedula de identidad|c.i.|uruguayan id", "d8|d7", uy_ci, "dnic.gub.uy"),
    NATIONAL("za.id", "id number|identity number|sa id|rsa id|south african id|id no", "d13", za_id, "dha.gov.za"),

    TAX("ar.cuit", "cuit|cuil|cuit/cuil|argentine tax id", "d11", ar_cuit, "afip.gob.ar"),
    TAX("au.abn", "abn|australian business number", "d11", au_abn, "abr.business.gov.au"),
    TAX("au.tfn", "tfn|tax file number|tax file no", "d9", au_tfn, "ato.gov.au"),
    TAX("br.cpf", "cpf|cadastro de pessoas fisicas|cpf/mf", "d11", br_cpf, "receita.fazenda.gov.br"),
    TAX("br.cnpj", "cnpj|cadastro nacional da pessoa juridica", "a12d2", br_cnpj, "receita.fazenda.gov.br"),
    TAX("cl.rut", "rut|rol unico tributario|chilean id|r.u.t.", "d8a|d7a", cl_rut, "sii.cl"),
    TAX("co.nit", "nit|numero de identificacion tributaria|colombian tax id", "d10", co_nit, "dian.gov.co"),
    ROW_NEARBY("tax.in.pan", REDACT_TAX_ID, "pan|pan card|pan number|permanent account number|pan no", "u5d4u", in_pan,
               0.9f, "incometax.gov.in"),
    TAX("in.gstin", "gstin|gst number|gst no|gst", "d2u5d4uaua", in_gstin, "gst.gov.in"),
    TAX("mx.rfc", "rfc|registro federal de contribuyentes", "u4d6a3|u3d6a3", mx_rfc, "sat.gob.mx"),
    TAX("nz.ird", "ird|ird number|inland revenue number|ird no", "d9|d8", nz_ird, "ird.govt.nz"),
    TAX("pe.ruc", "ruc|registro unico de contribuyentes|peruvian tax id", "d11", pe_ruc, "sunat.gob.pe"),
    ROW_NEARBY(
        "tax.us.ein", REDACT_TAX_ID,
        "ein|fein|employer identification number|employer id|employer identification|federal tax id|tax id|federal id "
        "number|tin",
        "d2-d7", us_ein, 0.9f, "IRS Publication 1635"),
    ROW_NEARBY("tax.us.itin", REDACT_TAX_ID,
               "itin|individual taxpayer identification number|taxpayer identification number|taxpayer id|tax id", "d9",
               us_itin, 0.9f, "IRS Publication 4757"),

    ROW_ALONE("national.ae.emirates.dashed", REDACT_NATIONAL_ID, "d3-d4-d7-d", ae_emirates, 0.97f, ROW_STRICT,
              "icp.gov.ae", {1 << 3, FREE, BESIDE_DASH}),
    ROW_ALONE("tax.ar.cuit.dashed", REDACT_TAX_ID, "d2-d8-d", ar_cuit, 0.9f, 0, "afip.gob.ar",
              {1 << 2, FREE, BESIDE_DASH}),
    ROW_ALONE("tax.br.cpf.dotted", REDACT_TAX_ID, "d3.d3.d3-d2", br_cpf, 0.98f, ROW_STRICT, "receita.fazenda.gov.br",
              {1 << 3, FREE, BESIDE_DOT}),
    ROW_ALONE("tax.br.cnpj.dotted", REDACT_TAX_ID, "a2.a3.a3/a4-d2", br_cnpj, 0.98f, ROW_STRICT,
              "receita.fazenda.gov.br", {1 << 2, FREE, BESIDE_DOT}),
    ROW_ALONE("tax.cl.rut.dotted", REDACT_TAX_ID, "d2.d3.d3-a|d.d3.d3-a", cl_rut, 0.9f, 0, "sii.cl",
              {1 << 1 | 1 << 2, FREE, BESIDE_DOT}),
    ROW_ALONE("national.cn.resident.long", REDACT_NATIONAL_ID, "d17a", cn_resident, 0.95f, ROW_STRICT, "GB 11643-1999",
              {DIGITS_OR_MORE(7), FREE, 0}),
    ROW_ALONE("national.hk.hkid.bracket", REDACT_NATIONAL_ID, "ud6(a)|u2d6(a)", hk_hkid, 0.95f, ROW_INSIDE,
              "immd.gov.hk", {1 << 6, BESIDE_UPPER, BESIDE_OTHER}),
    ROW_ALONE("tax.in.pan.letters", REDACT_TAX_ID, "u5d4u", in_pan_alone, 0.7f, ROW_INSIDE, "incometax.gov.in",
              {1 << 4, BESIDE_UPPER, BESIDE_UPPER}),
    ROW_ALONE("tax.in.gstin.letters", REDACT_TAX_ID, "d2u5d4uaua", in_gstin, 0.97f, ROW_STRICT, "gst.gov.in",
              {1 << 2, FREE, BESIDE_UPPER}),
    ROW_ALONE("national.kr.rrn.dashed", REDACT_NATIONAL_ID, "d6-d7", kr_rrn_checked, 0.9f, 0, "mois.go.kr",
              {1 << 6, FREE, BESIDE_DASH}),
    ROW_ALONE("national.mx.curp.letters", REDACT_NATIONAL_ID, "u4d6u6ad", mx_curp, 0.98f, ROW_INSIDE | ROW_STRICT,
              "gob.mx/curp", {1 << 6, BESIDE_UPPER, BESIDE_UPPER}),
    ROW_ALONE("tax.mx.rfc.letters", REDACT_TAX_ID, "u4d6a3|u3d6a3", mx_rfc, 0.85f, ROW_INSIDE, "sat.gob.mx",
              {1 << 6 | DIGITS_OR_MORE(7), BESIDE_UPPER, 0}),
    ROW_ALONE("national.my.nric.dashed", REDACT_NATIONAL_ID, "d6-d2-d4", my_nric, 0.8f, 0, "jpn.gov.my",
              {1 << 6, FREE, BESIDE_DASH}),
    ROW_ALONE("national.pk.cnic.dashed", REDACT_NATIONAL_ID, "d5-d7-d", pk_cnic, 0.8f, 0, "nadra.gov.pk",
              {1 << 5, FREE, BESIDE_DASH}),
    ROW_ALONE("national.sg.nric.letters", REDACT_NATIONAL_ID, "ud7u", sg_nric, 0.9f, ROW_INSIDE, "ica.gov.sg",
              {DIGITS_OR_MORE(7), BESIDE_UPPER, BESIDE_UPPER}),
    ROW_ALONE("national.th.id.dashed", REDACT_NATIONAL_ID, "d-d4-d5-d2-d", th_id, 0.95f, 0, "bora.dopa.go.th",
              {1 << 1, FREE, BESIDE_DASH}),
    ROW_ALONE("national.tw.id.letters", REDACT_NATIONAL_ID, "ud9", tw_id, 0.75f, ROW_INSIDE, "immigration.gov.tw",
              {DIGITS_OR_MORE(7), BESIDE_UPPER, 0}),
    ROW_ALONE("tax.us.itin.dashed", REDACT_TAX_ID, "d3-d2-d4", us_itin, 0.85f, ROW_STRICT, "IRS Publication 4757",
              {1 << 3, FREE, BESIDE_DASH}),
};

const struct recognizers recognizers_national_world = {rows, sizeof rows / sizeof rows[0]};
