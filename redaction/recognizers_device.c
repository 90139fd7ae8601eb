/* Devices and vehicles: what a maker, a network or an office has numbered. */
#include "redaction/id_match.h"

/* Letters I, O and Q are in no VIN; European makers put no check digit in it. */
static bool id_vin_labelled(struct bytes id)
{
    size_t digits = 0;
    for (size_t i = 0; i < id.size; i++) {
        if (id_is_of(id.data[i], "IOQ"))
            return false;
        digits += id_value(id, i) < 10;
    }
    return digits >= 4;
}

static bool id_imsi(struct bytes id)
{
    return id_number(id, 0, 3) >= 200; /* ITU-T E.212: country codes */
}

ID_BEHIND(vin_labelled)
ID_BEHIND(imei)
ID_BEHIND(iccid)
ID_BEHIND(imsi)
ID_ALONE(imei)

/* A VIN alone: its check digit holds, and it ends in a run of digits. */
static size_t match_vin(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_UPPER | C_DIGIT, 18);
    if (end - start != 17 || !chars_word_starts(text, start) || !chars_word_ends(text, end))
        return end;
    if (!char_is(char_at(text, start - 1), C_DASH | C_DOT | C_PLUS_SLASH) &&
        !char_is(char_at(text, end), C_DASH | C_PLUS_SLASH) && id_vin(bytes_part(text, start, 17)))
        scan_found(scan, row, start, end);
    return end;
}

#define LABELLED(name, type, words, shapes, score, source)                                                             \
    {                                                                                                                  \
        name, type, words, match_numbered, shapes, score, ROW_LEARN | ROW_LIST, source,                                \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define UUID "%x{8}-%x{4}-%x{4}-%x{4}-%x{12}"

static const struct recognizer rows[] = {
    ROW_BEHIND("device.imei", REDACT_DEVICE, "imei|imei1|imei2|imei number|imei no", "d15", imei, 0.98f,
               "3GPP TS 23.003, 6.2"),
    ROW_ALONE("device.imei.dashed", REDACT_DEVICE, "d2-d6-d6-d", imei, 0.9f, 0, "3GPP TS 23.003, 6.2",
              {1 << 2, BESIDE_OTHER | BESIDE_BLANK | BESIDE_COLON, BESIDE_DASH}),
    ROW_BEHIND("device.iccid", REDACT_DEVICE, "iccid|sim card number|sim number|sim serial|sim card", "d19|d20", iccid,
               0.98f, "ITU-T E.118"),
    ROW_NEARBY("device.imsi", REDACT_DEVICE, "imsi", "d15|d14", imsi, 0.95f, "3GPP TS 23.003, 2.2"),
    LABELLED("device.udid", REDACT_DEVICE, "udid|device udid|meid", "%x{40}|%x{8}-%x{16}|%A{14}", 0.95f,
             "developer.apple.com; 3GPP2 S.R0048"),
    {"device.udid.dashed",
     REDACT_DEVICE,
     NULL,
     match_shape,
     "00008%A{3}-00%A{14}",
     0.9f,
     ROW_LEARN,
     "developer.apple.com",
     {0}},
    LABELLED(
        "device.advertising", REDACT_DEVICE,
        "idfa|gaid|aaid|adid|idfv|advertising id|advertising identifier|google advertising id|vendor "
        "identifier|device id|device_id|device identifier|device uuid|android id|android_id|installation id|machine "
        "id|machine-id|hardware id",
        UUID "|%x{16}|%x{32}|%x{40}|%A{8,20}|%u{1,6}-%A{4,20}", 0.9f, "developer.apple.com; support.google.com"),
    LABELLED("device.serial", REDACT_DEVICE,
             "serial number|serial no|serial no.|serial #|serial:|serial=|s/n|s/n:|sn:|service tag|asset "
             "tag|seriennummer|numero de serie|numero di serie|serienummer",
             "%A{6,20}|%A{2,8}-%A{2,12}|%A{3,6}-%A{3,6}-%A{3,8}", 0.85f, "makers' labels"),
    ROW_BEHIND("vehicle.vin", REDACT_VEHICLE,
               "vin|vin number|vin #|vehicle identification number|chassis number|chassis no|fahrgestellnummer|"
               "fahrzeug-identifizierungsnummer|numero de chassis|bastidor|telaio",
               "a17", vin_labelled, 0.95f, "ISO 3779"),
    {"vehicle.vin.checked",
     REDACT_VEHICLE,
     NULL,
     match_vin,
     NULL,
     0.85f,
     ROW_LEARN,
     "49 CFR 565.15(c)",
     {DIGITS_OR_MORE(4), BESIDE_UPPER, BESIDE_OTHER | BESIDE_BLANK | BESIDE_DOT | BESIDE_COLON | BESIDE_CLOSE}},
    LABELLED("vehicle.plate", REDACT_VEHICLE,
             "license plate|licence plate|license plate number|licence plate number|number plate|plate number|plate "
             "no|plate no.|plate #|plate:|registration plate|vehicle registration|vehicle registration number|reg "
             "no|kennzeichen|amtliches kennzeichen|nummernschild|immatriculation|plaque "
             "d'immatriculation|matricula|targa|kenteken|placa|numer rejestracyjny|车牌|車牌",
             "%u{2}-%d{1,2}-%u{1,3}-%d{1,4}|%u{2} %d{1,2} %u{1,3} %d{1,4}|%u{1,3}-%u{1,2} %d{1,4}|%u{1,3} %u{1,2} "
             "%d{1,4}|%u{2}-%d{3}-%u{2}|%u{2}%d{2} %u{3}|%A{2}-%A{2,3}-%A{1,2}|%A{3}-%A{3,4}|%A{2}-%A{4,5}|%d{4} "
             "%u{3}|%u{3} %d{3,4}|%u{2} %d{3} %u{2}|%d{1,4}-%u{1,3}-%d{1,4}|%A{5,8}",
             0.85f, "registration offices"),
};

const struct recognizers recognizers_device = {rows, sizeof rows / sizeof rows[0]};
