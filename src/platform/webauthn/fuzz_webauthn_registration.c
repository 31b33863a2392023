#include <assert.h>

#include "platform/webauthn/internal.h"

/* Any bytes as an attestation object: within bounds, and what is taken is whole. Client data is
 * right, so that a registration goes as far as the bytes lead. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice origins[] = {{"https://meet.example", 20}};
    struct webauthn_site site = {.rp_id = LIT("meet.example"), .origins = origins,
                                 .origin_count = 1, .takes_any_format = true};
    struct webauthn_registration sent = {
        .client_data = LIT("{\"type\":\"webauthn.create\",\"challenge\":\"YQ\","
                           "\"origin\":\"https://meet.example\"}"),
        .attestation = {(const char *)data, size},
    };
    struct webauthn_credential made;
    struct attestation attestation;
    struct auth_data parts;
    if (attestation_read(sent.attestation, &attestation, NULL) == ST_OK &&
        auth_data_read(attestation.auth_data, &parts, NULL) == ST_OK)
        sent.id = parts.id;
    if (webauthn_register(&site, LIT("a"), &sent, &made, NULL) == ST_OK) {
        AUTO_KEY key = {0};
        enum status again = key_open(made.key, &key, NULL);
        assert(again == ST_OK && key.alg == made.alg);
        assert(made.id.len > 0 && made.id.len <= WEBAUTHN_ID_BYTES_MAX);
    }
    return 0;
}
