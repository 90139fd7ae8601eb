/* Check digits of documents outside Europe, of machines, vehicles and bank accounts. */
#include "redaction/id_check.h"

static unsigned last(struct bytes id)
{
    return id_value(id, id.size - 1);
}

/* 11 less the remainder, where 10 becomes `ten` and 11 is 0. */
static unsigned complement_11(unsigned sum, unsigned ten)
{
    unsigned check = (11 - sum % 11) % 11;
    return check == 10 ? ten : check;
}

bool id_ae_emirates(struct bytes id)
{
    uint64_t year = id_number(id, 3, 4);
    return id_number(id, 0, 3) == 784 && year >= 1900 && year < 2100 && id_luhn(id);
}

bool id_ar_cuit(struct bytes id)
{
    unsigned kind = (unsigned)id_number(id, 0, 2);
    bool known = kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 || kind == 34 || kind == 50 ||
                 kind == 51 || kind == 55;
    return known && complement_11(ID_WEIGHTED(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), 9) == last(id);
}

bool id_au_abn(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19);
    return id_value(id, 0) != 0 && (sum - 10) % 89 == 0;
}

bool id_au_tfn(struct bytes id)
{
    return id_number(id, 0, 8) != 0 && ID_WEIGHTED(id, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0;
}

bool id_au_medicare(struct bytes id)
{
    unsigned first = id_value(id, 0);
    return first >= 2 && first <= 6 && ID_WEIGHTED(id, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == id_value(id, 8);
}

/* All digits alike satisfy many sums and belong to nobody. */
static bool is_varied(struct bytes id)
{
    for (size_t i = 1; i < id.size; i++)
        if (id.data[i] != id.data[0])
            return true;
    return false;
}

bool id_br_cpf(struct bytes id)
{
    return is_varied(id) && complement_11(ID_WEIGHTED(id, 10, 9, 8, 7, 6, 5, 4, 3, 2), 0) == id_value(id, 9) &&
           complement_11(ID_WEIGHTED(id, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2), 0) == last(id);
}

/* Letters count as in ASCII less 48: A is 17. */
static unsigned cnpj_sum(struct bytes id, const uint8_t *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i] * (id.data[i] - '0' + 0u);
    return sum;
}

bool id_br_cnpj(struct bytes id)
{
    static const uint8_t weights[] = {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};
    return is_varied(id) && complement_11(cnpj_sum(id, weights + 1, 12), 0) == id_value(id, 12) &&
           complement_11(cnpj_sum(id, weights, 13), 0) == last(id);
}

bool id_ca_sin(struct bytes id)
{
    return id_number(id, 0, 8) != 0 && id_value(id, 0) != 8 && id_luhn(id);
}

bool id_cl_rut(struct bytes id)
{
    unsigned sum = 0;
    for (size_t i = 0; i + 1 < id.size; i++)
        sum += id_value(id, id.size - 2 - i) * (2 + i % 6);
    unsigned check = complement_11(sum, 20); /* K */
    return id_value(id, 0) != 0 && check == last(id);
}

bool id_cn_resident(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), region = id_value(id, 0);
    uint64_t year = id_number(id, 6, 4);
    return region >= 1 && region <= 8 && year >= 1880 && year < 2100 && id_has_ymd(id, 8) &&
           id.data[17] == (uint8_t) "10X98765432"[sum % 11];
}

bool id_co_nit(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 41, 37, 29, 23, 19, 17, 13, 7, 3);
    return id_value(id, 0) != 0 && id.data[9] == (uint8_t) "01987654321"[sum % 11];
}

bool id_do_cedula(struct bytes id)
{
    return is_varied(id) && id_luhn(id);
}

bool id_ec_cedula(struct bytes id)
{
    uint64_t province = id_number(id, 0, 2);
    bool known = (province >= 1 && province <= 24) || province == 30;
    return known && id_value(id, 2) < 6 && id_luhn(id);
}

bool id_eg_national(struct bytes id)
{
    unsigned century = id_value(id, 0);
    uint64_t governorate = id_number(id, 7, 2);
    return (century == 2 || century == 3) && id_has_ymd(id, 1) &&
           ((governorate >= 1 && governorate <= 35) || governorate == 88);
}

/* One or two letters (a blank stands for the missing one and counts 36), six digits, a check of 0 to 9 or A. */
bool id_hk_hkid(struct bytes id)
{
    size_t letters = id.size - 7;
    unsigned sum = letters == 2 ? 9 * id_value(id, 0) + 8 * id_value(id, 1) : 9 * 36 + 8 * id_value(id, 0);
    for (size_t i = 0; i < 6; i++)
        sum += (unsigned)(7 - i) * id_value(id, letters + i);
    return complement_11(sum, 10) == last(id);
}

bool id_id_nik(struct bytes id)
{
    unsigned day = (unsigned)id_number(id, 6, 2) % 40, month = (unsigned)id_number(id, 8, 2); /* women: + 40 */
    uint64_t province = id_number(id, 0, 2);
    return province >= 11 && province <= 96 && id_is_day(month, day) && id_number(id, 12, 4) != 0;
}

bool id_il_tz(struct bytes id)
{
    return id_number(id, 0, 8) != 0 && id_luhn(id);
}

bool id_in_aadhaar(struct bytes id)
{
    return id_value(id, 0) >= 2 && id_verhoeff(id);
}

bool id_in_pan(struct bytes id)
{
    return id_is_of(id.data[3], "ABCFGHJLPT") && id_number(id, 5, 4) != 0;
}

bool id_in_gstin(struct bytes id)
{
    unsigned sum = 0;
    uint64_t state = id_number(id, 0, 2);
    for (size_t i = 0; i < 14; i++) {
        unsigned product = id_value(id, i) * (1 + i % 2);
        sum += product / 36 + product % 36;
    }
    return state >= 1 && state <= 38 && (36 - sum % 36) % 36 == last(id);
}

bool id_jp_mynumber(struct bytes id)
{
    unsigned rest = ID_WEIGHTED(id, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
    return is_varied(id) && (rest <= 1 ? 0 : 11 - rest) == last(id);
}

bool id_kr_rrn(struct bytes id)
{
    return id_has_ymd(id, 0) && id_value(id, 6) <= 9;
}

bool id_kr_rrn_checked(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5);
    return id_kr_rrn(id) && (11 - sum % 11) % 10 == last(id);
}

bool id_kw_civil(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), century = id_value(id, 0);
    return (century == 2 || century == 3) && id_has_ymd(id, 1) && 11 - sum % 11 == last(id);
}

/* RENAPO and SAT count N with a tilde between N and O, so that O is 25 in their alphabets. */
static unsigned mx_value(struct bytes id, size_t at, unsigned shift)
{
    unsigned value = id_value(id, at);
    return value >= 'O' - 'A' + 10u ? value + shift : value;
}

bool id_mx_curp(struct bytes id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += mx_value(id, i, 1) * (unsigned)(18 - i);
    return id_has_ymd(id, 4) && id_is_of(id.data[10], "HMX") && (10 - sum % 10) % 10 == last(id);
}

/* 13 characters for persons, 12 for companies, which count as if a blank (37) stood before. */
bool id_mx_rfc(struct bytes id)
{
    size_t letters = id.size - 9;
    unsigned sum = letters == 3 ? 37 * 13 : 0;
    for (size_t i = 0; i + 1 < id.size; i++)
        sum += mx_value(id, i, 1) * (unsigned)(id.size - i);
    unsigned check = complement_11(sum, 10); /* A */
    return id_has_ymd(id, letters) && check == last(id);
}

bool id_my_nric(struct bytes id)
{
    uint64_t place = id_number(id, 6, 2);
    bool known =
        (place >= 1 && place <= 16) || (place >= 21 && place <= 59) || place == 82 ||
        (place >= 60 && place <= 93 && place != 69 && place != 70 && place != 73 && place != 80 && place != 81);
    return known && id_has_ymd(id, 0);
}

bool id_nz_ird(struct bytes id)
{
    uint64_t number = id_number(id, 0, id.size);
    uint8_t nine[9] = {'0'};
    memcpy(nine + 9 - id.size, id.data, id.size);
    struct bytes padded = bytes_of(nine, sizeof nine);
    unsigned check = complement_11(ID_WEIGHTED(padded, 3, 2, 7, 6, 5, 4, 3, 2), 10);
    if (check == 10)
        check = complement_11(ID_WEIGHTED(padded, 7, 4, 3, 2, 5, 2, 7, 6), 10);
    return number >= 10000000 && number < 150000000 && check == last(id);
}

/* Three letters without I and O, counted 1 to 24, four digits: the old form with a check digit by 11. */
bool id_nz_nhi(struct bytes id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 3; i++) {
        uint8_t letter = id.data[i];
        if (letter == 'I' || letter == 'O')
            return false;
        sum += (unsigned)(7 - i) * (letter - 'A' + 1u - (letter > 'I') - (letter > 'O'));
    }
    for (size_t i = 3; i < 6; i++)
        sum += (unsigned)(7 - i) * id_value(id, i);
    return sum % 11 != 0 && (11 - sum % 11) % 10 == last(id);
}

bool id_pe_ruc(struct bytes id)
{
    uint64_t kind = id_number(id, 0, 2);
    unsigned sum = ID_WEIGHTED(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2);
    return (kind == 10 || kind == 15 || kind == 17 || kind == 20) && (11 - sum % 11) % 10 == last(id);
}

bool id_pk_cnic(struct bytes id)
{
    return id_value(id, 0) >= 1 && id_value(id, 0) <= 7 && id_number(id, 5, 7) != 0;
}

bool id_sa_national(struct bytes id)
{
    return (id_value(id, 0) == 1 || id_value(id, 0) == 2) && id_luhn(id);
}

bool id_sg_nric(struct bytes id)
{
    uint8_t series = id.data[0];
    uint8_t weights[] = {2, 7, 6, 5, 4, 3, 2};
    unsigned sum = series == 'T' || series == 'G' ? 4 : series == 'M' ? 3 : 0;
    sum += id_weighted(bytes_part(id, 1, 7), weights, 7);
    const char *letters = series == 'S' || series == 'T'   ? "JZIHGFEDCBA"
                          : series == 'F' || series == 'G' ? "XWUTRQPNMLK"
                          : series == 'M'                  ? "XWUTRQPNJLK"
                                                           : NULL;
    return letters && id.data[8] == (uint8_t)letters[sum % 11];
}

bool id_th_id(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
    return id_value(id, 0) != 0 && (11 - sum % 11) % 10 == last(id);
}

/* The letter stands for two digits, in the order of when places got one. */
bool id_tw_id(struct bytes id)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    const char *found = strchr(letters, id.data[0]);
    if (!found || !id_is_of(id.data[1], "1289ABCD"))
        return false;
    unsigned place = (unsigned)(found - letters) + 10, sum = place / 10 + place % 10 * 9;
    const char *second = strchr(letters, id.data[1]); /* residents before 2021: the letter's second digit */
    sum += 8 * (second ? (unsigned)(second - letters) % 10 : id_value(id, 1));
    for (size_t i = 2; i < 9; i++)
        sum += (unsigned)(9 - i) * id_value(id, i);
    return (10 - sum % 10) % 10 == last(id);
}

bool id_us_aba(struct bytes id)
{
    uint64_t district = id_number(id, 0, 2);
    bool known = (district >= 1 && district <= 12) || (district >= 21 && district <= 32) ||
                 (district >= 61 && district <= 72) || district == 80;
    return known && ID_WEIGHTED(id, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
}

bool id_us_dea(struct bytes id)
{
    unsigned sum =
        id_value(id, 2) + id_value(id, 4) + id_value(id, 6) + 2 * (id_value(id, 3) + id_value(id, 5) + id_value(id, 7));
    return id_is_of(id.data[0], "ABCDEFGHJKLMPRSTUX") && id_number(id, 2, 7) != 0 && sum % 10 == last(id);
}

bool id_us_ein(struct bytes id)
{
    static const uint8_t unused[] = {0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97};
    uint64_t prefix = id_number(id, 0, 2);
    return !memchr(unused, (int)prefix, sizeof unused) && id_number(id, 2, 7) != 0;
}

bool id_us_itin(struct bytes id)
{
    uint64_t group = id_number(id, 3, 2);
    return id_value(id, 0) == 9 && group >= 50 && group != 89 && (group < 66 || group > 69);
}

/* C A AN N A AN N A A N N, letters without S, L, O, I, B and Z. */
bool id_us_mbi(struct bytes id)
{
    static const char kinds[] = "1AXdAXdAAdd";
    for (size_t i = 0; i < 11; i++) {
        bool digit = id_value(id, i) < 10, letter = !digit && !id_is_of(id.data[i], "SLOIBZ");
        bool fits = kinds[i] == 'A' ? letter : kinds[i] == 'X' ? digit || letter : digit;
        if (!fits)
            return false;
    }
    return id.data[0] != '0';
}

bool id_us_npi(struct bytes id)
{
    uint8_t whole[15] = "80840";
    memcpy(whole + 5, id.data, 10);
    return (id.data[0] == '1' || id.data[0] == '2') && id_luhn(bytes_of(whole, sizeof whole));
}

bool id_us_ssn(struct bytes id)
{
    uint64_t area = id_number(id, 0, 3);
    return area != 0 && area != 666 && area < 900 && id_number(id, 3, 2) != 0 && id_number(id, 5, 4) != 0;
}

bool id_uy_ci(struct bytes id)
{
    unsigned sum = id.size == 8 ? ID_WEIGHTED(id, 2, 9, 8, 7, 6, 3, 4) : ID_WEIGHTED(id, 9, 8, 7, 6, 3, 4);
    return id_value(id, 0) != 0 && (10 - sum % 10) % 10 == last(id);
}

bool id_za_id(struct bytes id)
{
    return id_has_ymd(id, 0) && id_value(id, 10) <= 2 && id_luhn(id);
}

/* --- machines, vehicles, banks --- */

bool id_imei(struct bytes id)
{
    return is_varied(id) && id_luhn(bytes_part(id, 0, 15));
}

bool id_iccid(struct bytes id)
{
    return id_number(id, 0, 2) == 89 && id_luhn(id);
}

/* Letters by their place in the keyboard of a punched card: I, O and Q are none. */
static unsigned vin_value(uint8_t byte)
{
    static const char values[] = "12345678012345070923456789";
    return byte <= '9' ? byte - '0' + 0u : values[byte - 'A'] - '0' + 0u;
}

bool id_vin(struct bytes id)
{
    static const uint8_t weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    unsigned sum = 0;
    for (size_t i = 0; i < 17; i++) {
        unsigned value = vin_value(id.data[i]);
        if (value == 0 && id.data[i] != '0')
            return false;
        sum += weights[i] * value;
    }
    return is_varied(id) && id.data[8] == (uint8_t) "0123456789X"[sum % 11];
}

static unsigned weighted_371(struct bytes id, size_t from, size_t count, const char *weights)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += id_value(id, from + i) * (unsigned)(weights[i] - '0') % 10;
    return (10 - sum % 10) % 10;
}

bool id_clabe(struct bytes id)
{
    return is_varied(id) && weighted_371(id, 0, 17, "37137137137137137") == last(id);
}

bool id_cbu(struct bytes id)
{
    return weighted_371(id, 0, 7, "7139713") == id_value(id, 7) &&
           weighted_371(id, 8, 13, "3971397139713") == last(id) && is_varied(id);
}
