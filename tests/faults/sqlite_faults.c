#include "sqlite_faults.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"

/* A file of ours is followed in memory by the system's. */
struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

static sqlite3_vfs *system_vfs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

static bool is_full(void)
{
    return fault_now()->error == ENOSPC;
}

static int close_file(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods == NULL ? SQLITE_OK : real->pMethods->xClose(real);
}

static int read_file(sqlite3_file *file, void *out, int bytes, sqlite3_int64 at)
{
    if (fault_hits(FAULT_READ))
        return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), out, bytes, at);
}

/* What the failed write has left on the disk: nothing, or half of it. */
static int write_file(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 at)
{
    if (!fault_hits(FAULT_WRITE))
        return real_of(file)->pMethods->xWrite(real_of(file), data, bytes, at);
    if (fault_now()->torn)
        (void)real_of(file)->pMethods->xWrite(real_of(file), data, bytes / 2, at);
    return is_full() ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 bytes)
{
    if (fault_hits(FAULT_WRITE))
        return SQLITE_IOERR_TRUNCATE;
    return real_of(file)->pMethods->xTruncate(real_of(file), bytes);
}

static int sync_file(sqlite3_file *file, int flags)
{
    if (fault_hits(FAULT_FSYNC))
        return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *bytes)
{
    if (fault_hits(FAULT_STAT))
        return SQLITE_IOERR_FSTAT;
    return real_of(file)->pMethods->xFileSize(real_of(file), bytes);
}

static int lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}
static int unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
static int check_lock(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
static int control(sqlite3_file *file, int what, void *with)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, with);
}
static int sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
static int characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
static int shm_map(sqlite3_file *file, int page, int bytes, int extend, void volatile **out)
{
    if (extend && fault_hits(FAULT_WRITE))
        return SQLITE_IOERR_SHMSIZE;
    return real_of(file)->pMethods->xShmMap(real_of(file), page, bytes, extend, out);
}
static int shm_lock(sqlite3_file *file, int at, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), at, count, flags);
}
static void shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
static int shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}
/* No memory mapping of the file itself: what is read comes through read_file. */
static const sqlite3_io_methods methods = {
    2,          close_file, read_file,   write_file,  truncate_file,   sync_file, size_of_file, lock,
    unlock,     check_lock, control,     sector_size, characteristics, shm_map,   shm_lock,
    shm_barrier, shm_unmap, NULL,        NULL,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags, int *flags_out)
{
    struct file *file = (struct file *)out;
    (void)vfs;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(file + 1);
    file->real->pMethods = NULL;
    if (fault_hits(FAULT_OPEN))
        return SQLITE_CANTOPEN;
    int result = system_vfs->xOpen(system_vfs, name, file->real, flags, flags_out);
    if (file->real->pMethods != NULL)
        file->base.pMethods = &methods;
    return result;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    if (fault_hits(FAULT_REMOVE))
        return SQLITE_IOERR_DELETE;
    return system_vfs->xDelete(system_vfs, name, sync);
}

static void put_vfs(void)
{
    static sqlite3_vfs vfs;
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs;
    vfs.zName = "faults";
    vfs.szOsFile += (int)sizeof(struct file);
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}

static sqlite3_mem_methods system_memory;

static void *sqlite_malloc(int bytes)
{
    return fault_hits(FAULT_LIBRARY) ? NULL : system_memory.xMalloc(bytes);
}
static void *sqlite_realloc(void *memory, int bytes)
{
    return fault_hits(FAULT_LIBRARY) ? NULL : system_memory.xRealloc(memory, bytes);
}

static void put_memory(void)
{
    static sqlite3_mem_methods faulty;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory) != SQLITE_OK)
        abort();
    faulty = system_memory;
    faulty.xMalloc = sqlite_malloc;
    faulty.xRealloc = sqlite_realloc;
    /* Without look-aside memory every small piece is asked for. */
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK)
        abort();
}

/* By --wrap these are FAULT_MEMORY: without it our code that seals ends the process. */
static void *crypto_malloc(size_t bytes, const char *file, int line)
{
    (void)file, (void)line;
    return bytes == 0 ? NULL : malloc(bytes);
}
static void *crypto_realloc(void *memory, size_t bytes, const char *file, int line)
{
    (void)file, (void)line;
    return realloc(memory, bytes);
}
static void crypto_free(void *memory, const char *file, int line)
{
    (void)file, (void)line;
    free(memory);
}

void sqlite_faults(void)
{
    put_memory();
    put_vfs();
    if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) != 1)
        abort();
    OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
}
