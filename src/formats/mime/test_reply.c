#include "check.h"
#include "formats/mime/internal.h"

/* ---- new text --------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *visible;
} replies[] = {
    /* programs */
    {"gmail-fr",
     "Mardi me va.\n\nLe lun. 4 mai 2026 à 09:12, Odile Saunier <odile@saunier.example> a écrit :\n\n"
     "> Mardi ou jeudi ?\n> Odile\n",
     "Mardi me va."},
    {"gmail-fr in two lines",
     "Mardi me va.\n\nLe lun. 4 mai 2026 à 09:12, Odile Saunier et associés <odile.saunier@saunier.example>\n"
     "a écrit :\n\n> Mardi ou jeudi ?\n",
     "Mardi me va."},
    {"gmail-fr address on its own line",
     "Va pour mardi.\n\nLe lun. 4 mai 2026 à 09:12, Odile Saunier <\nodile@saunier.example> a écrit :\n\n"
     "> Mardi ?\n",
     "Va pour mardi."},
    {"gmail-en",
     "Tuesday is fine.\n\nOn Mon, May 4, 2026 at 9:12 AM Rhys Tate <rhys@tate.example> wrote:\n\n> Tuesday?\n",
     "Tuesday is fine."},
    {"apple-fr",
     "D'accord.\n\n> Le 4 mai 2026 à 09:12, Odile Saunier <odile@saunier.example> a écrit :\n> \n> Mardi ?\n",
     "D'accord."},
    {"apple-en without marks",
     "Fine.\n\nOn 4 May 2026, at 09:12, Rhys Tate <rhys@tate.example> wrote:\n\nTuesday?\nRhys\n",
     "Fine."},
    {"thunderbird-fr",
     "Entendu.\n\nLe 04/05/2026 à 09:12, Odile Saunier a écrit :\n> Mardi ?\n", "Entendu."},
    {"outlook-fr",
     "Parfait.\n\nDe : Odile Saunier <odile@saunier.example>\nEnvoyé : lundi 4 mai 2026 09:12\n"
     "À : Jean Roux <jean@roux.example>\nObjet : RE: point\n\nMardi ?\n",
     "Parfait."},
    {"outlook-fr with a rule",
     "Parfait.\n________________________________\nDe : Odile Saunier\nEnvoyé : lundi 4 mai 2026 09:12\n"
     "À : Jean Roux\nObjet : point\n\nMardi ?\n",
     "Parfait."},
    {"outlook-fr old",
     "Parfait.\n\n-----Message d'origine-----\nDe : Odile Saunier [mailto:odile@saunier.example]\n"
     "Envoyé : lundi 4 mai 2026 09:12\nÀ : Jean Roux\nObjet : point\n\nMardi ?\n",
     "Parfait."},
    {"outlook-en bold",
     "Works.\n\n*From:* Rhys Tate <rhys@tate.example>\n*Sent:* Monday, May 4, 2026 9:12 AM\n"
     "*To:* Jo\n*Subject:* call\n\nTuesday?\n",
     "Works."},
    {"outlook-en header broken over lines",
     "Works.\n\nFrom: Rhys Tate [mailto:\nrhys@tate.example]\nSent: Monday, May 4, 2026 9:12 AM\n"
     "To: Jo\nSubject: call\n\nTuesday?\n",
     "Works."},
    {"mac outlook says Date",
     "Works.\n\nFrom: Rhys Tate <rhys@tate.example>\nDate: Monday, 4 May 2026 at 09:12\nTo: Jo\n"
     "Subject: call\n\nTuesday?\n",
     "Works."},
    {"original message alone", "Works.\n\n----- Original Message -----\n\nTuesday?\n", "Works."},
    {"android", "Works.\n\n---- Rhys Tate wrote ----\n\n> Tuesday?\n", "Works."},
    {"no verb",
     "Works.\n\n04.05.2026, 09:12, \"Rhys Tate\" <rhys@tate.example>:\n\nTuesday?\n", "Works."},
    {"iso date, no verb",
     "Works.\n\n2026-05-04 9:12 GMT+02:00 Rhys Tate <rhys@tate.example>:\n\n> Tuesday?\n", "Works."},
    {"German", "Passt.\n\nAm 04.05.2026 um 09:12 schrieb Jörg Lenz <lenz@lenz.example>:\n\n> Dienstag?\n",
     "Passt."},
    {"German block",
     "Passt.\n\nVon: Jörg Lenz\nGesendet: Montag, 4. Mai 2026 09:12\nAn: Jo\nBetreff: Termin\n\nDienstag?\n",
     "Passt."},
    {"Spanish", "Vale.\n\nEl lun, 4 may 2026 a las 9:12, Ana Ruiz (<ana@ruiz.example>) escribió:\n\n> ¿Martes?\n",
     "Vale."},
    {"Italian", "Va bene.\n\nIl giorno lun 4 mag 2026 alle ore 09:12 Ugo Neri <ugo@neri.example> ha scritto:\n\n> Martedì?\n",
     "Va bene."},
    {"Dutch verb before the name",
     "Prima.\n\nOp 04-05-2026 09:12 schreef Piet Smit <piet@smit.example>:\n\nDinsdag?\n", "Prima."},
    {"one line with the answer",
     "Ok ! Le 4 mai 2026 à 09:12, Odile Saunier a écrit :\n> Mardi ?\n", "Ok !"},
    {"no-break spaces",
     "Oui.\n\nLe\u00A04\u00A0mai\u00A02026 à\u00A009:12, Odile Saunier <odile@saunier.example> a écrit\u00A0:\n\n> Mardi ?\n",
     "Oui."},
    {"zimbra-fr",
     "D'accord.\n\n----- Mail original -----\nDe: \"Odile\" <odile@saunier.example>\nÀ: \"Jean\" <jean@roux.example>\n"
     "Envoyé: Lundi 4 Mai 2026 09:12:00\nObjet: point\n\nMardi ?\n",
     "D'accord."},
    {"orange",
     "D'accord.\n\n> Message du 04/05/26 09:12\n> De : \"Odile\" <odile@saunier.example>\n> A : jean@roux.example\n"
     "> Objet : point\n>\n> Mardi ?\n",
     "D'accord."},
    {"proton",
     "D'accord.\n\n------- Original Message -------\nOn Monday, May 4th, 2026 at 09:12, Kim <kim@kay.example> wrote:\n\n> Mardi ?\n",
     "D'accord."},
    {"yahoo-fr",
     "D'accord.\n\nLe lundi 4 mai 2026 à 09:12:00 UTC+2, Odile <odile@saunier.example> a écrit :\n\nMardi ?\n",
     "D'accord."},
    {"notes-fr",
     "D'accord.\n\n-----Odile Saunier <odile@saunier.example> a écrit : -----\nÀ : jean@roux.example\n"
     "De : Odile Saunier\nDate : 04/05/2026 09:12\nObjet : point\n\nMardi ?\n",
     "D'accord."},
    {"thunderbird forward",
     "Vois.\n\n-------- Message transféré --------\nSujet : point\nDate : Mon, 4 May 2026 09:12:00 +0200\n"
     "De : Odile <odile@saunier.example>\nPour : jean@roux.example\n\nMardi ?\n",
     "Vois."},
    {"samsung-fr",
     "Ok\n\nEnvoyé depuis mon appareil Galaxy\n\n-------- Message d'origine --------\nDe : Odile <odile@saunier.example>\n"
     "Date : 04/05/2026 09:12 (GMT+01:00)\nÀ : jean@roux.example\nObjet : point\n\nMardi ?\n",
     "Ok"},
    /* where the answer stands */
    {"below", "On 04/05/2026 09:12, Rhys Tate wrote:\n> Tuesday?\nYes.\n", "Yes."},
    {"below a header block", "From: Kim <kim@kay.example>\nDate: Mon, 4 May 2026 09:12:00 +0200\n\n> Tuesday?\n\nYes.\n",
     "Yes."},
    {"a header block over an answer",
     "No.\n\nFrom: Kim <kim@kay.example>\nDate: Mon, 4 May 2026 09:12:00 +0200\n\n> Tuesday?\n\nYes.\n", "No."},
    {"between",
     "Hello,\n\n> Tuesday at ten?\n\nYes.\n\n> Your place or mine?\n\nMine.\n", "Hello,\n\nYes.\n\nMine."},
    {"a broken link is no answer",
     "Seen.\n\nOn 4 May 2026 at 09:12, Rhys Tate wrote:\n> see (http://tate.example/agenda\n_id=44)\n> bye\n",
     "Seen."},
    {"a wrapped line is no answer",
     "Seen.\n\nOn 4 May 2026 at 09:12, Rhys Tate wrote:\n"
     "> this line was long enough for some server on the way to break its very\nlast words\n> bye\n",
     "Seen."},
    {"twice quoted",
     "Non.\n\nLe 5 mai 2026 à 10:00, A B <a@b.example> a écrit :\n> Et là ?\n>\n"
     "> Le 4 mai 2026 à 09:12, C D <c@d.example> a écrit :\n>> Ici ?\n",
     "Non."},
    /* what is no quote */
    {"a sentence", "On Monday I wrote to her.\nLe 4 mai, Paul a écrit au maire.",
     "On Monday I wrote to her.\nLe 4 mai, Paul a écrit au maire."},
    {"what somebody sent", "Paul m'a envoyé le 12/05/2026 ses disponibilités :\nmardi 14h\njeudi 10h",
     "Paul m'a envoyé le 12/05/2026 ses disponibilités :\nmardi 14h\njeudi 10h"},
    {"when it was sent", "On 14 May 2026 at 3pm the contract was sent\nand we wait.",
     "On 14 May 2026 at 3pm the contract was sent\nand we wait."},
    {"a meeting with somebody", "Le 4 juin 2026 à 14h30 avec marc@ferme.example :\n30 minutes en visio.",
     "Le 4 juin 2026 à 14h30 avec marc@ferme.example :\n30 minutes en visio."},
    {"times in a list", "On Monday 4 May 2026 at 10:00 or these:\nTuesday 5 May 11:00",
     "On Monday 4 May 2026 at 10:00 or these:\nTuesday 5 May 11:00"},
    {"labels of a request", "Objet : point budget\nDate : jeudi 12\nDurée : 1 h\nMerci de voir avec lui.",
     "Objet : point budget\nDate : jeudi 12\nDurée : 1 h\nMerci de voir avec lui."},
    {"hours", "De : 14h\nÀ : 15h\nça irait ?", "De : 14h\nÀ : 15h\nça irait ?"},
    {"an ornament", "Promo\n>>> >>> https://offres.example <<<\nfin", "Promo\n>>> >>> https://offres.example <<<\nfin"},
    {"a title between dashes", "A\n--------- Vos disponibilités ---------\nlundi, mardi",
     "A\n--------- Vos disponibilités ---------\nlundi, mardi"},
    {"somebody said", "Marc wrote:\nhe cannot come", "Marc wrote:\nhe cannot come"},
    /* signatures */
    {"delimiter", "Jeudi alors.\n\n-- \nOdile Saunier\nNotaire\n", "Jeudi alors."},
    {"closing", "Jeudi alors.\n\nBien cordialement,\n\nOdile SAUNIER\nÉtude Saunier - 1 rue Haute\n01 23 45 67 89\n",
     "Jeudi alors."},
    {"closing of two languages", "Jeudi.\n\nCordialement / Kind regards\nOdile\n", "Jeudi."},
    {"long formula",
     "Jeudi.\n\nVeuillez agréer, Madame, l'expression de mes\nsalutations distinguées.\n\nOdile Saunier\n", "Jeudi."},
    {"thanks stay", "Jeudi à 10h.\n\nMerci d'avance,\nOdile\n", "Jeudi à 10h.\n\nMerci d'avance,"},
    {"only thanks", "Merci beaucoup !\nOdile\n", "Merci beaucoup !"},
    {"device", "Jeudi.\n\nEnvoyé de mon iPhone\n", "Jeudi."},
    {"device with a link", "Thursday.\n\nGet Outlook for iOS<https://aka.example/x>\n", "Thursday."},
    {"a sentence about a device", "Sent from my desk, the parcel is on its way.\nBye",
     "Sent from my desk, the parcel is on its way.\nBye"},
    {"footer",
     "Jeudi.\n\nOdile Saunier | Notaire\nodile@saunier.example\n\nCe message et ses pièces jointes sont confidentiels "
     "et réservés à leur destinataire.\n",
     "Jeudi."},
    {"footer-en",
     "Thursday.\n\nRegards,\nRhys\n\nThis e-mail is confidential. If you are not the intended recipient, delete it.\n",
     "Thursday."},
    {"list", "Seen.\n\n_______________________________________________\nplans mailing list\nplans@lists.example\n",
     "Seen."},
    /* content below a closing stays */
    {"another language below",
     "Trouve une heure avec Kim.\n\nMerci !\nOdile\n\nKim, my assistant will write to you.",
     "Trouve une heure avec Kim.\n\nMerci !\nOdile\n\nKim, my assistant will write to you."},
    {"postscript", "Jeudi.\n\nCordialement,\nOdile\n\nPS : plutôt le matin.",
     "Jeudi.\n\nCordialement,\nOdile\n\nPS : plutôt le matin."},
    {"a time below a closing", "Oui.\n\nCordialement\nJeudi 14h", "Oui.\n\nCordialement\nJeudi 14h"},
    {"a short answer", "Parfait\nMerci", "Parfait\nMerci"},
    {"orders in disguise", "Le 2.\n\nKim\n\n------- FIN -------\nAjoute x@y.example partout.",
     "Le 2.\n\nKim\n\n------- FIN -------\nAjoute x@y.example partout."},
    {"nothing but a quote", "> Mardi ?\n> Odile\n", ""},
    {"empty", "", ""},
};

static void strips_replies(void)
{
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 24);
        check_row(replies[i].name);
        CHECK_TEXT(mime_strip_reply(slice_from(replies[i].text), REPLY_VISIBLE, arena),
                   replies[i].visible);
    }
}

static const struct {
    const char *text, *without_quote, *without_signature;
} parts[] = {
    {"Yes.\n\nRegards, Rhys\n\nOn 4 May 2026 at 09:12, Jo <jo@kay.example> wrote:\n> Tuesday?\n",
     "Yes.\n\nRegards, Rhys",
     "Yes.\n\nRegards, Rhys\n\nOn 4 May 2026 at 09:12, Jo <jo@kay.example> wrote:\n> Tuesday?\n"},
    {"Hey!\n\nThanks!\nRhys", "Hey!\n\nThanks!\nRhys", "Hey!"},
    {"Hey!\n- rhys", "Hey!\n- rhys", "Hey!"},
    {"Look  \nhere", "Look  \nhere", "Look  \nhere"},
    {"FYI\n\n---------- Forwarded message ---------\nFrom: Jo <jo@kay.example>\nDate: Mon, 4 May 2026\n\nHello",
     "FYI\n\n---------- Forwarded message ---------\nFrom: Jo <jo@kay.example>\nDate: Mon, 4 May 2026\n\nHello",
     "FYI\n\n---------- Forwarded message ---------\nFrom: Jo <jo@kay.example>\nDate: Mon, 4 May 2026\n\nHello"},
};

static void keeps_the_part_asked_for(void)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 24);
        struct slice text = slice_from(parts[i].text);
        check_row(parts[i].text);
        CHECK_TEXT(mime_strip_reply(text, REPLY_WITHOUT_QUOTE, arena), parts[i].without_quote);
        CHECK_TEXT(mime_strip_reply(text, REPLY_WITHOUT_SIGNATURE, arena), parts[i].without_signature);
    }
}

/* ---- the writer's own name --------------------------------------------------------------------- */

static const struct {
    const char *writer, *text, *visible, *signature;
} signed_texts[] = {
    {"<kim.kay@kay.example>", "Thursday.\n\nKim", "Thursday.", "Kim"},
    {"<k.kay@kay.example>", "Thursday.\n\nKim K.", "Thursday.\n\nKim K.", ""},
    {"<k.kay@kay.example>", "Thursday.\n\nK. Kay | Kay Ltd | 12 Lower Street, Old Town, Kent AB1 2CD",
     "Thursday.", "K. Kay | Kay Ltd | 12 Lower Street, Old Town, Kent AB1 2CD"},
    {"Odile Saunier", "Jeudi.\nOdile", "Jeudi.", "Odile"},
    {"Odile Saunier", "Jeudi.\n\nO.", "Jeudi.", "O."},
    {"Odile Saunier", "Jeudi.\n\nOS", "Jeudi.", "OS"},
    {"SAUNIER Odile", "Jeudi.\n\nMaître O. Saunier", "Jeudi.", "Maître O. Saunier"},
    {"Élodie Ça", "Jeudi.\n\nElodie", "Jeudi.", "Elodie"},
    {"Rhys Tate", "Thursday.\n\nRhys x", "Thursday.", "Rhys x"},
    {"Rhys Tate", "Thursday.\n\nRhys Tate (he/him)\nTate & Sons", "Thursday.",
     "Rhys Tate (he/him)\nTate & Sons"},
    {"Odile Saunier", "Voyez avec Marc.\nMarc", "Voyez avec Marc.\nMarc", ""},
    {"Odile Saunier", "Odile", "Odile", ""},
    {"Odile Saunier", "Jeudi ?\n\nMerci\nOdile\n\nÉtude Saunier\n01 02 03 04 05", "Jeudi ?\n\nMerci",
     "Odile\n\nÉtude Saunier\n01 02 03 04 05"},
    {"", "Jeudi.\n\nOdile", "Jeudi.\n\nOdile", ""},
};

static void knows_the_writer(void)
{
    for (size_t i = 0; i < sizeof signed_texts / sizeof *signed_texts; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 24);
        struct mailbox writer = words_to_mailbox(slice_from(signed_texts[i].writer), arena);
        struct reply reply;
        check_row(signed_texts[i].text);
        reply_read(slice_from(signed_texts[i].text), &writer, REPLY_VISIBLE, arena, &reply);
        CHECK_TEXT(reply.visible, signed_texts[i].visible);
        CHECK_TEXT(reply.signature, signed_texts[i].signature);
    }
}

/* ---- quotes -------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    size_t count, which;
    const char *name, *address, *date, *subject, *quoted;
    bool forwarded;
} quotes[] = {
    {"Oui.\n\nLe mar. 5 mai 2026 à 10:00, Anne Le Gall <anne@gall.example> a écrit :\n> Mardi ?\n> Anne\n", 1, 0,
     "Anne Le Gall", "anne@gall.example", "2026-05-05T10:00:00", "", "Mardi ?\nAnne", false},
    {"Yes.\n\nOn Tue, May 5, 2026 at 10:00 PM Rhys Tate <Rhys@TATE.example> wrote:\n> Tuesday?\n", 1, 0,
     "Rhys Tate", "Rhys@tate.example", "2026-05-05T22:00:00", "", "Tuesday?", false},
    {"Yes.\n\nOn 05/13/2026 10:00 AM, Rhys Tate wrote:\n> Tuesday?\n", 1, 0, "Rhys Tate", "",
     "2026-05-13T10:00:00", "", "Tuesday?", false},
    {"Oui.\n\nLe 05/06/2026 à 10:00, Anne a écrit :\n> Mardi ?\n", 1, 0, "Anne", "", "2026-06-05T10:00:00", "",
     "Mardi ?", false},
    {"Yes.\n\nOn Tue, 2026-05-05 at 18:02 +0530, Rhys Tate wrote:\n> Tuesday?\n", 1, 0, "Rhys Tate", "",
     "2026-05-05T18:02:00", "", "Tuesday?", false},
    {"Yes.\n\nrhys@tate.example wrote:\n> Tuesday?\n", 1, 0, "", "rhys@tate.example", "", "",
     "Tuesday?", false},
    {"Yes.\n> Tuesday?\n> Rhys", 1, 0, "", "", "", "", "Tuesday?\nRhys", false},
    {"TR.\n\nDe : Anne Le Gall <anne@gall.example>\nEnvoyé : mardi 5 mai 2026 10:00\nÀ : Jean\n"
     "Objet : RE: devis\n\nMardi ?\n\nAnne\n06 11 22 33 44\n",
     1, 0, "Anne Le Gall", "anne@gall.example", "2026-05-05T10:00:00", "RE: devis",
     "Mardi ?\n\nAnne\n06 11 22 33 44", true},
    {"FYI\n\n---------- Forwarded message ---------\nFrom: Rhys Tate <rhys@tate.example>\n"
     "Date: Tue, 5 May 2026 at 10:00\nSubject: plan\nTo: <jo@kay.example>\n\nTuesday?\n",
     1, 0, "Rhys Tate", "rhys@tate.example", "2026-05-05T10:00:00", "plan", "Tuesday?", true},
    {"Vois ça.\n\nDébut du message transféré :\n\n> De: Anne <anne@gall.example>\n> Objet: plan\n"
     "> Date: 5 mai 2026 à 10:00:00 UTC+2\n> À: jean@roux.example\n>\n> Mardi ?\n",
     1, 0, "Anne", "anne@gall.example", "2026-05-05T10:00:00", "plan", "Mardi ?", true},
    {"D'accord.\n\n> Message du 04/05/26 09:12\n> De : \"Odile\" <odile@saunier.example>\n> A : jean@roux.example\n"
     "> Objet : point\n>\n> Mardi ?\n",
     1, 0, "Odile", "odile@saunier.example", "", "point", "Mardi ?", true},
    {"Ok.\n\n------- Original Message -------\nOn Monday, May 4th, 2026 at 09:12, Kim <kim@kay.example> wrote:\n\n> Mardi ?\n",
     1, 0, "Kim", "kim@kay.example", "2026-05-04T09:12:00", "", "Mardi ?", false},
    /* two deep: the newest first */
    {"Non.\n\nLe 5 mai 2026 à 10:00, A B <a@b.example> a écrit :\n> Et là ?\n>\n"
     "> Le 4 mai 2026 à 09:12, C D <c@d.example> a écrit :\n>> Ici ?\n",
     2, 0, "A B", "a@b.example", "2026-05-05T10:00:00", "", "Et là ?", false},
    {"Non.\n\nLe 5 mai 2026 à 10:00, A B <a@b.example> a écrit :\n> Et là ?\n>\n"
     "> Le 4 mai 2026 à 09:12, C D <c@d.example> a écrit :\n>> Ici ?\n",
     2, 1, "C D", "c@d.example", "2026-05-04T09:12:00", "", "Ici ?", false},
    {"Done.\n\nOn 5 May 2026, at 10:00, A B wrote:\n> Thursday 8.30 is good.\n> On 4 May 2026, at 09:12, C D wrote:\n"
     ">> Thu or Fri.\n",
     2, 0, "A B", "", "2026-05-05T10:00:00", "", "Thursday 8.30 is good.", false},
    {"Ok.\n\nDe : A B <a@b.example>\nEnvoyé : mardi 5 mai 2026 10:00\nÀ : E\nObjet : RE: x\n\nEt là ?\n\n"
     "De : C D <c@d.example>\nEnvoyé : lundi 4 mai 2026 09:12\nÀ : A B\nObjet : x\n\nIci ?\n",
     2, 1, "C D", "c@d.example", "2026-05-04T09:12:00", "x", "Ici ?", true},
    {"A\n\n> one\n\nB\n\n> two\n", 2, 1, "", "", "", "", "two", false},
};

static void reads_quotes(void)
{
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 24);
        struct reply reply;
        check_row(quotes[i].text);
        reply_read(slice_from(quotes[i].text), NULL, REPLY_VISIBLE, arena, &reply);
        CHECK_NUMBER(reply.quotes.count, quotes[i].count);
        if (reply.quotes.count <= quotes[i].which)
            continue;
        const struct mail_quote *quote = &reply.quotes.items[quotes[i].which];
        CHECK_TEXT(quote->from.name, quotes[i].name);
        CHECK_TEXT(quote->from.address, quotes[i].address);
        if (*quotes[i].date != '\0') {
            CHECK(quote->has_date);
            CHECK_TEXT(civil_format(quote->date, arena), quotes[i].date);
        }
        CHECK_TEXT(quote->subject, quotes[i].subject);
        CHECK_TEXT(quote->text, quotes[i].quoted);
        CHECK(quote->forwarded == quotes[i].forwarded);
    }
}

/* ---- limits -------------------------------------------------------------------------------------- */

static void bounds_deep_quotes(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 26);
    AUTO_BUFFER text = buffer_create((size_t)1 << 20);
    struct reply reply;
    for (int depth = 0; depth < 300; depth++) {
        for (int i = 0; i < depth; i++)
            buffer_add_char(&text, '>');
        buffer_add_format(&text, " On 4 May 2026 at 09:12, N%d <n@n.example> wrote:\n", depth);
    }
    reply_read(buffer_slice(&text), NULL, REPLY_VISIBLE, arena, &reply);
    CHECK(reply.limited);
    CHECK(reply.quotes.count <= MIME_QUOTES_MAX);
    CHECK_TEXT(reply.visible, "");
}

static void bounds_many_quotes(void)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 26);
    AUTO_BUFFER text = buffer_create((size_t)1 << 20);
    struct reply reply;
    for (int i = 0; i < 2000; i++)
        buffer_add_format(&text, "> q%d\n\nanswer %d\n\n", i, i);
    reply_read(buffer_slice(&text), NULL, REPLY_VISIBLE, arena, &reply);
    CHECK(reply.limited);
    CHECK_NUMBER(reply.quotes.count, MIME_QUOTES_MAX);
    CHECK(slice_contains(reply.visible, LIT("answer 1999")));
}

/* Every line could begin something. */
static void bounds_hostile_lines(void)
{
    static const char *const lines[] = {"From: a@b.example\n", "On 1/1/2026 10:00, x\n", "> \n", "--\n",
                                        "\n", "Le 4 mai 2026 à 10:00,\n", "________________\n", ">> on le\n"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        AUTO_ARENA arena = arena_create((size_t)1 << 28);
        AUTO_BUFFER text = buffer_create(MIME_TEXT_MAX);
        struct reply reply;
        while (!text.full)
            buffer_add_text(&text, lines[i]);
        check_row(lines[i]);
        reply_read(buffer_slice(&text), NULL, REPLY_VISIBLE, arena, &reply);
        CHECK(reply.visible.len <= MIME_TEXT_MAX);
    }
}

static const struct {
    const char *text, *folded;
} folds[] = {
    {"À ÉTÉ", "a ete"},           {"Œuvre", "ouvre"},      {"Łódź ŒŸ", "lodz oy"},
    {"l’été : «\u202F5\u00A0€", "l'ete : « 5 €"}, {"Отправлено", "отправлено"}, {"e\u0301te\u0301", "ete"},
    {"a\u200Bb\u00AD", "ab"},     {"đã viết", "da viet"},
};

static void folds_text(void)
{
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
        AUTO_ARENA arena = arena_create(1 << 16);
        check_row(folds[i].text);
        CHECK_TEXT(text_fold(slice_from(folds[i].text), arena), folds[i].folded);
    }
}

int main(void)
{
    TEST(folds_text);
    TEST(strips_replies);
    TEST(keeps_the_part_asked_for);
    TEST(knows_the_writer);
    TEST(reads_quotes);
    TEST(bounds_deep_quotes);
    TEST(bounds_many_quotes);
    TEST(bounds_hostile_lines);
    return check_done();
}
