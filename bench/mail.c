/* Reads mails of 2 KB whole, as the reader's process does: MIME, then what the text says, in every
 * state of a conversation. The texts of the corpora, one after the other, are what the mails say.
 * Prints "what mails p50_us p99_us worst_us", processor time: of MIME, of the understanding, of
 * both.
 * usage: bench_mail COUNT CORPUS.jsonl… */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "texts.h"

enum { MAIL_BYTES = 2048, ROUNDS = 5 };

/* Every mail begins with the text behind the last one's. */
static struct slice make_mail(const struct text_list *texts, size_t *next, struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(MAIL_BYTES * 4);
    buffer_add_text(&out, "From: Nora Feld <nora@feld.example>\r\n"
                          "To: Robin <robin@assist.example>, Ida Norr <ida@norr.example>\r\n"
                          "Subject: Point projet\r\nDate: Mon, 23 Nov 2026 09:30:00 +0100\r\n"
                          "Message-ID: <bench@feld.example>\r\nMIME-Version: 1.0\r\n"
                          "Content-Type: text/plain; charset=utf-8\r\n"
                          "Content-Transfer-Encoding: 8bit\r\n\r\n");
    size_t head = out.len;
    while (out.len - head < MAIL_BYTES) {
        buffer_add(&out, texts->items[(*next)++ % texts->count].text);
        buffer_add_text(&out, *next % 3 == 0 ? ".\r\n" : ". ");
    }
    return arena_copy(arena, buffer_slice(&out));
}

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

static void print_figures(const char *what, double *figures, size_t count)
{
    qsort(figures, count, sizeof *figures, texts_by_number);
    printf("%s %zu %.1f %.1f %.1f\n", what, count, figures[count / 2], figures[count * 99 / 100],
           figures[count - 1]);
}

int main(int argc, char **argv)
{
    size_t count = argc > 2 ? strtoull(argv[1], NULL, 10) : 0, next = 0;
    if (count == 0) {
        fprintf(stderr, "usage: bench_mail COUNT CORPUS.jsonl…\n");
        return 2;
    }
    AUTO_ARENA arena = arena_create((size_t)2 << 30);
    struct text_list texts = {0};
    texts_load(argc - 2, argv + 2, arena, &texts);
    mime_init();
    struct figures figures = {ARENA_ARRAY(arena, count, double), ARENA_ARRAY(arena, count, double),
                              ARENA_ARRAY(arena, count, double)};
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA work = arena_create(1 << 20);
        measure(make_mail(&texts, &next, work), i, &figures);
    }
    print_figures("mime", figures.mime, count);
    print_figures("words", figures.words, count);
    print_figures("whole", figures.both, count);
    return 0;
}
