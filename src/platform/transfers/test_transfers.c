#include <curl/curl.h>
#include <signal.h>

#include "check.h"
#include "platform/transfers/transfers.h"

static const struct {
    const char *host;
    enum transfer_tls tls;
    const char *user;
    enum status status;
} logins[] = {
    {"imap.boite.example", TRANSFER_IMPLICIT, "camille", ST_OK},
    {"imap.boite.example", TRANSFER_STARTTLS, "camille", ST_OK},
    {"imap.boite.example", TRANSFER_TRY, "camille", ST_INVALID}, /* whoever is in between could read it */
    {"imap.boite.example", TRANSFER_PLAIN, "camille", ST_INVALID},
    {"imap.boite.example", TRANSFER_PLAIN, NULL, ST_OK},
    {"127.0.0.1", TRANSFER_PLAIN, "camille", ST_OK},
    {"127.8.9.10", TRANSFER_PLAIN, "camille", ST_OK},
    {"::1", TRANSFER_PLAIN, "camille", ST_OK},
    {"localhost", TRANSFER_PLAIN, "camille", ST_OK},
    {"127.0.0.1.example", TRANSFER_PLAIN, "camille", ST_INVALID},
    {"128.0.0.1", TRANSFER_PLAIN, "camille", ST_INVALID},
};

static void gives_passwords_to_verified_servers_only(void)
{
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        CURL *easy = curl_easy_init();
        struct transfer_server server = {.host = logins[i].host, .port = 993, .tls = logins[i].tls,
                                         .user = logins[i].user, .password = "word"};
        check_row(logins[i].host);
        CHECK_NUMBER(transfer_prepare(easy, "imap", "", &server, NULL), logins[i].status);
        curl_easy_cleanup(easy);
    }
}

static void says_whose_fault_it_is(void)
{
    static const struct {
        CURLcode code;
        enum transfer_fault fault;
        enum status status;
    } cases[] = {
        {CURLE_LOGIN_DENIED, TRANSFER_FAULT_LOGIN, ST_DENIED},
        {CURLE_PEER_FAILED_VERIFICATION, TRANSFER_FAULT_TRUST, ST_DENIED},
        {CURLE_SSL_CACERT_BADFILE, TRANSFER_FAULT_TRUST, ST_DENIED},
        {CURLE_USE_SSL_FAILED, TRANSFER_FAULT_OTHER, ST_UNAVAILABLE},
        {CURLE_COULDNT_CONNECT, TRANSFER_FAULT_OTHER, ST_UNAVAILABLE},
        {CURLE_OPERATION_TIMEDOUT, TRANSFER_FAULT_OTHER, ST_UNAVAILABLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem why = {0};
        CHECK_NUMBER(transfer_failure(cases[i].code, "IMAP", &why), cases[i].fault);
        CHECK_NUMBER(why.status, cases[i].status);
        CHECK(slice_starts(slice_from(why.detail), LIT("IMAP: ")));
    }
}

struct ended {
    unsigned count;
    curl_result code;
};

static void done(void *context, curl_result code)
{
    struct ended *ended = context;
    ended->count++;
    ended->code = code;
}

/* Nobody listens on port 1: both end once each, from the loop, whatever is removed before. */
static void ends_each_transfer_once(void)
{
    struct loop *loop = NULL;
    struct transfers *transfers = NULL;
    struct ended ended[3] = {{0}};
    CURL *easy[3];
    CHECK_OK(loop_create(&loop, NULL));
    CHECK_OK(transfers_create(loop, 2, &transfers, NULL));
    for (int i = 0; i < 3; i++) {
        struct transfer_server server = {.host = "127.0.0.1", .port = 1, .tls = TRANSFER_PLAIN};
        easy[i] = curl_easy_init();
        CHECK_OK(transfer_prepare(easy[i], "smtp", "", &server, NULL));
        CHECK_OK(transfers_add(transfers, easy[i], done, &ended[i], NULL));
    }
    CHECK_NUMBER(ended[0].count + ended[1].count + ended[2].count, 0);
    transfers_remove(transfers, easy[2]);
    for (int i = 0; i < 200 && ended[0].count + ended[1].count < 2; i++)
        CHECK_OK(loop_turn(loop, 50, NULL));
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(ended[i].count, i < 2);
        CHECK(i == 2 || ended[i].code == CURLE_COULDNT_CONNECT);
        transfers_remove(transfers, easy[i]); /* a second time does no harm */
        curl_easy_cleanup(easy[i]);
    }
    transfers_destroy(&transfers);
    loop_destroy(&loop);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    TEST(gives_passwords_to_verified_servers_only);
    TEST(says_whose_fault_it_is);
    TEST(ends_each_transfer_once);
    return check_done();
}
