/*
 * record_codec: struct record <-> the bytes of proto/record.proto; the only includer of record.pb-c.h.
 *
 * Bytes are deterministic: fields in the order of their numbers, defaults left out. Decoding holds what it reads to that
 * form, which also catches what protobuf-c lets pass: a NUL inside a string, a number too large for its field, a field said
 * twice. Each of these makes the message shorter when it is written again, so comparing lengths is enough. Fields of a
 * later version survive, since protobuf-c keeps and counts them.
 */
#include "record/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record.pb-c.h"

/* What one byte of a record may take when unpacked: a hostile record must not grow without bound. */
#define GROWTH 40u
#define GROWTH_BASE 65536u

/* ---- encoding ---- */

/* protobuf-c has no const; nothing is written through these. */
static char *text_out(const char *s)
{
	return (char *)(uintptr_t)(s ? s : "");
}

static ProtobufCBinaryData bytes_out(const uint8_t *data, size_t len)
{
	return (ProtobufCBinaryData){.len = len, .data = (uint8_t *)(uintptr_t)data};
}

static Renraku__Record__FieldValue **values_out(struct arena *arena, const struct record *r)
{
	Renraku__Record__FieldValue **list = arena_alloc(arena, (r->n_values + 1) * sizeof *list);
	for (size_t i = 0; i < r->n_values; i++) {
		const struct record_value *v = &r->values[i];
		Renraku__Record__FieldValue *m = list[i] = arena_alloc(arena, sizeof *m);
		renraku__record__field_value__init(m);
		m->field = text_out(v->field);
		m->value = text_out(v->value);
		m->unknown = text_out(v->unknown);
		m->n_checks = v->n_checks;
		m->checks = arena_alloc(arena, (v->n_checks + 1) * sizeof *m->checks);
		for (size_t c = 0; c < v->n_checks; c++)
			m->checks[c] = text_out(v->checks[c]);
	}
	return list;
}

static Renraku__Record__CallMade **calls_out(struct arena *arena, const struct record *r)
{
	Renraku__Record__CallMade **list = arena_alloc(arena, (r->n_calls + 1) * sizeof *list);
	for (size_t i = 0; i < r->n_calls; i++) {
		const struct record_call *c = &r->calls[i];
		Renraku__Record__CallMade *m = list[i] = arena_alloc(arena, sizeof *m);
		renraku__record__call_made__init(m);
		m->body = text_out(c->body);
		m->number = text_out(c->number);
		m->at = c->at;
		m->answered_by = text_out(c->answered_by);
		m->said = text_out(c->said);
		m->no_answer = c->no_answer;
		m->again_at = c->again_at;
		m->reason = text_out(c->reason);
		m->offered = text_out(c->offered);
	}
	return list;
}

static Renraku__Record__FollowUpMade **follow_ups_out(struct arena *arena, const struct record *r)
{
	Renraku__Record__FollowUpMade **list = arena_alloc(arena, (r->n_follow_ups + 1) * sizeof *list);
	for (size_t i = 0; i < r->n_follow_ups; i++) {
		Renraku__Record__FollowUpMade *m = list[i] = arena_alloc(arena, sizeof *m);
		renraku__record__follow_up_made__init(m);
		m->kind = text_out(r->follow_ups[i].kind);
		m->text = text_out(r->follow_ups[i].text);
		m->owner = text_out(r->follow_ups[i].owner);
		m->due = text_out(r->follow_ups[i].due);
	}
	return list;
}

static Renraku__Record__Recipient **recipients_out(struct arena *arena, const struct record *r)
{
	Renraku__Record__Recipient **list = arena_alloc(arena, (r->n_recipients + 1) * sizeof *list);
	for (size_t i = 0; i < r->n_recipients; i++) {
		Renraku__Record__Recipient *m = list[i] = arena_alloc(arena, sizeof *m);
		renraku__record__recipient__init(m);
		m->id = text_out(r->recipients[i].id);
		m->as = (uint32_t)r->recipients[i].as;
	}
	return list;
}

static void actor_out(const struct record *r, Renraku__Record__Record *m)
{
	static const uint8_t no_digest[RECORD_HASH];
	m->sender = text_out(r->sender);
	m->command = text_out(r->command);
	if (memcmp(r->digest, no_digest, RECORD_HASH) != 0)
		m->digest = bytes_out(r->digest, RECORD_HASH);
	m->made_at = r->made_at;
	m->person = text_out(r->person);
	m->role = text_out(r->role);
	m->capacity = (uint32_t)r->capacity;
	m->channel = (uint32_t)r->channel;
	m->entered_by = text_out(r->entered_by);
	m->number = text_out(r->number);
	m->said_at = r->said_at;
	m->terminal = text_out(r->terminal);
}

static void content_out(const struct record *r, Renraku__Record__Record *m)
{
	m->incident = r->incident;
	m->item = text_out(r->item);
	m->notice = r->notice;
	m->chain = r->chain;
	m->hop = r->hop;
	m->ordinal = r->ordinal;
	m->stage = r->stage;
	m->ref = r->ref;
	m->flag = r->flag;
	m->drill = r->drill;
	m->text = text_out(r->text);
	m->answer = text_out(r->answer);
	m->until = r->until;
	m->name = text_out(r->name);
	m->since = r->since;
	m->other = text_out(r->other);
	if (r->blob_len)
		m->blob = bytes_out(r->blob, r->blob_len);
}

void record_encode(const struct record *r, struct buf *out)
{
	struct arena *arena = arena_new(0);
	Renraku__Record__Record m = RENRAKU__RECORD__RECORD__INIT;
	m.version = RECORD_VERSION;
	m.kind = (uint32_t)r->kind;
	m.at = r->at;
	m.site = r->site;
	actor_out(r, &m);
	content_out(r, &m);
	m.n_values = r->n_values;
	m.values = values_out(arena, r);
	m.n_calls = r->n_calls;
	m.calls = calls_out(arena, r);
	m.n_follow_ups = r->n_follow_ups;
	m.follow_ups = follow_ups_out(arena, r);
	m.n_recipients = r->n_recipients;
	m.recipients = recipients_out(arena, r);
	size_t len = renraku__record__record__get_packed_size(&m);
	uint8_t *bytes = xmalloc(len ? len : 1);
	renraku__record__record__pack(&m, bytes);
	buf_append(out, bytes, len);
	free(bytes);
	arena_free(arena);
}

/* ---- decoding ---- */

struct bounded {
	struct arena *arena;
	size_t left;
};

static void *bounded_alloc(void *arg, size_t size)
{
	struct bounded *b = arg;
	if (size > b->left)
		return NULL;
	b->left -= size;
	return arena_alloc(b->arena, size);
}

static void bounded_free(void *arg, void *p)
{
	(void)arg;
	(void)p; /* goes with the arena */
}

static bool texts_clean(const ProtobufCMessage *);

static bool field_clean(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	const char *base = (const char *)m;
	bool repeated = f->label == PROTOBUF_C_LABEL_REPEATED;
	size_t n = repeated ? *(const size_t *)(const void *)(base + f->quantifier_offset) : 1;
	const void *at = base + f->offset;
	for (size_t i = 0; i < n; i++) {
		if (f->type == PROTOBUF_C_TYPE_STRING) {
			const char *s = repeated ? (*(char *const *const *)at)[i] : *(char *const *)at;
			if (s && !text_valid(s, strlen(s)))
				return false;
		} else if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
			const ProtobufCMessage *sub =
				repeated ? (*(ProtobufCMessage *const *const *)at)[i] : *(ProtobufCMessage *const *)at;
			if (sub && !texts_clean(sub))
				return false;
		} else {
			return true;
		}
	}
	return true;
}

/* Two levels deep at most: no message of record.proto nests itself. */
static bool texts_clean(const ProtobufCMessage *m)
{
	for (unsigned i = 0; i < m->descriptor->n_fields; i++)
		if (!field_clean(m, &m->descriptor->fields[i]))
			return false;
	return true;
}

static const char *text_in(const char *s)
{
	return s && *s ? s : NULL;
}

/* The decoder's arena may have a limit, so each list may fail. */
static bool values_in(struct arena *arena, const Renraku__Record__Record *m, struct record *r)
{
	r->n_values = m->n_values;
	r->values = arena_alloc(arena, (m->n_values + 1) * sizeof *r->values);
	if (!r->values)
		return false;
	for (size_t i = 0; i < m->n_values; i++) {
		const Renraku__Record__FieldValue *v = m->values[i];
		const char *unknown = text_in(v->unknown);
		r->values[i] = (struct record_value){
			.field = text_in(v->field),
			/* an empty value is a value; only 'unknown' stands for none */
			.value = unknown && !*v->value ? NULL : v->value,
			.unknown = unknown,
			.checks = (const char **)v->checks,
			.n_checks = v->n_checks,
		};
	}
	return true;
}

static bool calls_in(struct arena *arena, const Renraku__Record__Record *m, struct record *r)
{
	r->n_calls = m->n_calls;
	r->calls = arena_alloc(arena, (m->n_calls + 1) * sizeof *r->calls);
	if (!r->calls)
		return false;
	for (size_t i = 0; i < m->n_calls; i++) {
		const Renraku__Record__CallMade *c = m->calls[i];
		r->calls[i] = (struct record_call){
			.body = text_in(c->body),
			.number = text_in(c->number),
			.answered_by = text_in(c->answered_by),
			.said = text_in(c->said),
			.reason = text_in(c->reason),
			.at = c->at,
			.again_at = c->again_at,
			.no_answer = c->no_answer,
			.offered = text_in(c->offered),
		};
	}
	return true;
}

static bool follow_ups_in(struct arena *arena, const Renraku__Record__Record *m, struct record *r)
{
	r->n_follow_ups = m->n_follow_ups;
	r->follow_ups = arena_alloc(arena, (m->n_follow_ups + 1) * sizeof *r->follow_ups);
	if (!r->follow_ups)
		return false;
	for (size_t i = 0; i < m->n_follow_ups; i++) {
		const Renraku__Record__FollowUpMade *f = m->follow_ups[i];
		r->follow_ups[i] = (struct record_follow){text_in(f->kind), text_in(f->text), text_in(f->owner), text_in(f->due)};
	}
	return true;
}

static bool recipients_in(struct arena *arena, const Renraku__Record__Record *m, struct record *r)
{
	r->n_recipients = m->n_recipients;
	r->recipients = arena_alloc(arena, (m->n_recipients + 1) * sizeof *r->recipients);
	if (!r->recipients)
		return false;
	for (size_t i = 0; i < m->n_recipients; i++)
		r->recipients[i] = (struct record_recipient){text_in(m->recipients[i]->id), (enum recipient_as)m->recipients[i]->as};
	return true;
}

static void scalars_in(const Renraku__Record__Record *m, struct record *r)
{
	*r = (struct record){
		.kind = (enum record_kind)m->kind,
		.at = m->at,
		.sender = text_in(m->sender),
		.command = text_in(m->command),
		.made_at = m->made_at,
		.site = m->site,
		.person = text_in(m->person),
		.role = text_in(m->role),
		.entered_by = text_in(m->entered_by),
		.number = text_in(m->number),
		.terminal = text_in(m->terminal),
		.capacity = (enum capacity)m->capacity,
		.channel = (enum channel)m->channel,
		.said_at = m->said_at,
		.incident = m->incident,
		.item = text_in(m->item),
		.notice = m->notice,
		.chain = m->chain,
		.hop = m->hop,
		.ordinal = m->ordinal,
		.stage = m->stage,
		.ref = m->ref,
		.flag = m->flag,
		.drill = m->drill,
		.text = text_in(m->text),
		.answer = text_in(m->answer),
		.name = text_in(m->name),
		.other = text_in(m->other),
		.since = m->since,
		.until = m->until,
		.blob = m->blob.len ? m->blob.data : NULL,
		.blob_len = m->blob.len,
	};
	if (m->digest.len == RECORD_HASH)
		memcpy(r->digest, m->digest.data, RECORD_HASH);
}

bool record_decode(struct arena *arena, const uint8_t *bytes, size_t len, struct record *out)
{
	if (len > RECORD_BLOB_MAX + RECORD_MAX)
		return false;
	struct bounded bounded = {.arena = arena, .left = GROWTH_BASE + GROWTH * len};
	ProtobufCAllocator allocator = {.alloc = bounded_alloc, .free = bounded_free, .allocator_data = &bounded};
	Renraku__Record__Record *m = renraku__record__record__unpack(&allocator, len, bytes);
	if (!m)
		return false;
	if (m->version != RECORD_VERSION || m->kind == REC_NONE)
		return false;
	if (m->digest.len != 0 && m->digest.len != RECORD_HASH)
		return false;
	if (renraku__record__record__get_packed_size(m) != len || !texts_clean(&m->base))
		return false;
	scalars_in(m, out);
	return values_in(arena, m, out) && calls_in(arena, m, out) && follow_ups_in(arena, m, out) && recipients_in(arena, m, out);
}
