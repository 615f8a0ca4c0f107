/*
 * evolve: folds one record into the state. Cannot fail: what is in the log has happened. A record that does not fit (of a
 * later version, or of a damaged log that the verifier will name) changes nothing but the index.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/core.h"

static void remember_command(struct engine *e, const struct record *r)
{
	if (!r->command || !r->sender)
		return;
	size_t sender = strlen(r->sender), len = sender + 1 + strlen(r->command);
	struct seen_command *s = xcalloc(1, sizeof *s + len + 1);
	memcpy(s->key, r->sender, sender);
	memcpy(s->key + sender + 1, r->command, len - sender - 1);
	s->key_len = (unsigned)len;
	memcpy(s->digest, r->digest, sizeof s->digest);
	s->record = r->index;
	s->incident = core_concerned(r);
	s->joined = core_joined(r);
	HASH_ADD_KEYPTR(hh, e->seen, s->key, s->key_len, s);
}

static void started(struct engine *e, const struct record *r, struct changes *ch)
{
	e->epoch = r->index;
	e->grace_until = r->at + (r->until > 0 ? r->until : GRACE_DEFAULT_MS);
	e->grace_pending = true;
	if (ch)
		ch->presence = true;
}

static void presence(struct engine *e, const struct record *r, struct changes *ch)
{
	for (size_t i = 0; i < r->n_recipients; i++) {
		const char *key = r->recipients[i].id;
		struct presence_entry *p;
		HASH_FIND_STR(e->presence, key, p);
		if (!p) {
			size_t len = strlen(key);
			p = xcalloc(1, sizeof *p + len + 1);
			memcpy(p->key, key, len + 1);
			HASH_ADD_STR(e->presence, key, p);
		}
		p->present = r->flag;
		p->epoch = e->epoch;
		p->since = r->at;
		if (strncmp(key, "person:", 7) == 0)
			e->presence_dirty = true;
	}
	if (ch)
		ch->presence = true;
}

static void plan_loaded(struct engine *e, const struct record *r)
{
	struct plan_faults faults = {0};
	struct plan *p = plan_load(r->name ? r->name : "plan", (const char *)r->blob, r->blob_len, &faults);
	plan_faults_free(&faults);
	if (!p)
		return; /* an edition that an older or newer checker refuses: the one before stays */
	e->plans = xgrow(e->plans, &e->cap_plans, e->n_plans + 1, sizeof *e->plans);
	e->plans[e->n_plans++] = (struct edition){.record = r->index, .plan = p, .sha256 = r->text ? xstrdup(r->text) : NULL};
}

static void forget_text(struct engine *e)
{
	struct edition *before = e->n_sites ? &e->sites[e->n_sites - 1] : NULL;
	if (!before)
		return;
	free(before->name);
	free(before->text);
	before->name = before->text = NULL;
}

static void site_loaded(struct engine *e, const struct record *r)
{
	struct plan_faults faults = {0};
	struct site *s = site_load(r->name ? r->name : "site", (const char *)r->blob, r->blob_len, &faults);
	plan_faults_free(&faults);
	if (!s)
		return;
	const struct site *before = engine_site(e);
	e->sites = xgrow(e->sites, &e->cap_sites, e->n_sites + 1, sizeof *e->sites);
	forget_text(e);
	e->sites[e->n_sites++] = (struct edition){.record = r->index,
		.site = s,
		.sha256 = r->text ? xstrdup(r->text) : NULL,
		.name = xstrdup(r->name ? r->name : "site"),
		.text = xstrndup((const char *)r->blob, r->blob_len),
		.len = r->blob_len};
	e->site_dirty = e->remind_stale = true;
	test_site_loaded(e, before, r->at);
	for (size_t i = 0; i < e->n_incidents; i++) /* holders and sections may have changed */
		if (e->incidents[i]->state == INCIDENT_OPEN || e->incidents[i]->n_open)
			core_dirty(e, e->incidents[i]);
}

void engine_evolve(struct engine *e, const struct record *r, struct changes *ch)
{
	e->index = r->index;
	if (r->at > e->time)
		e->time = r->at;
	remember_command(e, r);
	switch (r->kind) {
	case REC_STARTED:
		started(e, r, ch);
		break;
	case REC_PRESENCE:
		presence(e, r, ch);
		break;
	case REC_PLAN_LOADED:
		plan_loaded(e, r);
		if (ch)
			ch->site = true;
		break;
	case REC_SITE_LOADED:
		site_loaded(e, r);
		if (ch)
			ch->site = true;
		break;
	case REC_NOTIFIED:
	case REC_BROADCAST:
	case REC_RECEIPT:
	case REC_ACKNOWLEDGED:
	case REC_EXCUSED:
	case REC_REPEATED:
	case REC_ESCALATED:
	case REC_WITHDRAWN:
	case REC_REMINDED:
	case REC_CONFIRMED:
	case REC_DENIED:
		evolve_notice(e, r, ch);
		break;
	case REC_ENTERED:
	case REC_WAIVED:
	case REC_REOPENED:
	case REC_DONE:
		evolve_item(e, r, ch);
		break;
	case REC_OPENED:
	case REC_ALARM_JOINED:
	case REC_SPLIT:
	case REC_JOINED:
	case REC_CALL:
	case REC_COMMENT:
	case REC_HANDED_OVER:
	case REC_FOLLOW_UP:
	case REC_FOLLOW_UP_CHANGED:
	case REC_CLOSED:
	case REC_GIVEN_UP:
	case REC_BARRED:
	case REC_READ:
		evolve_incident(e, r, ch);
		break;
	case REC_ABSENCE:
	case REC_DELEGATED:
	case REC_DELEGATION_ENDED:
		term_evolve(e, r, ch);
		break;
	case REC_NONE:
	case REC_CLOCK:
	case REC_PASSWORD_SET:
		break;
	case REC_TEST:
	case REC_TEST_ANSWERED:
	case REC_TEST_ENDED:
		test_evolve(e, r, ch);
		break;
	case REC_ENROLLED:
	case REC_ENROLMENT_ENDED:
		enrol_evolve(e, r, ch);
		break;
	}
}
