#include "check.h"
#include "domain/account/account.h"

static const struct {
    const char *name, *address;
    enum status status;
} cases[] = {
    {"Nora Keller", "nora@acme.example", ST_OK},
    {"Nora Keller", "nora.keller@acme.example", ST_OK},
    {"Zoé", "zoe@acme.example", ST_OK},
    {"Ли Вэй", "li@acme.example", ST_OK},
    {"王芳", "wang@acme.example", ST_OK},
    {"Contact Dupont", "dupont@acme.example", ST_OK}, /* one part is a name */
    {"Claire Support", "claire.support@acme.example", ST_OK},
    {"Ann Info", "it.ann@acme.example", ST_OK},
    {"Jean Marc Le Standard", "jm@acme.example", ST_OK},
    {"Nora Keller", "n@acme.example", ST_OK},
    {"Nora Keller", "42@acme.example", ST_OK},
    {"Nora Keller", "nora+admin@acme.example", ST_OK},
    {"Adele Info-Lang", "adele@acme.example", ST_OK},
    {"", "nora@acme.example", ST_INVALID},
    {"N", "nora@acme.example", ST_INVALID},
    {"42", "nora@acme.example", ST_INVALID},
    {"Support", "nora@acme.example", ST_INVALID},
    {"SUPPORT", "nora@acme.example", ST_INVALID},
    {"L'équipe", "nora@acme.example", ST_INVALID},
    {"L’équipe", "nora@acme.example", ST_INVALID},
    {"The Team", "nora@acme.example", ST_INVALID},
    {"Équipe technique", "nora@acme.example", ST_INVALID},
    {"Sécurité", "nora@acme.example", ST_INVALID},
    {"Help Desk", "nora@acme.example", ST_INVALID},
    {"Service client", "nora@acme.example", ST_INVALID},
    {"Service client", "service.client@acme.example", ST_INVALID},
    {"root", "nora@acme.example", ST_INVALID},
    {"Test 2", "nora@acme.example", ST_INVALID},
    {"Nora Keller", "admin@acme.example", ST_INVALID},
    {"Nora Keller", "Admin@acme.example", ST_INVALID},
    {"Nora Keller", "support@acme.example", ST_INVALID},
    {"Nora Keller", "info@acme.example", ST_INVALID},
    {"Nora Keller", "contact@acme.example", ST_INVALID},
    {"Nora Keller", "accueil@acme.example", ST_INVALID},
    {"Nora Keller", "secretariat@acme.example", ST_INVALID},
    {"Nora Keller", "noreply@acme.example", ST_INVALID},
    {"Nora Keller", "no-reply@acme.example", ST_INVALID},
    {"Nora Keller", "ne-pas-repondre@acme.example", ST_INVALID},
    {"Nora Keller", "root@acme.example", ST_INVALID},
    {"Nora Keller", "test@acme.example", ST_INVALID},
    {"Nora Keller", "team@acme.example", ST_INVALID},
    {"Nora Keller", "team2@acme.example", ST_INVALID},
    {"Nora Keller", "team+nora@acme.example", ST_INVALID},
    {"Nora Keller", "support-team@acme.example", ST_INVALID},
    {"Nora Keller", "it_helpdesk@acme.example", ST_INVALID},
    {"Nora Keller", "mailer-daemon@acme.example", ST_INVALID},
};

static void an_account_belongs_to_one_person(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_ARENA arena = arena_create(4096);
        struct problem why;
        check_row(arena_format(arena, "%s <%s>", cases[i].name, cases[i].address).data);
        CHECK_NUMBER(account_check_person(slice_from(cases[i].name), slice_from(cases[i].address), &why), cases[i].status);
    }
}

int main(void)
{
    TEST(an_account_belongs_to_one_person);
    return check_done();
}
