/* Finishing touches of made-up identifiers: the check digits of those that have one, and what no shape says of the
 * others. Each takes the drawn shape and completes it; rules are cited where they are written down. */
#pragma once

#include "audits/evasion/kinds.h"

static inline unsigned draw_between(struct random random, unsigned low, unsigned high) /* both included */
{
    return low + (unsigned)random_below(random, high - low + 1);
}

/* people */
void draw_email(struct random random, char value[static KIND_VALUE_MAX]);
void draw_phone_us(struct random random, char value[static KIND_VALUE_MAX]);
void draw_phone_dashed(struct random random, char value[static KIND_VALUE_MAX]);
void draw_phone_world(struct random random, char value[static KIND_VALUE_MAX]);
void draw_name(struct random random, char value[static KIND_VALUE_MAX]);
void draw_street(struct random random, char value[static KIND_VALUE_MAX]);
void draw_birth(struct random random, char value[static KIND_VALUE_MAX]);
void draw_date(struct random random, char value[static KIND_VALUE_MAX]);
void draw_company(struct random random, char value[static KIND_VALUE_MAX]);
void draw_user_id(struct random random, char value[static KIND_VALUE_MAX]);
/* machines */
void draw_ipv4(struct random random, char value[static KIND_VALUE_MAX]);
void draw_ipv6(struct random random, char value[static KIND_VALUE_MAX]);
void draw_mac(struct random random, char value[static KIND_VALUE_MAX]);
void draw_home(struct random random, char value[static KIND_VALUE_MAX]);
void draw_home_windows(struct random random, char value[static KIND_VALUE_MAX]);
void draw_coordinates(struct random random, char value[static KIND_VALUE_MAX]);
void draw_private_key(struct random random, char value[static KIND_VALUE_MAX]);
/* money; the last digit is the check digit, unless said otherwise */
void check_luhn(struct random random, char value[static KIND_VALUE_MAX]); /* ISO/IEC 7812-1, annex B */
void draw_card(struct random random, char value[static KIND_VALUE_MAX]);
void draw_card_blanks(struct random random, char value[static KIND_VALUE_MAX]);
void check_iban(struct random random, char value[static KIND_VALUE_MAX]); /* ISO 13616: the third and fourth */
void check_aba(struct random random, char value[static KIND_VALUE_MAX]);  /* ABA: weights 3, 7, 1 */
void check_clabe(struct random random,
                 char value[static KIND_VALUE_MAX]); /* Banco de Mexico: 3, 7, 1, modulo 10 each */
void check_bech32(struct random random, char value[static KIND_VALUE_MAX]); /* BIP 173: the last six */
void check_base58(struct random random, char value[static KIND_VALUE_MAX]); /* Base58Check of a hash, version 0 */
/* registers */
void check_dni(struct random random, char value[static KIND_VALUE_MAX]);
void draw_pesel(struct random random, char value[static KIND_VALUE_MAX]);
void draw_bsn(struct random random, char value[static KIND_VALUE_MAX]);
void draw_cpf(struct random random, char value[static KIND_VALUE_MAX]);
void draw_resident(struct random random, char value[static KIND_VALUE_MAX]);
void draw_ahv(struct random random, char value[static KIND_VALUE_MAX]);
void draw_sin(struct random random, char value[static KIND_VALUE_MAX]);
void draw_nir(struct random random, char value[static KIND_VALUE_MAX]);
void draw_nino(struct random random, char value[static KIND_VALUE_MAX]);
void draw_ssn(struct random random, char value[static KIND_VALUE_MAX]);
void draw_nip(struct random random, char value[static KIND_VALUE_MAX]);
void draw_nhs(struct random random, char value[static KIND_VALUE_MAX]);
void check_npi(struct random random, char value[static KIND_VALUE_MAX]); /* CMS: Luhn behind 80840 */
void check_dea(struct random random, char value[static KIND_VALUE_MAX]); /* 21 CFR 1301 */
void check_vin(struct random random, char value[static KIND_VALUE_MAX]); /* 49 CFR 565.15(c): the ninth of 17 */
