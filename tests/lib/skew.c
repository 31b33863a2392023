/* A wall clock that a test steps for one service only: named in /etc/ld.so.preload of the service's own
 * mount namespace (trouble.py), so that roles have it from the start and their sandboxes need
 * allow nothing more. The file is mapped before they enter them. SKEW_FILE: 8 bytes, seconds to
 * add. CLOCK_MONOTONIC stays, as it does when somebody sets the time of a machine. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *skew_s;
static int (*real_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void find(void)
{
    int fd = open(SKEW_FILE, O_RDONLY | O_CLOEXEC);
    void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *skew_s, PROT_READ, MAP_SHARED, fd, 0);
    *(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    if (page != MAP_FAILED)
        skew_s = page;
    if (fd >= 0)
        close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (real_clock == NULL) /* another library's constructor asks before ours has run */
        find();
    int result = real_clock(clock, out);
    if (result == 0 && skew_s != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        out->tv_sec += *skew_s;
    return result;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
