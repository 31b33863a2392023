/* A hash table with chains, which grows by doubling. Ids are ours, and random. */
#include "roles/keyd/meetings.h"

#include <stdlib.h>

enum { BUCKETS_FIRST = 256 };

struct node {
    struct node *next;
    uint8_t id_len, organisation_len, assigned_len;
    char text[]; /* the three, one behind the other */
};

struct meetings {
    struct node **buckets;
    size_t bucket_count, count;
};

struct meetings *meetings_create(void)
{
    struct meetings *meetings = must_calloc(1, sizeof *meetings);
    meetings->bucket_count = BUCKETS_FIRST;
    meetings->buckets = must_calloc(BUCKETS_FIRST, sizeof(struct node *));
    return meetings;
}

void meetings_clear(struct meetings *meetings)
{
    for (size_t i = 0; i < meetings->bucket_count; i++)
        for (struct node *node = meetings->buckets[i], *next; node != NULL; node = next) {
            next = node->next;
            free(node);
        }
    free(meetings->buckets);
    meetings->bucket_count = BUCKETS_FIRST;
    meetings->buckets = must_calloc(BUCKETS_FIRST, sizeof(struct node *));
    meetings->count = 0;
}

void meetings_destroy(struct meetings **meetings)
{
    if (*meetings == NULL)
        return;
    meetings_clear(*meetings);
    free((*meetings)->buckets);
    free(*meetings);
    *meetings = NULL;
}

/* FNV-1a. */
static size_t bucket_of(const struct meetings *meetings, struct slice id)
{
    uint64_t hash = 0xCBF29CE484222325;
    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.data[i]) * 0x100000001B3;
    return (size_t)(hash ^ hash >> 32) & (meetings->bucket_count - 1);
}

static struct slice node_id(const struct node *node)
{
    return (struct slice){node->text, node->id_len};
}

/* Where the pointer to it is, or would be. */
static struct node **find(const struct meetings *meetings, struct slice id)
{
    struct node **at = &meetings->buckets[bucket_of(meetings, id)];
    while (*at != NULL && !slice_equal(node_id(*at), id))
        at = &(*at)->next;
    return at;
}

static void grow(struct meetings *meetings)
{
    struct meetings larger = {.bucket_count = meetings->bucket_count * 2, .count = meetings->count};
    larger.buckets = must_calloc(larger.bucket_count, sizeof(struct node *));
    for (size_t i = 0; i < meetings->bucket_count; i++)
        for (struct node *node = meetings->buckets[i], *next; node != NULL; node = next) {
            struct node **bucket = &larger.buckets[bucket_of(&larger, node_id(node))];
            next = node->next;
            node->next = *bucket;
            *bucket = node;
        }
    free(meetings->buckets);
    *meetings = larger;
}

static char *put_text(char *at, struct slice text)
{
    if (text.len > 0)
        memcpy(at, text.data, text.len);
    return at + text.len;
}

bool meetings_put(struct meetings *meetings, const struct meeting_entry *entry)
{
    struct slice id = entry->id, organisation = entry->organisation, assigned = entry->assigned;
    meetings_remove(meetings, id);
    if (id.len == 0 || id.len > MEETING_TEXT_MAX || organisation.len == 0 ||
        organisation.len > MEETING_TEXT_MAX || assigned.len > MEETING_TEXT_MAX ||
        meetings->count >= MEETINGS_MAX)
        return false;
    struct node *node = must_calloc(1, sizeof *node + id.len + organisation.len + assigned.len);
    node->id_len = (uint8_t)id.len;
    node->organisation_len = (uint8_t)organisation.len;
    node->assigned_len = (uint8_t)assigned.len;
    put_text(put_text(put_text(node->text, id), organisation), assigned);
    if (meetings->count >= meetings->bucket_count)
        grow(meetings);
    struct node **bucket = &meetings->buckets[bucket_of(meetings, id)];
    node->next = *bucket;
    *bucket = node;
    meetings->count++;
    return true;
}

void meetings_remove(struct meetings *meetings, struct slice id)
{
    struct node **at = find(meetings, id), *gone = *at;
    if (gone == NULL)
        return;
    *at = gone->next;
    free(gone);
    meetings->count--;
}

bool meetings_find(const struct meetings *meetings, struct slice id, struct meeting_entry *out)
{
    const struct node *node = *find(meetings, id);
    if (node == NULL)
        return false;
    const char *organisation = node->text + node->id_len;
    *out = (struct meeting_entry){
        .id = node_id(node),
        .organisation = {organisation, node->organisation_len},
        .assigned = {organisation + node->organisation_len, node->assigned_len},
    };
    return true;
}

size_t meetings_count(const struct meetings *meetings)
{
    return meetings->count;
}
