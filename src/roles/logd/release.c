#include "roles/logd/release.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/vault/vault.h"
#include "roles/messages/roles.h"

enum { PROGRAM_BYTES_MAX = 128 << 20, IDS_BYTES_MAX = 2048 };

static void add_program(struct buffer *out, const char *name, const char *path)
{
    AUTO_ARENA arena = arena_create(2 * (size_t)PROGRAM_BYTES_MAX);
    unsigned char digest[32];
    struct slice bytes;
    buffer_add_format(out, " %s=", name);
    if (file_read(path, PROGRAM_BYTES_MAX, arena, &bytes, NULL) != ST_OK) {
        buffer_add_text(out, "unreadable");
        return;
    }
    vault_sha256(bytes, digest);
    hex_encode((struct slice){(const char *)digest, sizeof digest}, out);
}

/* Beside us, or where it is installed (roles/parent/programs.c looks the other way). */
static const char *rendezd_path(const char *folder, struct arena *arena)
{
    const char *beside = arena_format(arena, "%srendezd", folder).data;
    return access(beside, F_OK) == 0 ? beside : arena_format(arena, "%s../../sbin/rendezd", folder).data;
}

struct slice release_ids(struct arena *arena)
{
    AUTO_BUFFER out = buffer_create(IDS_BYTES_MAX);
    AUTO_ARENA paths = arena_create(64 * PATH_MAX);
    char *self = realpath("/proc/self/exe", NULL);
    struct slice own = slice_from(self);
    while (own.len > 0 && own.data[own.len - 1] != '/')
        own.len--;
    const char *folder = arena_text(paths, own); /* with its end; none: nothing below can be read */
    free(self);
    buffer_add_text(&out, "version=" RENDEZ_VERSION);
    add_program(&out, "rendezd", rendezd_path(folder, paths));
    for (int id = 0; id < ROLE_RUN_COUNT_; id++)
        add_program(&out, role_rows[id].name, arena_format(paths, "%srendez-%s", folder, role_rows[id].name).data);
    return arena_copy(arena, buffer_slice(&out));
}
