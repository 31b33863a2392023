#ifndef RENDEZ_BENCH_CLOCK_H
#define RENDEZ_BENCH_CLOCK_H

/* Seconds: of the wall, and of the processor that this thread has used. */
double wall_s(void);
double cpu_s(void);

#endif
