#include "domain/timex/timex.h"

#include "check.h"

/* What whole messages allow. The writer sits in Paris on Tuesday 2026-11-24 at 09:00; the
 * horizon is 45 days. Probes are half hours: "+" allowed, "-" not allowed, "x" ruled out in
 * words, "*" allowed and wished, "o" allowed and not wished. */

struct row {
    enum language language;
    const char *text, *probes;
    enum timex_doubt doubt;
};
#define FR LANGUAGE_FR
#define EN LANGUAGE_EN

static const struct row rows[] = {
    /* stretches that are under way, that end on no day, that count whole days */
    {FR, "Je suis absent du 20 au 30 novembre.", "x2026-11-26T10:00 +2026-12-01T10:00"},
    {FR, "Absent du 20 au 31 novembre.", "x2026-11-26T10:00 x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "I'm away November 20 - 30.", "x2026-11-26T10:00 +2026-12-01T10:00"},
    {EN, "I'm away November 20 - 31.", "x2026-11-26T10:00 x2026-11-30T10:00 +2026-12-01T10:00"},
    {FR, "On se voit d'ici 8 jours ?", "+2026-12-02T10:00 -2026-12-03T10:00"},
    {FR, "Le soir je préfère vers 8h15.", "+2026-11-26T20:30 -2026-11-26T08:30"},
    {EN, "In the afternoon I prefer 4:30.", "+2026-11-26T16:30 -2026-11-26T04:30"},
    {EN, "Nice, the sun is out! Tomorrow at 10?", "+2026-11-25T10:00 -2026-11-29T10:00"},
    /* lists and their hours */
    {FR, "Mardi ou mercredi aprem.",
     "+2026-12-01T15:00 +2026-12-02T15:00 -2026-12-02T10:00 -2026-11-26T15:00"},
    {FR, "Jeudi 10h-11h, vendredi 14h-15h ou lundi 9h-10h",
     "+2026-11-26T10:30 +2026-11-27T14:00 +2026-11-30T09:00 -2026-11-26T14:00"},
    {FR, "Mes dispos :\n- mardi 1er : 9h-12h\n- jeudi 3 : après 16h",
     "+2026-12-01T10:00 +2026-12-03T17:00 -2026-12-03T10:00 -2026-12-02T10:00"},
    {FR, "On s'appelle demain ou après-demain.",
     "+2026-11-25T10:00 +2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "Un jour de la semaine prochaine",
     "+2026-11-30T10:00 +2026-12-04T10:00 -2026-12-07T10:00"},
    {FR,
     "Je suis en formation la semaine prochaine. La semaine suivante, plutôt en début de semaine ?",
     "*2026-12-07T10:00 o2026-12-11T10:00 -2026-12-14T10:00 -2026-11-27T10:00"},
    {FR, "En fin de matinée, jeudi ou vendredi",
     "+2026-11-26T11:00 +2026-11-27T11:00 -2026-11-27T15:00"},
    {EN, "Could do Wed 2-3, Thu 10:30-12 or Fri any time after 4.",
     "+2026-11-25T14:00 +2026-11-26T11:00 +2026-11-27T16:30 -2026-11-27T10:00"},
    {EN, "Between 2 and 4 on Thursday works for us.",
     "+2026-11-26T14:30 -2026-11-26T10:00 -2026-11-27T14:30"},
    {EN, "Tuesday, Wednesday or Friday of next week",
     "+2026-12-01T10:00 +2026-12-02T10:00 +2026-12-04T10:00 -2026-12-03T10:00"},
    {EN, "Monday at 10 or at 11, as you like.",
     "+2026-11-30T10:00 +2026-11-30T11:00 -2026-11-30T15:00"},
    {EN, "8am or 9am tomorrow works.",
     "+2026-11-25T08:30 +2026-11-25T09:30 -2026-11-25T11:00 -2026-11-26T08:30"},
    {EN, "I'm free from 9 to 12 and 2 to 5 on Thursday.",
     "+2026-11-26T10:00 +2026-11-26T15:00 -2026-11-26T12:30 -2026-11-27T10:00"},
    {EN, "The 8th, 9th or 10th at 2 or 3pm.",
     "+2026-12-08T14:00 +2026-12-10T15:00 -2026-12-09T10:00 -2026-12-11T14:00"},
    {EN, "I can't do Monday at 10 or 11, any other time on Monday is fine.",
     "+2026-11-30T09:00 -2026-11-30T10:00 -2026-11-30T11:00 +2026-11-30T14:00"},
    {EN, "Any day next week except the 1st and 2nd.",
     "+2026-11-30T10:00 -2026-12-01T10:00 -2026-12-02T10:00 +2026-12-03T10:00"},
    {EN, "Anything but Dec 7, 8 and 9.",
     "-2026-12-07T10:00 -2026-12-08T10:00 -2026-12-09T10:00 +2026-12-10T10:00"},
    {EN, "Could we meet this week or next?",
     "+2026-11-26T10:00 +2026-12-03T10:00 -2026-12-08T10:00"},
    {EN, "Not this week or next.", "-2026-11-26T10:00 -2026-12-03T10:00 +2026-12-08T10:00"},
    {EN, "Week 50 works for me, ideally towards the end of that week.",
     "*2026-12-10T10:00 o2026-12-07T10:00 -2026-12-15T10:00 -2026-12-02T10:00"},
    {EN, "I'm away the week of December 7. Early the week after would be great.",
     "+2026-12-14T10:00 -2026-12-08T10:00 -2026-12-01T10:00"},
    {EN, "I'm out in December between 9 and 12.",
     "+2026-12-08T10:00 -2026-12-09T15:00 -2026-12-12T10:00 +2026-12-14T10:00"},
    {EN, "After 10 but before noon on Thursday.",
     "+2026-11-26T10:30 -2026-11-26T09:00 -2026-11-26T13:00 -2026-11-27T10:30"},
    {EN, "Late on Thursday or early Friday.",
     "+2026-11-26T17:00 -2026-11-26T09:00 +2026-11-27T08:00 -2026-11-27T15:00"},
    {EN, "I may be late on Thursday, so Friday please.", "+2026-11-27T15:00"},
    {EN, "The second one works for me.", "+2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "Any day before Thursday noon.", "+2026-11-25T09:00 +2026-11-26T11:00 -2026-11-26T13:00"},
    {FR, "Pas dispo cette semaine, la semaine prochaine ok", "+2026-12-01T10:00 -2026-11-26T10:00"},
    {FR, "Pas dispo lundi, mardi ok", "+2026-12-01T10:00 -2026-11-30T10:00"},
    {FR, "Pas dispo lundi, mardi et mercredi", "x2026-11-30T10:00 x2026-12-01T10:00"},
    {FR, "Plutôt mardi ou jeudi matin de la semaine prochaine",
     "*2026-12-01T10:00 *2026-12-03T10:00 o2026-12-02T10:00"},
    {FR, "Je suis dispo avant 10h et après 17h",
     "+2026-11-26T09:00 +2026-11-26T17:30 -2026-11-26T12:00"},
    /* a move: the old time is given up */
    {FR, "Décaler de jeudi à vendredi", "+2026-11-27T10:00 -2026-11-26T10:00"},
    {FR, "Peut-on reporter la réunion du lundi 7 au mardi 8 décembre ?",
     "+2026-12-08T10:00 -2026-12-07T10:00"},
    {FR, "On pourrait repousser mardi de 14h à 15h ?",
     "+2026-12-01T15:00 -2026-12-01T14:00 -2026-12-02T15:00"},
    {FR, "Report de la réunion de jeudi 10h à vendredi 11h",
     "+2026-11-27T11:00 -2026-11-26T10:00 -2026-11-26T15:00"},
    {FR, "Il a fallu décaler : je suis libre mardi de 14h à 16h",
     "+2026-12-01T14:00 +2026-12-01T15:30 -2026-12-01T16:00"},
    {EN, "Can we move it from Thursday to Friday at 3pm?", "+2026-11-27T15:00 -2026-11-26T15:00"},
    {EN, "Could you change that to Saturday from 9am to 1pm?",
     "+2026-11-28T09:00 +2026-11-28T12:00 -2026-11-28T14:00 -2026-11-27T10:00"},
    {EN, "Put off my call with Ann Fell (ann@fell.example) until Tuesday, please.",
     "+2026-12-01T10:00 +2026-12-03T10:00 -2026-11-27T10:00"},
    {EN, "Postpone Ann's visit of the new site until December.", "+2026-12-02T10:00 -2026-11-27T10:00"},
    {EN, "Please push back the call with Zoe until next week.", "+2026-12-01T10:00 -2026-11-27T10:00"},
    {EN, "We postponed the visit because Ann is away until Tuesday.", "-2026-11-27T10:00 +2026-12-02T10:00"},
    {EN, "We postponed the visit, but I am free until Friday.", "+2026-11-26T10:00 -2026-12-02T10:00"},
    {FR, "Repousse mon appel avec Luc Orme (luc@orme.example) jusqu'à mardi.",
     "+2026-12-01T10:00 -2026-11-27T10:00"},
    {FR, "Reportez le point avec Léa jusqu'en décembre.", "+2026-12-02T10:00 -2026-11-27T10:00"},
    {FR, "On a reporté la visite, mais je suis libre jusqu'à vendredi.",
     "+2026-11-26T10:00 -2026-12-02T10:00"},
    /* the day named before */
    {FR, "Mardi 1er décembre, ou le lendemain",
     "+2026-12-01T10:00 +2026-12-02T10:00 -2026-11-25T10:00"},
    {FR, "Jeudi, sinon la veille au soir", "+2026-11-26T10:00 +2026-11-25T19:00 -2026-11-23T19:00"},
    /* weeks by their number, and bounds */
    {FR, "Semaine 50 ça m'irait, ou S51", "+2026-12-07T10:00 +2026-12-17T10:00 -2026-12-03T10:00"},
    {FR, "Mardi S50, après 14h", "+2026-12-08T15:00 -2026-12-08T10:00 -2026-12-01T15:00"},
    {FR, "Mardi au plus tôt", "+2026-12-01T10:00 +2026-12-10T10:00 -2026-11-30T10:00"},
    {FR, "Vendredi au plus tard", "+2026-11-25T10:00 +2026-11-27T10:00 -2026-11-30T10:00"},
    {FR, "Dans les 15 jours, le matin", "+2026-12-03T10:00 -2026-12-03T15:00 -2026-12-15T10:00"},
    {FR, "Fin de journée ? Après 17h idéalement",
     "*2026-11-26T17:30 o2026-11-26T16:00 -2026-11-26T10:00"},
    {FR, "Dispo les 7, 8 et 10 décembre",
     "+2026-12-07T10:00 +2026-12-08T10:00 +2026-12-10T10:00 -2026-12-09T10:00"},
    {FR, "Le premier lundi du mois à 10h", "+2026-12-07T10:00 -2026-12-07T15:00 -2026-11-30T10:00"},
    /* negation and exception */
    {FR, "Pas avant 10h, merci.", "x2026-11-26T09:00 +2026-11-26T10:00 +2026-12-10T17:00"},
    {FR, "N'importe quel jour sauf le mercredi",
     "x2026-11-25T10:00 x2026-12-16T10:00 +2026-11-26T10:00"},
    {FR, "La semaine prochaine, mais pas lundi ni vendredi",
     "+2026-12-01T10:00 x2026-11-30T10:00 x2026-12-04T10:00 -2026-12-08T10:00"},
    {FR, "Le jeudi c'est mort pour moi.", "x2026-11-26T10:00 x2026-12-10T10:00 +2026-11-27T10:00"},
    {FR, "Jeudi je peux mais pas avant 15h",
     "+2026-11-26T15:30 x2026-11-26T10:00 -2026-11-27T16:00"},
    {FR, "Évitez les lundis.", "x2026-11-30T10:00 x2026-12-14T10:00 +2026-12-01T10:00"},
    {FR, "À partir du 7 décembre c'est bon, avant c'est impossible.",
     "+2026-12-08T10:00 x2026-12-03T10:00"},
    {EN, "Any afternoon next week except Thursday",
     "+2026-12-01T15:00 x2026-12-03T15:00 -2026-12-01T10:00 -2026-12-08T15:00"},
    {EN, "Any evening bar Friday",
     "+2026-11-26T19:00 x2026-11-27T19:00 x2026-12-11T19:00 -2026-11-26T10:00"},
    {EN, "Mondays and Fridays don't work for me.",
     "x2026-11-30T10:00 x2026-12-11T10:00 +2026-12-01T10:00"},
    {EN, "I can do Thursday but not before 3.",
     "+2026-11-26T15:30 x2026-11-26T14:00 -2026-11-27T15:30"},
    {EN, "Neither Monday nor Tuesday, but Wednesday is fine.",
     "x2026-11-30T10:00 x2026-12-01T10:00 +2026-11-25T10:00"},
    {EN, "Lunch on Thursday or Friday next week",
     "+2026-12-03T12:00 +2026-12-04T12:00 -2026-11-26T12:00"},
    {EN, "The week of the 7th, any night but Wednesday",
     "+2026-12-08T20:00 x2026-12-09T20:00 +2026-12-10T20:00"},
    {EN, "In the week beginning 7 December",
     "+2026-12-08T10:00 -2026-12-01T10:00 -2026-12-15T10:00"},
    {EN, "All next week apart from Tuesday afternoon",
     "+2026-12-01T10:00 x2026-12-01T15:00 +2026-12-03T15:00"},
    {EN, "Not until January for me.", "x2026-12-15T10:00 +2027-01-05T10:00"},
    {EN, "I leave at 4 on Thursdays so nothing after that.",
     "x2026-12-03T16:30 +2026-12-03T15:00 +2026-12-04T16:30"},
    /* absence */
    {FR, "Je suis en congés du 30 novembre au 4 décembre, le reste me va.",
     "x2026-12-01T10:00 x2026-12-04T10:00 +2026-12-07T10:00 +2026-11-26T10:00"},
    {FR, "En déplacement jusqu'au 2 décembre inclus",
     "x2026-11-30T10:00 x2026-12-02T10:00 +2026-12-03T10:00"},
    {FR, "En formation jeudi, je reviens vendredi", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "OOO from 1 to 4 December, back on the 7th. Otherwise all good.",
     "x2026-12-02T10:00 +2026-12-08T10:00 +2026-11-26T10:00"},
    {EN, "I've a dentist on Thursday afternoon, otherwise free.",
     "x2026-11-26T15:00 +2026-11-26T10:00 +2026-12-03T15:00"},
    /* days that are taken, without a word of refusal */
    {EN, "Half an hour next week. Monday and Wednesday are clinic days for us, so not those.",
     "x2026-11-30T10:00 x2026-12-02T10:00 +2026-12-01T10:00 +2026-12-04T10:00 -2026-12-08T10:00"},
    {EN, "Some time next week, I'd say. Friday's always my stocktaking day.",
     "x2026-12-04T10:00 +2026-12-03T10:00 -2026-11-27T10:00"},
    {EN, "Next week suits. My court days are Tuesday and Thursday.",
     "x2026-12-01T10:00 x2026-12-03T10:00 +2026-12-02T10:00"},
    {EN, "A call next week? On Monday I have the board.", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "A short phone call next week. I'm in Bristol on Thursday.",
     "x2026-12-03T10:00 +2026-12-01T10:00"},
    {EN, "Next week, please. I'm teaching all of Wednesday.",
     "x2026-12-02T10:00 +2026-12-03T10:00"},
    {EN, "I'm at the fair on Tuesday, shall we meet there?", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {EN, "Next week. Wednesday is a good day.", "+2026-12-02T10:00 -2026-12-03T10:00"},
    {EN, "Next week. I have a gap on Thursday.", "+2026-12-03T10:00 -2026-12-02T10:00"},
    {FR, "La semaine prochaine. Le lundi et le vendredi sont nos jours de livraison, pas ceux-là.",
     "x2026-11-30T10:00 x2026-12-04T10:00 +2026-12-02T10:00"},
    {FR, "Une visio la semaine prochaine ? Le jeudi c'est mon jour de vente.",
     "x2026-12-03T10:00 +2026-12-02T10:00"},
    {FR, "Voyons-nous la semaine prochaine. Mardi, j'ai le comité.",
     "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "La semaine prochaine. Nos jours de tri sont le mardi et le jeudi.",
     "x2026-12-01T10:00 x2026-12-03T10:00 +2026-12-04T10:00"},
    {FR, "La semaine prochaine si possible. Mercredi j'ai un audit toute la journée.",
     "x2026-12-02T10:00 +2026-12-01T10:00"},
    {FR, "Jeudi mais à 13h, j'ai une réunion jusqu'à 12h45.",
     "+2026-11-26T13:00 x2026-11-26T10:00 -2026-11-27T13:00"},
    {FR, "J'ai rendez-vous avec Rémy jeudi 3 décembre à 14h : vu ensemble ce matin.",
     "+2026-12-03T14:00 -2026-12-04T14:00"},
    {EN, "I have a call with Ann on Thursday at 2, agreed yesterday.", "+2026-11-26T14:00"},
    {FR, "La semaine prochaine. J'ai un créneau mardi.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "Un appel la semaine prochaine (je fais le pont lundi).",
     "x2026-11-30T10:00 +2026-12-01T10:00"},
    {FR, "La semaine prochaine ; nous faisons le pont jeudi et vendredi.",
     "x2026-12-03T10:00 x2026-12-04T10:00 +2026-12-01T10:00"},
    {FR, "La semaine prochaine, sachant que vendredi je suis de repos.",
     "x2026-12-04T10:00 +2026-12-01T10:00"},
    /* statements that welcome nothing: in the way of a week that is asked for */
    {EN, "Next week, but bear in mind that on Wednesdays we rehearse.",
     "x2026-12-02T10:00 +2026-12-01T10:00 -2026-12-09T10:00"},
    {EN, "We dry the hops on Fridays. Half an hour next week?", "x2026-12-04T10:00 +2026-12-03T10:00"},
    {EN, "Next week; Tuesday is spoken for.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "Next week would be lovely. My Mondays are sacred.",
     "x2026-11-30T10:00 +2026-12-01T10:00 -2026-12-07T10:00"},
    {EN, "Let's say next week. Thursday won't do, nor Friday.",
     "x2026-12-03T10:00 x2026-12-04T10:00 +2026-12-01T10:00"},
    {EN, "Any day next week that isn't Wednesday.",
     "x2026-12-02T10:00 +2026-12-01T10:00 -2026-12-09T10:00"},
    {EN, "Next week. Keep away from Monday if you would.", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "Next week. On Thursday we're moving house.", "x2026-12-03T10:00 +2026-12-01T10:00"},
    {EN, "Next week. Tuesday afternoon, the Crown.", "+2026-12-01T15:00 -2026-12-02T15:00"},
    {EN, "Next week. I'm hoping for Tuesday.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {EN, "Next week. It has to be Thursday.", "+2026-12-03T10:00 -2026-12-02T10:00"},
    {EN, "Next week. We usually meet on Tuesdays.", "+2026-12-01T10:00"},
    {FR, "La semaine prochaine. Le jeudi, c'est relâche.", "x2026-12-03T10:00 +2026-12-02T10:00"},
    {FR, "Un point la semaine prochaine, sachant que je ne travaille pas le mercredi.",
     "x2026-12-02T10:00 +2026-12-01T10:00"},
    {FR, "La semaine prochaine, jeudi excepté.",
     "x2026-12-03T10:00 +2026-12-02T10:00 -2026-12-08T10:00"},
    {FR, "La semaine prochaine. Lundi et mardi, c'est l'inventaire, donc mercredi au plus tôt.",
     "x2026-11-30T10:00 x2026-12-01T10:00 +2026-12-02T10:00 +2026-12-03T10:00"},
    {FR, "La semaine prochaine. Je garde mes neveux mercredi.",
     "x2026-12-02T10:00 +2026-12-01T10:00", TIMEX_OTHER},
    {EN, "Next week. I've got Wednesday or Friday.", "+2026-12-02T10:00 -2026-12-01T10:00"},
    {EN, "Next week. Wednesday is the one.", "+2026-12-02T10:00 -2026-12-01T10:00"},
    {EN, "Next week. Tuesday is when I'm freest.", "+2026-12-01T10:00"},
    {FR, "La semaine prochaine. J'ai mardi ou jeudi matin.",
     "+2026-12-01T10:00 +2026-12-03T10:00 -2026-12-02T10:00"},
    {FR, "La semaine prochaine. On se retrouve jeudi.", "+2026-12-03T10:00 -2026-12-02T10:00"},
    {FR, "La semaine prochaine. Mardi est vide.", "+2026-12-01T10:00"},
    {FR, "La semaine prochaine. Je pensais à mercredi.", "+2026-12-02T10:00 -2026-12-01T10:00"},
    {FR, "La semaine prochaine. Il faut que ce soit jeudi.", "+2026-12-03T10:00 -2026-12-02T10:00"},
    {FR, "La semaine prochaine. Jeudi matin, chez Paul.", "+2026-12-03T10:00 -2026-12-02T10:00"},
    {FR, "La semaine prochaine je suis absent mercredi.", "x2026-12-02T10:00 +2026-12-01T10:00"},
    /* ruled out by a gerund or a pointer back */
    {FR, "La semaine du 7 décembre, de préférence l'après-midi, en évitant le mardi",
     "*2026-12-07T15:00 o2026-12-07T10:00 x2026-12-08T15:00 -2026-12-15T15:00"},
    {FR, "La semaine prochaine en laissant de côté le jeudi",
     "x2026-12-03T10:00 +2026-12-02T10:00"},
    {FR, "Mi-décembre, en excluant le lundi", "x2026-12-14T10:00 +2026-12-15T10:00"},
    {FR, "La semaine prochaine, le vendredi étant à éviter.",
     "x2026-12-04T10:00 +2026-12-01T10:00"},
    {FR, "Mardi et jeudi il y a les livraisons, évitez ces jours-là. La semaine prochaine sinon.",
     "x2026-12-01T10:00 x2026-12-03T10:00"},
    {EN, "Mornings next week, avoiding Thursday",
     "+2026-12-01T10:00 x2026-12-03T10:00 -2026-12-01T15:00"},
    {EN, "Next week, leaving out Monday and Tuesday.",
     "x2026-11-30T10:00 x2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "The week of the 7th, steering clear of Wednesday", "x2026-12-09T10:00 +2026-12-08T10:00"},
    {EN, "Next week; Mondays are best avoided.", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "Next week, keeping clear of Friday afternoon",
     "x2026-12-04T15:00 +2026-12-04T10:00 +2026-12-03T15:00"},
    /* a week holds over the clauses behind it */
    {EN, "Breakfast next week, Thursday or Friday.",
     "+2026-12-03T08:00 +2026-12-04T08:00 -2026-11-26T08:00 -2026-11-27T08:00"},
    {EN, "Dinner next week: Tuesday, Wednesday or Thursday.",
     "+2026-12-01T20:00 +2026-12-02T20:00 +2026-12-03T20:00 -2026-11-26T20:00"},
    {FR, "Un café la semaine prochaine, jeudi ou vendredi matin",
     "+2026-12-03T10:00 +2026-12-04T10:00 -2026-11-26T10:00 -2026-11-27T10:00"},
    {EN, "Next week please. My week is packed; Sam will list the gaps.",
     "+2026-12-01T10:00 -2026-11-26T10:00 -2026-12-08T10:00"},
    {EN, "Next week. There is little room left in my week.", "+2026-12-01T10:00 -2026-11-26T10:00"},
    {EN, "The week of the 7th. His week is full, but you will find something.",
     "+2026-12-08T10:00 -2026-12-01T10:00"},
    {EN, "My week is full, how about next week?", "+2026-12-01T10:00 -2026-11-26T10:00"},
    {FR, "La semaine prochaine. Ma semaine est déjà bien chargée, voyez ce qui reste.",
     "+2026-12-01T10:00 -2026-11-26T10:00 -2026-12-08T10:00"},
    {FR, "La semaine prochaine ? C'est impossible.", "x2026-12-01T10:00 +2026-12-08T10:00"},
    {FR, "Tu es à Lille la semaine prochaine, non ?", "+2026-12-01T10:00 -2026-12-08T10:00"},
    {FR, "Mardi tu es libre, non ?", "+2026-12-01T10:00"},
    {EN, "Next week, Monday, Tuesday or Friday, any time before 11.",
     "+2026-11-30T09:00 +2026-12-01T09:00 +2026-12-04T09:00 -2026-11-27T09:00 -2026-12-04T14:00"},
    {EN, "The week of 14 December, Tuesday or Thursday, afternoons.",
     "+2026-12-15T15:00 +2026-12-17T15:00 -2026-12-16T15:00 -2026-12-01T15:00 -2026-12-15T10:00"},
    {EN, "Next week, in the morning. Wednesday or Thursday ideally.",
     "*2026-12-02T10:00 o2026-12-01T10:00 -2026-12-02T15:00 -2026-12-09T10:00"},
    {EN, "In the first half of December, in the evening, Mondays or Wednesdays.",
     "+2026-12-02T19:00 +2026-12-07T19:00 -2026-12-03T19:00 -2026-12-02T10:00 -2026-12-21T19:00"},
    {EN, "This week is hopeless. Next week any morning.", "+2026-12-01T10:00 x2026-11-26T10:00"},
    {FR, "La semaine prochaine, lundi, mercredi ou vendredi, avant 11h.",
     "+2026-11-30T09:00 +2026-12-02T09:00 +2026-12-04T09:00 -2026-11-27T09:00 -2026-12-03T09:00"},
    {FR, "La semaine prochaine, le matin. Mercredi ou jeudi dans l'idéal.",
     "*2026-12-02T10:00 o2026-12-01T10:00 -2026-12-02T15:00"},
    {FR, "Première quinzaine de décembre, en soirée, le lundi ou le mercredi.",
     "+2026-12-02T19:00 +2026-12-07T19:00 -2026-12-03T19:00 -2026-12-21T19:00"},
    {FR, "Cette semaine c'est fichu. La semaine prochaine, n'importe quel matin.",
     "+2026-12-01T10:00 x2026-11-26T10:00 -2026-12-01T15:00"},
    /* a part of the day with its exception */
    {EN, "Any morning but Wednesday", "+2026-11-26T10:00 x2026-11-25T10:00 -2026-11-26T15:00"},
    {EN, "Next week. Any afternoon but Monday or Friday.",
     "+2026-12-01T15:00 x2026-11-30T15:00 x2026-12-04T15:00 -2026-12-01T10:00"},
    {EN, "Any lunchtime but Thursday", "+2026-11-25T12:30 x2026-11-26T12:30 -2026-11-25T16:00"},
    {EN, "Every evening but Tuesday is possible.",
     "+2026-11-26T19:00 x2026-12-01T19:00 -2026-11-26T10:00"},
    {FR, "N'importe quel après-midi sauf mardi",
     "+2026-11-26T15:00 x2026-12-01T15:00 -2026-11-26T10:00"},
    {FR, "La semaine prochaine, tous les matins sauf jeudi",
     "+2026-12-01T10:00 x2026-12-03T10:00 -2026-12-01T15:00 -2026-12-08T10:00"},
    /* what hours are elsewhere is no wish */
    {EN, "A call next week? My evenings are your early mornings, so evenings here would be best.",
     "*2026-12-01T19:00 o2026-12-01T10:00 -2026-12-08T10:00"},
    {EN, "Next week. Your morning is my afternoon.", "+2026-12-01T10:00 +2026-12-01T15:00"},
    {EN, "Next week. Afternoons here are mornings for you.", "+2026-12-01T10:00 +2026-12-01T15:00"},
    {FR, "La semaine prochaine. Vos matinées sont mes fins de journée.",
     "+2026-12-01T10:00 +2026-12-01T15:00"},
    {FR, "La semaine prochaine. Le matin ici, c'est la nuit chez vous, donc plutôt l'après-midi.",
     "*2026-12-01T15:00 o2026-12-01T10:00"},
    {EN, "It's 8am there when it's 2pm here, so late afternoons please. Next week.",
     "+2026-12-01T17:00 -2026-12-01T14:00 -2026-12-01T08:00"},
    {EN, "Next week? Our morning is the middle of the night in Denver, so the afternoon.",
     "+2026-12-01T15:00 -2026-12-01T10:00"},
    {FR, "La semaine prochaine. Il est 8h chez eux quand il est 14h ici, donc après 15h.",
     "+2026-12-01T16:00 -2026-12-01T08:00 -2026-12-01T14:00"},
    /* one is liked, the other will do */
    {EN, "On Wednesday. I'd prefer the afternoon, but the morning is fine if need be.",
     "*2026-11-25T15:00 o2026-11-25T10:00 -2026-11-26T15:00"},
    {EN, "Ideally in the morning, though the afternoon works too.",
     "*2026-11-26T10:00 o2026-11-26T15:00"},
    {FR, "Jeudi. Je préfère le matin, mais l'après-midi va aussi.",
     "*2026-11-26T10:00 o2026-11-26T15:00 -2026-11-27T10:00"},
    {FR, "De préférence l'après-midi, mais le matin reste possible.",
     "*2026-11-26T15:00 o2026-11-26T10:00"},
    /* what it is about */
    {FR, "Pour le séminaire de janvier, un appel la semaine prochaine ?",
     "+2026-12-01T10:00 -2027-01-05T10:00"},
    {FR, "Parlons de la formation de mars la semaine prochaine.", "+2026-12-01T10:00"},
    {EN, "About the training in January: next week?", "+2026-12-01T10:00 -2027-01-05T10:00"},
    {FR, "Je suis absent pour le séminaire lundi.", "x2026-11-30T10:00 +2026-12-01T10:00"},
    /* the other days: refused, those that were named are the only ones */
    {FR, "Jeudi à 10h. Les autres jours je ne suis pas là.", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "Jeudi. Pas les autres jours.", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "Vendredi, je suis pris tous les autres jours.", "+2026-11-27T10:00 -2026-11-26T10:00"},
    {FR, "Mardi 1er à 9h30. Je ne suis pas disponible les autres jours.",
     "+2026-12-01T09:30 -2026-12-02T09:30"},
    {FR, "Mardi je suis absent, les autres jours ça va.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "Thursday at 9, other days are impossible.", "+2026-11-26T09:00 -2026-11-27T09:00"},
    {EN, "Only Friday. I'm not around the other days.", "+2026-11-27T10:00 -2026-11-26T10:00"},
    {EN, "Monday only, I'm busy all the other days.", "+2026-11-30T10:00 -2026-12-01T10:00"},
    {EN, "Friday, not the other days.", "+2026-11-27T10:00 -2026-11-30T10:00"},
    {EN, "Tuesday's out, any other day is fine.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "The week after would be better, I'm away next week.",
     "x2026-12-01T10:00 +2026-12-08T10:00"},
    {FR, "La semaine d'après serait mieux, je suis en congé la semaine prochaine.",
     "x2026-12-01T10:00 +2026-12-08T10:00"},
    {FR, "La semaine prochaine. Le mardi et le jeudi, c'est marché.",
     "x2026-12-01T10:00 x2026-12-03T10:00 +2026-12-02T10:00"},
    {EN, "Wednesday 2nd is our open day. How's Friday?", "x2026-12-02T10:00 +2026-11-27T10:00"},
    {EN, "I keep Wednesdays free of calls. Next week?", "x2026-12-02T10:00 +2026-12-01T10:00"},
    {EN, "Mondays are a no. Wednesday any time.", "x2026-11-30T10:00 +2026-11-25T10:00"},
    {EN, "Next week, afternoons only, I do the school run in the mornings.",
     "+2026-12-01T15:00 -2026-12-01T10:00 -2026-12-08T15:00"},
    {FR, "Mercredi 2 c'est notre journée portes ouvertes. Et vendredi ?",
     "x2026-12-02T10:00 +2026-11-27T10:00"},
    {FR, "La semaine prochaine, l'après-midi seulement, le matin je suis au labo.",
     "+2026-12-01T15:00 x2026-12-01T10:00 -2026-12-08T15:00"},
    {EN, "I'm in Lisbon from Tuesday to Thursday, so Monday or Friday next week.",
     "x2026-12-02T10:00 +2026-11-30T10:00 +2026-12-04T10:00"},
    {EN, "Let's talk next week. Mondays are for my studio, Thursdays for family.",
     "x2026-11-30T10:00 x2026-12-03T10:00 +2026-12-01T10:00"},
    {EN, "Next week. Wednesday? No chance.", "x2026-12-02T10:00 +2026-12-01T10:00"},
    {EN, "Any day next week save Monday.", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "Save the date: 9 December.", "+2026-12-09T10:00 -2026-12-10T10:00"},
    {EN, "Could we speak next week? I'll be on a boat Thursday and Friday.",
     "x2026-12-03T10:00 x2026-12-04T10:00 +2026-12-01T10:00"},
    {EN, "Next week, Tuesday being my only bad day.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Je serai à Bruxelles de mardi à jeudi, donc lundi ou vendredi de la semaine prochaine.",
     "x2026-12-02T10:00 +2026-11-30T10:00 +2026-12-04T10:00"},
    {FR, "La semaine prochaine sans le jeudi.", "x2026-12-03T10:00 +2026-12-02T10:00"},
    {FR, "La semaine prochaine, en me laissant le lundi.", "x2026-11-30T10:00 +2026-12-02T10:00"},
    {FR, "La semaine prochaine me va, si l'on excepte le mardi.",
     "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "La semaine prochaine, jeudi étant réservé aux visites.",
     "x2026-12-03T10:00 +2026-12-02T10:00"},
    {FR, "La semaine prochaine. Mercredi, visite médicale.", "x2026-12-02T10:00 +2026-12-01T10:00"},
    {FR, "La semaine prochaine, mais laissez-moi mon mardi.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Laissez-moi vous proposer mardi.", "+2026-12-01T10:00"},
    {FR, "Mardi sans faute, à 14h.", "+2026-12-01T14:00 -2026-12-02T14:00"},
    /* what a refusal does not reach */
    {EN, "Can't do Thursday, Friday at 11 instead.", "x2026-11-26T10:00 +2026-11-27T11:00"},
    {EN, "Not Thursday: Friday.", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "I can't do anything except Thursday.", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {EN, "Thursday is my day off so Friday please.", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "Monday is the only day I'm not travelling.", "+2026-11-30T10:00 -2026-12-01T10:00"},
    {EN, "Everything but Monday morning.", "x2026-11-30T10:00 +2026-11-30T15:00 +2026-12-01T10:00"},
    {FR, "Pas jeudi, vendredi.", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "Pas jeudi, vendredi ni lundi.", "x2026-11-26T10:00 x2026-11-27T10:00 x2026-11-30T10:00"},
    {FR, "Oubliez jeudi, vendredi est mieux.", "x2026-11-26T10:00 *2026-11-27T10:00"},
    {FR, "Tout est pris sauf jeudi.", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "Rien ne va sauf vendredi matin.", "+2026-11-27T10:00 -2026-11-27T15:00 -2026-11-26T10:00"},
    {FR, "Je bloque jeudi 16h30.", "+2026-11-26T16:30 -2026-11-27T16:30"},
    {FR, "Jeudi est bloqué, donc vendredi.", "x2026-11-26T10:00 +2026-11-27T10:00"},
    /* preference */
    {FR, "Jeudi ou vendredi, plutôt vendredi",
     "o2026-11-26T10:00 *2026-11-27T10:00 -2026-11-30T10:00"},
    {FR, "Idéalement le matin, mais je m'adapte", "*2026-11-26T10:00 o2026-11-26T15:00"},
    {FR, "Jeudi matin, sinon vendredi", "*2026-11-26T10:00 o2026-11-27T10:00 -2026-11-26T15:00"},
    {FR, "Si possible pas le lundi.", "o2026-11-30T10:00 *2026-12-01T10:00"},
    {FR, "Plutôt jeudi que vendredi, mais les deux passent", "*2026-11-26T10:00 o2026-11-27T10:00"},
    {EN, "Thu or Fri, Fri preferred", "o2026-11-26T10:00 *2026-11-27T10:00"},
    {EN, "Thursday if possible, otherwise Friday",
     "*2026-11-26T10:00 o2026-11-27T10:00 -2026-11-30T10:00"},
    {EN, "I'd rather not do Fridays.", "o2026-11-27T10:00 *2026-11-26T10:00"},
    {EN, "Mornings would be better for me.", "*2026-11-26T10:00 o2026-11-26T15:00"},
    /* correction, condition, accumulation */
    {FR, "Jeudi, pardon vendredi à 11h", "+2026-11-27T11:00 -2026-11-26T11:00"},
    {FR, "Jeudi 14h-16h, oups je voulais dire 15h-17h", "+2026-11-26T16:00 -2026-11-26T14:00"},
    {EN, "The 2nd, no wait, the 3rd, at 9", "+2026-12-03T09:00 -2026-12-02T09:00"},
    {FR, "Ok pour jeudi si on finit avant 11h", "+2026-11-26T10:00 -2026-11-26T14:00"},
    {FR, "Si c'est un jeudi, pas avant 11h ; les autres jours, peu importe.",
     "x2026-11-26T09:00 +2026-11-26T11:00 +2026-11-27T09:00"},
    {EN, "If it's a Thursday then after 2 only, any other day whenever.",
     "x2026-11-26T10:00 +2026-11-26T15:00 +2026-11-27T10:00"},
    {FR, "La semaine prochaine uniquement. Ni mardi ni jeudi. Jamais avant 10h.",
     "+2026-11-30T10:00 x2026-12-01T10:00 x2026-12-02T09:00 -2026-12-07T10:00"},
    {EN, "It has to be the week of December 7. She's out that Wednesday.",
     "+2026-12-08T10:00 x2026-12-09T10:00 -2026-12-16T10:00"},
    {FR, "Pas la semaine prochaine. Celle d'après c'est bien.",
     "x2026-12-01T10:00 +2026-12-08T10:00 -2026-12-15T10:00"},
    /* zones */
    {FR, "15h heure de Londres jeudi", "+2026-11-26T16:00 -2026-11-26T15:00"},
    {EN, "9 to 11 Eastern on Friday", "+2026-11-27T15:30 -2026-11-27T10:00"},
    /* noise */
    {FR, "Suite à la facture 2026-1104 du 12 novembre, parlons-nous. Pas le mardi. Bonne semaine !",
     "x2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "Thanks for your email of 3 November. Thursday 2pm suits. T: 0161 496 0930",
     "+2026-11-26T14:00 -2026-11-27T14:00"},
    {FR, "Il me faudrait 1h30 avec Paul jeudi.",
     "+2026-11-26T10:00 +2026-11-26T16:00 -2026-11-27T10:00"},
    {EN, "I'm wide open, you pick.", "+2026-11-26T10:00 +2026-12-26T10:00"},
    /* taken on one day, free on the next that is named */
    {EN, "I'm teaching on Thursday, Friday's fine", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "I've got the auditors in on Thursday, Friday works", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "I've a funeral on Thursday and Friday, Monday is ok",
     "x2026-11-26T10:00 x2026-11-27T10:00 +2026-11-30T10:00"},
    {EN, "Thursday I have the kids but Friday is fine", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "J'ai conseil jeudi, vendredi c'est ok", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "Je suis avec les auditeurs jeudi, vendredi me convient", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "Jeudi j'ai un conseil mais le matin ça passe", "+2026-11-26T10:00"},
    /* apostrophes left out */
    {EN, "cant do any before thurs. thurs or fri after 3",
     "-2026-11-25T10:00 -2026-11-26T10:00 +2026-11-26T15:30 +2026-11-27T15:30"},
    {EN, "Im away tomorrow, thurs works", "x2026-11-25T10:00 +2026-11-26T10:00"},
    {EN, "dont offer monday, its my day off", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "wednesday isnt possible, lets do thursday", "x2026-11-25T10:00 +2026-11-26T10:00"},
    {EN, "Friday wont do. Ive got Monday free", "x2026-11-27T10:00 +2026-11-30T10:00"},
    {FR, "cest bon jeudi ou vendredi, jusqua 16h", "+2026-11-26T15:00 -2026-11-26T16:30 +2026-11-27T10:00"},
    {FR, "jai formation jeudi, vendredi ca va", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "jsuis dispo demain laprem", "+2026-11-25T15:00 -2026-11-25T10:00"},
    {FR, "Vendredi, daccord, mais sil te plait pas avant 10h", "x2026-11-27T09:00 +2026-11-27T10:00"},
    {FR, "La personne dont je parle est libre jeudi", "+2026-11-26T10:00"},
    /* until when somebody is elsewhere */
    {FR, "Je suis sur le chantier jusqu'à mercredi inclus, je ne peux que jeudi après 15h ou vendredi avant 11h",
     "-2026-11-25T10:00 -2026-11-26T10:00 +2026-11-26T15:00 +2026-11-27T10:00 -2026-11-27T11:00"},
    {FR, "Je suis en tournage jusqu'à jeudi, ensuite vendredi ou lundi",
     "-2026-11-26T10:00 +2026-11-27T10:00 +2026-11-30T10:00"},
    {FR, "Chez un client jusqu'à mercredi soir, je peux jeudi", "-2026-11-25T10:00 +2026-11-26T10:00"},
    {FR, "Je suis libre jusqu'à vendredi, de préférence jeudi", "*2026-11-26T10:00 -2026-11-28T10:00"},
    {FR, "Je suis au bureau jusqu'à jeudi", "+2026-11-25T10:00 -2026-11-27T10:00"},
    {EN, "I'm at the trade fair till Thursday, Friday works", "-2026-11-25T10:00 +2026-11-27T10:00"},
    {EN, "On site until Wednesday inclusive, I can only do Thursday after 3 or Friday before 11",
     "-2026-11-25T10:00 -2026-11-26T10:00 +2026-11-26T15:00 +2026-11-27T10:00 -2026-11-27T14:00"},
    {EN, "We're up at the factory until Thursday evening. Friday?", "-2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "I'm here until Thursday", "+2026-11-25T10:00 -2026-11-27T10:00"},
    {EN, "I'm around until Friday, Wednesday would be best", "*2026-11-25T10:00"},
    /* nothing, anything before a bound says no more than that */
    {EN, "I can't do anything before Thursday. Thursday or Friday.",
     "-2026-11-25T10:00 +2026-11-26T10:00 +2026-11-27T10:00 -2026-11-30T10:00"},
    {EN, "Not before fri. Fri or mon is fine", "+2026-11-27T10:00 +2026-11-30T10:00 -2026-12-01T10:00"},
    /* days counted behind an absence; what one is busy with all week */
    {FR, "On est en pleines vendanges jusqu'au 4. Je peux le lundi 7 ou le mardi 8, avant 11h.",
     "x2026-12-02T10:00 +2026-12-07T09:00 +2026-12-08T09:00 -2026-12-08T14:00"},
    {FR, "Je suis en tournage jusqu'au mercredi 2. Le jeudi ou le vendredi qui suivent.",
     "x2026-11-26T10:00 +2026-12-03T10:00 +2026-12-04T10:00"},
    {FR, "Rien de possible avant le 7. Ensuite, du lundi au mercredi.",
     "-2026-11-30T10:00 +2026-12-07T10:00 +2026-12-09T10:00 -2026-12-10T10:00"},
    {FR, "Nous sommes en salon jusqu'à vendredi 4. Mardi ou jeudi d'après.",
     "x2026-12-01T10:00 +2026-12-08T10:00 +2026-12-10T10:00"},
    {EN, "We're harvesting flat out up to and including Wednesday the 2nd. I could do the Thursday or the Friday straight after, from 3 on.",
     "x2026-11-26T15:30 +2026-12-03T15:30 +2026-12-04T15:30 -2026-12-03T10:00"},
    {EN, "We're shooting until Monday the 7th. The Tuesday after, in the afternoon.",
     "x2026-12-01T15:00 +2026-12-08T15:00 -2026-12-08T10:00"},
    {EN, "Away until the 3rd. The Thursday following or the Friday would suit.",
     "x2026-11-26T10:00 +2026-12-10T10:00"},
    {EN, "We are stock-taking all of next week. Monday the 7th from two onwards, or the 8th?",
     "x2026-12-01T10:00 +2026-12-07T14:30 +2026-12-08T10:00"},
    {EN, "Next week we have auditors in. The 8th or the 9th?", "x2026-12-01T10:00 +2026-12-08T10:00"},
    {EN, "I'm free until the 4th. Tuesday or Thursday?", "+2026-12-01T10:00 +2026-12-03T10:00"},
    {EN, "I'll be in London from Tuesday to Thursday next week. Tuesday or Wednesday?",
     "+2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Mercredi 2, pardon", "+2026-12-02T10:00 -2026-12-03T10:00"},
    {EN, "The 2nd, my mistake", "+2026-12-02T10:00 -2026-12-03T10:00"},
    /* what holds no longer */
    {FR, "Mardi n'est plus possible pour moi, autre chose cette semaine-là ?", "x2026-12-01T10:00"},
    {FR, "Mardi ne marche plus, jeudi oui", "x2026-12-01T10:00 +2026-11-26T10:00"},
    {FR, "Je ne suis plus libre jeudi, vendredi me va", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "Je ne peux plus jeudi matin", "x2026-11-26T10:00 +2026-11-26T15:00"},
    {FR, "Je ne peux plus que jeudi", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "Pas grave, jeudi à 10h alors", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {EN, "Thursday no longer works, Friday does", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "I can no longer do Thursday, Friday is fine", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "Thursday has fallen through, can we say Friday?", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "Thursday, any time after 4 once the orders are out", "+2026-11-26T16:30 -2026-11-26T10:00"},
    /* words that may mean an absence or be part of something else */
    {EN, "Let's meet on Tuesday to sign off the accounts.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {EN, "An hour next week to kick it off", "+2026-12-01T10:00 -2026-12-08T10:00"},
    {EN, "Let's round things off on Wednesday afternoon.", "+2026-11-25T15:00 -2026-11-25T10:00"},
    {EN, "I'd like to show off the prototype on Friday at 10.", "+2026-11-27T10:00"},
    {EN, "Can we talk about the spin-off on Wednesday?", "+2026-11-25T10:00 -2026-11-26T10:00"},
    {EN, "The kick-off next week, on Tuesday at 10.", "+2026-12-01T10:00"},
    {EN, "Could we speak off the record on Thursday?", "+2026-11-26T10:00"},
    {EN, "Can you reply right away? Tuesday at 3 would be good.", "+2026-12-01T15:00"},
    {EN, "A conference call on Tuesday, please.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {EN, "Can we discuss the training plan on Tuesday?", "+2026-12-01T10:00"},
    {EN, "I'll leave it with you: Tuesday at 3?", "+2026-12-01T15:00"},
    {EN, "I have booked the room for Tuesday at 10.", "+2026-12-01T10:00"},
    {EN, "A meeting with the doctor on Tuesday at 10.", "+2026-12-01T10:00"},
    {EN, "I'm off on Friday. Thursday?", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {EN, "We are both off on Friday, Thursday is fine.", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {EN, "Friday off, Thursday ok", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {EN, "A day off on Friday. Thursday?", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {EN, "I take Mondays off. Next week?", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {EN, "I'm booked all Friday, next week is open.", "x2026-11-27T10:00 +2026-12-01T10:00"},
    {EN, "On leave next Monday and Tuesday, Thursday works.", "x2026-11-30T10:00 -2026-12-01T10:00"},
    {EN, "Conference on Friday. Thursday then.", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {EN, "Please call off Tuesday. Let's do Wednesday instead.", "x2026-12-01T10:00 +2026-11-25T10:00"},
    {FR, "Un point mardi avec le candidat retenu.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "Parlons mardi du plan de formation.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "Une conférence téléphonique mardi ?", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "Un appel mardi à propos des congés d'été.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "Je suis retenu mardi, sinon la semaine prochaine.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Mardi est mon jour de congé. La semaine prochaine ?", "x2026-12-01T10:00 +2026-12-02T10:00"},
    /* what is left out is a thing, a place or a person, or a time */
    {EN, "A call without slides on Tuesday at 10.", "+2026-12-01T10:00"},
    {EN, "Drinks at the hotel bar on Thursday?", "+2026-11-26T18:00 -2026-11-27T18:00"},
    {EN, "Let's meet outside the station on Tuesday at 10.", "+2026-12-01T10:00"},
    {EN, "Any day bar Friday. Next week.", "x2026-12-04T10:00 +2026-12-03T10:00 -2026-12-08T10:00"},
    {EN, "Next week without my Mondays.", "x2026-11-30T10:00 +2026-12-01T10:00"},
    {FR, "Un appel sans Paul mardi à 10h.", "+2026-12-01T10:00"},
    {FR, "La semaine prochaine hors mercredi.", "x2026-12-02T10:00 +2026-12-03T10:00"},
    /* a no that is none */
    {FR, "Rien ne s'oppose à mardi 15h.", "+2026-12-01T15:00 -2026-12-01T10:00"},
    {FR, "On ne se refuse rien : mardi à 15h !", "+2026-12-01T15:00 -2026-12-01T10:00"},
    {FR, "Je n'ai rien contre mardi.", "+2026-12-01T10:00"},
    {FR, "Aucun souci pour mardi 10h.", "+2026-12-01T10:00"},
    {FR, "Je ne vois pas d'inconvénient à mardi.", "+2026-12-01T10:00"},
    {FR, "Je ne dis jamais non à un café : mardi ?", "+2026-12-01T10:00"},
    {FR, "Rien de prévu mardi.", "+2026-12-01T10:00"},
    {FR, "Rien ne va mardi.", "x2026-12-01T10:00"},
    {FR, "Je ne peux pas à cause d'un souci mardi.", "x2026-12-01T10:00"},
    {EN, "I never miss a lunch: Tuesday it is.", "+2026-12-01T12:30 -2026-12-02T12:30"},
    {EN, "No objection to Tuesday at 3.", "+2026-12-01T15:00"},
    {EN, "Nothing stands in the way of Tuesday at 3.", "+2026-12-01T15:00"},
    {EN, "I wouldn't say no to Tuesday.", "+2026-12-01T10:00"},
    {EN, "I'd have to say no to Tuesday.", "x2026-12-01T10:00"},
    {EN, "I can't because of a conflict on Tuesday.", "x2026-12-01T10:00"},
    {EN, "Nothing works on Tuesday.", "x2026-12-01T10:00"},
    {EN, "I can't because of a wedding on Friday.", "x2026-11-27T10:00"},
    {FR, "Je ne peux pas parce que j'ai un mariage vendredi.", "x2026-11-27T10:00"},
    {FR, "Pas avant 10h car je dépose mon fils à 9h.", "x2026-11-27T09:00 +2026-11-27T10:00"},
    {FR, "Vendredi je ne peux pas, la semaine prochaine est libre.",
     "x2026-11-27T10:00 +2026-12-02T10:00"},
    /* what is negated is a thing, and the times stand behind the comma */
    {EN, "No rush, Tuesday at 10 is fine.", "+2026-12-01T10:00"},
    {EN, "To avoid the traffic, Tuesday at 11.", "+2026-12-01T11:00"},
    {EN, "I can't come in person, Tuesday at 10 by phone?", "+2026-12-01T10:00"},
    {EN, "I can't make these: Tuesday, Thursday.", "x2026-12-01T10:00 x2026-12-03T10:00"},
    {EN, "Not the market days, Tuesday and Friday. Next week.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Pas de cravate, mardi 10h.", "+2026-12-01T10:00"},
    {FR, "Pas de chichi : mardi 10h au café.", "+2026-12-01T10:00"},
    {FR, "Pas les jours de marché, mardi et vendredi. La semaine prochaine.",
     "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Je ne suis pas disponible aux dates suivantes : mardi, jeudi.",
     "x2026-12-01T10:00 x2026-12-03T10:00"},
    /* what is talked about, and its own date */
    {EN, "Can we speak about the budget on Tuesday?", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {EN, "A call about the contract in the week of 7 December?", "+2026-12-08T10:00 -2026-12-01T10:00"},
    {EN, "Sign the lease on Tuesday at 10?", "+2026-12-01T10:00"},
    {EN, "To speak about Saturday's event on Tuesday.", "+2026-12-01T10:00 -2026-11-28T10:00"},
    {EN, "After Saturday's open day, a round table between the 8th and the 12th of December.",
     "+2026-12-08T10:00 -2026-11-30T10:00"},
    {EN, "Saturday's open day for us. Friday?", "x2026-11-28T10:00 +2026-11-27T10:00"},
    {EN, "The invoice of 3 November is wrong. Thursday?", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "S'appeler au sujet du contrat la semaine du 7 décembre", "+2026-12-08T10:00 -2026-12-01T10:00"},
    {FR, "Parlons du devis mardi.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "Parlons du budget de mars la semaine prochaine.", "+2026-12-01T10:00 -2026-12-08T10:00"},
    {FR, "Le devis du 1er décembre : on en parle jeudi ?", "+2026-11-26T10:00 -2026-12-01T10:00"},
    {FR, "Après la foire de samedi, voyons-nous entre le 8 et le 12 décembre.",
     "+2026-12-08T10:00 +2026-12-11T10:00"},
    {FR, "Le créneau de mardi me va.", "+2026-12-01T10:00"},
    /* until when it waits, until when somebody can */
    {EN, "Wait until Thursday, then anything.", "+2026-11-26T10:00 -2026-11-25T10:00"},
    {EN, "Let's put it off until Thursday.", "+2026-11-27T10:00 -2026-11-25T10:00"},
    {EN, "I'm here until Thursday.", "+2026-11-25T10:00 -2026-11-27T10:00"},
    {FR, "Repoussons jusqu'au 7 décembre.", "+2026-12-08T10:00 -2026-12-02T10:00"},
    {FR, "Attendons jusqu'à jeudi.", "+2026-11-26T10:00 -2026-11-25T10:00"},
    /* hours that are wished on days that are not */
    {EN, "I can do Tuesday or Wednesday, before 11 if possible.",
     "*2026-12-01T10:00 o2026-12-02T15:00 -2026-12-03T10:00"},
    {FR, "Je peux mardi ou mercredi, avant 11h si possible.",
     "*2026-12-01T10:00 o2026-12-02T15:00 -2026-12-03T10:00"},
    /* the only one that is taken */
    {EN, "Next week. Thursday's the only one I've promised elsewhere.",
     "x2026-12-03T10:00 +2026-12-01T10:00"},
    {EN, "Next week. Tuesday's the only day I'm committed.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {EN, "Next week. Tuesday is the only day I'm around.", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "La semaine prochaine. Mardi est le seul jour où je suis attendu ailleurs.",
     "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "La semaine prochaine. Mardi est le seul jour où je suis libre.",
     "+2026-12-01T10:00 -2026-12-02T10:00"},
    {FR, "J'aimerais vous avoir au téléphone en fin de semaine prochaine, jeudi ou vendredi.",
     "+2026-12-03T10:00 +2026-12-04T10:00 -2026-11-26T10:00"},
    /* told behind what is preferred */
    {FR, "La semaine prochaine. Plutôt l'après-midi, le matin il est sur les machines.",
     "*2026-12-01T15:00 x2026-12-01T10:00"},
    {FR, "La semaine prochaine, plutôt jeudi, vendredi je suis à Lyon.", "*2026-12-03T10:00 x2026-12-04T10:00"},
    {FR, "Plutôt jeudi, vendredi ou lundi.", "*2026-11-26T10:00 *2026-11-27T10:00"},
    {EN, "Next week, ideally Thursday, on Friday I'm at the fair.", "*2026-12-03T10:00 x2026-12-04T10:00"},
    {EN, "Ideally Thursday, Friday or Monday.", "*2026-11-26T10:00 *2026-11-27T10:00"},
    {EN, "An evening next week, Wednesday excepted.",
     "+2026-12-01T19:00 x2026-12-02T19:00 -2026-11-25T19:00 -2026-12-01T10:00"},
    {FR, "Un soir de la semaine prochaine, jeudi excepté.",
     "+2026-12-01T19:00 x2026-12-03T19:00 -2026-11-25T19:00"},
    /* "enfin" corrects only for another time */
    {FR, "N'importe quel jour à part mardi, enfin sur le papier.", "x2026-12-01T10:00 +2026-12-02T10:00"},
    {FR, "Mardi, enfin mercredi.", "-2026-12-01T10:00 +2026-11-25T10:00"},
    {EN, "Next week. Robin leaves the office at 5pm.", "+2026-12-01T16:00 -2026-12-01T17:30"},
    {FR, "La semaine prochaine. Paul quitte le bureau à 17h.", "+2026-12-01T16:00 -2026-12-01T17:30"},
    /* kept for something else */
    {EN, "I'm keeping Thursday clear for writing, Friday works", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "I keep my mornings for writing. Thursday?", "x2026-11-26T10:00 +2026-11-26T15:00"},
    {EN, "Friday is reserved for my thesis, Thursday works", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {EN, "I've kept Thursday free for you", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {EN, "Could you keep Thursday for Paul?", "+2026-11-26T10:00"},
    {FR, "Je réserve le vendredi à mes enfants, jeudi me va", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {FR, "Le vendredi est réservé à ma thèse, jeudi me va", "x2026-11-27T10:00 +2026-11-26T10:00"},
    {FR, "Je me garde le jeudi pour écrire.", "x2026-11-26T10:00 +2026-11-27T10:00"},
    {FR, "Je bloque jeudi pour nous", "+2026-11-26T10:00 -2026-11-27T10:00"},
    {FR, "Je vous garde jeudi pour le déjeuner", "+2026-11-26T12:30"},
    /* times in the words of the other language */
    {FR, "Une visio avec Jill end of next week ? Le top ce serait jeudi matin.", "*2026-12-03T09:30 o2026-12-04T10:00 -2026-12-01T10:00"},
    {FR, "On se fait un call tomorrow afternoon ?", "+2026-11-25T15:00 -2026-11-25T10:00 -2026-11-26T15:00"},
    {FR, "On se fait ça next week, merci.", "+2026-12-01T10:00 -2026-11-26T10:00"},
    {FR, "Pas next Monday, je suis en congé, sinon la semaine prochaine me va.", "-2026-11-30T10:00 +2026-12-01T10:00"},
    {FR, "Je suis dispo first thing Thursday ou vendredi matin.", "+2026-11-26T09:00 +2026-11-27T10:00 -2026-11-26T15:00"},
    {FR, "Il me faut ça by end of week, donc un point jeudi.", "+2026-11-26T10:00 -2026-12-03T10:00"},
    {EN, "Could we do the visio mardi prochain at 10?", "+2026-12-01T10:00 -2026-12-02T10:00"},
    {EN, "A call la semaine prochaine would suit me.", "+2026-12-01T10:00 -2026-11-26T10:00"},
    {EN, "See you jeudi après-midi then.", "+2026-11-26T15:00 -2026-11-26T10:00"},
    {EN, "Not jeudi matin please, any other time this week.", "-2026-11-26T10:00 +2026-11-27T10:00"},
    {EN, "We read the Black Friday figures on Thursday.", "+2026-11-26T10:00"},
    /* doubts */
    {FR, "Vendredi prochain à 10h.", "", TIMEX_WHICH_WEEK},
    {FR, "Rendez-vous le 31 septembre à 10h.", "", TIMEX_CONTRADICTION},
    {FR, "Je ne travaille jamais le vendredi. On se voit vendredi à 10h ?", "x2026-11-27T10:00",
     TIMEX_CONTRADICTION},
    {FR, "Jeudi, sous réserve que mon avion atterrisse.", "", TIMEX_OTHER},
    {EN, "Friday only if my client cancels.", "", TIMEX_OTHER},
    {EN, "How about 05/12 at 14:00?", "", TIMEX_DAY_OR_MONTH},
    {EN, "Thursday at 8?", "", TIMEX_AM_PM},
    {EN, "Yesterday at 2 would have been good.", "", TIMEX_PAST},
#include "domain/timex/bounds.def"
};

static bool holds(const struct civil_interval_list *list, struct civil start)
{
    struct civil end = civil_add(start, minutes(30));
    for (size_t i = 0; i < list->count; i++)
        if (civil_compare(list->items[i].start, start) <= 0 &&
            civil_compare(end, list->items[i].end) <= 0)
            return true;
    return false;
}

static void check_probe(const struct wishes *wishes, char kind, struct civil at)
{
    bool allowed = holds(&wishes->allowed, at);
    switch (kind) {
    case '+':
        CHECK(allowed);
        break;
    case '-':
        CHECK(!allowed);
        break;
    case 'x':
        CHECK(!allowed && holds(&wishes->excluded, at));
        break;
    case '*':
        CHECK(allowed && holds(&wishes->preferred, at));
        break;
    case 'o':
        CHECK(allowed && !holds(&wishes->preferred, at));
        break;
    default:
        CHECK(!"a kind of probe");
        break;
    }
}

static enum status read(const struct row *row, struct arena *arena, struct wishes *wishes)
{
    struct timex_context context = {.language = row->language};
    context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
    TRY(zone_load(LIT("Europe/Paris"), &context.zone, NULL));
    return timex_wishes(slice_from(row->text), &context, 45, true, arena, wishes, NULL);
}

static void reads_messages(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct wishes wishes = {0};
        check_row(rows[i].text);
        CHECK_OK(read(&rows[i], arena, &wishes));
        CHECK_NUMBER(wishes.doubt, rows[i].doubt);
        struct slice probes = slice_from(rows[i].probes);
        const size_t length = sizeof "+2026-12-01T14:00" - 1;
        for (size_t at = 0; at + length <= probes.len; at += length + 1) {
            struct civil start;
            CHECK_OK(civil_parse(slice_sub(probes, at + 1, at + length), &start, NULL));
            check_probe(&wishes, probes.data[at], start);
        }
    }
}

/* What is excluded is never allowed, whatever the text. */
static void never_allows_what_it_excludes(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct wishes wishes = {0};
        check_row(rows[i].text);
        CHECK_OK(read(&rows[i], arena, &wishes));
        for (size_t k = 0; k < wishes.excluded.count; k++)
            for (size_t n = 0; n < wishes.allowed.count; n++)
                CHECK(civil_compare(wishes.excluded.items[k].end, wishes.allowed.items[n].start) <=
                          0 ||
                      civil_compare(wishes.allowed.items[n].end, wishes.excluded.items[k].start) <=
                          0);
    }
}

static void says_when_nothing_is_said(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct wishes wishes;
    struct row none = {FR, "Merci beaucoup, bien reçu.", ""}, hours = {FR, "Jeudi à 14h", ""};
    CHECK_OK(read(&none, arena, &wishes));
    CHECK(!wishes.constrained && wishes.allowed.count == 1);
    CHECK_OK(read(&hours, arena, &wishes));
    CHECK(wishes.constrained && wishes.hours_named);
}

/* Beyond the bound there is no answer, rather than one that forgets what is ruled out there;
 * and a range of centuries costs no more than a week. */
static void keeps_its_bounds(void)
{
    static const struct {
        const char *seed;
        size_t times;
        enum status status;
    } cases[] = {
        {"Pas lundi. ", TIMEX_WISHES_MAX, ST_OK},
        {"Pas lundi. ", TIMEX_WISHES_MAX + 1, ST_LIMIT},
        {"Not before 10. ", TIMEX_WISHES_MAX + 1, ST_LIMIT},
        {"Mardi 10h, avant c'est impossible. ", TIMEX_WISHES_MAX / 2 + 1, ST_LIMIT},
        {"Les lundis du 1er janvier 1900 au 2 janvier 2100. ", TIMEX_WISHES_MAX / 4, ST_OK},
        {"From January 1, 1900 to January 2, 2100, Mondays at 9. ", TIMEX_WISHES_MAX / 4, ST_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        AUTO_BUFFER text = buffer_create(TIMEX_BODY_MAX);
        for (size_t k = 0; k < cases[i].times; k++)
            buffer_add_text(&text, cases[i].seed);
        buffer_add_char(&text, '\n');
        struct row row = {LANGUAGE_UNKNOWN, text.data, ""};
        struct wishes wishes = {0};
        check_row(cases[i].seed);
        CHECK(read(&row, arena, &wishes) == cases[i].status);
        CHECK((wishes.constrained) == (cases[i].status == ST_OK));
        CHECK(arena_used(arena) < (3 << 20));
    }
}

int main(void)
{
    TEST(reads_messages);
    TEST(never_allows_what_it_excludes);
    TEST(says_when_nothing_is_said);
    TEST(keeps_its_bounds);
    return check_done();
}
