/*
 * fuzz: what a fuzzed part offers. The input is a peer's; the part must come back, whatever it is.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
/* Good inputs to start from: the i-th, its length, or 0 when there is none. */
size_t fuzz_seed(size_t i, uint8_t *out, size_t max);

#endif
