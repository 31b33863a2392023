#include "domain/timex/timex.h"

#include "check.h"

/* Words that rule a time out, or take back what was said, and their innocent uses: "I'm off" but
 * "kick-off", "Thursday, actually Friday" but "what I can actually manage". Thursday is the 3rd of
 * December; it is read on the 24th of November. */

#define FR LANGUAGE_FR
#define EN LANGUAGE_EN

enum said {
    WISHED, /* the word is innocent: Thursday and nothing else, without a doubt */
    OUT,    /* it is not: Thursday is not allowed */
};
static const struct row {
    enum language language;
    enum said said;
    const char *text;
} rows[] = {
    {EN, WISHED, "I'd like a half hour's kick-off on Thursday 3 December."},
    {EN, WISHED, "The kick-off of the restoration: Thursday 3 December at 10?"},
    {EN, WISHED, "Let's set aside an hour on Thursday 3 December."},
    {EN, WISHED, "I have put aside two hours on Thursday 3 December for you."},
    {EN, WISHED, "Could we set Thursday 3 December aside for it?"},
    {EN, WISHED, "Thursday 3 December at 10, and Theo may join later, we needn't wait for him."},
    {EN, WISHED, "Thursday 3 December at 10. No need to wait for Theo."},
    {EN, WISHED, "Can't wait to see you on Thursday 3 December."},
    {EN, WISHED, "I cannot wait: Thursday 3 December it is."},
    {EN, WISHED, "Thursday 3 December works, and Alex will tell you what I can actually manage."},
    {EN, WISHED, "Thursday 3 December is what I actually meant to propose."},
    {EN, WISHED, "I can actually do Thursday 3 December."},
    {EN, WISHED, "Thursday 3 December works, if you know what I mean."},
    {EN, WISHED, "Thursday 3 December, that should be fine for everyone."},
    {EN, WISHED, "Thursday 3 December at 10 suits us. Apologies for the late reply."},
    {EN, WISHED, "Apologies for the delay: Thursday 3 December suits."},
    {EN, WISHED, "Thursday 3 December for the correction of the proofs."},
    {EN, WISHED, "Thursday 3 December at 10, sorry for the slow answer."},
    {EN, WISHED, "We must make that call on Thursday 3 December."},
    {EN, WISHED, "Everyone except Paul can do Thursday 3 December."},
    {EN, WISHED, "All of us but Paul can do Thursday 3 December."},
    {EN, WISHED, "Let's meet outside the museum on Thursday 3 December."},
    {EN, WISHED, "Thursday 3 December, whether or not Paul comes."},
    {EN, WISHED, "Whether or not Paul comes, Thursday 3 December suits."},
    {EN, WISHED, "To avoid the traffic, Thursday 3 December at 10."},
    {EN, WISHED, "To avoid the rush hour let's say Thursday 3 December at 10."},
    {EN, WISHED, "Never mind the slides, Thursday 3 December at 10."},
    {EN, WISHED, "No more than an hour on Thursday 3 December."},
    {EN, WISHED, "Not more than half an hour on Thursday 3 December."},
    {EN, WISHED, "Nothing fancy: a chat on Thursday 3 December."},
    {EN, WISHED, "Don't hesitate to come on Thursday 3 December."},
    {EN, WISHED, "Don't forget: Thursday 3 December at 10."},
    {EN, WISHED, "No need for a room on Thursday 3 December."},
    {EN, WISHED, "I couldn't agree more: Thursday 3 December."},
    {EN, WISHED, "A toast to Anna's new job on Thursday 3 December?"},
    {EN, WISHED, "I'll put the kettle on and we go over the plans on Thursday 3 December."},
    {EN, WISHED, "Could you call me back on Thursday 3 December at 10?"},
    {EN, WISHED, "We need to go back over the tax return on Thursday 3 December."},
    {EN, WISHED, "The back room is ours on Thursday 3 December at 10."},
    {EN, WISHED, "To sign off the accounts, Thursday 3 December at 10."},
    {EN, WISHED, "To work out the details, Thursday 3 December at 10."},
    {EN, WISHED, "I'd like to sort out the lease on Thursday 3 December."},
    {EN, WISHED, "Could you find out whether Thursday 3 December suits her?"},
    {EN, WISHED, "Right away would be lovely but Thursday 3 December is realistic."},
    {EN, WISHED, "Thursday 3 December at the busy café by the station."},
    {EN, WISHED, "A room is provided, Thursday 3 December at 10."},
    {EN, WISHED, "Thursday 3 December, just in case."},
    {EN, WISHED, "The backup server is the topic: Thursday 3 December at 10."},
    {EN, WISHED, "A stand-up on Thursday 3 December at 10, please."},
    {EN, WISHED, "We can pick up the thread on Thursday 3 December."},
    {EN, WISHED, "I'd like to run through the write-off on Thursday 3 December."},
    {EN, WISHED, "Thursday 3 December at 10 for the sign-off, the take-off and the trade-off."},
    {EN, WISHED, "We cut off the power on another day, Thursday 3 December at 10 is for the talk."},
    {EN, WISHED, "The payoff is large, so Thursday 3 December at 10."},
    {EN, WISHED, "A one-off on Thursday 3 December, an hour."},
    {EN, WISHED, "We should put away the old plans and talk on Thursday 3 December."},
    {EN, WISHED, "Please carry on with Thursday 3 December."},
    {EN, WISHED, "It's about a take-away counter: Thursday 3 December at 10?"},
    {EN, WISHED, "The tear-off sheet can be done on Thursday 3 December."},
    {EN, WISHED, "I leave it to you, Thursday 3 December."},
    {EN, WISHED, "Apart from me, Anna and Joe join on Thursday 3 December."},
    {EN, WISHED, "Apart from the budget we have one topic for Thursday 3 December."},
    {EN, OUT, "Thursday 3 December is off."},
    {EN, OUT, "I'm off on Thursday 3 December."},
    {EN, OUT, "Friday 4 December is fine, Thursday 3 December I'm away."},
    {EN, OUT, "Any day but Thursday 3 December."},
    {EN, OUT, "Thursday 3 December, actually Friday 4 December."},
    {EN, OUT, "Thursday 3 December at 10. Actually, could we do Friday 4 December?"},
    {EN, OUT, "Thursday 3 December, wait, Friday 4 December."},
    {EN, OUT, "Thursday 3 December aside, next week is open."},
    {EN, OUT, "Any day next week, Thursday 3 December excepted."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, et n'attendez pas Théo."},
    {FR, WISHED, "Jeudi 3 décembre me va, et c'est Anna qui attend votre réponse."},
    {FR, WISHED, "Jeudi 3 décembre en fait partie."},
    {FR, WISHED, "Pardon pour le retard, jeudi 3 décembre à 10h me va."},
    {FR, WISHED, "Jeudi 3 décembre me va. Pardon de vous répondre si tard."},
    {FR, WISHED, "Merci d'avoir répondu si vite, jeudi 3 décembre me va."},
    {FR, WISHED, "Jeudi 3 décembre pour la correction des épreuves."},
    {FR, WISHED, "Je corrige les épreuves avec vous jeudi 3 décembre ?"},
    {FR, WISHED, "Jeudi 3 décembre, si je ne me trompe."},
    {FR, WISHED, "Tout le monde sauf Paul peut jeudi 3 décembre."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, sauf imprévu."},
    {FR, WISHED, "Sauf erreur de ma part, jeudi 3 décembre nous convient."},
    {FR, WISHED, "À part ça, jeudi 3 décembre me va."},
    {FR, WISHED, "À part Claire, tout le monde peut jeudi 3 décembre."},
    {FR, WISHED, "Une réunion hors site jeudi 3 décembre."},
    {FR, WISHED, "Un budget de 300 euros hors taxes à voir jeudi 3 décembre."},
    {FR, WISHED, "N'oubliez pas le dossier, jeudi 3 décembre à 10h."},
    {FR, WISHED, "N'oublie pas : jeudi 3 décembre à 10h."},
    {FR, WISHED, "Ça m'évite un aller-retour, jeudi 3 décembre à 10h."},
    {FR, WISHED, "Pour éviter les bouchons, jeudi 3 décembre à 10h."},
    {FR, WISHED, "Pour éviter les bouchons je propose jeudi 3 décembre à 10h."},
    {FR, WISHED, "Pas plus d'une heure jeudi 3 décembre."},
    {FR, WISHED, "Pas besoin de salle jeudi 3 décembre."},
    {FR, WISHED, "N'hésitez pas à passer jeudi 3 décembre."},
    {FR, WISHED, "Sans aucun doute jeudi 3 décembre."},
    {FR, WISHED, "Aucun problème pour jeudi 3 décembre."},
    {FR, WISHED, "Un tour complet du site jeudi 3 décembre."},
    {FR, WISHED, "Le dossier complet est à voir jeudi 3 décembre."},
    {FR, WISHED, "Un dossier compliqué à voir jeudi 3 décembre."},
    {FR, WISHED, "Jeudi 3 décembre pour le dossier complet du chantier."},
    {FR, WISHED, "Jeudi 3 décembre pour parler de l'angle mort du bâtiment."},
    {FR, WISHED, "Une chambre non-fumeur, et jeudi 3 décembre à 10h pour le point."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, non loin de la gare."},
    {FR, WISHED, "Jeudi 3 décembre à 10h dans le petit salon."},
    {FR, WISHED, "Une conférence téléphonique jeudi 3 décembre."},
    {FR, WISHED, "Je suis en train de préparer le dossier, jeudi 3 décembre à 10h."},
    {FR, WISHED, "Jeudi 3 décembre au café du pont, à 10h."},
    {FR, WISHED, "La reprise du bail est à voir jeudi 3 décembre."},
    {FR, WISHED, "Un retour sur votre offre jeudi 3 décembre ?"},
    {FR, WISHED, "Je vous remercie de votre retour, jeudi 3 décembre me va."},
    {FR, WISHED, "Le livre pour les enfants, jeudi 3 décembre à 10h."},
    {FR, WISHED, "Jeudi 3 décembre, tout simplement."},
    {FR, WISHED, "Rien que jeudi 3 décembre."},
    {FR, WISHED, "De rien, et à jeudi 3 décembre."},
    {FR, WISHED, "Je vous propose enfin jeudi 3 décembre."},
    {FR, WISHED, "Mettre à part les archives, c'est pour jeudi 3 décembre."},
    {FR, WISHED, "Laissez-moi vous inviter jeudi 3 décembre."},
    {FR, WISHED, "Je vous demande pardon pour l'attente, jeudi 3 décembre à 10h me va."},
    {FR, OUT, "Jeudi 3 décembre complet."},
    {FR, OUT, "Toute la semaine prochaine sauf jeudi 3 décembre."},
    {FR, OUT, "La semaine prochaine hors jeudi 3 décembre."},
    {FR, OUT, "Jeudi 3 décembre, pardon vendredi 4 décembre."},
    {FR, OUT, "Jeudi 3 décembre à 10h, enfin vendredi 4 décembre."},
    {FR, OUT, "Jeudi 3 décembre, non : vendredi 4 décembre."},
    {FR, OUT, "Toute la semaine prochaine sauf une réunion jeudi 3 décembre."},
    {FR, OUT, "Jeudi 3 décembre excepté, tout me va."},
    {EN, WISHED, "Thursday 3 December before 10.30, as we start picking at 11."},
    {EN, WISHED, "Thursday 3 December before 10.30 since I teach at 11."},
    {EN, WISHED, "Thursday 3 December at 10, because we open at 11."},
    {EN, OUT, "Next week please, because I'm away on Thursday 3 December."},
    {EN, OUT, "Next week please, as I'm away on Thursday 3 December."},
    {EN, OUT, "Next week please, because Thursday 3 December is impossible."},
    {EN, OUT, "Next week, since we have the auditors and Thursday 3 December doesn't work."},
    {FR, WISHED, "Jeudi 3 décembre avant 10h30, car nous commençons à 11h."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, comme nous ouvrons à 11h."},
    {FR, OUT, "La semaine prochaine, car je suis en congé jeudi 3 décembre."},
    {FR, OUT, "La semaine prochaine, car je ne peux pas jeudi 3 décembre."},
    {FR, OUT, "La semaine prochaine, parce que jeudi 3 décembre c'est impossible."},
    {FR, OUT, "La semaine prochaine, comme je suis absent jeudi 3 décembre."},
    {FR, WISHED, "Jeudi 3 décembre, je suis en montage jour et nuit avant cela."},
    {FR, WISHED, "Jeudi 3 décembre, il faut le mettre à jour."},
    {FR, WISHED, "On y travaille du matin au soir, jeudi 3 décembre à 10h ?"},
    {EN, WISHED, "We work on it day and night, Thursday 3 December at 10?"},
    {EN, WISHED, "1) Thursday 3 December at 10"},
    {EN, WISHED, "2) a chat on Thursday 3 December"},
    {EN, WISHED, "2. A chat on Thursday 3 December"},
    {FR, WISHED, "2) un café jeudi 3 décembre à 10h"},
    {FR, WISHED, "3. Un point jeudi 3 décembre à 10h"},
    {EN, WISHED, "Tuesday was too early, so as we said Thursday 3 December at 10."},
    {EN, WISHED, "Thursday 3 December at 10, as I said."},
    {FR, WISHED, "Comme on a dit, jeudi 3 décembre à 10h."},
    {FR, WISHED, "Comme je vous le disais, jeudi 3 décembre à 10h me va."},
    {FR, WISHED, "Comme convenu, jeudi 3 décembre à 10h."},
    {EN, WISHED, "Two things: 1) an hour with Anna on Thursday 3 December 2) a note to Joe"},
    {EN, WISHED, "I'd like to meet (Thursday 3 December at 10) with Anna."},
    {FR, WISHED, "Deux choses : 1) un point avec Anna jeudi 3 décembre 2) un mot à Joe"},
    {FR, WISHED, "Un point avec Anna (jeudi 3 décembre à 10) et Joe."},
    {EN, WISHED, "Thursday 3 December suits me, and we can actually do it by phone."},
    {EN, WISHED, "Please don't put off the talk, Thursday 3 December at 10 is fine."},
    {EN, WISHED, "We've called off the strike, so Thursday 3 December works."},
    {EN, WISHED, "He is well off, and Thursday 3 December at 10 suits him."},
    {EN, WISHED, "I'd like to get away from e-mail and talk on Thursday 3 December."},
    {EN, WISHED, "Thursday 3 December for the spin-off and the lay-out."},
    {EN, WISHED, "Thursday 3 December at 10, so wait for my call then."},
    {EN, WISHED, "Please wait for the report before writing. Thursday 3 December at 10 is fine."},
    {EN, WISHED, "I mean to be in Leeds on Thursday 3 December, could we meet then?"},
    {EN, WISHED, "I'm really sorry about the mess, Thursday 3 December at 10?"},
    {EN, WISHED, "Sorry to insist, but Thursday 3 December at 10 would be good."},
    {EN, WISHED, "Without wishing to rush you, could we say Thursday 3 December?"},
    {EN, WISHED, "With no further delay: Thursday 3 December at 10."},
    {EN, WISHED, "It is not far, and Thursday 3 December at 10 works."},
    {EN, WISHED, "Thursday 3 December at 10, and do leave out the details."},
    {EN, WISHED, "I'd love to have you over on Thursday 3 December."},
    {EN, WISHED, "Could you set Thursday 3 December apart for us?"},
    {EN, OUT, "Thursday 3 December is out, the rest of next week is open."},
    {EN, OUT, "Next week apart from Thursday 3 December."},
    {EN, OUT, "Next week, but Thursday 3 December I'm actually away."},
    {EN, OUT, "Next week. I'm off Thursday 3 December."},
    {EN, OUT, "Thursday 3 December, no wait, Friday 4 December."},
    {EN, OUT, "Next week, leaving Thursday 3 December aside."},
    {EN, OUT, "Next week works. Everyone is in except on Thursday 3 December."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, et cela n'a rien d'urgent."},
    {FR, WISHED, "Je ne dis pas non à jeudi 3 décembre."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, la salle est hors d'usage mais le café est ouvert."},
    {FR, WISHED, "On peut se voir hors du bureau jeudi 3 décembre."},
    {FR, WISHED, "Ce n'est pas un problème, jeudi 3 décembre à 10h."},
    {FR, WISHED, "Mettons de côté le budget et parlons du reste jeudi 3 décembre."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, en fait c'est parfait."},
    {FR, WISHED, "C'est en fait le plus simple : jeudi 3 décembre à 10h."},
    {FR, WISHED, "Plutôt que d'écrire, voyons-nous jeudi 3 décembre."},
    {FR, WISHED, "Je suis plutôt content, à jeudi 3 décembre."},
    {FR, WISHED, "Pardonnez mon retard, jeudi 3 décembre à 10h me va."},
    {FR, WISHED, "Jeudi 3 décembre à 10h, j'attends votre confirmation."},
    {FR, OUT, "La semaine prochaine, à part jeudi 3 décembre."},
    {FR, OUT, "La semaine prochaine hormis le jeudi 3 décembre."},
    {FR, OUT, "La semaine prochaine, mais jeudi 3 décembre je suis en fait absent."},
    {FR, OUT, "Jeudi 3 décembre, non pardon, vendredi 4 décembre."},
    {FR, OUT, "La semaine prochaine sauf, bien sûr, jeudi 3 décembre."},
    {FR, OUT, "La semaine prochaine sauf pour moi jeudi 3 décembre."},
    {FR, OUT, "Jeudi 3 décembre, tout est bloqué, sinon la semaine prochaine."},
    {FR, OUT, "Mon agenda est complet jeudi 3 décembre, sinon la semaine prochaine."},
    {FR, OUT, "Agenda complet jeudi 3 décembre, le reste de la semaine prochaine me va."},
};

static bool allows(const struct wishes *wishes, uint8_t day)
{
    struct civil at = civil_at((struct civil_date){2026, 12, day}, 10, 0);
    for (size_t i = 0; i < wishes->allowed.count; i++)
        if (civil_compare(wishes->allowed.items[i].start, at) <= 0 &&
            civil_compare(at, wishes->allowed.items[i].end) < 0)
            return true;
    return false;
}

static void reads_cues_where_they_mean_it(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct timex_context context = {.language = rows[i].language};
        struct wishes wishes = {0};
        check_row(rows[i].text);
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        CHECK_OK(zone_load(LIT("Europe/Paris"), &context.zone, NULL));
        CHECK_OK(timex_wishes(slice_from(rows[i].text), &context, 28, true, arena, &wishes, NULL));
        CHECK(allows(&wishes, 3) == (rows[i].said == WISHED));
        if (rows[i].said == OUT)
            continue;
        CHECK(wishes.doubt == TIMEX_CLEAR);
        CHECK(!allows(&wishes, 8));
    }
}

int main(void)
{
    TEST(reads_cues_where_they_mean_it);
    return check_done();
}
