/* Reads mails of 2 KB whole, as the reader's process does: MIME, then what the text says, in every
 * state of a conversation. Of two kinds: usual ones, as people write them, with some sentences that
 * have nothing to do with us, a signature and what they answer below, and among that two texts of
 * the corpora; and dense ones, which are texts of the corpora and nothing else.
 * Prints "what mails p50_us p99_us worst_us", processor time: of MIME, of the understanding, of
 * both, for either kind.
 * usage: bench_mail COUNT CORPUS.jsonl… */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "texts.h"

enum { MAIL_BYTES = 2048, ROUNDS = 5 };

static const char head[] = "From: Nora Feld <nora@feld.example>\r\n"
                           "To: Robin <robin@assist.example>, Ida Norr <ida@norr.example>\r\n"
                           "Subject: Point projet\r\nDate: Mon, 23 Nov 2026 09:30:00 +0100\r\n"
                           "Message-ID: <bench@feld.example>\r\nMIME-Version: 1.0\r\n"
                           "Content-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: 8bit\r\n\r\n";

/* Every mail begins with the text behind the last one's. */
static struct slice next_text(const struct text_list *texts, size_t *next)
{
    return texts->items[(*next)++ % texts->count].text;
}

static struct slice make_dense(const struct text_list *texts, size_t *next, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(MAIL_BYTES * 4);
    buffer_add_text(&out, head);
    while (out.len - (sizeof head - 1) < MAIL_BYTES) {
        buffer_add(&out, next_text(texts, next));
        buffer_add_text(&out, *next % 3 == 0 ? ".\r\n" : ". ");
    }
    return arena_copy(arena, buffer_slice(&out));
}

/* What else people write, in either language: before and behind what they say of time, and in the
 * mail that they answer. */
static const struct prose {
    const char *greeting, *before, *between, *closing, *attribution;
    const char *quoted[6];
} prose[] = {
    {"Hi Robin,\r\n\r\n",
     "Thanks for picking this up so quickly. Ida and I went through the second draft of the\r\n"
     "report over coffee, and we both think it reads far better than the one we sent to the\r\n"
     "printers. The part on suppliers still needs numbers, which Paul is collecting.\r\n\r\n",
     "The office is being painted, so the small room on our side smells of turpentine; we can\r\n"
     "use the one beside the kitchen instead. Somebody should also bring the samples that are\r\n"
     "in my cupboard, since the customer asked to see them.\r\n\r\n",
     "Many thanks, and do tell us if anything is unclear.\r\n\r\nBest regards,\r\nNora\r\n\r\n-- \r\n"
     "Nora Feld | Head of Purchasing\r\nFeld Partners, 12 Harbour Street\r\n"
     "T +44 20 7946 0123 | nora@feld.example\r\n\r\n",
     "On Fri, 20 Nov 2026 at 17:04, Robin <robin@assist.example> wrote:\r\n",
     {"> Hello Nora,\r\n", "> Ida would like to talk about the report with you, by phone or on site.\r\n",
      "> Would one of these suit you? Each is half an hour long:\r\n",
      "> 1. Wednesday 25 November 2026, 10:00\r\n", "> 2. Friday 27 November 2026, 14:30\r\n",
      "> Just answer this message in your own words, whatever suits you best.\r\n"}},
    {"Bonjour Robin,\r\n\r\n",
     "Merci d'avoir repris le dossier aussi vite. Ida et moi avons relu la deuxième version du\r\n"
     "rapport autour d'un café, et nous la trouvons bien plus claire que celle qui est partie\r\n"
     "à l'imprimerie. Il manque encore les chiffres des fournisseurs, que Paul rassemble.\r\n\r\n",
     "Les peintres sont dans nos bureaux et la petite salle sent la térébenthine ; on prendra\r\n"
     "celle d'à côté de la cuisine. Il faudrait aussi apporter les échantillons rangés dans mon\r\n"
     "armoire, puisque le client a demandé à les voir.\r\n\r\n",
     "Merci encore, et dites-nous si quelque chose n'est pas clair.\r\n\r\nBien à vous,\r\nNora\r\n\r\n"
     "-- \r\nNora Feld | Responsable des achats\r\nFeld et associés, 12 rue du Port\r\n"
     "Tél. 01 99 00 12 34 | nora@feld.example\r\n\r\n",
     "Le ven. 20 nov. 2026 à 17:04, Robin <robin@assist.example> a écrit :\r\n",
     {"> Bonjour Nora,\r\n", "> Ida souhaite parler du rapport avec vous, par téléphone ou sur place.\r\n",
      "> Est-ce qu'un de ces créneaux vous irait ? Chacun dure une demi-heure :\r\n",
      "> 1. mercredi 25 novembre 2026, 10h00\r\n", "> 2. vendredi 27 novembre 2026, 14h30\r\n",
      "> Répondez simplement à ce message, avec vos mots.\r\n"}},
};

static struct slice make_usual(const struct text_list *texts, size_t *next, struct arena *arena)
{
    const struct prose *p = &prose[texts->items[*next % texts->count].context.language == LANGUAGE_FR];
    AUTO_BUFFER out = buffer_create(MAIL_BYTES * 4);
    buffer_add_text(&out, head);
    buffer_add_text(&out, p->greeting);
    buffer_add_text(&out, p->before);
    buffer_add(&out, next_text(texts, next));
    buffer_add_text(&out, ".\r\n\r\n");
    buffer_add_text(&out, p->between);
    buffer_add(&out, next_text(texts, next));
    buffer_add_text(&out, ".\r\n\r\n");
    buffer_add_text(&out, p->closing);
    buffer_add_text(&out, p->attribution);
    for (size_t i = 0; out.len - (sizeof head - 1) < MAIL_BYTES; i++)
        buffer_add_text(&out, p->quoted[i % (sizeof p->quoted / sizeof *p->quoted)]);
    return arena_copy(arena, buffer_slice(&out));
}

static const struct kind {
    const char *name;
    struct slice (*make)(const struct text_list *texts, size_t *next, struct arena *arena);
} kinds[] = {{"usual", make_usual}, {"dense", make_dense}};

struct figures {
    double *mime, *words, *both;
};

/* The best of some readings: what the mail costs, not what else runs on the machine. */
static void measure(struct slice raw, size_t number, struct figures *out)
{
    static const enum thread_state states[] = {THREAD_NEW, THREAD_GATHERING, THREAD_PROPOSING,
                                               THREAD_CONFIRMED, THREAD_CLOSED};
    out->mime[number] = out->words[number] = out->both[number] = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        AUTO_ARENA arena = arena_create_wiped((size_t)1 << 30);
        struct mail mail;
        struct reading reading;
        double start = cpu_s();
        if (mime_parse(raw, SLICE_NONE, arena, &mail, NULL) != ST_OK)
            exit(1);
        double parsed = cpu_s();
        struct intent_context context =
            texts_conversation(mail.date, states[number % 5], number % 2 == 0, arena);
        if (intent_read(&mail, &context, arena, &reading, NULL) != ST_OK)
            exit(1);
        double end = cpu_s(), took[] = {parsed - start, end - parsed, end - start};
        double *best[] = {&out->mime[number], &out->words[number], &out->both[number]};
        for (size_t k = 0; k < 3; k++)
            *best[k] = took[k] * 1e6 < *best[k] ? took[k] * 1e6 : *best[k];
    }
}

static void print_figures(const char *kind, const char *what, double *figures, size_t count)
{
    qsort(figures, count, sizeof *figures, texts_by_number);
    printf("%s-%s %zu %.1f %.1f %.1f\n", kind, what, count, figures[count / 2],
           figures[count * 99 / 100], figures[count - 1]);
}

static void measure_kind(const struct kind *kind, const struct text_list *texts, size_t count)
{
    AUTO_ARENA arena = arena_create((size_t)1 << 30);
    struct figures figures = {ARENA_ARRAY(arena, count, double), ARENA_ARRAY(arena, count, double),
                              ARENA_ARRAY(arena, count, double)};
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA work = arena_create(1 << 20);
        measure(kind->make(texts, &next, work), i, &figures);
    }
    print_figures(kind->name, "mime", figures.mime, count);
    print_figures(kind->name, "words", figures.words, count);
    print_figures(kind->name, "whole", figures.both, count);
}

int main(int argc, char **argv)
{
    size_t count = argc > 2 ? strtoull(argv[1], NULL, 10) : 0;
    if (count == 0) {
        fprintf(stderr, "usage: bench_mail COUNT CORPUS.jsonl…\n");
        return 2;
    }
    AUTO_ARENA arena = arena_create((size_t)2 << 30);
    struct text_list texts = {0};
    texts_load(argc - 2, argv + 2, arena, &texts);
    mime_init();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        measure_kind(&kinds[i], &texts, count);
    return 0;
}
