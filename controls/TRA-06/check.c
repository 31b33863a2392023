/* The form is there, refuses what is empty, and a made-up message becomes a ticket with its receipt. */
#include "roles/prober/check.h"

static enum status look_at_form(struct check *c, const struct check_listener *listener, struct problem *why)
{
    static const char *const form[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    struct check_request shown = {.listener = listener, .path = "/trust/contact"};
    struct check_request empty = {.listener = listener, .method = "POST", .path = "/trust/contact", .headers = form,
                                  .body = LIT("address=&text=")};
    struct check_response response;
    TRY(check_http(c, &shown, &response, why));
    if (response.code != 200 || !slice_contains(response.body, LIT("name=\"text\"")))
        return check_fails(c, "no_form");
    TRY(check_http(c, &empty, &response, why));
    check_fact(c, "empty", "%ld", response.code);
    return response.code == 400 ? ST_OK : check_fails(c, "empty_taken");
}

enum status control_check(struct check *c, struct problem *why)
{
    struct check_listener listeners[CHECK_LISTENERS_MAX];
    size_t count = check_listeners(c, listeners);
    if (count == 0)
        return problem_set(why, ST_UNAVAILABLE, "there is no listener");
    TRY(look_at_form(c, &listeners[0], why));
    if (check_has_failed(c))
        return ST_OK;
    return check_by_probe(c, ROLE_TRUST, "ticket", SLICE_NONE, false, why);
}
