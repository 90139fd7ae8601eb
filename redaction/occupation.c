/* Hides the list of head nouns of occupations (ISCO-08, SOC 2018), and which words may stand before one. */
#include "redaction/occupation.h"

#define WORDS_MOST 8
#define TITLE_MOST 72 /* bytes */

static const char heads[] =
    "accountant|actor|actress|actuary|adjuster|administrator|adviser|advisor|agent|agronomist|aide|ambassador|"
    "analyst|anesthetist|animator|announcer|anthropologist|appraiser|apprentice|arbitrator|archaeologist|architect|"
    "archivist|artist|assembler|assessor|assistant|associate|astronomer|athlete|attendant|attorney|auctioneer|"
    "audiologist|auditor|author|aviator|bailiff|baker|ballerina|banker|barber|barista|barrister|bartender|bassist|"
    "beautician|beekeeper|bellhop|biochemist|biologist|blacksmith|boilermaker|bookbinder|bookkeeper|bookmaker|"
    "bouncer|boxer|brewer|bricklayer|broadcaster|broker|builder|busboy|butcher|butler|buyer|cabinetmaker|captain|"
    "cardiologist|carer|caretaker|carpenter|cartographer|cashier|caterer|ceo|ceramicist|cfo|chairman|chairperson|"
    "chairwoman|chaplain|chauffeur|chef|chemist|chiropractor|choreographer|cio|cleaner|clerk|coach|cobbler|"
    "collector|columnist|comedian|commander|commissioner|composer|concierge|conductor|confectioner|congressman|"
    "congresswoman|constable|consultant|contractor|controller|coo|cook|coordinator|copywriter|coroner|"
    "correspondent|cosmetologist|councillor|councilor|counsel|counsellor|counselor|courier|criminologist|croupier|"
    "cryptographer|cryptologist|cto|curator|custodian|cutter|cyclist|dancer|dealer|dean|deckhand|decorator|deejay|"
    "demographer|dentist|dermatologist|designer|detailer|detective|developer|dietician|dietitian|diplomat|director|"
    "dispatcher|diver|docent|doctor|doorman|draftsman|dramatist|dressmaker|driver|drummer|ecologist|economist|"
    "editor|educator|electrician|embalmer|engineer|engraver|entertainer|entomologist|entrepreneur|epidemiologist|"
    "ergonomist|estimator|examiner|executive|fabricator|farmer|farmworker|farrier|filmmaker|finisher|firefighter|"
    "fisherman|fitter|florist|footballer|foreman|forester|founder|framer|freelancer|furrier|gamekeeper|gardener|"
    "gemologist|genealogist|geneticist|geographer|geologist|geophysicist|glazier|goldsmith|golfer|governor|grader|"
    "grinder|groundskeeper|guard|guide|guitarist|gynecologist|hairdresser|handler|handyman|headmaster|"
    "headmistress|headteacher|helper|herder|historian|homemaker|horticulturist|host|hostess|housekeeper|hunter|"
    "hydrologist|hygienist|hypnotist|illustrator|imam|inspector|installer|instructor|intern|internist|interpreter|"
    "interviewer|inventor|investigator|investor|ironworker|janitor|jeweler|jeweller|jockey|joiner|journalist|judge|"
    "knitter|laborer|labourer|landscaper|lawyer|leader|lecturer|legislator|librarian|lifeguard|lineman|"
    "linguist|lithographer|loader|lobbyist|locator|locksmith|logger|logistician|longshoreman|machinist|magistrate|"
    "maker|manager|manicurist|manufacturer|marketer|mason|masseur|masseuse|mathematician|mayor|mechanic|member|"
    "mediator|"
    "medic|merchandiser|merchant|messenger|metallurgist|meteorologist|microbiologist|midwife|miller|millwright|"
    "miner|minister|model|molder|mortician|mover|musician|nanny|navigator|negotiator|neurologist|neurosurgeon|"
    "notary|novelist|nun|nurse|nutritionist|obstetrician|officer|oncologist|operative|operator|ophthalmologist|"
    "optician|optometrist|orderly|organiser|organizer|originator|orthodontist|owner|packager|packer|painter|"
    "paperhanger|paralegal|paramedic|paramedics|pastor|pathologist|patternmaker|paver|paymaster|pediatrician|"
    "performer|perfusionist|pharmacist|phlebotomist|photographer|physician|physicist|physiologist|physiotherapist|"
    "pianist|piercer|pilot|pipefitter|planner|plasterer|player|playwright|plumber|podiatrist|poet|policeman|"
    "policewoman|polisher|politician|porter|postman|postmaster|potter|pourer|practitioner|preparer|presenter|"
    "president|presser|priest|principal|printer|printmaker|processor|producer|professor|programmer|proofreader|"
    "prosecutor|prosthetist|psychiatrist|psychologist|psychotherapist|publicist|publisher|purser|rabbi|"
    "radiographer|radiologist|rancher|ranger|rapper|realtor|receptionist|recruiter|rector|referee|registrar|"
    "repairer|repairman|reporter|representative|researcher|restorer|retailer|reviewer|rheumatologist|rigger|roofer|"
    "sailor|salesman|salesperson|saleswoman|sampler|sander|sawyer|scaffolder|scheduler|scientist|screener|"
    "screenwriter|sculptor|sculptress|seaman|seamstress|secretary|seller|senator|sergeant|server|servicer|setter|"
    "sewer|shearer|sheriff|shoemaker|singer|skater|skipper|sociologist|soldier|solicitor|sommelier|songwriter|"
    "sonographer|sorter|specialist|splicer|sprayer|staffer|stagehand|statistician|stenographer|steward|stewardess|"
    "stockbroker|stocker|stonemason|storekeeper|strategist|stylist|superintendent|supervisor|supplier|surgeon|"
    "surveyor|swimmer|tailor|tattooist|taxidermist|teacher|teamster|technician|technologist|telemarketer|teller|"
    "tender|tester|therapist|tiler|timekeeper|tinsmith|toolmaker|trader|trainee|trainer|transcriptionist|"
    "translator|treasurer|trimmer|tuner|turner|tutor|typesetter|typist|umpire|undertaker|underwriter|upholsterer|"
    "urologist|usher|valet|vendor|vet|veterinarian|videographer|violinist|vocalist|vp|waiter|waitress|warden|"
    "washer|watchmaker|watchman|weaver|webmaster|welder|wholesaler|woodworker|worker|wrangler|wrestler|writer|"
    "zoologist";

/* What makes a sentence of it, or begins what stands behind it. */
static const char no_title[] =
    "who|that|this|which|is|are|was|were|has|have|had|at|in|for|from|but|to|with|by|on|as|the|"
    "a|an|your|my|his|her|our|their|you|i|we|they|he|she|it|please|ask|tell|see|call|if|when";

static size_t head_end(struct bytes text, size_t at)
{
    size_t end = 0, word = at;
    for (int words = 0; words < WORDS_MOST && word < at + TITLE_MOST; words++) {
        size_t stop = chars_run(text, word, C_ALPHA | C_DASH | C_PLUS_SLASH, 32);
        if (stop < word + 2 || chars_word_of(text, word, no_title))
            break;
        if (chars_word_of(text, word, heads) == stop - word)
            end = stop;
        stop += char_at(text, stop) == ',';
        if (char_at(text, stop) != ' ')
            break;
        word = stop + 1;
    }
    return end;
}

/* "of Human Resources" behind "Director": capitalised words, "and" between; `end` if there are none. */
static size_t field_end(struct bytes text, size_t end)
{
    size_t at = chars_are(text, end, " of ") ? end + 4 : end;
    for (int words = 0; words < 4 && at > end && char_is(char_at(text, at), C_UPPER); words++) {
        end = chars_run(text, at, C_ALPHA | C_DASH, 32);
        size_t joint = chars_are(text, end, " and ") ? 5 : char_at(text, end) == ' ';
        at = end + joint;
    }
    return end;
}

size_t occupation_end(struct bytes text, size_t at)
{
    size_t end = head_end(text, at);
    return end ? field_end(text, end) : 0;
}
