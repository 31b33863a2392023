#include "domain/timex/internal.h"

/* Letters to small ones of ASCII. Apart from token.c: who only asks for the language needs no words. */

/* U+00C0 to U+017F without their accents; '*' stands for two letters, '.' for no letter. */
static const char folded_latin[] =
    "aaaaaa*ceeeeiiiidnooooo.ouuuuyt*aaaaaa*ceeeeiiiidnooooo.ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

size_t fold_code_point(uint32_t cp, char out[4])
{
    if (cp < 128) {
        if (!ascii_is_alpha((char)cp))
            return 0;
        out[0] = ascii_lower((char)cp);
        return 1;
    }
    if (cp == 0x152 || cp == 0x153) { /* œ */
        out[0] = 'o', out[1] = 'e';
        return 2;
    }
    if (cp == 0xC6 || cp == 0xE6) { /* æ */
        out[0] = 'a', out[1] = 'e';
        return 2;
    }
    if (cp >= 0xC0 && cp < 0x180 && folded_latin[cp - 0xC0] != '.') {
        out[0] = folded_latin[cp - 0xC0] == '*' ? 's' : folded_latin[cp - 0xC0];
        return 1;
    }
    return 0;
}
