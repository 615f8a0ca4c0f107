#include "app/principal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/presence.h"

static void make_key(char *out, size_t size, const char *kind, const char *id)
{
	int n = snprintf(out, size, "%s:%s", kind, id);

	assert(n > 0);
	(void)n;
}

struct principal *principal_find(struct shell *shell, const char *kind, const char *id)
{
	struct principal *p;
	char key[160];

	make_key(key, sizeof key, kind, id);
	HASH_FIND_STR(shell->principals, key, p);
	return p;
}

struct principal *principal_get(struct shell *shell, const char *kind, const char *id)
{
	struct principal *p = principal_find(shell, kind, id);
	size_t size;

	if (p != NULL)
		return p;
	size = strlen(kind) + 1 + strlen(id) + 1;
	p = xcalloc(1, sizeof *p + size);
	make_key(p->key, size, kind, id);
	p->id = p->key + strlen(kind) + 1;
	HASH_ADD_STR(shell->principals, key, p);
	return p;
}

void principal_join(struct principal *p, struct shell_peer *peer)
{
	p->peers = xgrow(p->peers, &p->cap_peers, p->n_peers + 1, sizeof *p->peers);
	p->peers[p->n_peers++] = peer;
	presence_touch(peer->shell, p);
}

void principal_leave(struct principal *p, struct shell_peer *peer)
{
	for (size_t i = 0; i < p->n_peers; i++) {
		if (p->peers[i] != peer)
			continue;
		p->peers[i] = p->peers[--p->n_peers];
		presence_touch(peer->shell, p);
		return;
	}
	assert(!"a session that its principal does not know");
}

void principal_free_all(struct shell *shell)
{
	struct principal *p, *next;

	HASH_ITER(hh, shell->principals, p, next) {
		HASH_DEL(shell->principals, p);
		free(p->peers);
		free(p);
	}
}
