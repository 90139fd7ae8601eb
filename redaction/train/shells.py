#!/usr/bin/env python3
"""Training text in the shape of agent traces: values planted in the shells of shells.txt, marked where they must go.

    shells.py SEED DOCUMENTS LISTS WORDS SHELLS > marked.txt

LISTS is what lists.py wrote, WORDS and SHELLS are words.txt and shells.txt. The same arguments give the same bytes."""
import re
import random
import sys

chance = random.Random(int(sys.argv[1]))
lists = {}
for line in open(sys.argv[3], encoding="utf-8"):
    kind, word = line.rstrip("\n").split("\t")
    lists.setdefault(kind, []).append(word)
FAMILY, GIVEN = lists["family"], lists["given"]
ENGLISH = [w for w in lists["english"] if 3 < len(w) < 10]
CITY, COUNTRY = [w for w in lists["city"] if w.isascii()], [w for w in lists["country"] if len(w) > 3]
own = {}
for line in open(sys.argv[4], encoding="utf-8"):
    if ": " in line and not line.startswith("#"):
        kind, words = line.split(": ", 1)
        own[kind] = words.split()
MONTHS = "January February March April May June July August September October November December".split()
ILLNESSES = ("diabetes,asthma,epilepsy,depression,cancer,hepatitis C,multiple sclerosis,bipolar disorder,breast cancer,"
             "type 2 diabetes,an anxiety disorder,HIV,schizophrenia,arthritis,a broken leg,dementia,anorexia,PTSD").split(",")
FAITHS = "Muslim,Catholic,Jew,Hindu,Buddhist,Sikh,Jehovah's Witness,Protestant,Baptist,Mormon,Orthodox Christian".split(",")
ADJECTIVES = "Wireless Smart Portable Electric Digital Leather Cotton Mechanical Stainless Wooden Compact Folding".split()
THINGS = ("Headphones Thermostat Speaker Kettle Watch Jacket Shirt Keyboard Bottle Desk Lamp Backpack Camera Grill Puzzle "
          "Helmet Tablet Skateboard Umbrella Bookshelf Sneakers Blender Charger Router Monitor Mouse Laptop").split()
AIRPORTS = ("JFK LAX SFO SEA ORD MIA DEN IAH ATL PHX LAS BOS MCO EWR DFW CLT MSP LGA PHL DTW FRA LHR CDG AMS MAD BCN FCO "
            "ZRH VIE MUC HAM TXL DUB LIS OSL ARN HEL CPH WAW PRG BUD ATH IST TLV DXB DOH DEL BOM SIN HKG NRT HND ICN SYD MEL "
            "AKL GRU EZE SCL BOG LIM MEX CUN YYZ YVR YUL HNL SAN PDX AUS IAD BWI RDU TPA STL SLC").split()
ORG_TAILS = ("Ltd,Inc.,GmbH,AG,LLC,Group,& Sons,Bank,Insurance,University,Hospital,Clinic,High School,Police Department,"
             "Consulting,Foundation,Partners,Logistics,Pharma,College,Motors,Foods,Law Firm,Medical Center").split(",")
BRANDS = ("American Airlines,Delta,United Airlines,Lufthansa,British Airways,Ryanair,American Express,Mastercard,Visa,PayPal,"
          "Netflix,Spotify,Starbucks,Walmart,Ikea,Uber,Airbnb,Booking.com,McDonald's,Coca-Cola,Nike,Adidas,Toyota,Tesla,"
          "Samsung,Sony,Canon,Nintendo,Lego,Amazon Prime,Apple Pay,Google Maps,Google Chrome,Microsoft Office,DHL,FedEx,"
          "UPS,Costco,eBay,Etsy,Zalando,Trustpilot").split(",")
PLACEHOLDERS = ("NAME EMAIL PHONE ADDRESS PLACE ORGANISATION DATE AGE DEMOGRAPHIC IP CARD IBAN SSN NATIONAL_ID TAX_ID "
                "ACCOUNT USERNAME PATH TOKEN PASSWORD CUSTOM URL_USER").split()
STREETS = "Street,Avenue,Road,Lane,Drive,Boulevard,Court".split(",")


def cap(word):
    return word[:1].upper() + word[1:]


def pick(words):
    return chance.choice(words)


STARTS = "b br c ch cz d dr f g gr h j k kl kr l m n p pr r s sh st sz t tr v vl w y z zh".split()
VOWELS = "a e i o u a e i o ai ei ie ou ia io y ua oo".split()
MIDDLES = "b br ck d dr g j k l ll m mb n nd ng nk p r rb rd rk rn rt s sh ss st t tt v vr w z zz".split()
TAILS = "s,n,k,l,r,t,nen,ski,sky,ova,ov,ic,ez,son,sen,man,berg,dottir,oglu,escu,ian,ashvili,enko,wala,yama,moto,ara,ani".split(",")


def made(tails):
    """A name that no list has."""
    name = pick(STARTS) + pick(VOWELS) + "".join(pick(MIDDLES) + pick(VOWELS) for _ in range(chance.randint(0, 2)))
    return cap(name + pick(tails))


def given():
    return made(["", "n", "r", "s", "l"]) if chance.random() < 0.04 else cap(pick(GIVEN))


def family():
    name = made(TAILS) if chance.random() < 0.08 else cap(pick(FAMILY))
    roll = chance.random()
    if roll < 0.04:
        return "Mc" + name
    if roll < 0.07:
        return "O'" + name
    return name + "-" + cap(pick(FAMILY)) if roll < 0.1 else name


def full():
    roll = chance.random()
    if roll < 0.08:
        return "%s %s. %s" % (given(), pick("ABCDEFGHJKLMNPRST"), family())
    if roll < 0.12:
        return "%s. %s" % (pick("ABCDEFGHJKLMNPRST"), family())
    if roll < 0.16:
        return "%s %s %s" % (given(), pick(["van", "de", "von", "van der", "de la", "al", "bin", "di"]), family())
    if roll < 0.2:
        return "%s %s %s" % (given(), given(), family())
    return "%s %s" % (given(), family())


def organisation():
    roll = chance.random()
    if roll < 0.5:
        return "%s %s" % (family(), pick(ORG_TAILS))
    if roll < 0.75:
        return "%s %s" % (cap(pick(CITY)), pick(ORG_TAILS))
    if roll < 0.85:
        return "University of %s" % cap(pick(CITY))
    return "%s %s %s" % (cap(pick(ENGLISH)), cap(pick(ENGLISH)), pick(ORG_TAILS))


def date():
    day, month, year = chance.randint(1, 28), pick(MONTHS), chance.randint(1940, 2025)
    return pick(["%s %d, %d" % (month, day, year), "%d %s %d" % (day, month, year), "%s %d" % (month, year),
                 "%s %dth, %d" % (month, day, year), "%dth of %s %d" % (day, month, year), "%d %s %d" % (day, month[:3], year)])


def daymonth():
    day, month = chance.randint(1, 28), pick(MONTHS)
    return pick(["%s %d" % (month, day), "%d %s" % (day, month), "%s %dth" % (month, day), "the %dth of %s" % (day, month)])


def hexes(n):
    return "".join(pick("0123456789abcdef") for _ in range(n))


def uuid():
    return "-".join(hexes(n) for n in (8, 4, 4, 4, 12))


def iso():
    return "%d-%02d-%02d" % (chance.randint(2018, 2026), chance.randint(1, 12), chance.randint(1, 28))


def clock():
    return "%02d:%02d:%02d" % (chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59))


def toolname():
    return "_".join(pick(ENGLISH) for _ in range(chance.randint(2, 3)))


def camel():
    return "".join(cap(pick(ENGLISH)) for _ in range(chance.randint(2, 3)))


def tech():
    word = pick(own["tech"][:112])
    return cap(word) if chance.random() < 0.7 else word


MARKED = {
    "full": ("NAME", full),
    "given": ("NAME", given),
    "family": ("NAME", family),
    "city": ("PLACE", lambda: cap(pick(CITY))),
    "country": ("PLACE", lambda: cap(pick(COUNTRY))),
    "street": ("PLACE", lambda: "%d %s %s" % (chance.randint(1, 999), cap(pick(FAMILY)), pick(STREETS))),
    "org": ("ORG", organisation),
    "date": ("DATE", date),
    "daymonth": ("DATE", daymonth),
    "job": ("DEM", lambda: pick(own["job"])),
    "nation": ("DEM", lambda: cap(pick(own["nation"][:150]))),
    "illness": ("DEM", lambda: pick(ILLNESSES)),
    "faith": ("DEM", lambda: pick(FAITHS)),
    "case": ("CASE", lambda: pick(["%d/%02d", "%d-%02d", "C-%d/%02d", "2:%d-cv-%02d"]) %
             (chance.randint(10, 99999), chance.randint(0, 99))),
    "tech": ("STAYS", tech),
    "brand": ("STAYS", lambda: pick(BRANDS)),
}
PLAIN = {
    "ph": lambda: "<%s_%d>" % (pick(PLACEHOLDERS), chance.randint(1, 20)),
    "acro": lambda: "".join(pick("ABCDEFGHIJKLMNOPRSTUVWZ") for _ in range(chance.randint(2, 5))),
    "surname": lambda: cap(pick(FAMILY)),
    "town": lambda: cap(pick(CITY)),
    "demonym": lambda: cap(pick(own["nation"][:150])),
    "capword": lambda: cap(pick(ENGLISH)),
    "digitsuuid": lambda: "-".join("".join(pick("0123456789") for _ in range(n)) for n in (8, 4, 4, 4, 12)),
    "kin": lambda: pick(own["kin"]),
    "zip": lambda: "%05d" % chance.randint(10000, 99999),
    "email": lambda: "%s%d@example.com" % (pick(ENGLISH), chance.randint(1, 999)),
    "phone": lambda: "+1 555 %03d %04d" % (chance.randint(100, 999), chance.randint(0, 9999)),
    "product": lambda: "%s %s" % (pick(ADJECTIVES), pick(THINGS)),
    "userid": lambda: pick(["%s.%s%d", "%s%s%d", "%s-%s-%d"]) % (pick(GIVEN), pick(FAMILY), chance.randint(1, 999)),
    "code": lambda: "".join(pick("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(6)),
    "flight": lambda: "%s%d" % (pick(["LH", "BA", "UA", "KL", "XQ", "SK"]), chance.randint(10, 9999)),
    "airport": lambda: pick(AIRPORTS),
    "uuid": uuid,
    "iso": iso,
    "isot": lambda: "%sT%s%s" % (iso(), clock(), pick(["", "Z", ".%03dZ" % chance.randint(0, 999), "+00:00"])),
    "time": clock,
    "hm": lambda: clock()[:5],
    "ampm": lambda: pick(["%d:%02d %s", "%02d:%02d %s", "%d:%02d%s"]) % (chance.randint(1, 12), chance.choice([0, 15, 30]),
                                                                       pick(["AM", "PM", "am", "pm"])),
    "id": lambda: str(chance.randint(10 ** 8, 10 ** 10)),
    "int": lambda: str(chance.randint(1, 10 ** chance.randint(1, 6))),
    "ints": lambda: "%ds" % chance.randint(1, 999),
    "small": lambda: str(chance.randint(1, 12)),
    "smalls": lambda: "%ds" % chance.randint(1, 99),
    "age": lambda: str(chance.randint(18, 90)),
    "year": lambda: str(chance.randint(1990, 2025)),
    "money": lambda: pick(["$%d.%02d", "$%d.%02d", "%d.%02d USD"]) % (chance.randint(1, 999), chance.randint(0, 99)),
    "version": lambda: "%d.%d.%d" % (chance.randint(0, 20), chance.randint(0, 30), chance.randint(0, 9)),
    "toolname": toolname,
    "javaclass": camel,
    "module": lambda: "%s.%s" % (pick(ENGLISH), pick(ENGLISH)),
    "word": lambda: pick(ENGLISH),
    "path": lambda: "/" + "/".join(pick(ENGLISH) for _ in range(chance.randint(2, 4))) + pick([".py", ".json", ".log", ""]),
    "month": lambda: pick(MONTHS)[:3],
    "gitdate": lambda: "%s %s %d %s %d +0%d00" % (pick("Mon Tue Wed Thu Fri".split()), pick(MONTHS)[:3],
                                               chance.randint(1, 28), clock(), chance.randint(2015, 2026),
                                               chance.randint(0, 9)),
    "httpdate": lambda: "%s, %02d %s %d %s GMT" % (pick("Mon Tue Wed Thu Fri".split()), chance.randint(1, 28),
                                                   pick(MONTHS)[:3], chance.randint(2015, 2026), clock()),
    "hex8": lambda: hexes(8),
    "hex40": lambda: hexes(40),
    "x": lambda: "$x",
}
SLOTS = sorted(list(MARKED) + list(PLAIN), key=lambda s: (-len(s), s))


def plant(shell):
    out, at = "", 0
    while at < len(shell):
        slot = next((s for s in SLOTS if shell.startswith("$" + s, at)), None)
        if slot is None:
            out += shell[at]
            at += 1
            continue
        at += 1 + len(slot)
        if slot in PLAIN:
            out += PLAIN[slot]()
        else:
            kind, make = MARKED[slot]
            out += "{{%s:%s}}" % (kind, make())
    return out.replace("⏎", "\n")


def read_shells(path):
    kinds = []
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("== "):
            kinds.append((int(line.split()[2]), []))
        elif line and kinds:
            kinds[-1][1].append(line)
    return kinds


kinds = read_shells(sys.argv[5])
for _ in range(int(sys.argv[2])):
    shells = chance.choices([k[1] for k in kinds], [k[0] for k in kinds])[0]
    print("%%")
    for _ in range(chance.randint(2, 14)):
        line = plant(pick(shells))
        if chance.random() < 0.06:  # as people write in chats
            line = re.sub(r"\{\{[a-z]+:", lambda m: m.group().upper(), line.lower())
        print(line)
