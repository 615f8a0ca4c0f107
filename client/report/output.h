/*
 * output: where a report goes: a file that is either whole or not there, or standard output.
 */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include <stddef.h>

#include "ctl/ctl.h"

/* To --out, else to stdout (refused for what would spoil a terminal). Returns an exit code, having said what is wrong. */
int output_write(struct ctl *, const void *data, size_t len, bool binary);

#endif
