/* Runs a fuzz target once on every file of its corpus: argv[1] is the folder. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>

#include "base/bytes/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    DIR *folder = opendir(argv[1]);
    if (folder == NULL) {
        perror(argv[1]);
        return 3;
    }
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char path[PATH_MAX];
        AUTO_ARENA arena = arena_create((size_t)64 << 20);
        struct slice input;
        struct problem why;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (file_read(path, (size_t)32 << 20, arena, &input, &why) != ST_OK) {
            printf("Bail out! %s\n", why.detail);
            return 3;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)input.data, input.len);
        printf("ok %u - %s\n", ++count, entry->d_name);
    }
    closedir(folder);
    printf("1..%u\n", count);
    return count == 0;
}
