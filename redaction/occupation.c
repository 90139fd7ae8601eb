/* Hides the list of head nouns of occupations (ISCO-08, SOC 2018), and which words may stand before one. */
#include "redaction/occupation.h"

#define WORDS_MOST 8
#define TITLE_MOST 72 /* bytes */

static const char heads[] =
    "accountant|actor|actress|actuary|adjuster|administrator|adviser|advisor|agent|aide|ambassador|analyst|anesthetist|"
    "animator|announcer|apprentice|appraiser|arbitrator|archaeologist|architect|archivist|artist|assembler|assessor|"
    "assistant|associate|astronomer|athlete|attendant|attorney|auctioneer|auditor|author|baker|banker|barber|barista|"
    "barrister|bartender|beekeeper|biochemist|biologist|blacksmith|boilermaker|bookbinder|bookkeeper|bookmaker|"
    "bricklayer|broadcaster|broker|builder|butcher|butler|buyer|cabinetmaker|caretaker|carpenter|cartographer|cashier|"
    "caterer|ceo|cfo|chairman|chairperson|chairwoman|chaplain|chauffeur|chef|chemist|chiropractor|choreographer|"
    "cleaner|"
    "clerk|coach|cobbler|collector|columnist|comedian|commander|commissioner|composer|concierge|conductor|confectioner|"
    "constable|consultant|contractor|controller|cook|coordinator|copywriter|coroner|correspondent|counsel|counselor|"
    "counsellor|courier|cto|coo|cio|curator|custodian|cutter|dancer|dealer|decorator|dentist|dermatologist|designer|"
    "detective|developer|dietitian|dietician|director|dispatcher|diver|doctor|doorman|draftsman|dramatist|dressmaker|"
    "driver|drummer|economist|editor|educator|electrician|embalmer|engineer|engraver|entertainer|entrepreneur|"
    "estimator|examiner|executive|fabricator|farmer|farmworker|filmmaker|finisher|firefighter|fisherman|fitter|florist|"
    "foreman|forester|founder|gardener|geographer|geologist|geophysicist|glazier|goldsmith|grader|groundskeeper|guard|"
    "guide|hairdresser|handler|handyman|historian|housekeeper|hydrologist|hygienist|illustrator|inspector|installer|"
    "instructor|interpreter|interviewer|investigator|investor|ironworker|janitor|jeweler|jeweller|joiner|journalist|"
    "judge|laborer|labourer|landscaper|lawyer|leader|lecturer|librarian|lifeguard|lineman|linguist|lobbyist|locksmith|"
    "logistician|longshoreman|machinist|magistrate|maker|manager|manicurist|manufacturer|marketer|mason|masseur|"
    "masseuse|mathematician|mayor|mechanic|mediator|merchandiser|merchant|messenger|metallurgist|meteorologist|"
    "microbiologist|midwife|miller|millwright|miner|minister|model|molder|mortician|musician|nanny|neurologist|notary|"
    "novelist|nurse|nutritionist|officer|operative|operator|optician|optometrist|orderly|organizer|organiser|owner|"
    "packer|painter|paralegal|paramedic|paramedics|pastor|pathologist|paver|pediatrician|performer|pharmacist|"
    "phlebotomist|photographer|physician|physicist|physiologist|physiotherapist|pianist|pilot|pipefitter|plasterer|"
    "player|plumber|podiatrist|poet|policeman|policewoman|politician|polisher|porter|postman|postmaster|potter|"
    "preparer|"
    "presenter|president|presser|priest|principal|printer|processor|producer|professor|programmer|proofreader|"
    "prosecutor|psychiatrist|psychologist|publicist|publisher|rabbi|radiographer|radiologist|rancher|ranger|realtor|"
    "receptionist|recruiter|referee|registrar|repairer|repairman|reporter|representative|researcher|restorer|retailer|"
    "rigger|roofer|sailor|salesman|salesperson|saleswoman|scaffolder|scheduler|scientist|sculptor|seaman|seamstress|"
    "secretary|senator|sergeant|server|servicer|sheriff|shoemaker|singer|sociologist|soldier|solicitor|songwriter|"
    "specialist|stagehand|statistician|steward|stewardess|stockbroker|stocker|stonemason|strategist|stylist|"
    "superintendent|supervisor|supplier|surgeon|surveyor|tailor|taxidermist|teacher|technician|technologist|teller|"
    "tender|therapist|tiler|toolmaker|trader|trainee|trainer|translator|treasurer|tutor|typist|umpire|undertaker|"
    "underwriter|upholsterer|usher|valet|vendor|vet|veterinarian|videographer|violinist|vp|waiter|waitress|warden|"
    "weaver|welder|wholesaler|worker|wrestler|writer|zoologist";

/* What makes a sentence of it, or begins what stands behind it. */
static const char no_title[] =
    "who|that|this|which|is|are|was|were|has|have|had|at|in|for|from|but|to|with|by|on|as|the|"
    "a|an|your|my|his|her|our|their|you|i|we|they|he|she|it|please|ask|tell|see|call|if|when";

size_t occupation_end(struct bytes text, size_t at)
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
