/* Times timex_find on the texts of corpora, held in memory, one thread; prints for each language
 * "lang texts texts_a_second" of the best pass, by the wall or by the processor, as timex.cjs does.
 * usage: bench_find SECONDS CORPUS.jsonl… */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "texts.h"

static size_t found_total; /* used, so that nothing is optimised away */

static size_t pass(const struct text_list *texts, enum language language)
{
    size_t count = 0;
    for (size_t i = 0; i < texts->count; i++) {
        if (texts->items[i].context.language != language)
            continue;
        AUTO_ARENA arena = arena_create((size_t)512 << 20);
        struct timex_list found = {0};
        if (timex_find(texts->items[i].text, &texts->items[i].context, arena, &found, NULL) == ST_OK)
            found_total += found.count;
        count++;
    }
    return count;
}

static void measure(const struct text_list *texts, enum language language, double seconds)
{
    size_t count = pass(texts, language);
    double best = 0;
    for (double start = wall_s(); count > 0 && wall_s() - start < seconds;) {
        double before = wall_s(), before_cpu = cpu_s();
        pass(texts, language);
        double took = wall_s() - before, used = cpu_s() - before_cpu;
        double rate = (double)count / (used < took ? used : took);
        best = rate > best ? rate : best;
    }
    if (count > 0)
        printf("%s %zu %.0f\n", language_names[language], count, best);
}

int main(int argc, char **argv)
{
    AUTO_ARENA arena = arena_create((size_t)2 << 30);
    struct text_list texts = {0};
    texts_load(argc - 2, argv + 2, arena, &texts);
    measure(&texts, LANGUAGE_EN, atof(argv[1]));
    measure(&texts, LANGUAGE_FR, atof(argv[1]));
    return found_total == SIZE_MAX;
}
