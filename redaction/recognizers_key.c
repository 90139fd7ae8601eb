/* Values under telling keys. Hides the lists of keys, their index, and what a value must look like under the weaker
 * ones. */
#include "redaction/claim.h"
#include "redaction/keys.h"

#include "redaction/names.h"

/* What the value must have under a key that others use too. */
enum want {
    ANY,
    DIGIT,
    LISTED,   /* a listed name */
    MIXED,    /* the look of a secret */
    CAPITAL,  /* a capital first: "Lyon", not "pending" */
    FRACTION, /* a decimal fraction of three digits or a degree sign: not a place on a screen */
    CODE,     /* capitals and digits only, 8 or 11: a BIC */
    INHOUSE,  /* one word with a digit or a dash: a machine, not a public name */
};

/* Keys in lower case, without blanks, dashes and underscores; blanks between. */
static const struct telling {
    enum redact_type type;
    enum want want;
    const char *keys;
} telling[] = {
    {REDACT_NAME, ANY,
     "accountholder accountholdername apellido apellidos beneficiaryname cardholder cardholdername "
     "contactname customername doctorname emergencycontactname employeename familyname fathername "
     "firstname forename fullname givenname lastname legalname maidenname middlename mothername "
     "mothersmaidenname nachname nameoncard nextofkin nombre passengername patientname physicianname "
     "preferredname prenom recipientname secondname spousename surname vorname"},
    {REDACT_NAME, LISTED,
     "assignee author displayname emergencycontact name owner ownername patient physician reporter spouse"},
    {REDACT_EMAIL, ANY, "email emailaddress"},
    {REDACT_PHONE, DIGIT, "cell fax mobile mobilephone phone phonenumber telephone"},
    {REDACT_ADDRESS, ANY, "address1 address2 addressline1 addressline2 postalcode postcode street streetaddress"},
    {REDACT_ADDRESS, DIGIT, "address zip zipcode"},
    {REDACT_PLACE, CAPITAL,
     "birthplace city cityofbirth country countryname countryofbirth countryofcitizenship "
     "countryofresidence county homecity homecountry hometown locality municipality neighborhood "
     "neighbourhood placeofbirth province residence suburb town village"},
    {REDACT_ORGANISATION, CAPITAL,
     "almamater businessname clinic company companyname currentcompany currentemployer employer "
     "employername hospital hospitalname organisation organisationname organization organizationname "
     "orgname school schoolname university universityname workplace"},
    {REDACT_DATE, DIGIT,
     "admissiondate appointmentdate dateofadmission dateofdeath dateofdischarge dateofhire dateofmarriage "
     "dateofservice deathdate dischargedate hiredate weddingdate"},
    {REDACT_BIRTH_DATE, ANY, "birthdate birthday birthmonth birthyear dateofbirth dateofbirthday dob yearofbirth"},
    {REDACT_AGE, DIGIT, "age ageinyears ageyears currentage patientage"},
    {REDACT_DEMOGRAPHIC, ANY,
     "bloodgroup bloodtype citizenship diagnosis disability ethnicgroup ethnicity ethnicorigin gender "
     "genderidentity jobtitle maritalstatus medicalcondition mothertongue nationality occupation "
     "politicalaffiliation politicalparty profession pronouns religion sex sexualorientation"},
    {REDACT_DEMOGRAPHIC, CAPITAL, "race"},
    {REDACT_QUANTITY, DIGIT, "annualincome annualsalary income monthlyincome networth salary"},
    {REDACT_CASE, DIGIT,
     "aktenzeichen caseid caseno casenumber casereference docketno docketnumber dossiernumber filenumber"},
    {REDACT_IP, ANY, "clientip ipaddress remoteaddr"},
    {REDACT_IP, DIGIT,
     "clientipaddress dstip ip ipaddr ipv4 ipv4address ipv6 ipv6address lastloginip loginip peerip "
     "remoteip sourceip srcip userip xforwardedfor xrealip"},
    {REDACT_MAC, ANY, "macaddress"},
    {REDACT_MAC, DIGIT, "bssid ethernetaddress hardwareaddress hwaddr mac macaddr wifimac"},
    {REDACT_HOST, INHOUSE,
     "clienthostname computername hostname internalhost machinename nodename servername workstation "
     "workstationname"},
    {REDACT_COORDINATES, FRACTION,
     "coordinates coords geolocation geopoint gps gpscoordinates gpslatitude gpslongitude homelatitude "
     "homelongitude lat latitude latlng latlon latlong lng lon long longitude"},
    {REDACT_DEVICE, DIGIT,
     "aaid adid advertisingid androidid deviceid deviceidentifier deviceserial deviceserialnumber "
     "deviceudid deviceuuid eid gaid hardwareid iccid idfa idfv imei imei1 imei2 imeinumber imeisv imsi "
     "installationid machineid meid serialno serialnumber simserial udid"},
    {REDACT_VEHICLE, DIGIT,
     "chassisnumber licenceplate licenceplatenumber licenseplate licenseplatenumber numberplate plateno "
     "platenumber registrationplate regplate vehicleid vehicleidentificationnumber vehicleregistration vin "
     "vinnumber"},
    {REDACT_URL_USER, ANY,
     "facebookurl githuburl instagramurl linkedin linkedinurl personalwebsite profileurl twitterurl"},
    {REDACT_CARD, DIGIT,
     "cardcvc cardcvv cardexp cardexpiration cardexpirationdate cardexpiry cardno cardnumber cccvv ccexp "
     "ccnum ccnumber creditcard creditcardnumber cvc cvc2 cvv cvv2 debitcard debitcardnumber "
     "primaryaccountnumber securitycode"},
    {REDACT_IBAN, ANY, "iban"},
    {REDACT_IBAN, DIGIT, "ibancode ibannumber"},
    {REDACT_BANK, CODE, "bic biccode bicswift swift swiftbic swiftcode"},
    {REDACT_BANK, DIGIT,
     "abanumber abaroutingnumber achrouting bankaccount bankaccountno bankaccountnumber bankidentifier bsb "
     "bsbnumber cbu clabe ifsc ifsccode routingno routingnumber sortcode transitnumber"},
    {REDACT_CRYPTO, DIGIT,
     "bitcoinaddress btcaddress btcwallet cryptoaddress cryptowallet ethaddress ethereumaddress ethwallet "
     "soladdress solanaaddress wallet walletaddress xmraddress"},
    {REDACT_SSN, ANY, "socialsecurity socialsecuritynumber ssn ssnlast4 ssnlastfour ssnnumber"},
    {REDACT_NATIONAL_ID, DIGIT,
     "aadhaar aadhaarnumber aadhar aadharnumber ahv ahvnumber ahvnummer asmenskodas bsn "
     "burgerservicenummer cedula citizenid citizennumber cnic cnp codicefiscale cpr cprnumber cprnummer "
     "curp dni dninumber egn emiratesid emso fodselsnummer henkilotunnus hetu hkid idcard idcardno "
     "idcardnumber identitycard identitycardnumber identitynumber idnumber isikukood jmbg mynumber "
     "nationalid nationalidentitynumber nationalidno nationalidnumber nationalinsurancenumber "
     "nationalregisternumber nie nik nino nirpp niss nric nricnumber numerosecu oib personalid "
     "personalidnumber personalnumber personaskods personnr personnummer pesel ppsn ppsnumber residentid "
     "rijksregisternummer rodnecislo rrn rut snils socialinsurancenumber sozialversicherungsnummer svnr "
     "tckimlikno tckn"},
    {REDACT_TAX_ID, DIGIT,
     "abn adoazonosito afm cnpj cpf cuil cuit ein einnumber employeridentificationnumber federaltaxid "
     "gstin inn ird irdnumber itin nif nip nit pancard pannumber partitaiva rfc steuerid "
     "steueridentifikationsnummer steuernummer taxid taxidnumber taxnumber taxpayerid "
     "taxregistrationnumber tfn tin tinnumber utr vatid vatin vatno vatnumber vatregistrationnumber"},
    {REDACT_PASSPORT, DIGIT, "mrz passport passportid passportno passportnum passportnumber traveldocumentnumber"},
    {REDACT_LICENCE, DIGIT,
     "dlnumber driverlicence driverlicense driverlicensenumber driverslicence driverslicense "
     "driverslicenseno driverslicensenumber drivinglicence drivinglicencenumber drivinglicense "
     "drivinglicensenumber licenceno licencenumber licenseno licensenumber medicallicense "
     "medicallicensenumber"},
    {REDACT_MEDICAL, DIGIT,
     "beneficiaryid beneficiarynumber chartnumber dea deanumber healthcard healthcardnumber "
     "healthinsuranceid healthinsurancenumber healthplanid hicn insuranceid krankenversichertennummer kvnr "
     "mbi medicaidid medicaidnumber medicalrecord medicalrecordno medicalrecordnumber "
     "medicarebeneficiaryid medicareid medicareno medicarenumber mrn nhi nhinumber nhsno nhsnumber npi "
     "npinumber patientid patientmrn patientnumber subscriberid"},
    {REDACT_ACCOUNT, ANY, "reservationid userid"},
    {REDACT_ACCOUNT, DIGIT,
     "accountid accountno accountnumber applicantid badgeid badgenumber bookingid bookingreference claimid "
     "claimnumber clientnumber confirmationcode confirmationnumber contractnumber customerid customerno "
     "customernumber employeeid employeeno employeenumber frequentflyer frequentflyernumber invoiceid "
     "invoiceno invoicenumber kundennummer last4 lastfour loyaltyid loyaltynumber memberid membershipid "
     "membershipnumber orderid orderno ordernumber orders parcelid paymentid paymentmethodid payrollnumber "
     "personalnummer personnelnumber pnr policynumber recordlocator reservations staffid staffnumber "
     "studentid studentnumber subscribernumber ticketid ticketnumber trackingid trackingnumber "
     "transactionid voterid voternumber"},
    {REDACT_USERNAME, ANY,
     "accountname githubusername handle loginname nickname screenname slackhandle sshuser telegramhandle "
     "twitterhandle unixname userlogin username"},
    {REDACT_USERNAME, LISTED, "login"},
    {REDACT_KEY, ANY, "privatekey"},
    {REDACT_PASSWORD, ANY,
     "accesskey accesskeyid accesstoken apikey apisecret apitoken authorization authtoken "
     "awssecretaccesskey clientsecret cookie csrftoken dbpassword encryptionkey idtoken passphrase passwd "
     "password refreshtoken secret secretaccesskey secretkey sessiontoken setcookie signingkey webhookurl "
     "xapikey"},
    {REDACT_PASSWORD, DIGIT, "otp pin"},
    {REDACT_PASSWORD, MIXED, "credential credentials pwd sessionid token"},
    {REDACT_CONNECTION, ANY, "connectionstring databaseurl"},
};

#define ROW(type, name) [type] = {"key." name, type, NULL, NULL, NULL, 0.9f, ROW_LEARN, "telling keys", {0}}
/* What many share says nothing elsewhere: "male", 34, a city that is also a word. */
#define SHARED(type, name) [type] = {"key." name, type, NULL, NULL, NULL, 0.9f, 0, "telling keys", {0}}
static const struct recognizer rows[REDACT_TYPES + 1] = {
    ROW(REDACT_NAME, "name"),
    ROW(REDACT_EMAIL, "email"),
    ROW(REDACT_PHONE, "phone"),
    ROW(REDACT_ADDRESS, "address"),
    SHARED(REDACT_PLACE, "place"),
    SHARED(REDACT_ORGANISATION, "organisation"),
    SHARED(REDACT_DATE, "date"),
    ROW(REDACT_BIRTH_DATE, "birth"),
    SHARED(REDACT_AGE, "age"),
    SHARED(REDACT_DEMOGRAPHIC, "demographic"),
    SHARED(REDACT_QUANTITY, "quantity"),
    ROW(REDACT_CASE, "case"),
    ROW(REDACT_MISC, "misc"),
    ROW(REDACT_IP, "ip"),
    ROW(REDACT_MAC, "mac"),
    ROW(REDACT_HOST, "host"),
    SHARED(REDACT_COORDINATES, "coordinates"),
    ROW(REDACT_DEVICE, "device"),
    ROW(REDACT_VEHICLE, "vehicle"),
    ROW(REDACT_URL_USER, "url"),
    ROW(REDACT_CARD, "card"),
    ROW(REDACT_IBAN, "iban"),
    ROW(REDACT_BANK, "bank"),
    ROW(REDACT_CRYPTO, "crypto"),
    ROW(REDACT_SSN, "ssn"),
    ROW(REDACT_NATIONAL_ID, "national_id"),
    ROW(REDACT_TAX_ID, "tax_id"),
    ROW(REDACT_PASSPORT, "passport"),
    ROW(REDACT_LICENCE, "licence"),
    ROW(REDACT_MEDICAL, "medical"),
    ROW(REDACT_ACCOUNT, "account"),
    ROW(REDACT_USERNAME, "username"),
    ROW(REDACT_PATH, "path"),
    ROW(REDACT_KEY, "private_key"),
    ROW(REDACT_TOKEN, "token"),
    ROW(REDACT_PASSWORD, "password"),
    ROW(REDACT_CONNECTION, "connection"),
    ROW(REDACT_SEED, "seed"),
    ROW(REDACT_CUSTOM, "custom"),
    [REDACT_TYPES] = {"key.member", REDACT_CUSTOM, NULL, NULL, NULL, 0.9f, 0, "JSON in text", {0}}, /* members_scan */
};
const struct recognizers recognizers_key = {rows, REDACT_TYPES + 1};

/* --- the index: made once for a redactor, so that it always is that of the lists --- */

#define KEY_MOST 32
#define SLOTS 4096
#define TAILS (1u << 15)

struct key {
    char key[KEY_MOST]; /* zeros behind */
    uint8_t type;
    uint8_t want;
};

struct keys {
    uint32_t sizes[26]; /* by first letter; bit n: there is a key of n letters. Most keys of other people's objects
                           end here */
    uint64_t tails[TAILS / 64]; /* and nearly all others: by the last three letters, or two that are all */
    size_t count;
    struct key slots[SLOTS]; /* open addressing; an empty key ends a search */
};

static size_t slot_of(const char plain[static KEY_MOST])
{
    uint64_t hash = 0;
    for (size_t i = 0; i < KEY_MOST; i += 8) {
        uint64_t eight;
        memcpy(&eight, plain + i, 8);
        hash = (hash ^ hash >> 29 ^ eight) * 0x9e3779b97f4a7c15u;
    }
    return hash >> 52; /* SLOTS is 2^12 */
}

#define TAIL 3

/* The bit of a key's last letters, five bits each. What has fewer than two of them is no key. */
static unsigned tail_of(struct bytes key, size_t *count)
{
    unsigned bit = 0;
    *count = 0;
    for (size_t at = key.size; at > 0 && *count < TAIL; at--)
        if (!char_is(key.data[at - 1], C_UNDER | C_DASH | C_SPACE))
            bit |= (key.data[at - 1] & 31u) << 5 * (*count)++;
    return bit;
}

/* Whether any key ends as this one does; so must whichever of its last words tells: that has three letters. */
static bool may_tell(const struct keys *keys, struct bytes key)
{
    size_t count;
    unsigned tail = tail_of(key, &count);
    return count >= 2 && keys->tails[tail / 64] >> tail % 64 & 1;
}

static void keys_add(struct keys *keys, const char *key, size_t size, const struct telling *list)
{
    struct key fresh = {.type = (uint8_t)list->type, .want = (uint8_t)list->want};
    INVARIANT(size >= 2 && size < KEY_MOST && key[0] >= 'a' && key[0] <= 'z' && keys->count < SLOTS / 2);
    memcpy(fresh.key, key, size);
    size_t slot = slot_of(fresh.key);
    for (; keys->slots[slot].key[0]; slot = (slot + 1) % SLOTS)
        INVARIANT(memcmp(keys->slots[slot].key, fresh.key, KEY_MOST) != 0); /* a key is in one list */
    keys->slots[slot] = fresh;
    keys->sizes[key[0] - 'a'] |= 1u << size;
    size_t count;
    unsigned tail = tail_of(bytes_of(key, size), &count);
    keys->tails[tail / 64] |= 1ull << tail % 64;
    keys->count++;
}

enum status keys_new(struct keys **out)
{
    struct keys *keys = *out = mem_new(1, sizeof *keys);
    if (!keys)
        return ERR_MEMORY;
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        for (const char *key = telling[i].keys; *key;) {
            size_t size = strcspn(key, " ");
            keys_add(keys, key, size, &telling[i]);
            key += size + (key[size] == ' ');
        }
    return OK;
}

void keys_free(struct keys *keys)
{
    mem_free(keys);
}

/* "First-Name" is "firstname"; NULL if it is in no list. */
static const struct key *key_exact(const struct keys *keys, struct bytes key)
{
    char plain[KEY_MOST] = {0};
    size_t n = 0;
    if (key.size > KEY_MOST + 8 || key.size < 2)
        return NULL;
    for (size_t i = 0; i < key.size; i++) {
        if (char_is(key.data[i], C_UNDER | C_DASH | C_SPACE))
            continue;
        if (n + 1 >= sizeof plain)
            return NULL;
        plain[n++] = (char)char_lower(key.data[i]);
    }
    if (plain[0] < 'a' || plain[0] > 'z' || !(keys->sizes[plain[0] - 'a'] >> n & 1))
        return NULL;
    for (size_t slot = slot_of(plain); keys->slots[slot].key[0]; slot = (slot + 1) % SLOTS)
        if (memcmp(keys->slots[slot].key, plain, KEY_MOST) == 0)
            return &keys->slots[slot];
    return NULL;
}

/* Whether the key still tells with a word before it: "customer_ssn", "shippingCity". Not the short and the manifold
 * ones
 * ("max_age", "table_cell", "memory_address", "page_token"). */
static bool is_last_word(const struct key *key)
{
    const uint64_t types = 1ull << REDACT_NAME | 1ull << REDACT_PHONE | 1ull << REDACT_ADDRESS | 1ull << REDACT_PLACE |
                           1ull << REDACT_ORGANISATION | 1ull << REDACT_BIRTH_DATE | 1ull << REDACT_CARD |
                           1ull << REDACT_IBAN | 1ull << REDACT_BANK | 1ull << REDACT_SSN | 1ull << REDACT_NATIONAL_ID |
                           1ull << REDACT_TAX_ID | 1ull << REDACT_PASSPORT | 1ull << REDACT_LICENCE |
                           1ull << REDACT_MEDICAL;
    struct bytes plain = bytes_str(key->key);
    if (!(types >> key->type & 1) || key->want == LISTED || chars_word_of(plain, 0, "cell|address") == plain.size)
        return false;
    return plain.size >= 4 || chars_word_of(plain, 0, "ssn|dob|cpf|mrn|npi|zip") == plain.size;
}

static bool word_begins(struct bytes key, size_t at)
{
    uint8_t before = key.data[at - 1], here = key.data[at];
    return (char_is(before, C_UNDER | C_DASH | C_SPACE) && char_is(here, C_ALPHA)) ||
           (char_is(before, C_LOWER) && char_is(here, C_UPPER));
}

/* The key itself, or the longest of its last words that tells. */
static const struct key *key_find(const struct keys *keys, struct bytes key)
{
    if (!may_tell(keys, key))
        return NULL;
    const struct key *found = key_exact(keys, key);
    for (size_t at = 1; !found && at < key.size && key.size <= 64; at++) {
        const struct key *last = word_begins(key, at) ? key_exact(keys, bytes_part(key, at, SIZE_MAX)) : NULL;
        found = last && is_last_word(last) ? last : NULL;
    }
    return found;
}

bool key_tells(const struct keys *keys, struct bytes key)
{
    return key_find(keys, key) != NULL;
}

/* --- the value --- */

#define SCHEMA_WORD_MOST 9

static bool is_schema_word(struct bytes value)
{
    return value.size <= SCHEMA_WORD_MOST &&
           chars_word_of(
               value, 0,
               "string|str|int|integer|number|object|array|boolean|bool|null|none|required|optional|unknown|true|false|"
               "undefined|n/a|any|text|date|redacted") == value.size;
}

/* "52.5200", "40° 26' N": not 100 and not 0.5. */
static bool is_fraction(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] >= 0x80 || (value.data[i] == '.' && chars_run(value, i + 1, C_DIGIT, 4) >= i + 4))
            return true;
    return false;
}

static bool is_inhouse(struct bytes value)
{
    bool marked = false;
    for (size_t i = 0; i < value.size; i++) {
        if (!char_is(value.data[i], C_TOKEN))
            return false;
        marked |= i > 0 && char_is(value.data[i], C_DIGIT | C_DASH);
    }
    return marked && char_is(value.data[0], C_ALPHA) && value.size <= 63;
}

static bool fits(enum want want, const struct names *names, struct bytes value)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < value.size; i++) {
        digits += char_is(value.data[i], C_DIGIT);
        letters += char_is(value.data[i], C_ALPHA);
    }
    switch (want) {
    case ANY:
        return value.size >= 2;
    case DIGIT:
        return digits > 0;
    case LISTED:
        return value.size >= 2 && value.size <= 64 && names && names_likely(names, value);
    case MIXED:
        return digits && letters && value.size >= 8;
    case CAPITAL:
        return value.size >= 2 && value.size <= 128 && (char_is(value.data[0], C_UPPER) || value.data[0] >= 0x80);
    case FRACTION:
        return digits > 0 && is_fraction(value);
    case CODE:
        return (value.size == 8 || value.size == 11) && chars_run(value, 0, C_UPPER | C_DIGIT, 11) == value.size;
    case INHOUSE:
        return is_inhouse(value);
    }
    return false;
}

static const struct recognizer *row_of(const struct key *found, const struct names *names, struct bytes value)
{
    if (!found || value.size == 0 || (value.size < 2 && found->type != REDACT_AGE) || is_schema_word(value))
        return NULL;
    return fits((enum want)found->want, names, value) ? &rows[found->type] : NULL;
}

const struct recognizer *key_row(const struct keys *keys, const struct names *names, struct bytes key,
                                 struct bytes value)
{
    const struct recognizer *row = row_of(key_find(keys, key), names, value);
    if (row || !claim_possible(key))
        return row;
    return claim_holds(claim_of(key), value, false) ? &rows[REDACT_PASSWORD] : NULL;
}
