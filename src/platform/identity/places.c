#include "platform/identity/places.h"

static const struct {
    struct slice table, column;
} places[IDENTITY_COLUMN_COUNT_] = {
#define PLACE(table, column) {{table, sizeof table - 1}, {column, sizeof column - 1}}
    [IDENTITY_ACCOUNT] = PLACE("identity.account", "sealed"),
    [IDENTITY_FACTOR] = PLACE("identity.factor", "sealed"),
    [IDENTITY_SESSION] = PLACE("identity.session", "sealed"),
    [IDENTITY_TOKEN] = PLACE("identity.token", "sealed"),
    [IDENTITY_FLOW] = PLACE("identity.flow", "sealed"),
    [IDENTITY_GRANT] = PLACE("identity.access_grant", "sealed"),
    [IDENTITY_REVIEW_ITEM] = PLACE("identity.review_item", "sealed"),
    [IDENTITY_AUTHORITY] = PLACE("identity.authority", "sealed"),
    [IDENTITY_PROVIDER] = PLACE("identity.provider", "sealed"),
    [IDENTITY_GROUP] = PLACE("identity.scim_group", "sealed"),
    [IDENTITY_ERRAND] = PLACE("identity.errand", "sealed"),
};

struct seal_place identity_place(enum identity_column column, struct slice organisation,
                                 struct slice row)
{
    return (struct seal_place){
        .organisation = organisation,
        .table = places[column].table,
        .column = places[column].column,
        .row = row,
    };
}

struct slice identity_flow_row(struct slice digest, struct arena *arena)
{
    AUTO_BUFFER row = buffer_create(128);
    hex_encode(digest, &row);
    return arena_copy(arena, buffer_slice(&row));
}

static const struct record_field account_details_fields[] = {
    FIELD(account_details, name, 1, RECORD_TEXT),
    FIELD(account_details, address, 2, RECORD_TEXT),
    FIELD(account_details, language, 3, RECORD_TEXT),
    FIELD(account_details, provision, 4, RECORD_TEXT),
};
RECORD_TYPE(account_details_record, account_details, account_details_fields);

static const struct record_field factor_details_fields[] = {
    FIELD(factor_details, name, 1, RECORD_TEXT),
    FIELD(factor_details, hash, 2, RECORD_TEXT),
    FIELD(factor_details, credential, 3, RECORD_BYTES),
    FIELD(factor_details, public_key, 4, RECORD_BYTES),
    FIELD(factor_details, aaguid, 5, RECORD_BYTES),
    FIELD(factor_details, backed_up, 6, RECORD_BOOL),
    FIELD(factor_details, provider, 7, RECORD_TEXT),
    FIELD(factor_details, subject, 8, RECORD_TEXT),
    FIELD(factor_details, backup_eligible, 9, RECORD_BOOL),
};
RECORD_TYPE(factor_details_record, factor_details, factor_details_fields);

static const struct record_field session_place_fields[] = {
    FIELD(session_place, address, 1, RECORD_TEXT),
    FIELD(session_place, agent, 2, RECORD_TEXT),
    FIELD(session_place, logout, 3, RECORD_TEXT),
};
RECORD_TYPE(session_place_record, session_place, session_place_fields);

static const struct record_field token_details_fields[] = {
    FIELD(token_details, name, 1, RECORD_TEXT),
};
RECORD_TYPE(token_details_record, token_details, token_details_fields);

static const struct record_field flow_details_fields[] = {
    FIELD(flow_details, challenge, 1, RECORD_BYTES),
    FIELD(flow_details, provider, 2, RECORD_TEXT),
    FIELD(flow_details, state, 3, RECORD_TEXT),
    FIELD(flow_details, nonce, 4, RECORD_TEXT),
    FIELD(flow_details, verifier, 5, RECORD_TEXT),
    FIELD(flow_details, factor, 6, RECORD_TEXT),
    FIELD(flow_details, address, 7, RECORD_TEXT),
    FIELD(flow_details, right, 8, RECORD_BOOL),
    FIELD(flow_details, names_issuer, 9, RECORD_BOOL),
    FIELD(flow_details, subject, 10, RECORD_TEXT),
    FIELD(flow_details, session, 11, RECORD_TEXT),
    FIELD(flow_details, logout, 12, RECORD_TEXT),
    FIELD(flow_details, renews, 13, RECORD_TEXT),
};
RECORD_TYPE(flow_details_record, flow_details, flow_details_fields);

static const struct record_field provider_details_fields[] = {
    FIELD(provider_details, name, 1, RECORD_TEXT),
    FIELD(provider_details, client, 2, RECORD_TEXT),
    FIELD(provider_details, secret, 3, RECORD_TEXT),
    FIELD(provider_details, authority, 4, RECORD_TEXT),
    FIELD(provider_details, acr, 5, RECORD_TEXTS),
    FIELD(provider_details, amr, 6, RECORD_TEXTS),
    FIELD(provider_details, max_age_s, 7, RECORD_I64),
    FIELD(provider_details, loopback, 8, RECORD_BOOL),
    FIELD(provider_details, private_network, 9, RECORD_BOOL),
    FIELD(provider_details, trusts_addresses, 10, RECORD_BOOL),
};
RECORD_TYPE(provider_details_record, provider_details, provider_details_fields);

static const struct record_field private_text_fields[] = {
    FIELD(private_text, text, 1, RECORD_BYTES),
};
RECORD_TYPE(private_text_record, private_text, private_text_fields);
