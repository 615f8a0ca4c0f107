#include "app/telephone.h"

#include <string.h>

static void add(char **out, size_t *n, size_t max, char *line)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(out[i], line) == 0)
			return;
	if (*n < max)
		out[(*n)++] = line;
}

/* The holders of a role with the first number that everyone may see. */
static void add_role(const struct shell *shell, int role, struct arena *arena, char **out, size_t *n, size_t max)
{
	const struct plan *plan = engine_plan(shell->engine);
	const struct site *site = engine_site(shell->engine);
	const struct site_holder *holders[8];
	size_t n_holders = people_holders(shell->engine, plan, role, holders, 8);

	for (size_t h = 0; h < n_holders && h < 8; h++)
		for (size_t i = 0; i < holders[h]->persons.n; i++) {
			const struct site_person *person = &site->persons[holders[h]->persons.at[i]];

			for (size_t t = 0; t < person->n_tels; t++) {
				if (person->tels[t].private_number)
					continue;
				add(out, n, max, arena_printf(arena, "%s %s %s", plan_role_title(plan, role), person->name, person->tels[t].number));
				break;
			}
		}
}

size_t telephone_list(const struct shell *shell, const struct shell_peer *peer, uint32_t incident, struct arena *arena, char **out, size_t max)
{
	const struct incident *of = incident != 0 ? engine_incident(shell->engine, incident) : NULL;
	struct view_reader reader = { shell_peer_terminal(peer), shell_peer_person(peer) };
	const struct plan *plan = engine_plan(shell->engine);
	size_t n = 0;

	if (of != NULL && people_may_see(shell->engine, of, reader.person, reader.terminal))
		n = view_telephone(shell->engine, of, &reader, shell->now, arena, out, max);
	if (n > 0 || plan == NULL || engine_site(shell->engine) == NULL)
		return n;
	for (size_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];

		if (!item->entry)
			continue;
		for (size_t t = 0; t < item->n_tell; t++) {
			const struct plan_ints *roles = item->tell[t].via.n > 0 ? &item->tell[t].via : &item->tell[t].to;

			for (size_t r = 0; r < roles->n; r++)
				if (roles->at[r] >= 0)
					add_role(shell, roles->at[r], arena, out, &n, max);
		}
	}
	return n;
}
