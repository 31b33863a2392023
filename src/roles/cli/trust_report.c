#include "roles/cli/trust_report.h"

#include <stdio.h>

enum { PAGE_BYTES_MAX = 4 << 20 };

static const char *language_of(bool french)
{
    return french ? "fr" : "en";
}

static const struct {
    const char *state, *fr, *en;
} state_words[] = {
    {"holds", "tenu", "holds"},
    {"fails", "en défaut", "fails"},
    {"unknown", "inconnu", "unknown"},
    {"not_implemented", "pas encore éprouvé", "not implemented yet"},
    {"attested", "attesté", "attested"},
};
enum { STATES = sizeof state_words / sizeof *state_words };

static const char *state_word(struct slice state, bool french)
{
    for (size_t i = 0; i < STATES; i++)
        if (slice_equal(state, slice_from(state_words[i].state)))
            return french ? state_words[i].fr : state_words[i].en;
    return "?";
}

/* The error rate of what is decided without anybody. */
static void say_looks(struct buffer *out, const json_t *answer, bool french)
{
    const json_t *looks = json_object_get(answer, "second_looks");
    long long count = (long long)json_number(looks, "looks", 0), wrong = (long long)json_number(looks, "wrong", 0),
              low = (long long)json_number(looks, "low", 0), high = (long long)json_number(looks, "high", 0);
    char point = french ? ',' : '.';
    buffer_add_text(out, french ? "Secondes lectures : " : "Second looks: ");
    if (count == 0) {
        buffer_add_text(out, french ? "rien de compté" : "nothing counted");
        return;
    }
    if (!json_is_true(json_object_get(looks, "enough")))
        buffer_add_format(out, french ? "trop peu encore (%lld sur %lld)" : "too few yet (%lld of %lld)", count,
                          (long long)json_number(looks, "wanted", 0));
    else
        buffer_add_format(out, french ? "%lld erreurs pour %lld (%lld%c%lld à %lld%c%lld %%)" : "%lld errors in %lld (%lld%c%lld to %lld%c%lld %%)",
                          wrong, count, low / 10, point, low % 10, high / 10, point, high % 10);
    buffer_add_format(out, french ? ", du %.*s au %.*s" : ", from %.*s to %.*s", SLICE_ARG(json_text(looks, "from")),
                      SLICE_ARG(json_text(looks, "until")));
}

void trust_report_text(const json_t *answer, bool french)
{
    const char *language = language_of(french);
    const json_t *sections = json_object_get(answer, "sections"), *counts = json_object_get(answer, "counts");
    for (size_t i = 0; i < STATES; i++)
        printf("%-20s %lld\n", french ? state_words[i].fr : state_words[i].en,
               (long long)json_number(counts, state_words[i].state, 0));
    AUTO_BUFFER looks = buffer_create(1024);
    say_looks(&looks, answer, french);
    printf("%.*s\n", SLICE_ARG(buffer_slice(&looks)));
    for (size_t s = 0; s < json_array_size(sections); s++) {
        const json_t *section = json_array_get(sections, s), *rows = json_object_get(section, "controls");
        struct slice title = json_text(json_object_get(section, "title"), language);
        printf("\n%lld. %.*s\n", (long long)json_number(section, "number", 0), SLICE_ARG(title));
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            struct slice id = json_text(row, "id"), claim = json_text(json_object_get(row, "claim"), language);
            struct slice cause = json_text(json_object_get(row, "cause"), language);
            struct slice mend = json_text(json_object_get(row, "cause"), "mend");
            printf("  %-8.*s %s: %.*s\n", SLICE_ARG(id), state_word(json_text(row, "state"), french), SLICE_ARG(claim));
            if (cause.len > 0)
                printf("           %.*s\n", SLICE_ARG(cause));
            if (mend.len > 0)
                printf("           %.*s\n", SLICE_ARG(mend));
        }
    }
}

/* HTML */

static void escape(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        switch (text.data[i]) {
        case '<': buffer_add_text(out, "&lt;"); break;
        case '>': buffer_add_text(out, "&gt;"); break;
        case '&': buffer_add_text(out, "&amp;"); break;
        case '"': buffer_add_text(out, "&quot;"); break;
        default: buffer_add_char(out, text.data[i]);
        }
}

static void cell(struct buffer *out, struct slice text)
{
    buffer_add_text(out, "<td>");
    escape(out, text);
    buffer_add_text(out, "</td>");
}

static void add_row(struct buffer *out, const json_t *row, bool french)
{
    const char *language = language_of(french);
    struct slice state = json_text(row, "state"), cause = json_text(json_object_get(row, "cause"), language);
    buffer_add_format(out, "<tr class=\"%.*s\">", SLICE_ARG(state));
    cell(out, json_text(row, "id"));
    cell(out, slice_from(state_word(state, french)));
    buffer_add_text(out, "<td>");
    escape(out, json_text(json_object_get(row, "claim"), language));
    if (cause.len > 0) {
        buffer_add_text(out, "<br><strong>");
        escape(out, cause);
        buffer_add_text(out, "</strong>");
    }
    buffer_add_text(out, "</td>");
    cell(out, json_text(row, "tried"));
    buffer_add_text(out, "</tr>\n");
}

static void add_section(struct buffer *out, const json_t *section, bool french)
{
    const json_t *rows = json_object_get(section, "controls");
    buffer_add_format(out, "<h2>%lld. ", (long long)json_number(section, "number", 0));
    escape(out, json_text(json_object_get(section, "title"), language_of(french)));
    buffer_add_format(out, "</h2>\n<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
                      french ? "Contrôle" : "Control", french ? "État" : "State",
                      french ? "Ce qui est affirmé" : "Claim", french ? "Éprouvé" : "Tried");
    for (size_t i = 0; i < json_array_size(rows); i++)
        add_row(out, json_array_get(rows, i), french);
    buffer_add_text(out, "</tbody></table>\n");
}

static const char style[] =
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:.3em .5em;text-align:left;"
    "vertical-align:top}.holds td:nth-child(2){color:#06521f}.fails td:nth-child(2){color:#8a0010;font-weight:bold}";

void trust_report_html(const json_t *answer, bool french)
{
    AUTO_BUFFER out = buffer_create(PAGE_BYTES_MAX);
    const json_t *sections = json_object_get(answer, "sections"), *counts = json_object_get(answer, "counts");
    const char *title = french ? "Contrôles de sécurité" : "Security controls";
    buffer_add_format(&out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title>"
                      "<style>%s</style></head><body>\n<h1>%s</h1>\n<p>", language_of(french), title, style, title);
    escape(&out, json_text(answer, "now"));
    for (size_t i = 0; i < STATES; i++)
        buffer_add_format(&out, " · %s: %lld", french ? state_words[i].fr : state_words[i].en,
                          (long long)json_number(counts, state_words[i].state, 0));
    buffer_add_text(&out, "</p>\n<p>");
    say_looks(&out, answer, french);
    buffer_add_text(&out, "</p>\n");
    for (size_t s = 0; s < json_array_size(sections); s++)
        add_section(&out, json_array_get(sections, s), french);
    buffer_add_text(&out, "</body></html>\n");
    fwrite(out.data, 1, out.len, stdout);
}
