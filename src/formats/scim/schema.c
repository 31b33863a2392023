#include <stdarg.h>
#include <stdio.h>

#include "formats/scim/internal.h"

/* RFC 7643 sections 3.1, 4.1 and 8.7.1. */

#define END {NULL, SCIM_STRING, 0, NULL, NULL}
#define RO SCIM_READ_ONLY
#define TEXT(name, description) {name, SCIM_STRING, 0, NULL, description}
#define FLAG(name, description) {name, SCIM_BOOLEAN, 0, NULL, description}
#define VALUES(name, subs, description) {name, SCIM_COMPLEX, SCIM_MULTI, subs, description}
#define LABELS                                                                                     \
    TEXT("display", "For people to read."), TEXT("type", "What it is for, like work or home."),    \
        FLAG("primary", "The preferred one; true at most once.")

static const struct scim_attribute meta_subs[] = {
    {"resourceType", SCIM_STRING, RO | SCIM_EXACT, NULL, "User or Group."},
    {"created", SCIM_DATE_TIME, RO, NULL, "When it was added here."},
    {"lastModified", SCIM_DATE_TIME, RO, NULL, "When it was last changed."},
    {"location", SCIM_REFERENCE, RO | SCIM_EXACT, NULL, "Its URI."},
    {"version", SCIM_STRING, RO | SCIM_EXACT, NULL, "Its entity tag."},
    END,
};
static const struct scim_attribute name_subs[] = {
    TEXT("formatted", "The whole name, as it is to be shown."),
    TEXT("familyName", "Family name."),
    TEXT("givenName", "Given name."),
    TEXT("middleName", "Middle names."),
    TEXT("honorificPrefix", "Title before the name."),
    TEXT("honorificSuffix", "Suffix behind the name."),
    END,
};
static const struct scim_attribute value_subs[] = {TEXT("value", "The value."), LABELS, END};
static const struct scim_attribute photo_subs[] = {
    {"value", SCIM_REFERENCE, SCIM_EXACT, NULL, "URL of the picture."}, LABELS, END};
static const struct scim_attribute certificate_subs[] = {
    {"value", SCIM_BINARY, SCIM_EXACT, NULL, "DER in base64."}, LABELS, END};
static const struct scim_attribute address_subs[] = {
    TEXT("formatted", "The whole address in lines."),
    TEXT("streetAddress", "Street and number."),
    TEXT("locality", "Town."),
    TEXT("region", "State or region."),
    TEXT("postalCode", "Postal code."),
    TEXT("country", "Country, ISO 3166-1 alpha-2."),
    TEXT("type", "work, home or other."),
    FLAG("primary", "The preferred one; true at most once."),
    END,
};
static const struct scim_attribute group_of_user_subs[] = {
    {"value", SCIM_STRING, RO | SCIM_EXACT, NULL, "Id of the group."},
    {"$ref", SCIM_REFERENCE, RO | SCIM_EXACT, NULL, "URI of the group."},
    {"display", SCIM_STRING, RO, NULL, "Its name."},
    {"type", SCIM_STRING, RO, NULL, "direct."},
    END,
};
static const struct scim_attribute user_attributes[] = {
    {"schemas", SCIM_REFERENCE, SCIM_MULTI | SCIM_EXACT | SCIM_ALWAYS | SCIM_COMMON, NULL, NULL},
    {"id", SCIM_STRING, RO | SCIM_EXACT | SCIM_ALWAYS | SCIM_COMMON, NULL, NULL},
    {"externalId", SCIM_STRING, SCIM_EXACT | SCIM_COMMON, NULL, NULL},
    {"meta", SCIM_COMPLEX, RO | SCIM_COMMON, meta_subs, NULL},
    {"userName", SCIM_STRING, SCIM_REQUIRED | SCIM_UNIQUE, NULL, "Name to sign in with."},
    {"name", SCIM_COMPLEX, 0, name_subs, "The parts of the name."},
    TEXT("displayName", "The name as it is shown."),
    TEXT("nickName", "What the person is called."),
    {"profileUrl", SCIM_REFERENCE, SCIM_EXACT, NULL, "A page about the person."},
    TEXT("title", "Position, like Vice President."),
    TEXT("userType", "Employee, contractor …"),
    TEXT("preferredLanguage", "As in Accept-Language: fr, en-GB …"),
    TEXT("locale", "For numbers and dates."),
    TEXT("timezone", "IANA name, like Europe/Paris."),
    FLAG("active", "False: all access ends at once."),
    {"password", SCIM_STRING, SCIM_WRITE_ONLY, NULL, "Not kept: people choose their own."},
    VALUES("emails", value_subs, "Mail addresses."),
    VALUES("phoneNumbers", value_subs, "Telephone numbers."),
    VALUES("ims", value_subs, "Instant messaging addresses."),
    VALUES("photos", photo_subs, "Pictures."),
    VALUES("addresses", address_subs, "Postal addresses."),
    {"groups", SCIM_COMPLEX, SCIM_MULTI | RO, group_of_user_subs, "Groups the person is in."},
    VALUES("entitlements", value_subs, "What the person is entitled to."),
    VALUES("roles", value_subs, "Roles at the client."),
    VALUES("x509Certificates", certificate_subs, "Certificates."),
    END,
};
static const struct scim_attribute manager_subs[] = {
    {"value", SCIM_STRING, SCIM_EXACT, NULL, "Id of the manager."},
    {"$ref", SCIM_REFERENCE, SCIM_EXACT, NULL, "URI of the manager."},
    {"displayName", SCIM_STRING, RO, NULL, "The manager's name."},
    END,
};
static const struct scim_attribute enterprise_attributes[] = {
    TEXT("employeeNumber", "Number of the employee."),
    TEXT("costCenter", "Cost centre."),
    TEXT("organization", "Organisation."),
    TEXT("division", "Division."),
    TEXT("department", "Department."),
    {"manager", SCIM_COMPLEX, 0, manager_subs, "Whom the person reports to."},
    END,
};
static const struct scim_attribute member_subs[] = {
    {"value", SCIM_STRING, SCIM_EXACT | SCIM_IMMUTABLE, NULL, "Id of the person."},
    {"$ref", SCIM_REFERENCE, SCIM_EXACT | SCIM_IMMUTABLE, NULL, "URI of the person."},
    {"type", SCIM_STRING, SCIM_IMMUTABLE, NULL, "User."},
    {"display", SCIM_STRING, 0, NULL, "The person's name."},
    END,
};
static const struct scim_attribute group_attributes[] = {
    {"schemas", SCIM_REFERENCE, SCIM_MULTI | SCIM_EXACT | SCIM_ALWAYS | SCIM_COMMON, NULL, NULL},
    {"id", SCIM_STRING, RO | SCIM_EXACT | SCIM_ALWAYS | SCIM_COMMON, NULL, NULL},
    {"externalId", SCIM_STRING, SCIM_EXACT | SCIM_COMMON, NULL, NULL},
    {"meta", SCIM_COMPLEX, RO | SCIM_COMMON, meta_subs, NULL},
    {"displayName", SCIM_STRING, SCIM_REQUIRED, NULL, "Name of the group."},
    VALUES("members", member_subs, "Who is in it: people only, no groups."),
    END,
};

const struct scim_kind scim_user = {
    .name = "User",
    .endpoint = "/Users",
    .schema = "urn:ietf:params:scim:schemas:core:2.0:User",
    .description = "A person with an account",
    .attributes = user_attributes,
    .extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    .extension_attributes = enterprise_attributes,
};
const struct scim_kind scim_group = {
    .name = "Group",
    .endpoint = "/Groups",
    .schema = "urn:ietf:params:scim:schemas:core:2.0:Group",
    .description = "A group of people, which may stand for a function",
    .attributes = group_attributes,
};
static const struct scim_kind *const kinds[] = {&scim_user, &scim_group};
enum { KINDS = sizeof kinds / sizeof *kinds };

const struct scim_attribute *attribute_find(const struct scim_attribute *attributes,
                                            struct slice name)
{
    for (const struct scim_attribute *a = attributes; a != NULL && a->name != NULL; a++)
        if (slice_equal_nocase(slice_from(a->name), name))
            return a;
    return NULL;
}

const struct scim_attribute *attribute_main(const struct scim_attribute *attribute)
{
    return attribute->type == SCIM_COMPLEX ? attribute_find(attribute->subs, LIT("value")) : NULL;
}

enum status scim_fail(struct scim_error *error, unsigned http, const char *type,
                      const char *format, ...)
{
    va_list args;
    if (error != NULL) {
        *error = (struct scim_error){.http = http, .type = type};
        va_start(args, format);
        vsnprintf(error->detail, sizeof error->detail, format, args);
        va_end(args);
    }
    return http == 404                ? ST_NOT_FOUND
           : http == 409 || http == 412 ? ST_CONFLICT
                                        : ST_INVALID;
}

json_t *scim_error_json(const struct scim_error *error)
{
    char status[12];
    snprintf(status, sizeof status, "%u", error->http);
    json_t *out = json_pack("{s:[s], s:s, s:o}", "schemas", SCIM_URN_ERROR, "status", status,
                            "detail", json_from_text(slice_from(error->detail)));
    if (error->type != NULL)
        json_object_set_new(out, "scimType", json_string(error->type));
    return out;
}

static const char *const type_names[] = {"string",    "boolean", "dateTime",
                                         "reference", "binary",  "complex"};

static json_t *attribute_json(const struct scim_attribute *a)
{
    json_t *out = json_pack(
        "{s:s, s:s, s:b, s:s, s:b, s:b, s:s, s:s, s:s}", "name", a->name, "type",
        type_names[a->type], "multiValued", (a->flags & SCIM_MULTI) != 0, "description",
        a->description == NULL ? "" : a->description, "required", (a->flags & SCIM_REQUIRED) != 0,
        "caseExact", (a->flags & SCIM_EXACT) != 0, "mutability",
        a->flags & SCIM_READ_ONLY    ? "readOnly"
        : a->flags & SCIM_IMMUTABLE  ? "immutable"
        : a->flags & SCIM_WRITE_ONLY ? "writeOnly"
                                     : "readWrite",
        "returned",
        a->flags & SCIM_WRITE_ONLY ? "never"
        : a->flags & SCIM_ALWAYS   ? "always"
                                   : "default",
        "uniqueness", a->flags & SCIM_UNIQUE ? "server" : "none");
    if (a->type == SCIM_REFERENCE)
        json_object_set_new(out, "referenceTypes", json_pack("[s]", "uri"));
    if (a->subs == NULL)
        return out;
    json_t *subs = json_array();
    for (const struct scim_attribute *s = a->subs; s->name != NULL; s++)
        json_array_append_new(subs, attribute_json(s));
    json_object_set_new(out, "subAttributes", subs);
    return out;
}

static json_t *meta_json(const char *type, struct slice base, const char *path, const char *id)
{
    return json_pack("{s:s, s:o}", "resourceType", type, "location",
                     json_sprintf("%.*s%s%s", SLICE_ARG(base), path, id));
}

static json_t *schema_json(const char *id, const struct scim_kind *kind,
                           const struct scim_attribute *attributes, struct slice base)
{
    json_t *list = json_array();
    for (const struct scim_attribute *a = attributes; a->name != NULL; a++)
        if ((a->flags & SCIM_COMMON) == 0)
            json_array_append_new(list, attribute_json(a));
    return json_pack("{s:[s], s:s, s:s, s:s, s:o, s:o}", "schemas",
                     "urn:ietf:params:scim:schemas:core:2.0:Schema", "id", id, "name",
                     id == kind->extension ? "EnterpriseUser" : kind->name, "description",
                     kind->description, "attributes", list, "meta",
                     meta_json("Schema", base, "/Schemas/", id));
}

json_t *scim_schema_json(struct slice id, struct slice base)
{
    for (size_t i = 0; i < KINDS; i++) {
        const struct scim_kind *kind = kinds[i];
        if (slice_equal_nocase(id, slice_from(kind->schema)))
            return schema_json(kind->schema, kind, kind->attributes, base);
        if (kind->extension != NULL && slice_equal_nocase(id, slice_from(kind->extension)))
            return schema_json(kind->extension, kind, kind->extension_attributes, base);
    }
    return NULL;
}

static json_t *whole_list(json_t *items)
{
    size_t count = json_array_size(items);
    return json_pack("{s:[s], s:i, s:i, s:i, s:o}", "schemas", SCIM_URN_LIST, "totalResults",
                     (int)count, "startIndex", 1, "itemsPerPage", (int)count, "Resources", items);
}

json_t *scim_schemas_json(struct slice base)
{
    json_t *items = json_array();
    for (size_t i = 0; i < KINDS; i++) {
        json_array_append_new(items, scim_schema_json(slice_from(kinds[i]->schema), base));
        if (kinds[i]->extension != NULL)
            json_array_append_new(items, scim_schema_json(slice_from(kinds[i]->extension), base));
    }
    return whole_list(items);
}

json_t *scim_resource_type_json(struct slice name, struct slice base)
{
    const struct scim_kind *kind = NULL;
    for (size_t i = 0; i < KINDS; i++)
        if (slice_equal(name, slice_from(kinds[i]->name)))
            kind = kinds[i];
    if (kind == NULL)
        return NULL;
    json_t *out = json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s, s:o}", "schemas",
                            "urn:ietf:params:scim:schemas:core:2.0:ResourceType", "id", kind->name,
                            "name", kind->name, "endpoint", kind->endpoint, "description",
                            kind->description, "schema", kind->schema, "meta",
                            meta_json("ResourceType", base, "/ResourceTypes/", kind->name));
    if (kind->extension != NULL)
        json_object_set_new(out, "schemaExtensions",
                            json_pack("[{s:s, s:b}]", "schema", kind->extension, "required", 0));
    return out;
}

json_t *scim_resource_types_json(struct slice base)
{
    json_t *items = json_array();
    for (size_t i = 0; i < KINDS; i++)
        json_array_append_new(items, scim_resource_type_json(slice_from(kinds[i]->name), base));
    return whole_list(items);
}

json_t *scim_provider_json(struct slice base)
{
    return json_pack(
        "{s:[s], s:{s:b}, s:{s:b, s:i, s:i}, s:{s:b, s:i}, s:{s:b}, s:{s:b}, s:{s:b},"
        " s:[{s:s, s:s, s:s, s:s, s:b}], s:o}",
        "schemas", "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig", "patch",
        "supported", 1, "bulk", "supported", 0, "maxOperations", 0, "maxPayloadSize", 0, "filter",
        "supported", 1, "maxResults", SCIM_PAGE_MAX, "changePassword", "supported", 0, "sort",
        "supported", 1, "etag", "supported", 1, "authenticationSchemes", "type",
        "oauthbearertoken", "name", "Bearer token", "description",
        "A token of this service with the scope scim", "specUri",
        "https://www.rfc-editor.org/info/rfc6750", "primary", 1, "meta",
        meta_json("ServiceProviderConfig", base, "/ServiceProviderConfig", ""));
}
