#include "roles/cli/doctor_clock.h"

#include <sys/timex.h>

bool doctor_clock_is_kept(long *error_us)
{
    struct timex state = {.modes = 0};
    int result = adjtimex(&state);
    *error_us = state.maxerror;
    return result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}
