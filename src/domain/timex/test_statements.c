#include "domain/timex/timex.h"

#include "check.h"

/* What statements do to a day by their form. Their verbs and nouns stand in no list, on purpose: a
 * meeting is asked for next week, and then something is said of its Thursday, the 3rd of
 * December. */

#define FR LANGUAGE_FR
#define EN LANGUAGE_EN

enum said {
    TAKEN,  /* ruled out, perhaps with a doubt; the rest of the week stays */
    ASIDE,  /* no matter of when to meet: the week stays as it is */
    WISHED, /* that day and no other */
    ASKED,  /* its form does not show which: never without a doubt */
};
static const struct row {
    enum language language;
    enum said said;
    const char *text;
} rows[] = {
    /* taken */
    {EN, TAKEN, "On Thursday I officiate at a regatta."},
    {EN, TAKEN, "Thursday I'm at the orthodontist's."},
    {EN, TAKEN, "I'm at the orthodontist's on Thursday."},
    {EN, TAKEN, "Thursday is the nativity play."},
    {EN, TAKEN, "Thursday is our harvest supper."},
    {EN, TAKEN, "My brother marries on Thursday."},
    {EN, TAKEN, "I shear the flock on Thursday."},
    {EN, TAKEN, "On Thursday they resurface our street."},
    {EN, TAKEN, "I'll be up a ladder all Thursday."},
    {EN, TAKEN, "She umpires on Thursday."},
    {EN, TAKEN, "He'll be in surgery on Thursday."},
    {EN, TAKEN, "The plumber comes round on Thursday."},
    {EN, TAKEN, "Thursday I'm judging a bake-off."},
    {EN, TAKEN, "We have the surveyors in on Thursday."},
    {EN, TAKEN, "I've got my driving test on Thursday."},
    {EN, TAKEN, "Thursday we're stripping the varnish."},
    {EN, TAKEN, "My knee gets operated on on Thursday."},
    {EN, TAKEN, "I drive my mother to Bath on Thursday."},
    {EN, TAKEN, "There's a fire drill on Thursday."},
    {EN, TAKEN, "On Thursday the auditors descend on us."},
    {EN, TAKEN, "Thursday belongs to my kids."},
    {EN, TAKEN, "I spend Thursday underground with the miners."},
    {EN, TAKEN, "I'm in Aberdeen on Thursday."},
    {EN, TAKEN, "I sit an exam on Thursday."},
    {EN, TAKEN, "Thursday sees me in the lab."},
    {EN, TAKEN, "Our boiler is being swapped on Thursday."},
    {EN, TAKEN, "I babysit on Thursday."},
    {EN, TAKEN, "Thursday is wall-to-wall interviews."},
    {EN, TAKEN, "On Thursday I referee the under-nines."},
    {EN, TAKEN, "I'm having my wisdom teeth out on Thursday."},
    {EN, TAKEN, "Thursday is our school's sports gala."},
    {EN, TAKEN, "My sister graduates on Thursday."},
    {EN, TAKEN, "We bottle the cider on Thursday."},
    {EN, TAKEN, "I'll be aboard a ferry on Thursday."},
    {EN, TAKEN, "He's defusing a tenancy row on Thursday."},
    {EN, TAKEN, "The chimney sweep turns up on Thursday."},
    {EN, TAKEN, "Our twins sit their mocks on Thursday."},
    {EN, TAKEN, "I guide a walking tour on Thursday."},
    {EN, TAKEN, "There's a power cut announced for us on Thursday."},
    {EN, TAKEN, "She's under anaesthetic on Thursday."},
    {EN, TAKEN, "I translate at the tribunal on Thursday."},
    {EN, TAKEN, "Thursday we bury my uncle."},
    {EN, TAKEN, "I'm off mushrooming on Thursday."},
    {FR, TAKEN, "Jeudi j'arbitre un tournoi."},
    {FR, TAKEN, "Je serai à Lyon jeudi."},
    {FR, TAKEN, "Jeudi c'est notre inventaire."},
    {FR, TAKEN, "Jeudi c'est la kermesse de l'école."},
    {FR, TAKEN, "Je suis chez l'orthodontiste jeudi."},
    {FR, TAKEN, "Mon frère se marie jeudi."},
    {FR, TAKEN, "Jeudi je tonds les moutons."},
    {FR, TAKEN, "Je passe mon permis jeudi."},
    {FR, TAKEN, "Jeudi, nous recevons les auditeurs."},
    {FR, TAKEN, "Jeudi je conduis ma mère à l'hôpital."},
    {FR, TAKEN, "Le plombier vient jeudi."},
    {FR, TAKEN, "Jeudi on me change la chaudière."},
    {FR, TAKEN, "J'ai les géomètres jeudi."},
    {FR, TAKEN, "Je serai sous l'eau jeudi."},
    {FR, TAKEN, "Jeudi il y a un exercice incendie."},
    {FR, TAKEN, "Elle encadre une sortie scolaire jeudi."},
    {FR, TAKEN, "Je dépouille les bulletins jeudi."},
    {FR, TAKEN, "Jeudi, je vernis les volets."},
    {FR, TAKEN, "Jeudi appartient à mes enfants."},
    {FR, TAKEN, "Je plaide à Rouen jeudi."},
    {FR, TAKEN, "Je soutiens ma thèse jeudi."},
    {FR, TAKEN, "Mes filles jouent leur pièce jeudi."},
    {FR, TAKEN, "Jeudi sera une journée de folie."},
    {FR, TAKEN, "Nous vidons l'entrepôt jeudi."},
    {FR, TAKEN, "Je m'occupe de mon père jeudi."},
    {FR, TAKEN, "Jeudi je vendange."},
    {FR, TAKEN, "Jeudi je suis aux champignons."},
    {FR, TAKEN, "Je jure aux assises jeudi."},
    {FR, TAKEN, "Jeudi on enterre ma tante."},
    {FR, TAKEN, "Jeudi je joue au théâtre."},
    {FR, TAKEN, "Jeudi je juge un concours de pâtisserie."},
    {FR, TAKEN, "Je me fais arracher les dents de sagesse jeudi."},
    {FR, TAKEN, "Jeudi c'est le gala de danse de ma fille."},
    {FR, TAKEN, "Ma sœur accouche jeudi."},
    {FR, TAKEN, "Nous embouteillons le cidre jeudi."},
    {FR, TAKEN, "Je serai sur un ferry jeudi."},
    {FR, TAKEN, "Il désamorce un conflit de voisinage jeudi."},
    {FR, TAKEN, "Le ramoneur débarque jeudi."},
    {FR, TAKEN, "Nos jumeaux composent jeudi."},
    {FR, TAKEN, "Je guide un groupe dans les gorges jeudi."},
    {FR, TAKEN, "Jeudi il y a une coupure d'électricité chez nous."},
    {FR, TAKEN, "Elle sera sous anesthésie jeudi."},
    {FR, TAKEN, "Je traduis au tribunal jeudi."},
    {FR, TAKEN, "Jeudi nous repeignons la façade."},
    {FR, TAKEN, "Mon mari subit une opération jeudi."},
    /* no matter of when to meet */
    {EN, ASIDE, "Could you post the contract to me by Thursday?"},
    {EN, ASIDE, "I'll ring you on Thursday about the invoice."},
    {EN, ASIDE, "Let me know by Thursday."},
    {EN, ASIDE, "I'll mail you the slides on Thursday."},
    {EN, ASIDE, "Please chase Ann on Thursday."},
    {EN, ASIDE, "We should receive the samples on Thursday."},
    {EN, ASIDE, "The report is due on Thursday."},
    {EN, ASIDE, "Can you get back to me by Thursday?"},
    {EN, ASIDE, "Remind me on Thursday."},
    {EN, ASIDE, "The offer expires on Thursday."},
    {EN, ASIDE, "She'll email you the agenda on Thursday."},
    {EN, ASIDE, "The parcel should reach you on Thursday."},
    {EN, ASIDE, "You'll get my comments on Thursday."},
    {EN, ASIDE, "I need an answer by Thursday."},
    {EN, ASIDE, "Please confirm by Thursday."},
    {EN, ASIDE, "I'll forward you the minutes on Thursday."},
    {EN, ASIDE, "Could you return the signed form to us by Thursday?"},
    {EN, ASIDE, "Please poke Martin on Thursday."},
    {EN, ASIDE, "The estimate lands on Thursday."},
    {EN, ASIDE, "I'd be glad of your verdict by Thursday."},
    {EN, ASIDE, "I'll brief you by Thursday."},
    {EN, ASIDE, "Our quote lapses on Thursday."},
    {FR, ASIDE, "Je te rappelle jeudi pour la facture."},
    {FR, ASIDE, "Relance-la jeudi."},
    {FR, ASIDE, "Pourriez-vous m'expédier le contrat d'ici jeudi ?"},
    {FR, ASIDE, "Dites-moi avant jeudi."},
    {FR, ASIDE, "Je vous transmets les plans jeudi."},
    {FR, ASIDE, "Je lui écrirai jeudi."},
    {FR, ASIDE, "Le devis arrive jeudi."},
    {FR, ASIDE, "Le rapport est à rendre jeudi."},
    {FR, ASIDE, "L'offre expire jeudi."},
    {FR, ASIDE, "Tu recevras mes remarques jeudi."},
    {FR, ASIDE, "Il me faut une réponse d'ici jeudi."},
    {FR, ASIDE, "Merci de confirmer avant jeudi."},
    {FR, ASIDE, "Elle vous enverra l'ordre du jour jeudi."},
    {FR, ASIDE, "Je te tiens au courant jeudi."},
    {FR, ASIDE, "Le colis devrait vous parvenir jeudi."},
    {FR, ASIDE, "Pense à prévenir Anna d'ici jeudi."},
    {FR, ASIDE, "Je te fais suivre le compte rendu jeudi."},
    {FR, ASIDE, "Pourriez-vous nous retourner le formulaire signé d'ici jeudi ?"},
    {FR, ASIDE, "Bouscule Martin jeudi."},
    {FR, ASIDE, "Votre avis m'intéresse, si possible avant jeudi."},
    {FR, ASIDE, "Vous aurez mes plans jeudi."},
    {FR, ASIDE, "Je vous briefe d'ici jeudi."},
    {FR, ASIDE, "Notre devis arrive à terme jeudi."},
    /* wished for */
    {EN, WISHED, "Let's grab a bite on Thursday."},
    {EN, WISHED, "Let's convene on Thursday."},
    {EN, WISHED, "I'd nab Thursday."},
    {EN, WISHED, "We could huddle on Thursday."},
    {EN, WISHED, "Shall we stroll round the lake on Thursday?"},
    {EN, WISHED, "Thursday would be grand."},
    {EN, WISHED, "Put us down for Thursday."},
    {EN, WISHED, "Pop it in for Thursday."},
    {EN, WISHED, "I'd plump for Thursday."},
    {EN, WISHED, "Thursday has my vote."},
    {EN, WISHED, "Let's powwow on Thursday."},
    {EN, WISHED, "Thursday gets my vote."},
    {EN, WISHED, "How does Thursday grab you?"},
    {EN, WISHED, "Fancy a pint on Thursday?"},
    {EN, WISHED, "Thursday sounds lovely."},
    {EN, WISHED, "Let's break bread on Thursday."},
    {EN, WISHED, "Jot us down for Thursday."},
    {EN, WISHED, "I'd go for Thursday."},
    {EN, WISHED, "Might we natter on Thursday?"},
    {EN, WISHED, "We two could wander along the canal on Thursday."},
    {EN, WISHED, "The Ivy Grange on Thursday."},
    {EN, WISHED, "My place on Thursday."},
    {EN, WISHED, "Thursday, my treat."},
    {EN, WISHED, "Our bench on Thursday."},
    {EN, WISHED, "A stroll with Anna on Thursday."},
    {EN, WISHED, "Thursday at the usual spot."},
    {EN, WISHED, "The three of us on Thursday."},
    {EN, WISHED, "Grab Thursday."},
    {EN, WISHED, "I can squeeze you in on Thursday."},
    {EN, WISHED, "You could nab me on Thursday."},
    {EN, WISHED, "Thursday, in the old bakery."},
    {EN, WISHED, "It'll be Thursday then."},
    {EN, WISHED, "Anna voted for Thursday."},
    {FR, WISHED, "Cassons la croûte ensemble jeudi."},
    {FR, WISHED, "Grignotons un morceau jeudi."},
    {FR, WISHED, "On pourrait se balader autour du lac jeudi."},
    {FR, WISHED, "On se voit jeudi."},
    {FR, WISHED, "Jeudi me botte bien."},
    {FR, WISHED, "Mettez-nous jeudi."},
    {FR, WISHED, "Inscris-nous pour jeudi."},
    {FR, WISHED, "Jeudi aurait ma faveur."},
    {FR, WISHED, "On se fait un resto jeudi."},
    {FR, WISHED, "Je jetterais mon dévolu sur jeudi."},
    {FR, WISHED, "Va pour jeudi."},
    {FR, WISHED, "Jeudi tombe à pic."},
    {FR, WISHED, "On trinque ensemble jeudi ?"},
    {FR, WISHED, "Partageons un goûter jeudi."},
    {FR, WISHED, "Griffonne-nous à l'agenda pour jeudi."},
    {FR, WISHED, "J'opterais pour jeudi."},
    {FR, WISHED, "On pourrait papoter jeudi ?"},
    {FR, WISHED, "Jeudi me séduit bien."},
    {FR, WISHED, "On flânerait ensemble jeudi."},
    {FR, WISHED, "Une balade au parc jeudi."},
    {FR, WISHED, "Le café du Marché jeudi."},
    {FR, WISHED, "Mon atelier jeudi."},
    {FR, WISHED, "Un goûter chez Paul jeudi."},
    {FR, WISHED, "Jeudi chez moi."},
    {FR, WISHED, "Jeudi, à l'ancienne boulangerie."},
    {FR, WISHED, "Je vote jeudi."},
    {FR, WISHED, "Ce sera jeudi."},
    {FR, WISHED, "On y va jeudi."},
    {FR, WISHED, "Je suis partant pour jeudi."},
    {FR, WISHED, "Vendu pour jeudi."},
    {FR, WISHED, "Tope là pour jeudi."},
    {FR, WISHED, "Elle a voté jeudi."},
    {FR, WISHED, "La terrasse du musée jeudi."},
    /* which of these the form does not show: never without a doubt */
    {EN, ASKED, "I'm on a stag weekend from Thursday."},
    {EN, ASKED, "Nudge her on Thursday if she stays silent."},
    {EN, ASKED, "I'll upload the drawings on Thursday."},
    {EN, ASKED, "I'm tempted by Thursday."},
    {EN, ASKED, "Ping me on Thursday if nothing stirs."},
    {EN, ASKED, "Thursday appeals to me."},
    {EN, ASKED, "I'll be yours on Thursday."},
    {EN, ASKED, "I'm keen on Thursday."},
    {EN, ASKED, "He says Thursday."},
    {FR, ASKED, "Je poste les croquis jeudi."},
    {FR, ASKED, "Secoue-le jeudi s'il se tait."},
    {FR, ASKED, "Je coche jeudi."},
    {FR, ASKED, "Le chiffrage tombe jeudi."},
    {FR, ASKED, "Secoue-moi jeudi si rien ne bouge."},
    {FR, ASKED, "Tu m'attrapes jeudi."},
    {FR, ASKED, "Je suis toute à vous jeudi."},
};

static bool allows(const struct wishes *wishes, uint8_t day)
{
    struct civil from = civil_at((struct civil_date){2026, 12, day}, 10, 0);
    struct civil to = civil_at((struct civil_date){2026, 12, day}, 11, 0);
    for (size_t i = 0; i < wishes->allowed.count; i++)
        if (civil_compare(wishes->allowed.items[i].start, from) <= 0 &&
            civil_compare(to, wishes->allowed.items[i].end) <= 0)
            return true;
    return false;
}

static void check_said(const struct wishes *wishes, enum said said)
{
    enum { TUE = 1, THU = 3, FRI = 4, LATER = 9 };
    if (said == ASKED) {
        CHECK(wishes->doubt != TIMEX_CLEAR);
        return;
    }
    CHECK(wishes->doubt == TIMEX_CLEAR || (said == TAKEN && wishes->doubt == TIMEX_OTHER));
    CHECK(allows(wishes, THU) == (said != TAKEN));
    CHECK(allows(wishes, TUE) == (said != WISHED));
    CHECK(allows(wishes, FRI) == (said != WISHED));
    CHECK(!allows(wishes, LATER));
}

static void reads_statements_by_their_form(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct timex_context context = {.language = rows[i].language};
        struct wishes wishes = {0};
        struct slice text = arena_format(arena, "%s %s",
                                         rows[i].language == FR
                                             ? "Un rendez-vous avec Anna la semaine prochaine."
                                             : "A meeting with Anna next week, please.",
                                         rows[i].text);
        check_row(rows[i].text);
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        CHECK_OK(zone_load(LIT("Europe/Paris"), &context.zone, NULL));
        CHECK_OK(timex_wishes(text, &context, 28, true, arena, &wishes, NULL));
        check_said(&wishes, rows[i].said);
    }
}

/* A day that is the only time of a message is not dropped, whatever is said of it; a deadline is
 * no bound of the meeting. */
static void keeps_what_stands_alone(void)
{
    static const struct {
        enum language language;
        const char *text;
        bool constrained;
    } cases[] = {
        {EN, "I'll ring you on Thursday.", true},  {FR, "Je te rappelle jeudi.", true},
        {EN, "Let me know by Thursday.", false},   {FR, "Dites-moi d'ici jeudi.", false},
        {EN, "We shear the flock on Thursday.", true}, {FR, "Jeudi c'est la kermesse.", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct timex_context context = {.language = cases[i].language};
        struct wishes wishes = {0};
        check_row(cases[i].text);
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        CHECK_OK(zone_load(LIT("Europe/Paris"), &context.zone, NULL));
        CHECK_OK(timex_wishes(slice_from(cases[i].text), &context, 28, true, arena, &wishes, NULL));
        CHECK(wishes.constrained == cases[i].constrained);
    }
}

int main(void)
{
    TEST(reads_statements_by_their_form);
    TEST(keeps_what_stands_alone);
    return check_done();
}
