/* What ends all mail to somebody, and what only sounds like it. */
#include "check.h"
#include "domain/intent/intent.h"

static const struct {
    const char *text;
    bool stops;
} cases[] = {
    {"Ne m'écrivez plus.", true},
    {"Bonjour,\n\nMerci de ne plus m'écrire.\n", true},
    {"Ne m’écris plus, merci", true},
    {"Je ne souhaite plus recevoir vos messages.", true},
    {"Je ne veux plus recevoir de mails de votre part !", true},
    {"Désabonnez-moi svp", true},
    {"Veuillez me désinscrire.", true},
    {"Cessez de me contacter.", true},
    {"Arrêtez de m'envoyer des courriels", true},
    {"Désinscription", true},
    {"STOP", true},
    {"Stop!", true},
    {"unsubscribe", true},
    {"Please stop contacting me.", true},
    {"Please stop contacting me about this.", true},
    {"Don't write to me again", true},
    {"Do not contact me anymore, thanks", true},
    {"I no longer wish to receive emails from you.", true},
    {"Please unsubscribe me from this.", true},
    {"Stop sending me messages!", true},
    {"Never write to me again.", true},
    {"Ne m'écrivez plus avant lundi, je suis en congé.", false},
    {"Ne m'écrivez plus le week-end", false},
    {"Ne m'écrivez plus ici mais à karine@vidal.example", false},
    {"Je ne peux plus recevoir de visiteurs le matin.", false},
    {"Ne m'envoyez plus de créneaux le lundi.", false},
    {"Please don't contact me again until Thursday.", false},
    {"Stop writing to me on Sundays", false},
    {"Je ne peux plus jeudi, merci de proposer autre chose.", false},
    {"I can stop by at 3pm.", false},
    {"Non-stop meetings on Monday, sorry. Tuesday works.", false},
    {"The bus stop is opposite.", false},
    {"", false},
};

static void ends_mail_only_when_it_is_meant(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].text);
        CHECK_NUMBER(intent_stops_mail(slice_from(cases[i].text)), cases[i].stops);
    }
}

static void bad_bytes_and_long_texts_are_read_safely(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER text = buffer_create(1 << 18);
    for (int i = 0; i < 20000; i++)
        buffer_add_text(&text, "ne m\xE2\x80");
    CHECK(!intent_stops_mail(arena_copy(arena, buffer_slice(&text))));
    CHECK(intent_stops_mail((struct slice){"\xff\xfe\x00 stop", 8}));
}

int main(void)
{
    TEST(ends_mail_only_when_it_is_meant);
    TEST(bad_bytes_and_long_texts_are_read_safely);
    return check_done();
}
