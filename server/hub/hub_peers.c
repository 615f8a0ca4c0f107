/* How many sessions each certificate has. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/mem.h"
#include "hub/internal.h"

struct hub_peers {
	unsigned char fingerprint[32];
	size_t sessions;
	UT_hash_handle hh;
};

bool hub_peers_enter(struct hub_peers **peers, const unsigned char fingerprint[32], size_t max)
{
	struct hub_peers *p;
	HASH_FIND(hh, *peers, fingerprint, sizeof p->fingerprint, p);
	if (p && p->sessions >= max)
		return false;
	if (!p) {
		p = xcalloc(1, sizeof *p);
		memcpy(p->fingerprint, fingerprint, sizeof p->fingerprint);
		HASH_ADD(hh, *peers, fingerprint, sizeof p->fingerprint, p);
	}
	p->sessions++;
	return true;
}

void hub_peers_leave(struct hub_peers **peers, const unsigned char fingerprint[32])
{
	struct hub_peers *p;
	HASH_FIND(hh, *peers, fingerprint, sizeof p->fingerprint, p);
	assert(p && p->sessions > 0);
	if (--p->sessions == 0) {
		HASH_DEL(*peers, p);
		free(p);
	}
}
