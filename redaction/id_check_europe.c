/* Check digits of European documents. */
#include "redaction/id_check.h"

static unsigned last(struct bytes id)
{
    return id_value(id, id.size - 1);
}

/* ISO 7064, mod 11,10. */
static bool mod_11_10(struct bytes id)
{
    unsigned check = 10;
    for (size_t i = 0; i + 1 < id.size; i++) {
        check = (check + id_value(id, i)) % 10;
        check = (check ? check : 10) * 2 % 11;
    }
    return (check + last(id)) % 10 == 1;
}

bool id_at_svnr(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6);
    unsigned month = (unsigned)id_number(id, 6, 2);
    bool day = id_is_day(month > 12 ? 12 : month, (unsigned)id_number(id, 4, 2)); /* 13: no serial number was left */
    return id_value(id, 0) != 0 && day && sum % 11 == id_value(id, 3);
}

bool id_be_nn(struct bytes id)
{
    uint64_t nine = id_number(id, 0, 9), key = id_number(id, 9, 2);
    unsigned month = (unsigned)id_number(id, 2, 2) % 20, day = (unsigned)id_number(id, 4, 2); /* BIS: + 20 or + 40 */
    if (month > 12 || day > 31 || key == 0)
        return false;
    return key == 97 - nine % 97 || key == 97 - (2000000000u + nine) % 97;
}

bool id_bg_egn(struct bytes id)
{
    unsigned month = (unsigned)id_number(id, 2, 2) % 20;
    unsigned sum = ID_WEIGHTED(id, 2, 4, 8, 5, 10, 9, 7, 3, 6);
    return id_number(id, 2, 2) < 53 && id_is_day(month, (unsigned)id_number(id, 4, 2)) && sum % 11 % 10 == last(id);
}

bool id_ch_ahv(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1);
    return id_number(id, 0, 3) == 756 && sum % 10 == 0;
}

bool id_cz_rc(struct bytes id)
{
    unsigned month = (unsigned)id_number(id, 2, 2) % 50;
    bool day = id_is_day(month > 20 ? month - 20 : month, (unsigned)id_number(id, 4, 2));
    return day && id_number(id, 0, 9) % 11 % 10 == last(id);
}

/* Of the first ten digits one stands two or three times, and the others once at most. */
static bool one_is_repeated(struct bytes id)
{
    unsigned times[10] = {0}, repeated = 0;
    for (size_t i = 0; i < 10; i++)
        times[id_value(id, i) % 10]++;
    for (size_t i = 0; i < 10; i++) {
        if (times[i] > 3)
            return false;
        repeated += times[i] > 1;
    }
    return repeated == 1;
}

bool id_de_steuer(struct bytes id)
{
    return id_value(id, 0) != 0 && one_is_repeated(id) && mod_11_10(id);
}

bool id_de_ausweis(struct bytes id)
{
    for (size_t i = 0; i < id.size; i++)
        if (id_is_of(id.data[i], "ABDEIOQSU"))
            return false;
    return id_value(id, 0) >= 10 && ID_WEIGHTED(id, 7, 3, 1, 7, 3, 1, 7, 3, 1) % 10 == last(id);
}

static unsigned digit_sum(unsigned number)
{
    return number / 10 + number % 10;
}

bool id_de_rente(struct bytes id)
{
    static const uint8_t weights[] = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
    unsigned letter = id_value(id, 8) - 9, sum = 0; /* A is 01 */
    for (size_t i = 0; i < 8; i++)
        sum += digit_sum(weights[i] * id_value(id, i));
    sum += digit_sum(weights[8] * (letter / 10)) + digit_sum(weights[9] * (letter % 10));
    sum += digit_sum(weights[10] * id_value(id, 9)) + digit_sum(weights[11] * id_value(id, 10));
    return id_has_dmy(id, 2) && sum % 10 == last(id);
}

bool id_de_kvnr(struct bytes id)
{
    unsigned letter = id_value(id, 0) - 9, sum = digit_sum(letter / 10) + digit_sum(letter % 10 * 2);
    for (size_t i = 1; i < 9; i++)
        sum += digit_sum(id_value(id, i) * (i % 2 ? 1 : 2));
    return sum % 10 == last(id);
}

bool id_dk_cpr(struct bytes id)
{
    return id_has_dmy(id, 0);
}

bool id_dk_cpr_checked(struct bytes id)
{
    return id_has_dmy(id, 0) && ID_WEIGHTED(id, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

bool id_ee_isikukood(struct bytes id)
{
    unsigned check = ID_WEIGHTED(id, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
    if (check == 10)
        check = ID_WEIGHTED(id, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10;
    return id_value(id, 0) >= 1 && id_value(id, 0) <= 8 && id_has_ymd(id, 1) && check == last(id);
}

static bool dni_letter(uint64_t number, uint8_t letter)
{
    return letter == (uint8_t) "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23];
}

bool id_es_dni(struct bytes id)
{
    uint64_t number = id_number(id, 0, 8);
    return number != 0 && dni_letter(number, id.data[8]);
}

bool id_es_nie(struct bytes id)
{
    unsigned first = id.data[0] - 'X' + 0u;
    return first <= 2 && dni_letter(first * 10000000u + id_number(id, 1, 7), id.data[8]);
}

bool id_es_cif(struct bytes id)
{
    unsigned sum = 0;
    if (!id_is_of(id.data[0], "ABCDEFGHJNPQRSUVW"))
        return false;
    for (size_t i = 1; i < 8; i++)
        sum += i % 2 ? digit_sum(id_value(id, i) * 2) : id_value(id, i);
    unsigned check = (10 - sum % 10) % 10;
    bool letter = id_is_of(id.data[0], "NPQRSW");
    return (!letter && last(id) == check) || id.data[8] == (uint8_t) "JABCDEFGHI"[check];
}

/* The century's sign is a letter of the compact id, or a separator and then not in it. */
bool id_fi_hetu(struct bytes id)
{
    size_t serial = id.size - 4;
    uint64_t number = id_number(id, 0, 6) * 1000 + id_number(id, serial, 3);
    bool century = serial == 6 || id_is_of(id.data[6], "ABCDEFUVWXY");
    return century && id_has_dmy(id, 0) && id_number(id, serial, 3) >= 2 &&
           id.data[serial + 3] == (uint8_t) "0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31];
}

bool id_fr_nir(struct bytes id)
{
    unsigned sex = id_value(id, 0), month = (unsigned)id_number(id, 3, 2);
    bool born = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50; /* not known */
    uint64_t number = id_number(id, 0, 13), key = id_number(id, 13, 2);
    if (id.data[6] == 'A' || id.data[6] == 'B') /* Corsica counts as 19 and 18 */
        number = id_number(id, 0, 5) * 100000000 + (id.data[6] == 'A' ? 19u : 18u) * 1000000 + id_number(id, 7, 6);
    return ((sex >= 1 && sex <= 4) || sex == 7 || sex == 8) && born && key == 97 - number % 97;
}

bool id_fr_spi(struct bytes id)
{
    return id_value(id, 0) <= 3 && id_number(id, 0, 10) % 511 == id_number(id, 10, 3);
}

bool id_gb_nhs(struct bytes id)
{
    unsigned rest = ID_WEIGHTED(id, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    return rest != 1 && (11 - rest) % 11 == last(id);
}

bool id_gb_nino(struct bytes id)
{
    static const char refused[] = "BGGBKNNKNTTNZZ";
    for (size_t i = 0; refused[i]; i += 2)
        if (memcmp(refused + i, id.data, 2) == 0)
            return false;
    return !id_is_of(id.data[0], "DFIQUV") && !id_is_of(id.data[1], "DFIOQUV") && id.data[8] <= 'D';
}

bool id_gb_utr(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 0, 6, 7, 8, 9, 10, 5, 4, 3, 2);
    return id.data[0] == (uint8_t) "21987654321"[sum % 11];
}

bool id_gb_licence(struct bytes id)
{
    unsigned month = (unsigned)id_number(id, 6, 2) % 50; /* women: + 50 */
    bool nines = false;
    for (size_t i = 0; i < 5; i++) {
        bool digit = id_value(id, i) < 10;
        if (digit ? id.data[i] != '9' || i == 0 : nines)
            return false;
        nines |= digit;
    }
    return id_is_day(month, (unsigned)id_number(id, 8, 2));
}

bool id_gr_afm(struct bytes id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum += id_value(id, i) << (8 - i);
    return id_number(id, 0, 8) != 0 && sum % 11 % 10 == last(id);
}

bool id_gr_amka(struct bytes id)
{
    return id_has_dmy(id, 0) && id_luhn(id);
}

bool id_hr_oib(struct bytes id)
{
    return mod_11_10(id);
}

bool id_hu_taj(struct bytes id)
{
    return id_number(id, 0, 8) != 0 && ID_WEIGHTED(id, 3, 7, 3, 7, 3, 7, 3, 7) % 10 == last(id);
}

bool id_hu_ado(struct bytes id)
{
    return id_value(id, 0) == 8 && ID_WEIGHTED(id, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11 == last(id);
}

bool id_ie_pps(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 8, 7, 6, 5, 4, 3, 2);
    if (id.size == 9 && id.data[8] != 'W')
        sum += 9 * (id_value(id, 8) - 9);
    return id.data[7] == (uint8_t) "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] &&
           (id.size < 9 || id.data[8] <= 'I' || id.data[8] == 'W');
}

bool id_is_kennitala(struct bytes id)
{
    unsigned day = (unsigned)id_number(id, 0, 2), century = id_value(id, 9);
    return id_is_day((unsigned)id_number(id, 2, 2), day > 40 ? day - 40 : day) &&
           (century == 9 || century == 0 || century == 8) && ID_WEIGHTED(id, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

/* A digit may be replaced by a letter where two persons would share a code. */
static unsigned cf_digit(uint8_t byte)
{
    static const char letters[] = "LMNPQRSTUV";
    const char *found = byte <= '9' ? NULL : strchr(letters, byte);
    return byte <= '9' ? byte - '0' + 0u : found ? (unsigned)(found - letters) : 99;
}

bool id_it_cf(struct bytes id)
{
    static const uint8_t odd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                  20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    unsigned sum = 0, day = cf_digit(id.data[9]) * 10 + cf_digit(id.data[10]) % 10;
    static const uint8_t numeric[] = {6, 7, 9, 10, 12, 13, 14};
    for (size_t i = 0; i < sizeof numeric; i++)
        if (cf_digit(id.data[numeric[i]]) == 99)
            return false;
    for (size_t i = 0; i < 15; i++) {
        unsigned value = id_value(id, i) < 10 ? id_value(id, i) : id_value(id, i) - 10;
        sum += i % 2 ? value : odd[value];
    }
    return id_is_of(id.data[8], "ABCDEHLMPRST") && day >= 1 && day <= 71 && id.data[15] == 'A' + sum % 26;
}

bool id_it_piva(struct bytes id)
{
    return id_number(id, 0, 7) != 0 && id_luhn(id);
}

bool id_lu_matricule(struct bytes id)
{
    uint8_t other[12]; /* the second check leaves out the first */
    uint64_t year = id_number(id, 0, 4);
    memcpy(other, id.data, 11);
    other[11] = id.data[12];
    return year >= 1880 && year < 2100 && id_has_ymd(id, 2) && id_luhn(bytes_part(id, 0, 12)) &&
           id_verhoeff(bytes_of(other, sizeof other));
}

bool id_lv_code(struct bytes id)
{
    unsigned sum = 1 + ID_WEIGHTED(id, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9);
    bool dated = id_has_dmy(id, 0) && id_value(id, 6) <= 2;
    return (dated || id_number(id, 0, 2) == 32) && sum % 11 % 10 == last(id);
}

bool id_nl_bsn(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 9, 8, 7, 6, 5, 4, 3, 2);
    return id_number(id, 0, 9) != 0 && sum % 11 == last(id);
}

bool id_no_fodselsnummer(struct bytes id)
{
    unsigned day = (unsigned)id_number(id, 0, 2) % 40, month = (unsigned)id_number(id, 2, 2) % 40;
    return id_is_day(month, day) && ID_WEIGHTED(id, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0 &&
           ID_WEIGHTED(id, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

bool id_pl_pesel(struct bytes id)
{
    unsigned month = (unsigned)id_number(id, 2, 2) % 20, sum = ID_WEIGHTED(id, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1);
    return id_is_day(month, (unsigned)id_number(id, 4, 2)) && sum % 10 == 0;
}

bool id_pl_nip(struct bytes id)
{
    return id_number(id, 0, 9) != 0 && ID_WEIGHTED(id, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == last(id);
}

bool id_pl_dowod(struct bytes id)
{
    return ID_WEIGHTED(id, 7, 3, 1, 9, 7, 3, 1, 7, 3) % 10 == 0;
}

bool id_pt_nif(struct bytes id)
{
    unsigned rest = ID_WEIGHTED(id, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    return id_value(id, 0) != 0 && (rest < 2 ? 0 : 11 - rest) == last(id);
}

bool id_ro_cnp(struct bytes id)
{
    unsigned rest = ID_WEIGHTED(id, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
    return id_value(id, 0) != 0 && id_has_ymd(id, 1) && (rest == 10 ? 1 : rest) == last(id);
}

bool id_rs_jmbg(struct bytes id)
{
    unsigned rest = ID_WEIGHTED(id, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
    uint64_t year = id_number(id, 4, 3);
    return id_has_dmy(id, 0) && (year >= 900 || year < 100) && rest != 1 && (11 - rest) % 11 == last(id);
}

bool id_ru_inn(struct bytes id)
{
    if (id_number(id, 0, 2) == 0)
        return false;
    if (id.size == 10)
        return ID_WEIGHTED(id, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == last(id);
    return ID_WEIGHTED(id, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == id_value(id, 10) &&
           ID_WEIGHTED(id, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == last(id);
}

bool id_ru_snils(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    return id_number(id, 0, 9) > 1001998 && sum % 101 % 100 == id_number(id, 9, 2);
}

bool id_se_personnummer(struct bytes id)
{
    struct bytes ten = bytes_part(id, id.size - 10, 10);
    uint64_t year = id.size == 12 ? id_number(id, 0, 4) : 1900, day = id_number(ten, 4, 2) % 60;
    return year >= 1840 && year < 2100 && id_is_day((unsigned)id_number(ten, 2, 2), (unsigned)day) && id_luhn(ten);
}

bool id_tr_tckn(struct bytes id)
{
    unsigned odd = 0, even = 0;
    for (size_t i = 0; i < 9; i++)
        *(i % 2 ? &even : &odd) += id_value(id, i);
    return id_value(id, 0) != 0 && (odd * 7 + 90 - even) % 10 == id_value(id, 9) &&
           (odd + even + id_value(id, 9)) % 10 == last(id);
}

bool id_ua_rnokpp(struct bytes id)
{
    unsigned sum = ID_WEIGHTED(id, 10, 5, 7, 9, 4, 6, 10, 5, 7); /* -1 is 10 */
    return id_number(id, 0, 9) != 0 && sum % 11 % 10 == last(id);
}
