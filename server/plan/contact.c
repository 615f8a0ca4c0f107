/* Which number of a body to dial at which hour. */
#include <string.h>

#include "plan/site.h"

bool contact_fits(enum plan_hours hours, enum plan_hours now)
{
	return hours == HOURS_ALWAYS || hours == now || (hours == HOURS_CLOSED && now != HOURS_BUSINESS);
}

/* A number for just this kind of hour goes before one for all the hours outside business, and that before one for every hour. */
static int closeness(enum plan_hours hours)
{
	return hours == HOURS_ALWAYS ? 1 : hours == HOURS_CLOSED ? 2 : 3;
}

static size_t put(struct contact_number *out, size_t n, size_t max, struct contact_number number)
{
	size_t i = n;

	if (n >= max)
		return n;
	/* Newest verification first; those without a day last, in their order. */
	while (i > 0 && number.verified && (!out[i - 1].verified || strcmp(out[i - 1].verified, number.verified) < 0)) {
		out[i] = out[i - 1];
		i--;
	}
	out[i] = number;
	return n + 1;
}

size_t contact_numbers(const struct plan *plan, const struct site *site, int body, int64_t at, struct contact_number *out, size_t max)
{
	enum plan_hours hour = site ? site_hour(site, at, NULL) : HOURS_BUSINESS;
	size_t n = 0;

	for (size_t i = 0; site && i < site->n_contacts; i++) {
		const struct site_contact *c = &site->contacts[i];

		if (plan_body_find(plan, c->body) == body)
			n = put(out, n, max,
				(struct contact_number){.tel = c->tel,
					.verified = c->verified,
					.hours = c->hours,
					.now = contact_fits(c->hours, hour),
					.from_site = true});
	}
	if (n)
		return n;
	for (size_t i = 0; i < plan->n_contacts; i++) { /* the printed ones, since the site has none */
		const struct plan_contact *c = &plan->contacts[i];

		if (c->body == body)
			n = put(out, n, max,
				(struct contact_number){.tel = c->tel, .hours = c->hours, .now = contact_fits(c->hours, hour)});
	}
	return n;
}

const char *contact_number_now(const struct plan *plan, const struct site *site, int body, int64_t at)
{
	struct contact_number numbers[16];
	size_t n = contact_numbers(plan, site, body, at, numbers, sizeof numbers / sizeof *numbers);

	const struct contact_number *best = NULL;

	for (size_t i = 0; i < n; i++) {
		if (numbers[i].now && (!best || closeness(numbers[i].hours) > closeness(best->hours)))
			best = &numbers[i];
	}
	if (best)
		return best->tel;
	return n ? numbers[0].tel : NULL; /* better a number that may not answer than none */
}
