/*
 * proof: reads renrakud's log beside it, as any other program may, and finds there what was told over the wire. A record that a reader
 * of the file sees was synced before: in WAL mode SQLite shows a transaction after the sync of its commit.
 */
#ifndef BENCH_PROOF_H
#define BENCH_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proof;

/* prefix: terminals are PREFIX1 … PREFIXn. NULL with a line on stderr. */
struct proof *proof_new(const char *path, const char *prefix, size_t n);
void proof_free(struct proof *);
/* The alarm of one round: from here on receipts of `notice` are counted. */
void proof_expect(struct proof *, uint64_t notice);
/* Reads what is new; false with a line on stderr when the log cannot be read. */
bool proof_read(struct proof *);
/* Different terminals found so far: whose receipt 'displayed' of the expected notice is there (which says 'delivered' too: the server
   keeps no record of 'delivered' when 'displayed' was there first), and who is present. */
size_t proof_displayed(const struct proof *);
size_t proof_acknowledged(const struct proof *);
size_t proof_present(const struct proof *);
uint64_t proof_records(const struct proof *);

#endif
