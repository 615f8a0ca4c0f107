#include "app/telephone.h"

size_t telephone_list(const struct shell *shell, const struct shell_peer *peer, uint32_t incident, bool english, struct arena *arena,
	char **out, size_t max)
{
	const struct incident *of = incident != 0 ? engine_incident(shell->engine, incident) : NULL;
	struct view_reader reader = {shell_peer_terminal(peer), shell_peer_person(peer)};
	size_t n = 0;

	if (of != NULL && people_may_see(shell->engine, of, reader.person, reader.terminal))
		n = view_telephone(shell->engine, of, &reader, shell->now, english, arena, out, max);
	return n > 0 ? n : view_telephone(shell->engine, NULL, &reader, shell->now, english, arena, out, max);
}
