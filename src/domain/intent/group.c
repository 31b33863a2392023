#include <string.h>

#include "domain/intent/internal.h"

/* What a single sentence wants of a calendar, in the common labels of public test sets:
 * meeting.create, meeting.change, meeting.cancel, confirm, deny, select, negative.
 * Mails are read by intent_read; this serves short commands ("move it to five"). Word
 * lists by what they say, and an ordered list of decisions. A word ending in + is a
 * beginning. */

enum {
    SAYS_CREATE, SAYS_CHANGE, SAYS_CANCEL, SAYS_MEETING, SAYS_EVENT, SAYS_OTHER_THING, SAYS_YES,
    SAYS_NO, SAYS_WRONG, SAYS_RIGHT, SAYS_SELECT, SAYS_WHICH, SAYS_WHERE, SAYS_ASK, SAYS_SHIFT,
    SAYS_GUEST, SAYS_PART, SAYS_CAR_CARE, SAYS_NOT, SAYS_FILLER, SAYS_CHECK, SAYS_COUNT_,
};

static const struct { int says; const char *words; } lists[] = {
    {SAYS_CREATE, "schedul+ set setup create creat creates add adding make put arrange plan organi+ block "
                  "planifi+ programm+ ajout+ creer cree creez mettre prendre reserv+ fixer book booking "
                  "prevoir rencontrer meet mark save enter start append+ new nouveau nouvel nouvelle "
                  "caler placer place insert register etablir configurer log hold host pencil prenons"},
    {SAYS_CHANGE, "chang+ mov+ reschedul+ updat+ upate push+ extend+ shorten+ modif+ edit editer adjust+ "
                  "postpon+ shift renam+ delay alter amend deplac+ repouss+ report+ decal+ avanc+ "
                  "prolong+ raccourc+ uninvit+ transfer lengthen replac+ revis+ bump retitl+ remplac+ "
                  "etendre renomm+ reprogramm+ mise laisser swap redo retard+ correct increase decrease fix"},
    {SAYS_CANCEL, "cancel+ cancle delet+ remov+ erase+ eras+ clear+ drop scrap annul+ supprim+ effac+ "
                  "retir+ enlev+ refus+ decline wipe kill nix dismiss trash abandon ditch forget rid "
                  "eliminate destroy unschedul+ discard vider jeter clean"},
    {SAYS_MEETING, "meet meeting+ appointment+ appt event+ calendar+ calender reunion+ rendez calendrier "
                   "evenement+ conference interview+ lunch+ dinner breakfast brunch session party agenda "
                   "vacation rdv diner dejeuner appointement apointment standup sync review presentation "
                   "date invitation+ occasion planner diary dentist+ dentiste class lesson game practice "
                   "birthday wedding seminar plans anniversary visite anniversaire schedule pratique "
                   "trip reservation"},
    {SAYS_EVENT, "gym yoga haircut coffee drinks show concert hike swim picnic nap doctor+ medecin "
                 "workshop training webinar fishing golf soccer tennis football squash bbq barbecue "
                 "shopping study dance church reception camping cleaning hang movies call "
                 "hangout rehearsal exam test team dad wife workout voyage "
                 "husband work fete remise flight movie visit natation danse frisbee sortie"},
    {SAYS_OTHER_THING, "alarm+ remind+ timer song+ music play playlist weather rain raining temperature "
                       "email+ mail mails list lists lights volume traffic directions recipe bank "
                       "account balance card credit restaurant restaurants movie+ joke news stock "
                       "currency translate spell definition define meaning alexa podcast radio station "
                       "channel tv heat heating heater seat seats air window mirror fan vent ventilation "
                       "collision alert alerts brightness driver drivers sound insurance pin passport "
                       "visa rate interest loan pto payday paycheck pay bill bills w2 401k order uber "
                       "taxi cab ticket tickets hotel luggage address route+ near nearby nearest closest "
                       "mileage miles gps map todo grocery milk shoe buy price cost calories weight wifi "
                       "phone text message+ contact+ photo app language accent point open closed parking "
                       "assistant status lane front rear crash pedestrian notification+ gap mode modes "
                       "level levels lo mid demist fog degree degrees setting settings drivers passenger+ "
                       "warning warnings steering cabin cooling control controls activate deactivate "
                       "turn switch speed recirculat+ stay italian english whisper reservation bag fuel "
                       "itineraire trouve trouvez pluie pleuvoir meteo neige liste taches tache "
                       "courriel courriels courrier magasin achat acheter commander pizza poulet table "
                       "carte banque musique chanson alarme rappel rappels minuterie celsius nuits "
                       "fahrenheit siege volant chauffage climatisation ventilateur trafic circulation "
                       "gare aeroport essence vent nuageux ensoleille orage economique sejour boite "
                       "joue jouer lire lis affiche afficher montre montrer montrez chercher guesthouse "
                       "amene amener conduire conduis emmene aller obtenir naviguer pub e ville"},
    {SAYS_YES, "yes yeah yep yup yea yeap yessir sure ok okay oui ouais absolutely definitely "
               "certainement certainly affirmative indeed alright entendu evidemment aye roger yess yeh "
               "exactly super genial parfait volontiers accord right correct perfect great bien fine "
               "excellent good confirm"},
    {SAYS_NO, "no nope nah nay naw non nan never aucun aucune negative ne pas jamais none neither nooo "
              "not reject+ rejette false dont don"},
    {SAYS_WRONG, "wrong incorrect+ mistake+ error false falsehood untrue erroneous misunderst+ faux "
                 "mauvais mauvaise inaccurate messed"},
    {SAYS_RIGHT, "right correct+ great perfect+ works work fine excellent awesome amazing looks look "
                 "sounds true accurate ideal nice cool wonderful exactly suits parfait super better "
                 "bon bonne genial beautiful brilliant terrific fantastic prefect prefectly gotten good "
                 "lovely acceptable likely believe fact facts fini finished finir termine fait pret "
                 "sur certainement air complete ok okay correcly"},
    {SAYS_SELECT, "select+ choose choos+ pick+ opt like want selectionn+ choisi+ optez opter prends veux "
                  "aime prefer prefere take bet"},
    {SAYS_WHICH, "first second third fourth fifth last option choice number any anyone two three four "
                 "five 1 2 3 4 5 1st 2nd 3rd 4th premier premiere deuxieme second troisieme quatrieme "
                 "cinquieme dernier derniere choix numero importe anything random randomly aleatoire "
                 "hasard"},
    {SAYS_WHERE, "left right top bottom upper lower middle gauche gauches droite haut bas superieur+ "
                 "inferieur+ milieu coin inferieure"},
    {SAYS_ASK, "what when where who how why is are do does did which quand quel quelle comment ou qui "
               "combien show tell find whats list display was were am should whos hows quels est"},
    {SAYS_SHIFT, "later earlier longer shorter instead until end ends duration location title name subject "
                 "length attendees tard tot fin titre emplacement lieu salle showas"},
    {SAYS_GUEST, "invite inviting inviter invitez attendee+ guest+ participant+ uninvit+ convier demander"},
    {SAYS_PART, "it that this the my our its those la le l mon ma cette ce"},
    {SAYS_CAR_CARE, "oil engine tire tires brakes mechanic maintenance tune"},
    {SAYS_NOT, "not ne pas never wasn isn didn don doesn cannot"},
    {SAYS_FILLER, "yes yeah yep yup sure ok okay please can could would you i we want need to d like great "
                  "good thanks thank now also then and so well hey hi alright awesome perfect cool "
                  "excellent lets let s just help me us oh um right fine ll will go ahead again if a "
                  "pouvez pourriez vous tu peux je veux voudrais s il plait oui alors aussi et puis puis "
                  "too instead actually wait no nope im m going gonna have love wanna magical"},
    {SAYS_CHECK, "check confirm verify checking"},
};

enum { WORDS_KEPT = 64 };

struct said {
    uint32_t count[SAYS_COUNT_];
    uint32_t first[SAYS_COUNT_]; /* word number of the first one, from 0 */
    struct slice word[WORDS_KEPT];
    uint32_t words, lead;        /* how many; the first one that is no filler */
    bool time;                   /* a number or a day is spoken of */
};

static bool in_list(struct slice word, const char *list)
{
    for (const char *p = list; *p != '\0';) {
        size_t len = strcspn(p, " ");
        bool prefix = len > 1 && p[len - 1] == '+';
        size_t stem = prefix ? len - 1 : len;
        if ((prefix ? word.len >= stem : word.len == stem) && memcmp(p, word.data, stem) == 0)
            return true;
        p += len + strspn(p + len, " ");
    }
    return false;
}

static bool word_says(struct slice word, int says)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].says == says)
            return in_list(word, lists[i].words);
    return false;
}

static const char day_words[] = "today tomorrow tonight monday tuesday wednesday thursday friday saturday "
                                "sunday week weekend month morning afternoon evening noon pm am january "
                                "february march april june july august september october november "
                                "december lundi mardi mercredi jeudi vendredi samedi dimanche demain "
                                "aujourd semaine mois matin midi soir heures heure h janvier fevrier mars "
                                "avril mai juin juillet aout septembre octobre novembre decembre "
                                "yesterday noon midnight day days hour hours weekend year fall winter "
                                "summer spring";

static void listen(struct slice folded, struct said *said)
{
    *said = (struct said){0};
    for (size_t at = 0; at < folded.len && said->words < WORDS_KEPT;) {
        size_t end = slice_find(folded, LIT(" "), at);
        end = end == SIZE_MAX ? folded.len : end;
        struct slice word = slice_sub(folded, at, end);
        said->time |= (word.len > 0 && ascii_is_digit(word.data[0])) || in_list(word, day_words);
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            if (in_list(word, lists[i].words) && said->count[lists[i].says]++ == 0)
                said->first[lists[i].says] = said->words;
        said->word[said->words++] = word;
        at = end + 1;
    }
    while (said->lead < said->words && word_says(said->word[said->lead], SAYS_FILLER))
        said->lead++;
}

static bool any(const struct said *said, int says)
{
    return said->count[says] > 0;
}

static bool leads(const struct said *said, int says, uint32_t within)
{
    return any(said, says) && said->first[says] < within;
}

static bool is_word(const struct said *said, uint32_t at, const char *list)
{
    return at < said->words && in_list(said->word[at], list);
}

static bool has_word(const struct said *said, const char *list)
{
    for (uint32_t i = 0; i < said->words; i++)
        if (in_list(said->word[i], list))
            return true;
    return false;
}

/* The verb that the sentence turns on. */
static bool lead_is(const struct said *said, int says)
{
    return said->lead < said->words && word_says(said->word[said->lead], says);
}

/* "remove Frank from the meeting": people, not the meeting itself. */
static bool removes_part(const struct said *s)
{
    for (uint32_t i = s->lead + 1; i < s->words; i++) {
        if (!is_word(s, i, "from off de"))
            continue;
        bool before = false, behind = false, book = false;
        for (uint32_t k = s->lead; k < i; k++)
            before |= word_says(s->word[k], SAYS_MEETING) || is_word(s, k, "it this that all everything");
        for (uint32_t k = i + 1; k < s->words; k++) {
            book |= is_word(s, k, "calendar schedule agenda calendrier itinerary");
            behind |= word_says(s->word[k], SAYS_MEETING) || word_says(s->word[k], SAYS_EVENT);
        }
        return !before && behind && !book;
    }
    return false;
}

/* "add Paul to the meeting", "ajouter Carlos à la réunion", "add Kim". */
static bool adds_part(const struct said *s)
{
    if (is_word(s, s->lead, "mettre") && is_word(s, s->lead + 1, "a") && is_word(s, s->lead + 2, "jour"))
        return true;
    if (!is_word(s, s->lead, "add ajouter put adding"))
        return false;
    if (s->words - s->lead <= 2 && !s->time && !any(s, SAYS_MEETING) && !any(s, SAYS_EVENT))
        return true;
    if (any(s, SAYS_SHIFT) && !s->time)
        return true;
    for (uint32_t i = s->lead + 1; i + 1 < s->words && i < s->lead + 6; i++) {
        if (!is_word(s, i, "to a for"))
            continue;
        bool definite = is_word(s, i + 1, "the my that this la le our it mon");
        bool book = has_word(s, "calendar calender schedule agenda calendrier personal");
        bool thing = false;
        for (uint32_t k = s->lead + 1; k < i; k++)
            thing |= word_says(s->word[k], SAYS_MEETING) || word_says(s->word[k], SAYS_EVENT);
        return definite && !book && !thing;
    }
    return false;
}

/* "make it last until 3", "set the location to …", "put that on Friday". */
static bool makes_change(const struct said *s)
{
    bool shapes = is_word(s, s->lead, "make set put faire start schedule have let");
    if (!shapes)
        return false;
    if (is_word(s, s->lead + 1, "it that this those en commencer sure"))
        return !is_word(s, s->lead, "put") || s->time;
    bool definite = is_word(s, s->lead + 1, "the my la le mon ma his her our");
    if (is_word(s, s->lead, "make") && definite && (any(s, SAYS_MEETING) || any(s, SAYS_EVENT)))
        return true; /* "make my appointment be at one" */
    return definite && (any(s, SAYS_SHIFT) || is_word(s, s->lead + 2, "meeting appointment event status") ||
                        has_word(s, "hour hours long minutes"));
}

/* "Okay great, thanks for finding it", "good job", "bye": nothing is agreed to. */
static bool only_thanks(const struct said *s)
{
    bool thanks = has_word(s, "thank thanks thanx thx merci appreciate appreciated remercie");
    bool praise = has_word(s, "job bye goodbye buhbye helpful smart help information info bravo praise rock "
                              "service assistance") &&
                  !any(s, SAYS_ASK);
    bool more = has_word(s, "for so much your finding all letting showing pour");
    bool yes = is_word(s, 0, "yes yeah yep yup sure oui correct right exactly perfect") && !praise && !more;
    bool acts = lead_is(s, SAYS_CREATE) || lead_is(s, SAYS_CHANGE) || lead_is(s, SAYS_CANCEL);
    return s->words <= 14 && !acts && !s->time && !any(s, SAYS_MEETING) && !any(s, SAYS_NO) &&
           !yes && ((thanks && (more || praise || is_word(s, 0, "ok okay alright"))) || (praise && any(s, SAYS_RIGHT)));
}

/* "of course", "just do it", "I agree", "makes sense". */
static bool agrees(const struct said *s)
{
    static const char *const pairs[][2] = {
        {"of", "course"}, {"do", "it that so"}, {"go", "ahead for"}, {"come", "on"}, {"you", "bet betcha betchya"},
        {"makes", "sense"}, {"bien", "sur"}, {"that", "does is will"}, {"thats", "it"}, {"submit finish save send", "it"},
        {"i we", "agree concur approve believe"}, {"can", "we"}, {"sounds", "like"}, {"why", "not"},
        {"its it", "done"}, {"no", "doubt problem"}, {"d", "accord"}, {"vas allez", "y"}, {"fais faites", "le ca cela"}, {"air", "bien bon parfait"}, {"pourquoi", "pas"},
    };
    if (s->words > 7 || any(s, SAYS_MEETING) || any(s, SAYS_OTHER_THING) || any(s, SAYS_WRONG))
        return false;
    if (s->words <= 4 && has_word(s, "agreed positive positively affirmitive affirm valid betcha indubitably "
                                     "precisely approve approved concur truly totally surely obviously yess"))
        return true;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        for (uint32_t k = 0; k + 1 < s->words && k < 4; k++)
            if (is_word(s, k, pairs[i][0]) && is_word(s, k + 1, pairs[i][1]) && s->words <= k + 5)
                return !any(s, SAYS_NO) || is_word(s, k, "no why pourquoi");
    return false;
}

static const char *decide_answer(const struct said *s)
{
    if (only_thanks(s))
        return NULL;
    bool acts = any(s, SAYS_CREATE) || any(s, SAYS_CANCEL) || any(s, SAYS_CHANGE);
    bool strange = any(s, SAYS_OTHER_THING) || any(s, SAYS_MEETING);
    if (leads(s, SAYS_SELECT, 4) && (any(s, SAYS_WHICH) || any(s, SAYS_WHERE) || has_word(s, "celui")) &&
        s->words <= 8 && !strange)
        return "select";
    bool names_which = any(s, SAYS_WHICH) && !any(s, SAYS_WHERE);
    if (s->words <= 4 && names_which && !acts && !any(s, SAYS_NO) && !strange &&
        (!any(s, SAYS_YES) || leads(s, SAYS_WHICH, 1)))
        return "select";
    if (leads(s, SAYS_CHECK, 9) && s->words <= 14 && !any(s, SAYS_OTHER_THING) &&
        has_word(s, "command instruction said detail+ question that last confirm it"))
        return "confirm";
    if (any(s, SAYS_WRONG) && s->words <= 16)
        return "deny";
    if (leads(s, SAYS_NO, 3) && s->words <= 10 && !strange && !(acts && s->time))
        return "deny";
    if (any(s, SAYS_NOT) && (any(s, SAYS_RIGHT) || has_word(s, "understood mean meant want said")) &&
        s->words <= 14 && !strange)
        return "deny";
    if (leads(s, SAYS_YES, 2) && !leads(s, SAYS_ASK, 1) && s->words <= 14 && !any(s, SAYS_OTHER_THING))
        return "confirm";
    if (agrees(s))
        return "confirm";
    if (any(s, SAYS_RIGHT) && s->words <= 9 && !any(s, SAYS_OTHER_THING) && !leads(s, SAYS_ASK, 1))
        return "confirm";
    return NULL;
}

/* "I'm in Lisbon on Monday", "my sister comes next week": for the calendar. */
static bool states_plan(const struct said *s)
{
    for (uint32_t i = 0; i < 8 && i < s->words; i++)
        if (is_word(s, i, "i we my") && is_word(s, i + 1, "have had am m will ll was went need sister got ve "
                                                       "re are spend plan leave going d want also"))
            return !leads(s, SAYS_ASK, 1) && !any(s, SAYS_CHANGE) && !any(s, SAYS_CANCEL);
    return false;
}

/* What a sentence about a calendar is never about, whatever its date. */
static const char hard_things[] = "alarm+ remind+ timer song+ playlist email+ mail list lists rain weather "
                                  "traffic temperature order uber taxi+ lights light volume degrees "
                                  "account bill bills rappel rappels alarme courriel ticket+ table nuits "
                                  "direction level hotel restaurant+ shoe text message+";

/* "Actually, the party starts at 10", "my team meeting should be on Monday": it is there
 * already, and is otherwise. */
static bool restates(const struct said *s)
{
    bool corrects = is_word(s, 0, "actually wait sorry actally oops no") && !is_word(s, 1, "i we");
    bool known = is_word(s, s->lead, "the that my our his her le la mon ma cette");
    bool ought = has_word(s, "should needs starts begins ends actually instead rescheduled moved");
    bool place = has_word(s, "take") && has_word(s, "place");
    if (any(s, SAYS_NOT) && leads(s, SAYS_ASK, 1))
        return false;
    return (any(s, SAYS_MEETING) || any(s, SAYS_EVENT) || has_word(s, "it that")) && !leads(s, SAYS_ASK, 1) &&
           ((corrects && (s->time || any(s, SAYS_SHIFT))) || (known && (ought || place) && !lead_is(s, SAYS_CREATE)));
}

/* "Find 30 minutes tomorrow for …", "out of office on Friday", "meeting with Sam": a meeting
 * without a verb for making one. */
static bool asks_for_place_in_day(const struct said *s)
{
    bool seeks = has_word(s, "find found finds trouve trouvez trouver") &&
                 has_word(s, "slot time minutes hour hours spot opening creneau heure heures minutes moment");
    bool away = has_word(s, "oof ooo") || (has_word(s, "out") && has_word(s, "office"));
    bool bare = s->words - s->lead <= 6 && is_word(s, s->lead, "meeting lunch dinner call appointment reunion "
                                                            "dejeuner diner rendez rdv coffee") &&
                has_word(s, "with avec");
    bool needs = is_word(s, s->lead, "appointment meeting") && has_word(s, "need");
    return (seeks && s->time) || (away && s->time) || bare || needs;
}

static const char *decide_act(const struct said *s)
{
    bool meeting = any(s, SAYS_MEETING) || any(s, SAYS_EVENT);
    bool dated = s->time && (lead_is(s, SAYS_CREATE) || states_plan(s)) && !has_word(s, hard_things);
    dated |= any(s, SAYS_EVENT) && (lead_is(s, SAYS_CHANGE) || lead_is(s, SAYS_CANCEL)) &&
             !has_word(s, hard_things);
    if (any(s, SAYS_OTHER_THING) && !any(s, SAYS_MEETING) && !dated)
        return NULL;
    if (lead_is(s, SAYS_CANCEL) || (is_word(s, s->lead, "get take") && any(s, SAYS_CANCEL)))
        return removes_part(s) || any(s, SAYS_GUEST) ? "meeting.change" : "meeting.cancel";
    if (restates(s))
        return "meeting.change";
    if (asks_for_place_in_day(s) && !has_word(s, hard_things) && !any(s, SAYS_CANCEL) &&
        !leads(s, SAYS_ASK, 1))
        return "meeting.create";
    if (has_word(s, "room") && has_word(s, "need want book reserve get find") && !has_word(s, "hotel temperature"))
        return "meeting.create";
    if (is_word(s, s->lead, "take") && has_word(s, "off"))
        return "meeting.change";
    if (lead_is(s, SAYS_CHANGE) || any(s, SAYS_GUEST) || adds_part(s) || makes_change(s))
        return "meeting.change";
    if (is_word(s, 0, "how") && any(s, SAYS_CREATE) && any(s, SAYS_MEETING))
        return "meeting.create";
    if (leads(s, SAYS_ASK, 1) && !is_word(s, 0, "do"))
        return any(s, SAYS_CHANGE) && meeting && s->time ? "meeting.change" : NULL;
    if (lead_is(s, SAYS_CREATE) && (meeting || s->time))
        return "meeting.create";
    if (any(s, SAYS_CANCEL) && meeting)
        return removes_part(s) ? "meeting.change" : "meeting.cancel";
    if (any(s, SAYS_CHANGE) && meeting)
        return "meeting.change";
    if (any(s, SAYS_CREATE) && (meeting || s->time))
        return "meeting.create";
    if (is_word(s, s->lead, "include call name") && !any(s, SAYS_ASK))
        return "meeting.change";
    if (any(s, SAYS_SHIFT) && !any(s, SAYS_ASK))
        return "meeting.change";
    if (s->time && states_plan(s))
        return "meeting.create";
    if (s->time && has_word(s, "should needs") && has_word(s, "be") && !leads(s, SAYS_ASK, 1))
        return "meeting.change";
    if ((any(s, SAYS_MEETING) || any(s, SAYS_EVENT)) && s->time && !leads(s, SAYS_ASK, 1))
        return "meeting.create";
    return NULL;
}

static const char *decide(const struct said *s)
{
    if (any(s, SAYS_CAR_CARE) && !has_word(s, "how what") && has_word(s, "need book schedule+ appointment someone mechanic"))
        return "meeting.create";
    const char *answer = decide_answer(s), *act = decide_act(s);
    bool object = any(s, SAYS_MEETING) || any(s, SAYS_EVENT) || s->time;
    if (answer == NULL)
        return act != NULL ? act : "negative";
    bool verb = lead_is(s, SAYS_CREATE) || lead_is(s, SAYS_CHANGE) || lead_is(s, SAYS_CANCEL) ||
                adds_part(s) || makes_change(s);
    bool only_yes = strcmp(answer, "confirm") == 0 && lead_is(s, SAYS_CANCEL);
    return act != NULL && verb && object && !only_yes ? act : answer;
}

const char *intent_group(struct slice text, enum language language)
{
    (void)language; /* the lists hold both: commands mix them */
    AUTO_ARENA arena = arena_create((size_t)1 << 20);
    struct said *said = ARENA_NEW(arena, struct said);
    listen(word_fold(slice_sub(text, 0, 2000), arena), said);
    return decide(said);
}
