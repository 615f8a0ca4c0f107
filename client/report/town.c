#include "report/town.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ctl/link.h"
#include "ctl/out.h"
#include "ctl/pick.h"
#include "lib/contacts.h"
#include "lib/durable.h"

static int from_disk(struct ctl *ctl, struct town *k)
{
	int64_t plan_at;

	if (rows_load(contacts_path(ctl->settings, ctl->arena), &k->contacts, &k->at) != 0)
		return link_failed(ctl); /* ends with whom to telephone */
	if (rows_load(contacts_plan_path(ctl->settings, ctl->arena), &k->plan, &plan_at) != 0)
		k->plan = rows_new();
	k->away = true;
	out_error(
		"%s", T("サーバにつながりません。この端末の控えから作ります。", "The server is away; it is made of this terminal's copy."));
	return CTL_OK;
}

/* A device without an agent keeps them itself whenever it has them fresh. */
static void keep(struct ctl *ctl, const struct town *k)
{
	if (conn_by_agent(ctl->conn) || durable_directory(ctl->settings->state, 0700) != 0)
		return;
	(void)rows_save(k->contacts, contacts_path(ctl->settings, ctl->arena), k->at);
	(void)rows_save(k->plan, contacts_plan_path(ctl->settings, ctl->arena), k->at);
}

int town_read(struct ctl *ctl, struct town *k)
{
	memset(k, 0, sizeof *k);
	k->contacts = link_peek(ctl, RENRAKU__VIEW__VIEW_CONTACTS, 0);
	k->plan = k->contacts ? link_peek(ctl, RENRAKU__VIEW__VIEW_PLAN, 0) : NULL;
	if (k->plan) {
		k->at = link_now(ctl);
		keep(ctl, k);
		return CTL_OK;
	}
	rows_free(k->contacts);
	k->contacts = NULL;
	return link_exit(ctl->problem.error) == CTL_UNREACHABLE ? from_disk(ctl, k) : link_failed(ctl);
}

void town_free(struct town *k)
{
	rows_free(k->contacts);
	rows_free(k->plan);
}

const Renraku__PlanRoleRow *town_role(const struct town *k, const char *id)
{
	char key[256];
	const Renraku__Row *row;

	snprintf(key, sizeof key, "role:%s", id);
	row = rows_find(k->plan, key);
	return row && row->body_case == RENRAKU__ROW__BODY_PLAN_ROLE ? row->plan_role : NULL;
}

const char *town_role_title(const struct town *k, const char *id)
{
	const Renraku__PlanRoleRow *r = town_role(k, id);

	if (r)
		return i18n_pick(r->title, r->title_en);
	if (strcmp(id, "anyone") == 0)
		return T("発見した職員", "whoever found it");
	if (strcmp(id, "reporter") == 0)
		return T("通報した者", "who raised the alarm");
	if (strcmp(id, "every_terminal") == 0)
		return T("全端末", "every terminal");
	return strcmp(id, "entry") == 0 ? T("通報を受けた者", "those told of the alarm") : id;
}

const Renraku__PersonRow *town_person(const struct town *k, const char *id)
{
	char key[256];
	const Renraku__Row *row;

	snprintf(key, sizeof key, "person:%s", id);
	row = rows_find(k->contacts, key);
	return row && row->body_case == RENRAKU__ROW__BODY_PERSON ? row->person : NULL;
}
