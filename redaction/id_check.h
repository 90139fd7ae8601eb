/* Check digits of identifiers, one function a document, named by country (ISO 3166) and document. The id is compact:
 * separators gone, letters in capitals; its length and the kind of each byte are already those of the document's form
 * (redaction/id_form.h). True: the check digits, dates and ranges hold. Where a country publishes no check digit the
 * structure is checked, which the comment says. Bytes that the form lets pass never lead outside the id. */
#pragma once

#include "base/bytes.h"

typedef bool (*id_check)(struct bytes id);

/* --- the sums that documents share --- */
/* ISO/IEC 7812-1, annex B. */
bool id_luhn(struct bytes id);
/* Verhoeff 1969: dihedral group D5. */
bool id_verhoeff(struct bytes id);
/* Sum of digit times weight over the first `count` characters; letters count 10 to 35. */
unsigned id_weighted(struct bytes id, const uint8_t *weights, size_t count);
#define ID_WEIGHTED(id, ...) id_weighted(id, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
/* The digits [from, from + count) as a number; count at most 18. */
uint64_t id_number(struct bytes id, size_t from, size_t count);
/* Value of one character: 0 to 9, A to Z 10 to 35. */
unsigned id_value(struct bytes id, size_t at);
/* Is the byte one of these letters? */
bool id_is_of(uint8_t byte, const char *letters);
/* Is there such a day? The 29th of February always is: the century is not always known. */
bool id_is_day(unsigned month, unsigned day);
/* YYMMDD and DDMMYY at `from`. */
bool id_has_ymd(struct bytes id, size_t from);
bool id_has_dmy(struct bytes id, size_t from);

/* --- Europe --- */
bool id_at_svnr(struct bytes id);          /* sozialversicherung.at */
bool id_be_nn(struct bytes id);            /* IBZ: Rijksregisternummer */
bool id_bg_egn(struct bytes id);           /* GRAO */
bool id_ch_ahv(struct bytes id);           /* BSV: AHV-Nummer, EAN-13 */
bool id_cz_rc(struct bytes id);            /* Act 133/2000: rodne cislo, CZ and SK */
bool id_de_steuer(struct bytes id);        /* BZSt: IdNr, ISO 7064 mod 11,10 */
bool id_de_ausweis(struct bytes id);       /* ICAO 9303 sum over serial number */
bool id_de_rente(struct bytes id);         /* VKVV: Versicherungsnummer */
bool id_de_kvnr(struct bytes id);          /* SGB V 290: Krankenversichertennummer */
bool id_dk_cpr(struct bytes id);           /* CPR-kontoret: the date; without check digit since 2007 */
bool id_dk_cpr_checked(struct bytes id);   /* ... with that of before */
bool id_ee_isikukood(struct bytes id);     /* EVS 585; the Lithuanian asmens kodas too */
bool id_es_dni(struct bytes id);           /* Ministerio del Interior: letter of the remainder by 23 */
bool id_es_nie(struct bytes id);           /* likewise */
bool id_es_cif(struct bytes id);           /* Orden EHA/451/2008 */
bool id_fi_hetu(struct bytes id);          /* DVV: henkilotunnus */
bool id_fr_nir(struct bytes id);           /* INSEE: key of 97 */
bool id_fr_spi(struct bytes id);           /* impots.gouv.fr: key of 511 */
bool id_gb_nhs(struct bytes id);           /* NHS Data Dictionary */
bool id_gb_nino(struct bytes id);          /* HMRC NIM39110: prefixes and suffix, no check digit */
bool id_gb_utr(struct bytes id);           /* HMRC */
bool id_gb_licence(struct bytes id);       /* DVLA: structure, no public check digit */
bool id_gr_afm(struct bytes id);           /* AADE */
bool id_gr_amka(struct bytes id);          /* IDIKA: date, Luhn */
bool id_hr_oib(struct bytes id);           /* Porezna uprava: ISO 7064 mod 11,10 */
bool id_hu_taj(struct bytes id);           /* Act LXXXIII/1997 */
bool id_hu_ado(struct bytes id);           /* Act XX/1996: adoazonosito jel */
bool id_ie_pps(struct bytes id);           /* Department of Social Protection */
bool id_is_kennitala(struct bytes id);     /* Registers Iceland */
bool id_it_cf(struct bytes id);            /* DM 345/1976: codice fiscale */
bool id_it_piva(struct bytes id);          /* DPR 633/1972: Luhn */
bool id_lu_matricule(struct bytes id);     /* CCSS: Luhn and Verhoeff */
bool id_lv_code(struct bytes id);          /* PMLP: personas kods, with and without date */
bool id_nl_bsn(struct bytes id);           /* RvIG: elfproef */
bool id_no_fodselsnummer(struct bytes id); /* Skatteetaten; D and H numbers too */
bool id_pl_pesel(struct bytes id);         /* Act of 24 September 2010 */
bool id_pl_nip(struct bytes id);           /* Ministerstwo Finansow */
bool id_pl_dowod(struct bytes id);         /* dowod osobisty */
bool id_pt_nif(struct bytes id);           /* Decreto-Lei 14/2013 */
bool id_ro_cnp(struct bytes id);           /* OUG 97/2005 */
bool id_rs_jmbg(struct bytes id);          /* Yugoslav JMBG; the Slovenian EMSO too */
bool id_ru_inn(struct bytes id);           /* FNS: 10 or 12 digits */
bool id_ru_snils(struct bytes id);         /* PFR */
bool id_se_personnummer(struct bytes id);  /* Skatteverket: Luhn over ten digits; coordination numbers too */
bool id_tr_tckn(struct bytes id);          /* NVI */
bool id_ua_rnokpp(struct bytes id);        /* DPS */

/* --- the world --- */
bool id_ae_emirates(struct bytes id); /* ICP: 784, year, Luhn */
bool id_ar_cuit(struct bytes id);     /* AFIP */
bool id_au_abn(struct bytes id);      /* ABR: remainder by 89 */
bool id_au_tfn(struct bytes id);      /* ATO */
bool id_au_medicare(struct bytes id); /* Services Australia */
bool id_br_cpf(struct bytes id);      /* Receita Federal */
bool id_br_cnpj(struct bytes id);     /* Receita Federal; with letters since IN RFB 2229/2024 */
bool id_ca_sin(struct bytes id);      /* ESDC: Luhn */
bool id_cl_rut(struct bytes id);      /* SII */
bool id_cn_resident(struct bytes id); /* GB 11643-1999 */
bool id_co_nit(struct bytes id);      /* DIAN */
bool id_do_cedula(struct bytes id);   /* JCE: Luhn */
bool id_ec_cedula(struct bytes id);   /* Registro Civil: Luhn, province */
bool id_eg_national(struct bytes id); /* century and date, no public check digit */
bool id_hk_hkid(struct bytes id);     /* ImmD */
bool id_id_nik(struct bytes id);      /* Dukcapil: province and date, no check digit */
bool id_il_tz(struct bytes id);       /* Population Authority: Luhn */
bool id_in_aadhaar(struct bytes id);  /* UIDAI: Verhoeff */
bool id_in_pan(struct bytes id);      /* Income Tax Department: holder's kind, no public check digit */
bool id_in_gstin(struct bytes id);    /* GSTN: mod 36 */
bool id_jp_mynumber(struct bytes id); /* Ordinance 85 of 2014 */
bool id_kr_rrn(struct bytes id);      /* MOIS: date and sex; without check digit since October 2020 */
bool id_kr_rrn_checked(struct bytes id);
bool id_kw_civil(struct bytes id);    /* PACI */
bool id_mx_curp(struct bytes id);     /* RENAPO */
bool id_mx_rfc(struct bytes id);      /* SAT; persons and companies */
bool id_my_nric(struct bytes id);     /* JPN: date and place, no check digit */
bool id_nz_ird(struct bytes id);      /* Inland Revenue */
bool id_nz_nhi(struct bytes id);      /* HISO 10046 */
bool id_pe_ruc(struct bytes id);      /* SUNAT */
bool id_pk_cnic(struct bytes id);     /* NADRA: region, no check digit */
bool id_sa_national(struct bytes id); /* Absher: Luhn, 1 or 2 first */
bool id_sg_nric(struct bytes id);     /* ICA: S, T, F, G and M series */
bool id_th_id(struct bytes id);       /* DOPA */
bool id_tw_id(struct bytes id);       /* NIA: citizens and residents */
bool id_us_aba(struct bytes id);      /* ABA: weights 3, 7, 1; Federal Reserve districts */
bool id_us_dea(struct bytes id);      /* 21 CFR 1301 */
bool id_us_ein(struct bytes id);      /* IRS: campus prefixes, no check digit */
bool id_us_itin(struct bytes id);     /* IRS: 9xx and the group's ranges, no check digit */
bool id_us_mbi(struct bytes id);      /* CMS: structure, no check digit */
bool id_us_npi(struct bytes id);      /* CMS: Luhn with 80840 before */
bool id_us_ssn(struct bytes id);      /* SSA: structure, no check digit */
bool id_uy_ci(struct bytes id);       /* DNIC */
bool id_za_id(struct bytes id);       /* DHA: date, citizenship, Luhn */

/* --- machines, vehicles, banks --- */
bool id_imei(struct bytes id);  /* 3GPP TS 23.003: Luhn */
bool id_iccid(struct bytes id); /* ITU-T E.118: 89, Luhn */
bool id_vin(struct bytes id);   /* ISO 3779 with the check digit of 49 CFR 565 */
bool id_clabe(struct bytes id); /* Banco de Mexico */
bool id_cbu(struct bytes id);   /* BCRA: two checks */
