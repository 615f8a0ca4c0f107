/*
 * process: children of the bench, the core they run on, and what they used. Every child ends with the bench.
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Two cores that this process may use, the first and the last; the same one twice where there is only one. */
void process_cores(int *server, int *load);
void process_pin(int core);
/* To be called in a child after fork: on that core (-1: any), ended when the parent ends. */
void process_child(int core, pid_t parent);
/* Runs it to its end with its output in the file `out`; false with a line on stderr when it does not succeed. */
bool process_run(const char *out, char *const argv[]);
/* Starts it on a core, with standard output in *pipe and standard error in the file `err`. */
pid_t process_start(int core, const char *err, char *const argv[], int *pipe);
/* Ends it by its id and waits. True when it ended by itself or at our word, false when it had died otherwise. */
bool process_stop(pid_t);
bool process_alive(pid_t);
/* Processor time used so far, all threads; nanoseconds. */
int64_t process_cpu(pid_t);
/* Anonymous memory that is in use now; bytes. */
int64_t process_memory(pid_t);

#endif
