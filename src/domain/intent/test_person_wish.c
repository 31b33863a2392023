/* Who wants to speak to a person, and who only speaks of people. */
#include "check.h"
#include "domain/intent/intent.h"

static const struct {
    const char *text;
    bool asks;
} cases[] = {
    {"Je voudrais parler à quelqu'un.", true},
    {"Bonjour,\n\nPuis-je parler à quelqu'un, s'il vous plaît ?\n", true},
    {"Pourrais-je avoir une vraie personne au téléphone ?", true},
    {"J'aimerais échanger avec un être humain avant de répondre", true},
    {"Passez-moi un responsable !", true},
    {"Est-il possible d'être rappelé par quelqu'un de votre équipe ?", true},
    {"Mardi me va, mais je souhaite parler à un humain, merci.", true},
    {"Can I talk to a human?", true},
    {"Could I please speak to someone?", true},
    {"I would like to speak with a real person about this.", true},
    {"Please put me through to a manager.", true},
    {"Tuesday works. I'd rather hear from a person, not a machine", true},
    {"I want to talk to somebody on the phone", true},
    {"Je voudrais parler à quelqu'un de l'atelier jeudi.", false},
    {"Peux-tu organiser un appel pour parler à un conseiller bancaire mardi ?", false},
    {"Je n'ai pas besoin de parler à quelqu'un.", false},
    {"Je dois parler à quelqu'un, je vous dis ça demain.", false},
    {"Je viens de parler à quelqu'un.", false},
    {"Paul veut voir une personne de plus à la réunion.", false},
    {"Can you set up a call? I need to talk to someone from Harbour Lane about the roof.", false},
    {"I don't need to talk to anyone.", false},
    {"No need to speak to a person, Tuesday is fine.", false},
    {"She will speak to a manager.", false},
    {"Let's talk to the person in charge of flowers on Monday.", false},
    {"Someone from my team will join.", false},
    {"", false},
};

static void a_person_is_asked_for_only_when_one_is(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_row(cases[i].text);
        CHECK_NUMBER(intent_asks_person(slice_from(cases[i].text)), cases[i].asks);
    }
    check_row("");
}

static void bad_bytes_and_long_texts_are_read_safely(void)
{
    AUTO_ARENA arena = arena_create(1 << 20);
    AUTO_BUFFER text = buffer_create(1 << 18);
    for (int i = 0; i < 20000; i++)
        buffer_add_text(&text, "parler \xC3");
    CHECK(!intent_asks_person(arena_copy(arena, buffer_slice(&text))));
    CHECK(intent_asks_person((struct slice){"\xff\xfe\x00 talk to a human", 19}));
}

/* A reading says so, of a mail that a person wrote. */
static void a_reading_says_so(void)
{
    AUTO_ARENA arena = arena_create(16 << 20);
    struct intent_context context = {.state = THREAD_PROPOSING, .writer_zone = LIT("Europe/Paris")};
    struct mail mail = {.from = {LIT("Bob"), LIT("bob@guest.example")},
                        .text = LIT("Can I talk to a human?"), .new_text = LIT("Can I talk to a human?")};
    struct reading reading;
    zone_load_all();
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    CHECK(reading.asks_person);
    mail.nature = MAIL_AUTO_REPLIED;
    CHECK_OK(intent_read(&mail, &context, arena, &reading, NULL));
    CHECK(!reading.asks_person);
}

int main(void)
{
    TEST(a_person_is_asked_for_only_when_one_is);
    TEST(bad_bytes_and_long_texts_are_read_safely);
    TEST(a_reading_says_so);
    return check_done();
}
