/* Hides the table of places: a line a country, "Country|other names:regions and cities"; of two cities of one name the
 * first counts. */
#include "redaction/places.h"

#include "redaction/chars.h"

static const char countries[] =
    "India|republic of india|bharat:mumbai|delhi|new delhi|bangalore|bengaluru|hyderabad|chennai|kolkata|calcutta|"
    "bombay|ahmedabad|pune|surat|jaipur|lucknow|kanpur|nagpur|kerala|punjab|gujarat|maharashtra|karnataka|tamil nadu|"
    "goa|west bengal|uttar pradesh|rajasthan\n"
    "China|people's republic of china|prc:beijing|shanghai|shenzhen|guangzhou|chengdu|tianjin|wuhan|chongqing|xi'an|"
    "nanjing|hangzhou|suzhou|qingdao|dalian|xiamen|guangdong|sichuan|hunan|hubei|tibet|xinjiang|yunnan\n"
    "United States|usa|us|u.s.|u.s.a.|united states of america|america:alabama|alaska|arizona|arkansas|california|"
    "colorado|connecticut|delaware|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|"
    "maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|"
    "new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|"
    "south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming|"
    "district of columbia|washington dc|washington, d.c.|new york city|nyc|los angeles|chicago|houston|phoenix|"
    "philadelphia|san antonio|san diego|dallas|san jose|austin|jacksonville|fort worth|columbus|charlotte|"
    "san francisco|indianapolis|seattle|denver|boston|el paso|nashville|detroit|oklahoma city|portland|las vegas|"
    "memphis|louisville|baltimore|milwaukee|albuquerque|tucson|fresno|sacramento|kansas city|mesa|atlanta|omaha|"
    "colorado springs|raleigh|miami|long beach|virginia beach|oakland|minneapolis|tulsa|tampa|arlington|new orleans|"
    "wichita|cleveland|bakersfield|aurora|anaheim|honolulu|pittsburgh|cincinnati|orlando|st. louis|saint louis|"
    "newark|st. paul|buffalo|salt lake city|brooklyn|manhattan|queens|bronx|staten island|silicon valley|palo alto|"
    "mountain view|berkeley|spokane|boise|anchorage\n"
    "Indonesia|republic of indonesia:jakarta|surabaya|bandung|medan|bali|java|sumatra|yogyakarta\n"
    "Pakistan:karachi|lahore|islamabad|rawalpindi|faisalabad|peshawar|multan|quetta\n"
    "Nigeria:lagos|abuja|kano|ibadan|port harcourt|benin city\n"
    "Brazil|brasil:sao paulo|rio de janeiro|brasilia|salvador|fortaleza|belo horizonte|manaus|curitiba|recife|"
    "porto alegre\n"
    "Bangladesh:dhaka|chittagong|khulna|sylhet\n"
    "Russia|russian federation:moscow|saint petersburg|st. petersburg|novosibirsk|yekaterinburg|kazan|samara|siberia|"
    "chechnya|grozny|vladivostok|omsk|rostov|volgograd\n"
    "Mexico:mexico city|guadalajara|monterrey|puebla|tijuana|cancun|oaxaca|jalisco|yucatan|merida\n"
    "Japan:tokyo|yokohama|osaka|nagoya|sapporo|kobe|kyoto|fukuoka|hiroshima|okinawa|hokkaido|sendai|nagasaki\n"
    "Ethiopia:addis ababa\n"
    "Philippines|the philippines:manila|quezon city|davao|cebu|luzon|mindanao\n"
    "Egypt:cairo|alexandria|giza|luxor|aswan\n"
    "Vietnam|viet nam:hanoi|ho chi minh city|saigon|da nang|hue\n"
    "Congo|democratic republic of the congo|dr congo:kinshasa|lubumbashi|goma\n"
    "Turkey|turkiye:istanbul|ankara|izmir|bursa|antalya|diyarbakir|adana|konya|gaziantep|mersin|batman|van|sirnak|"
    "tunceli|anatolia\n"
    "Iran|islamic republic of iran:tehran|mashhad|isfahan|shiraz|tabriz\n"
    "Germany|deutschland|federal republic of germany:berlin|hamburg|munich|munchen|cologne|koln|frankfurt|"
    "frankfurt am main|stuttgart|dusseldorf|dortmund|essen|leipzig|bremen|dresden|hanover|hannover|nuremberg|"
    "nurnberg|duisburg|bochum|bonn|munster|karlsruhe|mannheim|augsburg|wiesbaden|bavaria|saxony|hesse|brandenburg|"
    "thuringia|lower saxony|baden-wurttemberg|north rhine-westphalia|saarland|heidelberg|freiburg|mainz|kiel|"
    "potsdam\n"
    "Thailand:bangkok|chiang mai|phuket|pattaya\n"
    "United Kingdom|uk|u.k.|great britain|britain:england|scotland|wales|northern ireland|london|birmingham|"
    "manchester|glasgow|liverpool|leeds|sheffield|edinburgh|bristol|leicester|cardiff|belfast|coventry|nottingham|"
    "newcastle|southampton|brighton|plymouth|oxford|cambridge|york|bath|exeter|aberdeen|dundee|inverness|swansea|"
    "derry|londonderry|wolverhampton|portsmouth|norwich|cornwall|devon|kent|essex|surrey|sussex|yorkshire|"
    "lancashire\n"
    "Tanzania:dar es salaam|dodoma|zanzibar|arusha\n"
    "France|republique francaise:paris|marseille|lyon|toulouse|nice|nantes|strasbourg|montpellier|bordeaux|lille|"
    "rennes|reims|grenoble|dijon|toulon|nimes|angers|metz|nancy|brittany|normandy|provence|alsace|corsica|burgundy|"
    "versailles|cannes|avignon|rouen|caen|colmar|douai|aix-en-provence\n"
    "South Africa:johannesburg|cape town|durban|pretoria|soweto|port elizabeth|bloemfontein|gauteng\n"
    "Italy|italia:rome|milan|naples|turin|palermo|genoa|bologna|florence|bari|catania|venice|verona|padua|trieste|"
    "brescia|messina|modena|parma|perugia|pisa|siena|sicily|sardinia|tuscany|lombardy|calabria|reggio calabria|"
    "cosenza|salerno|pescara|benevento|foggia|taranto|roma|milano|napoli|torino|firenze|venezia\n"
    "Kenya:nairobi|mombasa|kisumu\n"
    "Myanmar|burma:yangon|mandalay\n"
    "Colombia:bogota|medellin|cali|barranquilla|cartagena\n"
    "South Korea|republic of korea|korea:seoul|busan|incheon|daegu|daejeon|gwangju|jeju\n"
    "Uganda:kampala|entebbe\n"
    "Sudan:khartoum|darfur\n"
    "Spain|espana:madrid|barcelona|valencia|seville|sevilla|zaragoza|malaga|murcia|palma|bilbao|alicante|cordoba|"
    "granada|valladolid|vigo|san sebastian|catalonia|andalusia|galicia|basque country|mallorca|tenerife|ibiza|"
    "pamplona\n"
    "Argentina:buenos aires|rosario|mendoza|la plata|patagonia\n"
    "Algeria:algiers|oran|constantine\n"
    "Iraq:baghdad|basra|mosul|erbil|kirkuk|kurdistan\n"
    "Ukraine:kyiv|kiev|kharkiv|odesa|odessa|dnipro|lviv|donetsk|crimea|zaporizhzhia|sevastopol|simferopol|luhansk\n"
    "Canada:toronto|montreal|vancouver|calgary|edmonton|ottawa|winnipeg|quebec|quebec city|hamilton|halifax|victoria|"
    "ontario|british columbia|alberta|manitoba|saskatchewan|nova scotia|new brunswick|newfoundland|yukon|nunavut|"
    "regina|saskatoon\n"
    "Poland|polska:warsaw|krakow|cracow|lodz|wroclaw|poznan|gdansk|szczecin|lublin|katowice|bialystok|bydgoszcz|"
    "torun|rzeszow|silesia|gdynia|kielce|opole\n"
    "Morocco:casablanca|rabat|marrakesh|marrakech|fez|tangier|agadir\n"
    "Saudi Arabia:riyadh|jeddah|mecca|medina|dammam\n"
    "Uzbekistan:tashkent|samarkand|bukhara\n"
    "Peru:lima|cusco|arequipa\n"
    "Angola:luanda\n"
    "Malaysia:kuala lumpur|penang|johor bahru|sabah|sarawak\n"
    "Ghana:accra|kumasi\n"
    "Afghanistan:kabul|kandahar|herat\n"
    "Venezuela:caracas|maracaibo\n"
    "Nepal:kathmandu\n"
    "Yemen:sanaa|aden\n"
    "Australia:sydney|melbourne|brisbane|perth|adelaide|canberra|hobart|darwin|gold coast|new south wales|victoria|"
    "queensland|tasmania|western australia|south australia|cairns|geelong\n"
    "Syria:damascus|aleppo|homs|idlib|raqqa\n"
    "Cameroon:yaounde|douala\n"
    "Sri Lanka:colombo|kandy|jaffna\n"
    "Taiwan:taipei|kaohsiung|taichung|tainan\n"
    "Chile:santiago|valparaiso|concepcion\n"
    "Kazakhstan:almaty|astana|nur-sultan\n"
    "Romania:bucharest|cluj-napoca|cluj|timisoara|iasi|constanta|brasov|craiova|galati|oradea|ploiesti|transylvania|"
    "bacau|arad|pitesti|sibiu|targu mures\n"
    "Netherlands|the netherlands|holland|nederland:amsterdam|rotterdam|the hague|utrecht|eindhoven|groningen|tilburg|"
    "maastricht|leiden|delft|haarlem|arnhem|nijmegen|breda\n"
    "Ecuador:quito|guayaquil\n"
    "Senegal:dakar\n"
    "Guatemala:guatemala city\n"
    "Zimbabwe:harare|bulawayo\n"
    "Zambia:lusaka\n"
    "Cambodia:phnom penh|siem reap\n"
    "Somalia:mogadishu\n"
    "Rwanda:kigali\n"
    "Cuba:havana\n"
    "Tunisia:tunis|sfax\n"
    "Belgium|belgique|belgie:brussels|bruxelles|antwerp|ghent|bruges|liege|namur|leuven|charleroi|mons|flanders|"
    "wallonia\n"
    "Jordan:amman\n"
    "Bolivia:la paz|santa cruz|sucre\n"
    "Haiti:port-au-prince\n"
    "Dominican Republic:santo domingo\n"
    "Czech Republic|czechia:prague|brno|ostrava|plzen|olomouc|moravia|bohemia|liberec|pilsen\n"
    "Greece|hellas:athens|thessaloniki|patras|heraklion|crete|rhodes|corfu|larissa|piraeus|ioannina\n"
    "Portugal:lisbon|porto|braga|coimbra|faro|funchal|madeira|azores|algarve|lisboa|setubal|aveiro\n"
    "Azerbaijan:baku|ganja\n"
    "Sweden|sverige:stockholm|gothenburg|goteborg|malmo|uppsala|lund|orebro|linkoping|vasteras|umea\n"
    "Hungary|magyarorszag:budapest|debrecen|szeged|miskolc|pecs|gyor\n"
    "United Arab Emirates|uae:dubai|abu dhabi|sharjah\n"
    "Belarus:minsk|gomel|brest|vitebsk|grodno\n"
    "Israel:jerusalem|tel aviv|haifa|beersheba\n"
    "Austria|osterreich:vienna|wien|graz|linz|salzburg|innsbruck|klagenfurt|tyrol|carinthia|styria\n"
    "Switzerland|schweiz|suisse|svizzera:zurich|geneva|basel|lausanne|bern|berne|winterthur|lucerne|st. gallen|"
    "lugano|zug|ticino|vaud|valais|fribourg|neuchatel\n"
    "Serbia:belgrade|novi sad|nis|kragujevac|vojvodina\n"
    "Bulgaria:sofia|plovdiv|varna|burgas|ruse|stara zagora|pleven|blagoevgrad\n"
    "Paraguay:asuncion\n"
    "Laos:vientiane\n"
    "Libya:tripoli|benghazi\n"
    "Lebanon:beirut\n"
    "El Salvador:san salvador\n"
    "Nicaragua:managua\n"
    "Honduras:tegucigalpa\n"
    "Costa Rica\n"
    "Panama:panama city\n"
    "Uruguay:montevideo\n"
    "Jamaica:kingston\n"
    "Denmark|danmark:copenhagen|aarhus|odense|aalborg|greenland|esbjerg|kobenhavn\n"
    "Singapore\n"
    "Hong Kong:kowloon\n"
    "Finland|suomi:helsinki|espoo|tampere|turku|oulu|vantaa|lapland|jyvaskyla|kuopio|lahti\n"
    "Norway|norge:oslo|bergen|trondheim|stavanger|tromso|drammen|kristiansand|bodo|svalbard\n"
    "Slovakia|slovak republic:bratislava|kosice|presov|zilina|nitra|trnava\n"
    "New Zealand:auckland|wellington|christchurch|dunedin|queenstown|hamilton\n"
    "Ireland|eire|republic of ireland:dublin|cork|limerick|galway|waterford|kilkenny|sligo|donegal\n"
    "Croatia|hrvatska:zagreb|split|rijeka|osijek|zadar|dubrovnik|pula|istria|dalmatia\n"
    "Bosnia and Herzegovina|bosnia:sarajevo|banja luka|mostar|tuzla|srebrenica\n"
    "Georgia:tbilisi|batumi|kutaisi|abkhazia|south ossetia\n"
    "Moldova|republic of moldova:chisinau|tiraspol|transnistria|balti\n"
    "Armenia:yerevan|gyumri\n"
    "Lithuania:vilnius|kaunas|klaipeda|siauliai\n"
    "Albania:tirana|durres|vlora\n"
    "Slovenia:ljubljana|maribor|celje|kranj|koper\n"
    "North Macedonia|macedonia:skopje|bitola|ohrid\n"
    "Latvia:riga|daugavpils|liepaja|jurmala\n"
    "Kosovo:pristina|prizren\n"
    "Estonia:tallinn|tartu|narva\n"
    "Cyprus:nicosia|limassol|larnaca|famagusta|kyrenia|paphos\n"
    "Luxembourg\n"
    "Montenegro:podgorica|budva|kotor\n"
    "Malta:valletta\n"
    "Iceland:reykjavik|akureyri\n"
    "Qatar:doha\n"
    "Kuwait:kuwait city\n"
    "Bahrain:manama\n"
    "Oman:muscat\n"
    "Mongolia:ulaanbaatar\n"
    "North Korea:pyongyang\n"
    "Liechtenstein:vaduz\n"
    "Monaco:monte carlo\n"
    "Andorra\n"
    "San Marino\n";

/* Whether place is one of the list's items, up to `end`. */
static bool is_listed(const char *list, const char *end, struct bytes place)
{
    while (list < end) {
        size_t size = strcspn(list, "|:\n"), same = 0;
        while (same < size && same < place.size && char_lower(place.data[same]) == char_lower((uint8_t)list[same]))
            same++;
        if (same == size && same == place.size)
            return true;
        list += size + 1;
    }
    return false;
}

/* A country's name goes before a city's: Georgia, Mexico. */
static const char *country_of(struct bytes place)
{
    const char *city_of = NULL;
    for (const char *country = countries; *country;) {
        const char *end = strchr(country, '\n'), *names = country + strcspn(country, ":\n");
        if (is_listed(country, names, place))
            return country;
        if (!city_of && names < end && is_listed(names + 1, end, place))
            city_of = country;
        country = end + 1;
    }
    return city_of;
}

/* The last part after a comma decides, if it is known; else the one before it. */
const char *place_country(struct bytes place)
{
    while (place.size) {
        size_t start = place.size;
        while (start > 0 && place.data[start - 1] != ',')
            start--;
        struct bytes part = bytes_part(place, start, SIZE_MAX);
        while (part.size && char_is(part.data[0], C_SPACE))
            part = bytes_part(part, 1, SIZE_MAX);
        const char *country = country_of(part);
        if (country)
            return country;
        place.size = start ? start - 1 : 0;
    }
    return NULL;
}
