#include "domain/timex/internal.h"

#include "check.h"

/* Every rule at least once, in both languages where both have it: alone, inside a sentence,
 * and where it must not fire. The writer's clock stands at Tuesday 2026-11-24 09:00. Readings:
 * an instant, from/to, "after", "before", a length in months and seconds, a recurrence rule;
 * "?" and the doubt; nothing where nothing is a time. */

struct row {
    const char *text, *reading;
};

static const struct row french[] = {
    {"on se voit mardi 14h", "2026-12-01T14:00"},
    {"jeudi matin, ça irait ?", "2026-11-26T08:00/2026-11-26T12:00"},
    {"mardi 1er décembre à 15h30", "2026-12-01T15:30"},
    {"le 3 décembre", "2026-12-03T00:00/2026-12-04T00:00"},
    {"3 décembre 2027", "2027-12-03T00:00/2027-12-04T00:00"},
    {"décembre 4", "2026-12-04T00:00/2026-12-05T00:00"},
    {"décembre 4, 2027", "2027-12-04T00:00/2027-12-05T00:00"},
    {"2027 mars", "2027-03-01T00:00/2027-04-01T00:00"},
    {"2027-mars-4", "2027-03-04T00:00/2027-03-05T00:00"},
    {"23-2027-mars", "2027-03-23T00:00/2027-03-24T00:00"},
    {"2027-23-mars", "2027-03-23T00:00/2027-03-24T00:00"},
    {"mars-2027-23", "2027-03-23T00:00/2027-03-24T00:00"},
    {"en décembre", "2026-12-01T00:00/2027-01-01T00:00"},
    {"en décembre 2027", "2027-12-01T00:00/2028-01-01T00:00"},
    {"décembre 2027", "2027-12-01T00:00/2028-01-01T00:00"},
    {"vendredi 27", "2026-11-27T00:00/2026-11-28T00:00"},
    {"27 vendredi", "2026-11-27T00:00/2026-11-28T00:00"},
    {"le 15", "2026-12-15T00:00/2026-12-16T00:00"},
    {"au 15", "2026-12-15T00:00/2026-12-16T00:00"},
    {"le 1er", "2026-12-01T00:00/2026-12-02T00:00"},
    {"2027/03/04", "2027-03-04T00:00/2027-03-05T00:00"},
    {"15/12", "2026-12-15T00:00/2026-12-16T00:00"},
    {"15/12/2027", "2027-12-15T00:00/2027-12-16T00:00"},
    {"15.12.2026", "2026-12-15T00:00/2026-12-16T00:00"},
    {"15 12 2026", "2026-12-15T00:00/2026-12-16T00:00"},
    {"12/2026", "2026-12-01T00:00/2027-01-01T00:00"},
    {"2026-12-15T14:30", "2026-12-15T14:30"},
    {"demain", "2026-11-25T00:00/2026-11-26T00:00"},
    {"après-demain à midi", "2026-11-26T12:00"},
    {"la semaine prochaine", "2026-11-30T00:00/2026-12-07T00:00"},
    {"cette semaine", "2026-11-23T00:00/2026-11-30T00:00"},
    {"la semaine dernière", "2026-11-16T00:00/2026-11-23T00:00 ?past"},
    {"prochaine semaine", "2026-11-30T00:00/2026-12-07T00:00"},
    {"dernier mois", "2026-10-01T00:00/2026-11-01T00:00 ?past"},
    {"mardi prochain", "2026-12-01T00:00/2026-12-02T00:00"},
    {"prochain mardi", "2026-12-01T00:00/2026-12-02T00:00"},
    {"ce vendredi", "2026-11-27T00:00/2026-11-28T00:00"},
    {"mardi dernier", "2026-11-17T00:00/2026-11-18T00:00 ?past"},
    {"dernier mardi", "2026-11-17T00:00/2026-11-18T00:00 ?past"},
    {"décembre prochain", "2026-12-01T00:00/2027-01-01T00:00"},
    {"prochain décembre", "2026-12-01T00:00/2027-01-01T00:00"},
    {"ce décembre", "2026-12-01T00:00/2027-01-01T00:00"},
    {"dernier mars", "2026-03-01T00:00/2026-04-01T00:00 ?past"},
    {"les 3 prochains jours", "2026-11-25T00:00/2026-11-28T00:00"},
    {"les prochains 3 jours", "2026-11-25T00:00/2026-11-28T00:00"},
    {"3 jours suivants", "2026-11-25T00:00/2026-11-28T00:00"},
    {"les deux dernières semaines", "2026-11-09T00:00/2026-11-23T00:00 ?past"},
    {"les dernières deux semaines", "2026-11-09T00:00/2026-11-23T00:00 ?past"},
    {"3 jours précédents", "2026-11-21T00:00/2026-11-24T00:00 ?past"},
    {"le premier lundi de mars", "2027-03-01T00:00/2027-03-02T00:00"},
    {"la dernière semaine de janvier", "2027-01-25T00:00/2027-02-01T00:00"},
    {"la semaine du 7 décembre", "2026-12-07T00:00/2026-12-14T00:00"},
    {"la semaine du 14", "2026-12-14T00:00/2026-12-21T00:00"},
    {"dans 3 jours", "2026-11-27T00:00/2026-11-28T00:00"},
    {"il y a deux semaines", "2026-11-10T00:00/2026-11-11T00:00 ?past"},
    {"deux jours plus tard", "2026-11-26T00:00/2026-11-27T00:00"},
    {"deux jours après lundi", "2026-12-02T00:00/2026-12-03T00:00"},
    {"trois jours avant Noël", "2026-12-22T00:00/2026-12-23T00:00"},
    {"d'ici 15 jours", "2026-11-24T00:00/2026-12-10T00:00"},
    {"d'ici vendredi", "2026-11-24T09:00/2026-11-28T00:00"},
    {"d'ici le 20", "2026-11-24T09:00/2026-12-21T00:00"},
    {"sous huitaine", "2026-11-24T09:00/2026-12-01T00:00"},
    {"le reste de la semaine", "2026-11-24T00:00/2026-11-29T00:00"},
    {"dans la semaine", "2026-11-23T00:00/2026-11-30T00:00"},
    {"en semaine", "2026-11-23T00:00/2026-11-28T00:00"},
    {"le week-end", "2026-11-28T00:00/2026-11-30T00:00"},
    {"maintenant", "2026-11-24T09:00"},
    {"dès que possible", "after 2026-11-24T09:00"},
    {"cet été", "2027-06-21T00:00/2027-09-24T00:00"},
    {"été 2027", "2027-06-21T00:00/2027-09-24T00:00"},
    {"l'été prochain", "2027-06-21T00:00/2027-09-24T00:00"},
    {"prochain été", "2027-06-21T00:00/2027-09-24T00:00"},
    {"dernier été", "2026-06-21T00:00/2026-09-24T00:00 ?past"},
    {"Noël", "2026-12-25T00:00/2026-12-26T00:00"},
    {"Noël 2027", "2027-12-25T00:00/2027-12-26T00:00"},
    {"la fête nationale de l'année prochaine", "2027-07-14T00:00/2027-07-15T00:00"},
    {"prochain Noël", "2026-12-25T00:00/2026-12-26T00:00"},
    {"dernier Noël", "2025-12-25T00:00/2025-12-26T00:00 ?past"},
    {"jeudi de la semaine prochaine", "2026-12-03T00:00/2026-12-04T00:00"},
    {"la semaine prochaine, jeudi", "2026-12-03T00:00/2026-12-04T00:00"},
    {"lundi en huit", "2026-12-07T00:00/2026-12-08T00:00"},
    {"demain en quinze", "2026-12-09T00:00/2026-12-10T00:00"},
    {"fin du mois", "2026-11-21T00:00/2026-12-01T00:00"},
    {"début de semaine prochaine", "2026-11-30T00:00/2026-12-03T00:00"},
    {"mi-décembre", "2026-12-10T00:00/2026-12-20T00:00"},
    {"le mois de mars", "2027-03-01T00:00/2027-04-01T00:00"},
    {"à quinze heures", "2026-11-24T15:00"},
    {"quinze heures trente", "2026-11-24T15:30"},
    {"à 7", "2026-11-25T07:00 ?am_pm"},
    {"vers 9h", "2026-11-24T09:00"},
    {"à sept trente", "2026-11-25T07:30 ?am_pm"},
    {"vingt-deux trente", "2026-11-24T22:30"},
    {"15h précises", "2026-11-24T15:00"},
    {"10 heures et demie", "2026-11-24T10:30"},
    {"trois heures et quart", "2026-11-25T03:15"},
    {"midi moins le quart", "2026-11-24T11:45"},
    {"midi dix", "2026-11-24T12:10"},
    {"15h passé de 10 minutes", "2026-11-24T15:10"},
    {"8 h du soir", "2026-11-24T20:00"},
    {"le matin à 9h", "2026-11-24T09:00"},
    {"9h heure de Londres", "2026-11-24T09:00"},
    {"14h-16h", "2026-11-24T14:00/2026-11-24T16:00"},
    {"de 14h à 16h", "2026-11-24T14:00/2026-11-24T16:00"},
    {"entre 9 et 11h", "2026-11-24T09:00/2026-11-24T11:00"},
    {"9-11", "2026-11-24T09:00/2026-11-24T11:00"},
    {"9 à 11h", "2026-11-24T09:00/2026-11-24T11:00"},
    {"de 9 à 11h", "2026-11-24T09:00/2026-11-24T11:00"},
    {"de 9h à 11h jeudi", "2026-11-26T09:00/2026-11-26T11:00"},
    {"le matin", "2026-11-24T08:00/2026-11-24T12:00"},
    {"dans la matinée", "2026-11-24T04:00/2026-11-24T12:00"},
    {"matin", "2026-11-24T08:00/2026-11-24T12:00"},
    {"fin de matinée", "2026-11-24T10:00/2026-11-24T12:00"},
    {"en fin de journée", "2026-11-24T17:00/2026-11-24T21:00"},
    {"cet après-midi", "2026-11-24T12:00/2026-11-24T16:00"},
    {"fin de ce matin", "2026-11-24T10:00/2026-11-24T12:00"},
    {"jeudi, 14h", "2026-11-26T14:00"},
    {"14h jeudi", "2026-11-26T14:00"},
    {"14h, jeudi", "2026-11-26T14:00"},
    {"lundi pm", "2026-11-30T12:00/2026-11-30T16:00"},
    {"demain matin à 9h", "2026-11-25T09:00"},
    {"9h demain matin", "2026-11-25T09:00"},
    {"9h, demain matin", "2026-11-25T09:00"},
    {"demain 14h à 16h", "2026-11-25T14:00/2026-11-25T16:00"},
    {"14h à demain 16h", "2026-11-25T14:00/2026-11-25T16:00"},
    {"de demain 14h à jeudi 16h", "2026-11-25T14:00/2026-11-26T16:00"},
    {"demain 14h pendant 2 heures", "2026-11-25T14:00/2026-11-25T16:00"},
    {"du lundi au mercredi", "2026-11-30T00:00/2026-12-03T00:00"},
    {"lundi au mercredi", "2026-11-30T00:00/2026-12-03T00:00"},
    {"entre le 9 et le 13 novembre", "2027-11-09T00:00/2027-11-14T00:00"},
    {"du 9 au 13", "2026-12-09T00:00/2026-12-14T00:00"},
    {"9 au 13 décembre", "2026-12-09T00:00/2026-12-14T00:00"},
    {"le 9 et 13 décembre",
     "2026-12-09T00:00/2026-12-10T00:00 ; 2026-12-13T00:00/2026-12-14T00:00"},
    {"du 9 au 13 décembre 2026", "2026-12-09T00:00/2026-12-14T00:00"},
    {"9 au 13 décembre 2026", "2026-12-09T00:00/2026-12-14T00:00"},
    {"décembre 9 au 13", "2026-12-09T00:00/2026-12-14T00:00"},
    {"décembre 9-13, 2026", "2026-12-09T00:00/2026-12-14T00:00"},
    {"lundi 7 au 11 décembre", "2026-12-07T00:00/2026-12-12T00:00"},
    {"du 4 au 22 du mois prochain", "2026-12-04T00:00/2026-12-23T00:00"},
    {"de lundi à mercredi la semaine prochaine", "2026-11-30T00:00/2026-12-03T00:00"},
    {"du 7 au vendredi 11 décembre", "2026-12-07T00:00/2026-12-12T00:00"},
    {"45 minutes", "0mo 2700s"},
    {"une heure", "0mo 3600s"},
    {"une petite demi-heure", "0mo 1800s"},
    {"une heure et demie", "0mo 5400s"},
    {"une heure et 20 minutes", "0mo 4800s"},
    {"un quart d'heure", "0mo 900s"},
    {"pendant deux heures", "0mo 7200s"},
    {"environ 2 heures", "0mo 7200s"},
    {"toute la journée", "0mo 86400s"},
    {"deux et demi heures", "0mo 9000s"},
    {"après 16h", "after 2026-11-24T16:00"},
    {"après 16", "after 2026-11-24T16:00"},
    {"avant le 30 décembre", "before 2026-12-30T00:00"},
    {"avant 10", "before 2026-11-24T10:00"},
    {"jusqu'au 18", "before 2026-12-18T00:00"},
    {"jeudi après 9h30", "after 2026-11-26T09:30"},
    {"après 9h30 jeudi", "after 2026-11-26T09:30"},
    {"à partir de 15h", "after 2026-11-24T15:00"},
    {"14h ou plus tard", "after 2026-11-24T14:00"},
    {"chaque jour", "FREQ=DAILY"},
    {"toutes les deux semaines", "FREQ=WEEKLY;INTERVAL=2"},
    {"chaque mardi", "FREQ=WEEKLY;BYDAY=TU"},
    {"chaque matin", "FREQ=DAILY"},
    {"chaque mardi matin", "FREQ=WEEKLY;BYDAY=TU"},
    {"hebdomadaire", "FREQ=WEEKLY"},
    {"les lundis", "FREQ=WEEKLY;BYDAY=MO"},
    {"les lundis et les jeudis", "FREQ=WEEKLY;BYDAY=MO,TH"},
    {"chaque jour à 9h", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"},
    {"à 9h chaque jour", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"},
    {"le premier lundi de chaque mois", "FREQ=MONTHLY;BYDAY=1MO"},
    {"chaque mois le 4", "FREQ=MONTHLY;BYMONTHDAY=4"},
    {"le 15 de chaque mois", "FREQ=MONTHLY;BYMONTHDAY=15"},
    {"chaque 15/4", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=15"},
    {"chaque lundi jusqu'au 30 décembre", "FREQ=WEEKLY;UNTIL=20261230;BYDAY=MO"},
    {"chaque jour sauf dimanche", "FREQ=DAILY but"},
    {"chaque mardi pendant 3 semaines", "FREQ=WEEKLY;UNTIL=20261215;BYDAY=TU"},
    {"dans les années 90", "1990-01-01T00:00/2000-01-01T00:00 ?past"},
    {"le lendemain du 13 février", "2027-02-14T00:00/2027-02-15T00:00"},
    {"du 2 au dimanche 6 décembre", "2026-12-02T00:00/2026-12-07T00:00"},
    {"depuis le 3", "after 2026-12-03T00:00"},
    {"mardi le matin", "2026-12-01T04:00/2026-12-01T12:00"},
    {"après-midi tard", "2026-11-24T17:00/2026-11-24T19:00"},
    {"du matin", "2026-11-24T08:00/2026-11-24T12:00"},
    {"en ligne mi décembre", "2026-12-10T00:00/2026-12-20T00:00"},
    {"T3 2027", "2027-07-01T00:00/2027-10-01T00:00"},
    {"deux mille vingt-six", ""},
    {"soixante et onze minutes", "0mo 4260s"},
    {"vingt et unième jour", ""},
    {"le 20 mardi", "2027-04-20T00:00/2027-04-21T00:00 ?contradiction"},
    {"à environ 9h", "2026-11-24T09:00"},
    {"9 à 11h du matin", "2026-11-24T09:00/2026-11-24T11:00"},
    {"lundi au mercredi 9 décembre", "2026-11-30T00:00/2026-12-10T00:00"},
    {"environ 45 minutes", "0mo 2700s"},
    {"dix-huit minutes", "0mo 1080s"},
    {"jusqu'au 18 décembre", "before 2026-12-18T00:00"},
    {"entre lundi et mercredi", "2026-11-30T00:00/2026-12-03T00:00"},
    {"dans deux heures", "2026-11-24T11:00"},
    {"tôt le matin", "2026-11-24T07:00/2026-11-24T09:00"},
    {"tard dans la soirée", "2026-11-24T21:00/2026-11-25T00:00"},
    {"vers la fin de l'après-midi", "2026-11-24T17:00/2026-11-24T19:00"},
    {"9h à 11h", "2026-11-24T09:00/2026-11-24T11:00"},
    {"pas de réunion aujourd'hui", "2026-11-24T00:00/2026-11-25T00:00"},
    {"il nous reste trois quarts d'heure", "0mo 2700s"},
    {"Bonjour, appelez-moi au 01 40 99 31 22 si besoin", ""},
    {"Le devis n° 14-16 de 650 € est validé", ""},
    {"Nous serons 3 à table", ""},
    {"bâtiment 3, bureau 214", ""},
    {"https://exemple.example/r/2026/12/15?h=14:30", ""},
    {"Bonne soirée !", ""},
    {"12 rue des Lilas", ""},
    {"On se retrouve au 12, rue des Lilas", ""},
    {"les jours", ""},
    {"pendant des mois", ""},
    {"Merci, lundi matin me convient.", "2026-11-30T08:00/2026-11-30T12:00"},
    {"Le 31 septembre à 10h", "2026-09-30T10:00 ?contradiction"},
    {"mardi 5 décembre", "2026-12-05T00:00/2026-12-06T00:00 ?contradiction"},
};

/* More French, by the habit of writing that a row stands for. */
static const struct row french_habits[] = {
#define C(text, reading) {text, reading},
#include "domain/timex/fr/cases.def"
#undef C
};

static const struct row english[] = {
    {"Tuesday at 2pm", "2026-12-01T14:00"},
    {"Thursday morning", "2026-11-26T08:00/2026-11-26T12:00"},
    {"December 1st at 3:30pm", "2026-12-01T15:30"},
    {"in the week beginning 7 December", "2026-12-07T00:00/2026-12-14T00:00"},
    {"the 3rd of December", "2026-12-03T00:00/2026-12-04T00:00"},
    {"3 December 2027", "2027-12-03T00:00/2027-12-04T00:00"},
    {"Dec 4", "2026-12-04T00:00/2026-12-05T00:00"},
    {"December 4, 2027", "2027-12-04T00:00/2027-12-05T00:00"},
    {"in December", "2026-12-01T00:00/2027-01-01T00:00"},
    {"in December 2027", "2027-12-01T00:00/2028-01-01T00:00"},
    {"Friday the 27th", "2026-11-27T00:00/2026-11-28T00:00"},
    {"Dec 1, Tuesday", "2026-12-01T00:00/2026-12-02T00:00"},
    {"Tuesday, December 1", "2026-12-01T00:00/2026-12-02T00:00"},
    {"on the 15th", "2026-12-15T00:00/2026-12-16T00:00"},
    {"the 15th", "2026-12-15T00:00/2026-12-16T00:00"},
    {"on the 15", "2026-12-15T00:00/2026-12-16T00:00"},
    {"for the 15", "2026-12-15T00:00/2026-12-16T00:00"},
    {"12/15", "2026-12-15T00:00/2026-12-16T00:00"},
    {"12/15/2027", "2027-12-15T00:00/2027-12-16T00:00"},
    {"2027-03-04", "2027-03-04T00:00/2027-03-05T00:00"},
    {"for 2027", "2027-01-01T00:00/2028-01-01T00:00"},
    {"in 2027", "2027-01-01T00:00/2028-01-01T00:00"},
    {"2027", ""},
    {"today", "2026-11-24T00:00/2026-11-25T00:00"},
    {"tomorrow at noon", "2026-11-25T12:00"},
    {"the day after tomorrow", "2026-11-26T00:00/2026-11-27T00:00"},
    {"next week", "2026-11-30T00:00/2026-12-07T00:00"},
    {"this week", "2026-11-23T00:00/2026-11-30T00:00"},
    {"last week", "2026-11-16T00:00/2026-11-23T00:00 ?past"},
    {"next Tuesday", "2026-12-01T00:00/2026-12-02T00:00"},
    {"this Friday", "2026-11-27T00:00/2026-11-28T00:00"},
    {"last Tuesday", "2026-11-17T00:00/2026-11-18T00:00 ?past"},
    {"next March", "2027-03-01T00:00/2027-04-01T00:00"},
    {"this December", "2026-12-01T00:00/2027-01-01T00:00"},
    {"last March", "2026-03-01T00:00/2026-04-01T00:00 ?past"},
    {"next 3 days", "2026-11-25T00:00/2026-11-28T00:00"},
    {"3 next days", "2026-11-25T00:00/2026-11-28T00:00"},
    {"last two weeks", "2026-11-09T00:00/2026-11-23T00:00 ?past"},
    {"the first Monday of March", "2027-03-01T00:00/2027-03-02T00:00"},
    {"the 2nd last Monday of March", "2027-03-22T00:00/2027-03-23T00:00"},
    {"the last week of January", "2027-01-25T00:00/2027-02-01T00:00"},
    {"week of December 7th", "2026-12-07T00:00/2026-12-14T00:00"},
    {"w/c 14", "2026-12-14T00:00/2026-12-21T00:00"},
    {"in 3 days", "2026-11-27T00:00/2026-11-28T00:00"},
    {"two weeks ago", "2026-11-10T00:00/2026-11-11T00:00 ?past"},
    {"3 hours from now", "2026-11-24T12:00"},
    {"two days after Monday", "2026-12-02T00:00/2026-12-03T00:00"},
    {"three days before Christmas", "2026-12-22T00:00/2026-12-23T00:00"},
    {"within a fortnight", "2026-11-24T09:00/2026-12-08T00:00"},
    {"within two days", "2026-11-24T09:00/2026-11-26T00:00"},
    {"by Friday", "2026-11-24T09:00/2026-11-28T00:00"},
    {"by EOM", "2026-11-24T09:00/2026-12-01T00:00"},
    {"by EOD", "2026-11-24T09:00/2026-11-25T00:00"},
    {"EOM", "2026-11-21T00:00/2026-12-01T00:00"},
    {"end of the month", "2026-11-21T00:00/2026-12-01T00:00"},
    {"early next week", "2026-11-30T00:00/2026-12-03T00:00"},
    {"mid-March", "2027-03-11T00:00/2027-03-21T00:00"},
    {"the rest of the week", "2026-11-24T00:00/2026-11-29T00:00"},
    {"later this week", "2026-11-24T00:00/2026-11-30T00:00"},
    {"in the week", "2026-11-23T00:00/2026-11-30T00:00"},
    {"at the weekend", "2026-11-28T00:00/2026-11-30T00:00"},
    {"right now", "2026-11-24T09:00"},
    {"ASAP", "after 2026-11-24T09:00"},
    {"this summer", "2027-06-21T00:00/2027-09-24T00:00"},
    {"summer 2027", "2027-06-21T00:00/2027-09-24T00:00"},
    {"next summer", "2027-06-21T00:00/2027-09-24T00:00"},
    {"last summer", "2026-06-21T00:00/2026-09-24T00:00 ?past"},
    {"Christmas", "2026-12-25T00:00/2026-12-26T00:00"},
    {"Christmas 2027", "2027-12-25T00:00/2027-12-26T00:00"},
    {"Christmas of next year", "2027-12-25T00:00/2027-12-26T00:00"},
    {"next Christmas", "2026-12-25T00:00/2026-12-26T00:00"},
    {"last Christmas", "2025-12-25T00:00/2025-12-26T00:00 ?past"},
    {"Thanksgiving in 3 years", "2030-11-28T00:00/2030-11-29T00:00"},
    {"Thanksgiving two years from now", "2029-11-22T00:00/2029-11-23T00:00"},
    {"Thanksgiving 2 years ago", "2024-11-28T00:00/2024-11-29T00:00 ?past"},
    {"Tuesday of next week", "2026-12-01T00:00/2026-12-02T00:00"},
    {"next week, Tuesday", "2026-12-01T00:00/2026-12-02T00:00"},
    {"March next year", "2027-03-01T00:00/2027-04-01T00:00"},
    {"Thursday week", "2026-12-03T00:00/2026-12-04T00:00"},
    {"a week on Monday", "2026-12-07T00:00/2026-12-08T00:00"},
    {"the week after next", "2026-12-07T00:00/2026-12-14T00:00"},
    {"Friday after next", "2026-12-04T00:00/2026-12-05T00:00"},
    {"the second half of April", "2027-04-16T00:00/2027-05-01T00:00"},
    {"the third quarter of 2027", "2027-07-01T00:00/2027-10-01T00:00"},
    {"third quarter", "2027-07-01T00:00/2027-10-01T00:00"},
    {"Q3 2027", "2027-07-01T00:00/2027-10-01T00:00"},
    {"2027 Q3", "2027-07-01T00:00/2027-10-01T00:00"},
    {"Q2", "2027-04-01T00:00/2027-07-01T00:00"},
    {"three Fridays from now", "2026-12-11T00:00/2026-12-12T00:00"},
    {"the 90s", "1990-01-01T00:00/2000-01-01T00:00 ?past"},
    {"the 1990s", "1990-01-01T00:00/2000-01-01T00:00 ?past"},
    {"noon", "2026-11-24T12:00"},
    {"half past seven", "2026-11-24T19:30 ?am_pm"},
    {"half ten", "2026-11-24T10:30"},
    {"quarter past three", "2026-11-24T15:15"},
    {"quarter to seven", "2026-11-24T18:45"},
    {"ten to four", "2026-11-24T15:50"},
    {"twenty past five", "2026-11-24T17:20"},
    {"7 o'clock", "2026-11-24T19:00 ?am_pm"},
    {"at 7", "2026-11-24T19:00 ?am_pm"},
    {"at seven thirty", "2026-11-24T19:30 ?am_pm"},
    {"around 9", "2026-11-24T09:00"},
    {"11ish", "2026-11-24T11:00"},
    {"3pm", "2026-11-24T15:00"},
    {"3 p.m.", "2026-11-24T15:00"},
    {"at 1030", "2026-11-24T10:30"},
    {"at 0500", "2026-11-25T05:00"},
    {"8 in the evening", "2026-11-24T20:00"},
    {"in the evening at 8", "2026-11-24T20:00"},
    {"9am London time", "2026-11-24T09:00"},
    {"2-4pm", "2026-11-24T14:00/2026-11-24T16:00"},
    {"between 2 and 4", "2026-11-24T02:00/2026-11-24T04:00"},
    {"from 9 to 11", "2026-11-24T09:00/2026-11-24T11:00"},
    {"9-11", "2026-11-24T09:00/2026-11-24T11:00"},
    {"10 to 4", "2026-11-24T10:00/2026-11-24T16:00"},
    {"10am to 4", "2026-11-24T10:00/2026-11-24T16:00"},
    {"9 to 11am", "2026-11-24T09:00/2026-11-24T11:00"},
    {"morning", "2026-11-24T08:00/2026-11-24T12:00"},
    {"in the morning", "2026-11-24T08:00/2026-11-24T12:00"},
    {"the morning", "2026-11-24T08:00/2026-11-24T12:00"},
    {"late morning", "2026-11-24T10:00/2026-11-24T12:00"},
    {"in the late afternoon", "2026-11-24T14:00/2026-11-24T16:00"},
    {"this afternoon", "2026-11-24T12:00/2026-11-24T16:00"},
    {"early this morning", "2026-11-24T08:00/2026-11-24T10:00"},
    {"tonight", "2026-11-24T20:00/2026-11-24T23:59"},
    {"Tuesday, 2pm", "2026-12-01T14:00"},
    {"2pm Tuesday", "2026-12-01T14:00"},
    {"2pm, Tuesday", "2026-12-01T14:00"},
    {"Tue am", "2026-12-01T08:00/2026-12-01T12:00"},
    {"tomorrow morning at 9", "2026-11-25T09:00"},
    {"9 tomorrow morning", "2026-11-25T09:00"},
    {"9am, tomorrow morning", "2026-11-25T09:00"},
    {"tomorrow 2pm to 4pm", "2026-11-25T14:00/2026-11-25T16:00"},
    {"2pm to tomorrow 4pm", "2026-11-25T14:00/2026-11-25T16:00"},
    {"from tomorrow 2pm to Thursday 4pm", "2026-11-25T14:00/2026-11-26T16:00"},
    {"between tomorrow 2pm and Thursday 4pm", "2026-11-25T14:00/2026-11-26T16:00"},
    {"tomorrow at 2pm for 30 minutes", "2026-11-25T14:00 ; 0mo 1800s"},
    {"Monday to Wednesday", "2026-11-30T00:00/2026-12-03T00:00"},
    {"from Monday to Wednesday", "2026-11-30T00:00/2026-12-03T00:00"},
    {"between Monday and Wednesday", "2026-11-30T00:00/2026-12-03T00:00"},
    {"7 to 11 December", "2026-12-07T00:00/2026-12-12T00:00"},
    {"from 7 to 11 December", "2026-12-07T00:00/2026-12-12T00:00"},
    {"7 to 11 December 2026", "2026-12-07T00:00/2026-12-12T00:00"},
    {"from the 7th to 11th December 2026", "2026-12-07T00:00/2026-12-12T00:00"},
    {"December 7 to 11", "2026-12-07T00:00/2026-12-12T00:00"},
    {"December 7-11, 2026", "2026-12-07T00:00/2026-12-12T00:00"},
    {"Monday 7 to 11 December", "2026-12-07T00:00/2026-12-12T00:00"},
    {"from the 4th to 22nd of next month", "2026-12-04T00:00/2026-12-23T00:00"},
    {"Mon to Wed next week", "2026-11-30T00:00/2026-12-03T00:00"},
    {"for 10 days from December 7", "2026-12-07T00:00/2026-12-17T00:00"},
    {"2 weeks starting December 7", "2026-12-07T00:00/2026-12-21T00:00"},
    {"December 7 for 10 days", "2026-12-07T00:00/2026-12-17T00:00"},
    {"December 7 for 2 hours from 9:30am", "2026-12-07T09:30/2026-12-07T11:30"},
    {"45 minutes", "0mo 2700s"},
    {"an hour", "0mo 3600s"},
    {"half an hour", "0mo 1800s"},
    {"quarter of an hour", "0mo 900s"},
    {"an hour and a half", "0mo 5400s"},
    {"two and a half hours", "0mo 9000s"},
    {"two and a quarter hours", "0mo 8100s"},
    {"an hour and 20 minutes", "0mo 4800s"},
    {"2 hours ten", "0mo 7800s"},
    {"2 hours and ten", "0mo 7800s"},
    {"a couple of hours", "0mo 7200s"},
    {"for two hours", "0mo 7200s"},
    {"about 2 hours", "0mo 7200s"},
    {"all day", "0mo 86400s"},
    {"after 4pm", "after 2026-11-24T16:00"},
    {"after 4", "after 2026-11-24T04:00"},
    {"before 10am", "before 2026-11-24T10:00"},
    {"before 10", "before 2026-11-24T10:00"},
    {"until Friday", "before 2026-11-27T00:00"},
    {"Thursday after 9:30", "after 2026-11-26T09:30"},
    {"after 9:30 on Thursday", "after 2026-11-26T09:30"},
    {"from 3 onwards", "after 2026-11-24T03:00"},
    {"3pm or later", "after 2026-11-24T15:00"},
    {"every day", "FREQ=DAILY"},
    {"every two weeks", "FREQ=WEEKLY;INTERVAL=2"},
    {"every other Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"},
    {"every 2nd Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"},
    {"every Tuesday", "FREQ=WEEKLY;BYDAY=TU"},
    {"every morning", "FREQ=DAILY"},
    {"every Tuesday morning", "FREQ=WEEKLY;BYDAY=TU"},
    {"weekly", "FREQ=WEEKLY"},
    {"Mondays", "FREQ=WEEKLY;BYDAY=MO"},
    {"on weekends", "FREQ=WEEKLY;BYDAY=SA,SU"},
    {"Mondays and Thursdays", "FREQ=WEEKLY;BYDAY=MO,TH"},
    {"on mornings at 9", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"},
    {"next evening", "2026-11-25T16:00/2026-11-25T20:00"},
    {"Monday and every Thursday", "FREQ=WEEKLY;BYDAY=MO,TH"},
    {"every day at 9", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"},
    {"every day at 9am", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"},
    {"9am every day", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"},
    {"the first Monday of every month", "FREQ=MONTHLY;BYDAY=1MO"},
    {"the 1st and last Monday of every month", "FREQ=MONTHLY;BYDAY=1MO,-1MO"},
    {"every month on the 4th", "FREQ=MONTHLY;BYMONTHDAY=4"},
    {"monthly on the 4th", "FREQ=MONTHLY;BYMONTHDAY=4"},
    {"the 15th of every month", "FREQ=MONTHLY;BYMONTHDAY=15"},
    {"every March 3rd", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3"},
    {"every Monday until December 30", "FREQ=WEEKLY;UNTIL=20261230;BYDAY=MO"},
    {"every Monday for two months", "FREQ=WEEKLY;UNTIL=20270124;BYDAY=MO"},
    {"every Monday for up to two months", "FREQ=WEEKLY;UNTIL=20270124;BYDAY=MO"},
    {"every Monday starting December 7", "FREQ=WEEKLY;BYDAY=MO"},
    {"every Monday from December until March", "FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO"},
    {"starting in December, daily until March", "FREQ=DAILY;UNTIL=20270301"},
    {"every Monday for 6 times", "FREQ=WEEKLY;COUNT=6;BYDAY=MO"},
    {"Mondays twice", "FREQ=WEEKLY;COUNT=2;BYDAY=MO"},
    {"every day except Sunday", "FREQ=DAILY but"},
    {"every day except Sunday and Monday", "FREQ=DAILY but"},
    {"every Monday in March", "FREQ=WEEKLY;BYMONTH=3;BYDAY=MO"},
    {"every 4 weeks on weekends", "FREQ=WEEKLY;INTERVAL=4;BYDAY=SA,SU"},
    {"at the beginning of each month", "FREQ=MONTHLY;BYMONTHDAY=1"},
    {"every month at the end", "FREQ=MONTHLY;BYMONTHDAY=-1"},
    {"every fourth Thursday in November", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"},
    {"every last Friday of the month", "FREQ=MONTHLY;BYDAY=-1FR"},
    {"yearly on the fourth Thursday in November", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"},
    {"nineteen eighty-six", ""},
    {"two hundred minutes", "0mo 12000s"},
    {"May twenty-first two thousand and thirty", "2030-05-21T00:00/2030-05-22T00:00"},
    {"all next week", "2026-11-30T00:00/2026-12-07T00:00"},
    {"an hour after 3pm", "2026-11-24T16:00"},
    {"month of the week after Monday", "2026-12-07T00:00/2026-12-14T00:00"},
    {"two of hours", "0mo 7200s"},
    {"November, 2027", "2027-11-01T00:00/2027-12-01T00:00"},
    {"at about 9am", "2026-11-24T09:00"},
    {"two of minutes", "0mo 120s"},
    {"2 to 4 in the afternoon", "2026-11-24T14:00/2026-11-24T16:00"},
    {"on December 7 for 2 hours from 9am", "2026-12-07T09:00/2026-12-07T11:00"},
    {"Mondays or Thursdays", "FREQ=WEEKLY;BYDAY=MO,TH"},
    {"a quarter of an hour", "0mo 900s"},
    {"the 3rd quarter of 2027", "2027-07-01T00:00/2027-10-01T00:00"},
    {"My number is 0161 496 0930", ""},
    {"Invoice 4471 for $1,200 is attached", ""},
    {"There are two to four people in the room", ""},
    {"This may or may not work", ""},
    {"Version 2.10 of the document", ""},
    {"https://app.example/r/2026/12/15?h=14:30", ""},
    {"Have a look at section 3.4", ""},
    {"room 214, building 3", ""},
    {"I second that", ""},
    {"Good evening", ""},
    {"call me on +44 20 7946 0935", ""},
    {"32/2026", ""},
    {"See you on 31 June at 10", "2026-06-30T10:00 ?contradiction"},
    {"Thursday 2nd December", "2026-12-02T00:00/2026-12-03T00:00 ?contradiction"},
    {"the 20th, 3pm your time", "2026-12-20T15:00"},
    {"3pm my time", "2026-11-24T15:00"},
#define C(text, reading) {text, reading},
#include "domain/timex/en/cases.def"
#undef C
};

static struct slice show(const struct timex *t, struct arena *arena)
{
    struct slice from = civil_format(t->start, arena), to = civil_format(t->end, arena);
    from.len = to.len = sizeof "2026-11-24T09:00" - 1;
    if (t->kind == TIMEX_DURATION)
        return arena_format(arena, "%lldmo %llds", (long long)t->duration_months,
                            (long long)t->duration_s);
    if (t->kind == TIMEX_SET)
        return arena_format(arena, "%.*s%s", SLICE_ARG(t->rrule), t->exception ? " but" : "");
    if (t->open != TIMEX_BOUNDED)
        return arena_format(arena, "%s %.*s", t->open == TIMEX_AFTER ? "after" : "before",
                            SLICE_ARG(from));
    if (t->kind == TIMEX_INSTANT && t->has_clock)
        return from;
    return arena_format(arena, "%.*s/%.*s", SLICE_ARG(from), SLICE_ARG(to));
}

static void check_rows(const struct row *rows, size_t count, enum language language)
{
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct timex_context context = {.language = language,
                                        .month_first = language == LANGUAGE_EN};
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        struct timex_list found;
        struct slice text = LIT("");
        check_row(rows[i].text);
        CHECK_OK(timex_find(slice_from(rows[i].text), &context, arena, &found, NULL));
        for (size_t k = 0; k < found.count; k++) {
            enum timex_doubt doubt = found.items[k].doubt;
            text = arena_format(arena, "%.*s%s%.*s%s%s", SLICE_ARG(text), k > 0 ? " ; " : "",
                                SLICE_ARG(show(&found.items[k], arena)), doubt ? " ?" : "",
                                timex_doubt_names[doubt]);
        }
        CHECK_TEXT(text, rows[i].reading);
    }
}

static bool exercised[1024];

static void reads_french(void)
{
    check_rows(french, sizeof french / sizeof *french, LANGUAGE_FR);
    check_rows(french_habits, sizeof french_habits / sizeof *french_habits, LANGUAGE_FR);
}

static void reads_english(void)
{
    check_rows(english, sizeof english / sizeof *english, LANGUAGE_EN);
}

static void every_rule_was_exercised(void)
{
    CHECK(rules_count() <= sizeof exercised);
    for (size_t i = 0; i < rules_count(); i++) {
        check_row(rules_get(i)->name);
        CHECK(exercised[i]);
    }
}

static struct timex_list find(const char *text, enum language language, struct arena *arena)
{
    struct timex_context context = {.language = language};
    context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
    struct timex_list found;
    CHECK_OK(timex_find(slice_from(text), &context, arena, &found, NULL));
    return found;
}

/* A further language must say of each class which words it has for it, if any; and no class is
 * empty in all of them. */
static void every_language_gives_every_class(void)
{
    size_t words[CLASS_COUNT_] = {0};
    for (size_t l = 0; l < LANGUAGES; l++) {
        const struct language_data *language = timex_languages[l];
        unsigned given[CLASS_COUNT_] = {0};
        for (size_t i = 0; i < language->class_count; i++) {
            check_row(language->classes[i].words);
            given[language->classes[i].class]++;
            words[language->classes[i].class] += language->classes[i].words[0] != '\0';
            for (const char *p = language->classes[i].words; *p != '\0'; p++)
                CHECK((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
                      (*p == ' ' && p[1] > ' ')); /* folded, one space between them */
        }
        for (size_t i = 0; i < CLASS_COUNT_; i++)
            CHECK_NUMBER(given[i], 1);
    }
    for (size_t i = 0; i < CLASS_COUNT_; i++)
        CHECK(words[i] > 0);
}

static void says_where_and_in_which_zone(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    const char *text = "Voilà : mardi à 15h heure de Londres, ou 9h chez vous.";
    struct timex_list found = find(text, LANGUAGE_FR, arena);
    CHECK_NUMBER(found.count, 2);
    if (found.count != 2)
        return;
    CHECK_TEXT(found.items[0].text, "mardi à 15h heure de Londres");
    CHECK_NUMBER(found.items[0].offset, sizeof "Voilà : " - 1);
    CHECK_TEXT(found.items[0].zone, "Europe/London");
    CHECK_TEXT(found.items[1].zone, "reader");
    CHECK(!found.items[1].clock_only && !found.items[0].clock_only);
}

static void reads_both_languages_mixed(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct timex_list found = find("mardi ou next Friday", LANGUAGE_UNKNOWN, arena);
    CHECK_NUMBER(found.count, 2);
    CHECK_NUMBER(timex_language(LIT("Bonjour, on se voit mardi pour le point ?")), LANGUAGE_FR);
    CHECK_NUMBER(timex_language(LIT("Could you find a slot with the team?")), LANGUAGE_EN);
    CHECK_NUMBER(timex_language(LIT("OK")), LANGUAGE_UNKNOWN);
}

static void doubts_the_order_of_numbers(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    CHECK_NUMBER(find("05/06 at 14:00", LANGUAGE_EN, arena).items[0].doubt, TIMEX_DAY_OR_MONTH);
    CHECK_NUMBER(find("13/06 at 14:00", LANGUAGE_EN, arena).items[0].doubt, TIMEX_CLEAR);
    CHECK_NUMBER(find("05/06 à 14h", LANGUAGE_FR, arena).items[0].doubt, TIMEX_CLEAR);
}

/* Said on a Sunday evening: hours whose half of the day is open. */
static void reads_open_hours_in_the_evening(void)
{
    static const struct row rows[] = {
        {"at three o'clock", "2026-11-30T15:00"},
        {"at 8", "2026-11-29T20:00"},
        {"11ish", "2026-11-30T11:00"},
        {"at 3am", "2026-11-30T03:00"},
        {"tomorrow at 2", "2026-11-30T14:00"},
        {"at 21:15", "2026-11-29T21:15"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_ARENA arena = arena_create(16 << 20);
        struct timex_context context = {.language = LANGUAGE_EN, .month_first = true};
        context.ref = civil_at((struct civil_date){2026, 11, 29}, 18, 30);
        struct timex_list found = {0};
        check_row(rows[i].text);
        CHECK_OK(timex_find(slice_from(rows[i].text), &context, arena, &found, NULL));
        CHECK_NUMBER(found.count, 1);
        if (found.count == 1)
            CHECK_TEXT(show(&found.items[0], arena), rows[i].reading);
    }
}

static void refuses_what_it_must(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct timex_context context = {.language = LANGUAGE_FR};
    struct timex_list found;
    struct problem why = {0};
    context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
    CHECK(timex_find(LIT("mardi \xff"), &context, arena, &found, &why) == ST_INVALID);
    CHECK_NUMBER(why.offset, 6);
    struct slice long_text = {arena_alloc(arena, TIMEX_BODY_MAX + 1), TIMEX_BODY_MAX + 1};
    CHECK(timex_find(long_text, &context, arena, &found, &why) == ST_LIMIT);
    CHECK(timex_find(LIT(""), &context, arena, &found, &why) == ST_OK && found.count == 0);
}

static struct slice repeated(const char *seed, size_t times, struct arena *arena)
{
    size_t length = strlen(seed);
    char *text = arena_alloc(arena, length * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, seed, length);
    return (struct slice){text, length * times};
}

static enum status count_work(struct slice text, struct arena *arena, struct reader *reader,
                              struct mention_found_list *found)
{
    struct timex_context *context = ARENA_NEW(arena, struct timex_context);
    context->ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
    *found = (struct mention_found_list){0};
    return timex_mentions(text, context, arena, false, reader, found, NULL, NULL);
}

static const char *const seeds[] = {
    "1 ",          "le 1er ",     "mardi ",   "14h-",      "du 2 au 3 ", "et ",   "de la de la ",
    "every ",      "9/9/",        "à ",       "next ",     "the next 3 ", "n°1",  "ref 1-",
    "half past ",  "the first ",  "1.2.",     "a@b.",      "-1",         "( ",    "from 2 to ",
    "le lundi et ", "not before ", "2 et demi ", "q1 ",    "an hour and a half of ",
    "depuis premier ", "since first ",
};

/* Whatever the text, work stays within its bounds, and over them nothing is read. */
static void bears_hostile_text(void)
{
    static const size_t lengths[] = {TIMEX_BODY_MAX, 3000};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds * 2; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        const char *seed = seeds[i / 2];
        struct reader reader;
        struct mention_found_list found;
        struct slice text = repeated(seed, lengths[i % 2] / strlen(seed), arena);
        enum status status = count_work(text, arena, &reader, &found);
        check_row(seed);
        CHECK(status == ST_OK || status == ST_LIMIT);
        CHECK(reader.steps <= STEPS_PER_TEXT && reader.items_made <= ITEMS_PER_TEXT);
        CHECK(reader.tokens.count <= TOKENS_PER_TEXT && found.count <= TIMEX_MAX + ISLAND_MAX);
        CHECK(!reader.limited || status == ST_LIMIT);
        CHECK(arena_used(arena) < (4 << 20));
    }
}

/* The same sentence eight times is eight times the work. */
static void works_by_the_length_of_the_text(void)
{
    static const char *const sentences[] = {
        "Je peux mardi 24 novembre entre 14h et 16h30, sinon le jeudi suivant en fin de matinée. ",
        "How about the second Tuesday of December at half past two, or any morning next week? ",
        "The invoice of last year, room 12, is on page 340 of the report that we sent to Lille. ",
        "Tous les lundis de 9h à 10h jusqu'à la fin du mois de mars, sauf le 1er et le 2 février. ",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        struct reader one, eight;
        struct mention_found_list found;
        check_row(sentences[i]);
        CHECK_OK(count_work(repeated(sentences[i], 1, arena), arena, &one, &found));
        CHECK_OK(count_work(repeated(sentences[i], 8, arena), arena, &eight, &found));
        CHECK(eight.steps <= 9 * one.steps + 100 && eight.items_made <= 9 * one.items_made + 20);
        CHECK(one.steps < 1500 && one.items_made < 300);
    }
}

/* A date that stands where no bound lets us read is not passed over in silence. */
static void says_when_it_cannot_read_all(void)
{
    static const struct {
        const char *filler;
        size_t times;
        enum status status;
    } cases[] = {
        {"pluie ", TOKENS_PER_TEXT - 1, ST_OK},
        {"pluie ", TOKENS_PER_TEXT, ST_LIMIT},
        {"rain. ", TOKENS_PER_TEXT / 2, ST_LIMIT},
        {"9h. ", TIMEX_MAX - 1, ST_OK},
        {"9h. ", TIMEX_MAX, ST_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        struct slice filler = repeated(cases[i].filler, cases[i].times, arena);
        struct slice text = arena_format(arena, "%.*smardi", SLICE_ARG(filler));
        struct timex_context context = {.language = LANGUAGE_UNKNOWN};
        struct timex_list found = {0};
        context.ref = civil_at((struct civil_date){2026, 11, 24}, 9, 0);
        check_row(cases[i].filler);
        CHECK(timex_find(text, &context, arena, &found, NULL) == cases[i].status);
        CHECK((found.count > 0) == (cases[i].status == ST_OK));
    }
}

/* Letters, and what is no letter. */
static void letters_are_folded(void)
{
    static const struct {
        uint32_t letter;
        const char *folded;
    } rows[] = {{'Q', "q"},    {'7', ""},     {0xC9, "e"},   {0xEA, "e"},   {0xE7, "c"},
                {0xC6, "ae"},  {0xE6, "ae"},  {0x152, "oe"}, {0x153, "oe"}, {0xDF, "s"},
                {0xD7, ""},    {0x17E, "z"},  {0x180, ""},   {0x20AC, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[4];
        check_row(rows[i].folded);
        CHECK_TEXT(((struct slice){out, fold_code_point(rows[i].letter, out)}), rows[i].folded);
    }
}

int main(void)
{
    rules_exercised = exercised;
    TEST(reads_french);
    TEST(reads_english);
    TEST(every_rule_was_exercised);
    TEST(every_language_gives_every_class);
    TEST(says_where_and_in_which_zone);
    TEST(reads_both_languages_mixed);
    TEST(doubts_the_order_of_numbers);
    TEST(reads_open_hours_in_the_evening);
    TEST(refuses_what_it_must);
    TEST(bears_hostile_text);
    TEST(works_by_the_length_of_the_text);
    TEST(letters_are_folded);
    TEST(says_when_it_cannot_read_all);
    return check_done();
}
