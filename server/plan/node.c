#include "plan/node.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"

/* Aliases are refused; they are followed all the same, so that one mistake does not look like twenty. A few are enough for that. */
enum { MAX_ANCHORS = 16, MAX_ALIASES = 16 };

struct parse {
	yaml_parser_t yaml;
	struct {
		const char *name;
		const struct node *node; /* complete: an alias within its own anchor finds nothing */
	} anchors[MAX_ANCHORS];
	size_t n_anchors, n_aliases;
	struct arena *arena;
	const char *file;
	struct plan_faults *faults;
	size_t n_nodes;
	bool broken; /* the rest cannot be read */
	const char *text;
	size_t len, byte, index; /* the library counts characters: where `index` of them end */
};

/* Marks come nearly in order, so the next one is near. */
static size_t byte_of(struct parse *p, yaml_mark_t mark)
{
	while (p->index < mark.index && p->byte < p->len) {
		do
			p->byte++;
		while (p->byte < p->len && ((unsigned char)p->text[p->byte] & 0xC0) == 0x80);
		p->index++;
	}
	while (p->index > mark.index && p->byte > 0) {
		do
			p->byte--;
		while (p->byte > 0 && ((unsigned char)p->text[p->byte] & 0xC0) == 0x80);
		p->index--;
	}
	return p->byte;
}

static struct plan_pos pos_of(yaml_mark_t mark)
{
	return (struct plan_pos){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

#define FAULT(p, pos, ...) plan_fault_add((p)->faults, (p)->file, pos, false, __VA_ARGS__)

/* The library says what it met in English only; the Japanese sentence says where and what to look for. */
static void syntax_fault(struct parse *p)
{
	const yaml_parser_t *y = &p->yaml;
	/* What was opened and never closed is better looked for where it was opened. */
	bool open = y->context && (strstr(y->context, "flow") || strstr(y->context, "quoted"));
	yaml_mark_t mark = open ? y->context_mark : y->problem_mark;
	const char *problem = y->problem ? y->problem : "unreadable";

	if (y->error == YAML_READER_ERROR) {
		/* Bytes that are no text have an offset and no mark; the scanner's own mark is the nearest line. */
		FAULT(p, pos_of(y->mark), "The text cannot be read as UTF-8: %s. Save the file as UTF-8.",
			"文字コードがUTF-8として読めません（%s）。ファイルをUTF-8で保存してください。", problem);
		return;
	}
	FAULT(p, pos_of(mark), "YAML syntax: %s. Look at this line and the one above: indentation, colons, brackets, quotes.",
		"YAMLの書き方の誤りです（%s）。この行と一つ上の行の字下げ・コロン・かっこ・引用符を確かめてください。", problem);
}

static bool next_event(struct parse *p, yaml_event_t *event)
{
	if (p->broken)
		return false;
	if (!yaml_parser_parse(&p->yaml, event)) {
		syntax_fault(p);
		p->broken = true;
		return false;
	}
	return true;
}

static struct node *node_new(struct parse *p, enum node_type type, struct plan_pos pos)
{
	struct node *n;

	if (++p->n_nodes > NODE_MAX_NODES) {
		FAULT(p, pos, "More than %d values: the file is too large.", "値が%d個を超えています。ファイルが大きすぎます。",
			NODE_MAX_NODES);
		p->broken = true;
		return NULL;
	}
	n = arena_alloc(p->arena, sizeof *n);
	n->type = type;
	n->pos = pos;
	return n;
}

static void refuse_anchor(struct parse *p, const yaml_char_t *anchor, const yaml_char_t *tag, struct plan_pos pos)
{
	if (anchor)
		FAULT(p, pos, "Anchor '&%s': anchors and aliases are not allowed. Write the values out where they are needed.",
			"アンカー「&%s」は使えません（別名も同じ）。必要な所に値をそのまま書いてください。", (const char *)anchor);
	if (tag)
		FAULT(p, pos, "Tag '%s' is not allowed. Remove it.", "タグ「%s」は使えません。取り除いてください。", (const char *)tag);
}

static void keep_anchor(struct parse *p, const char *name, const struct node *n)
{
	if (name && p->n_anchors < MAX_ANCHORS) {
		p->anchors[p->n_anchors].name = name;
		p->anchors[p->n_anchors++].node = n;
	}
}

static struct node *alias_node(struct parse *p, const char *name, struct plan_pos pos)
{
	struct node *n = node_new(p, NODE_SCALAR, pos);

	FAULT(p, pos, "Alias '*%s': anchors and aliases are not allowed. Write the values out here.",
		"別名「*%s」は使えません。ここに値をそのまま書いてください。", name);
	if (!n)
		return NULL;
	n->text = "?";
	for (size_t i = 0; i < p->n_anchors && p->n_aliases < MAX_ALIASES; i++) {
		if (!strcmp(p->anchors[i].name, name)) {
			*n = *p->anchors[i].node;
			n->pos = pos;
			n->next = NULL;
			n->key = NULL;
			p->n_aliases++;
			break;
		}
	}
	return n;
}

static struct node *scalar_node(struct parse *p, const yaml_event_t *event)
{
	struct plan_pos pos = pos_of(event->start_mark);
	struct node *n = node_new(p, NODE_SCALAR, pos);
	const char *value = (const char *)event->data.scalar.value;

	if (!n)
		return NULL;
	n->from = byte_of(p, event->start_mark);
	n->to = byte_of(p, event->end_mark);
	refuse_anchor(p, event->data.scalar.anchor, event->data.scalar.tag, pos);
	n->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (!text_valid(value, event->data.scalar.length)) {
		FAULT(p, pos, "This value contains control characters. Remove them.",
			"この値に制御文字が含まれています。取り除いてください。");
		value = "?";
	}
	n->text = arena_strdup(p->arena, value);
	keep_anchor(p, arena_strdup(p->arena, (const char *)event->data.scalar.anchor), n);
	return n;
}

static struct node *parse_node(struct parse *, const yaml_event_t *, int depth);

static void append(struct node *parent, struct node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->to = child->to;
	parent->n++;
}

static void check_key(struct parse *p, const struct node *map, const struct node *key)
{
	if (map->n >= NODE_MAX_KEYS) {
		FAULT(p, key->pos, "More than %d keys in one mapping.", "一つの組にキーが%d個を超えています。", NODE_MAX_KEYS);
		p->broken = true;
		return;
	}
	for (const struct node *m = map->first; m; m = m->next) {
		if (!strcmp(m->key->text, key->text)) {
			FAULT(p, key->pos, "Key '%s' stands twice (first on line %d). Keep one.",
				"キー「%s」が二度書かれています（最初は%d行目）。一つにしてください。", key->text, m->key->pos.line);
			return;
		}
	}
	if (!strcmp(key->text, "<<") && !key->quoted)
		FAULT(p, key->pos, "Merge key '%s' is not allowed. Write the values out.",
			"マージキー「%s」は使えません。値をそのまま書いてください。", key->text);
}

static void parse_members(struct parse *p, struct node *parent, yaml_event_type_t end, int depth)
{
	for (;;) {
		yaml_event_t event;
		struct node *key = NULL, *child;

		if (!next_event(p, &event))
			return;
		if (event.type == end) {
			if (parent->flow)
				parent->to = byte_of(p, event.end_mark);
			yaml_event_delete(&event);
			return;
		}
		if (parent->type == NODE_MAP) {
			key = parse_node(p, &event, depth);
			yaml_event_delete(&event);
			if (key && key->type != NODE_SCALAR) {
				FAULT(p, key->pos, "A key must be a word.", "キーは語でなければなりません。");
				key->text = "?";
			}
			if (!next_event(p, &event))
				return;
		}
		child = parse_node(p, &event, depth);
		yaml_event_delete(&event);
		if (!child)
			continue;
		if (parent->type == NODE_MAP) {
			if (!key)
				continue;
			check_key(p, parent, key);
			child->key = key;
		}
		append(parent, child);
	}
}

static struct node *parse_node(struct parse *p, const yaml_event_t *event, int depth)
{
	struct plan_pos pos = pos_of(event->start_mark);
	bool map = event->type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *anchor;
	const char *name;
	struct node *n;

	if (event->type == YAML_SCALAR_EVENT)
		return scalar_node(p, event);
	if (event->type == YAML_ALIAS_EVENT)
		return alias_node(p, (const char *)event->data.alias.anchor, pos);
	assert(map || event->type == YAML_SEQUENCE_START_EVENT);
	if (depth >= NODE_MAX_DEPTH) {
		FAULT(p, pos, "Nested deeper than %d levels: a bracket or the indentation is wrong.",
			"%d段より深い入れ子です。かっこか字下げが誤っています。", NODE_MAX_DEPTH);
		p->broken = true;
		return NULL;
	}
	n = node_new(p, map ? NODE_MAP : NODE_SEQ, pos);
	if (!n)
		return NULL;
	n->from = n->to = byte_of(p, event->start_mark);
	n->flow = map ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
		      : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	anchor = map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
	refuse_anchor(p, anchor, map ? event->data.mapping_start.tag : event->data.sequence_start.tag, pos);
	name = arena_strdup(p->arena, (const char *)anchor);
	parse_members(p, n, map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth + 1);
	keep_anchor(p, name, n);
	return n;
}

static struct node *parse_stream(struct parse *p)
{
	struct node *root = NULL;
	yaml_event_t event;

	while (next_event(p, &event)) {
		yaml_event_type_t type = event.type;

		if (type == YAML_STREAM_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT) {
			struct node *n = parse_node(p, &event, 0);

			if (root && n)
				FAULT(p, n->pos, "A second document (after '---'): one file holds one document.",
					"二つ目の文書があります（「---」の後）。一つのファイルに一つの文書にしてください。");
			else
				root = n;
		}
		yaml_event_delete(&event);
	}
	return root;
}

struct node *node_parse(struct arena *arena, const char *file, const char *text, size_t len, struct plan_faults *faults)
{
	struct parse p = {.arena = arena, .file = file, .faults = faults, .text = text, .len = len};
	struct node *root;

	if (len > NODE_MAX_BYTES) {
		FAULT(&p, ((struct plan_pos){0, 0}), "The file is larger than %d bytes.", "ファイルが%dバイトを超えています。",
			NODE_MAX_BYTES);
		return NULL;
	}
	if (!yaml_parser_initialize(&p.yaml))
		return NULL;
	yaml_parser_set_encoding(&p.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p.yaml, (const unsigned char *)text, len);
	root = parse_stream(&p);
	yaml_parser_delete(&p.yaml);
	if (p.broken)
		return NULL;
	if (!root)
		FAULT(&p, ((struct plan_pos){1, 1}), "The file is empty.", "ファイルが空です。");
	return root;
}

const char *node_type_name(enum node_type type, bool japanese)
{
	switch (type) {
	case NODE_SCALAR:
		return japanese ? "値" : "a single value";
	case NODE_MAP:
		return japanese ? "キーと値の組 {…}" : "a mapping {…}";
	case NODE_SEQ:
		return japanese ? "並び […]" : "a list […]";
	}
	assert(false);
	return NULL;
}
