/*
 * renraku-play PLAN SITE [FILE]: plays a scenario (or standard input) against the engine and prints what is recorded.
 * Lines, beside WHO VERB …:  wait 5m | present WHO… | away WHO… | start | site FILE | show [in=N] | show-all | quiet
 */
#include <stdlib.h>
#include <string.h>

#include "play.h"

static int64_t duration(const char *s)
{
	char *end;
	int64_t n = strtoll(s, &end, 10);
	return n * (*end == 's' ? 1000 : *end == 'm' ? 60000 : *end == 'h' ? 3600000 : *end == 'd' ? 86400000 : 1);
}

static void presence(struct play *p, const struct line *l, bool present)
{
	struct record_recipient who[LINE_WORDS];
	char keys[LINE_WORDS][80];
	size_t n = 0;
	for (size_t i = 1; i < l->n_words; i++, n++) {
		snprintf(keys[n], sizeof keys[n], "%s%s", strchr(l->words[i], ':') ? "" : "person:", l->words[i]);
		who[n] = (struct record_recipient){.id = keys[n]};
	}
	struct command c = {.type = CMD_PRESENCE, .now = p->now, .flag = present, .recipients = who, .n_recipients = n};
	play_command(p, &c);
}

static bool direct(struct play *p, const struct line *l)
{
	const char *verb = l->words[0];
	uint32_t in = line_get(l, "in") ? (uint32_t)atoi(line_get(l, "in")) : 1;
	if (strcmp(verb, "wait") == 0 && l->n_words > 1)
		play_wait(p, duration(l->words[1]));
	else if (strcmp(verb, "present") == 0 || strcmp(verb, "away") == 0)
		presence(p, l, verb[0] == 'p');
	else if (strcmp(verb, "start") == 0)
		play_command(p, &(struct command){.type = CMD_STARTED, .now = p->now, .text = "scenario", .until = 30000});
	else if (strcmp(verb, "site") == 0 && l->n_words > 1)
		play_load(p, true, l->words[1]);
	else if (strcmp(verb, "show") == 0 || strcmp(verb, "show-all") == 0)
		play_show(p, in, verb[4] == '-');
	else if (strcmp(verb, "quiet") == 0)
		p->quiet = true;
	else
		return false;
	return true;
}

static int play(struct play *p, FILE *f)
{
	static char text[1 << 16];
	for (unsigned number = 1; fgets(text, sizeof text, f); number++) {
		struct line l;
		if (!line_parse(&l, text))
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (!p->quiet)
			fprintf(p->out, "> %s\n", text);
		bool ok = direct(p, &l) || play_act(p, &l);
		line_free(&l);
		if (!ok) {
			fprintf(stderr, "play: line %u: what is '%s'?\n", number, text);
			return 2;
		}
		fflush(p->out);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: renraku-play PLAN SITE [SCENARIO]\n");
		return 1;
	}
	/* Tuesday 2026-11-24, 09:00 in Japan */
	struct play p = {.engine = engine_new(), .now = 1795478400000, .out = stdout};
	FILE *f = argc > 3 ? fopen(argv[3], "r") : stdin;
	if (!f || !play_load(&p, false, argv[1]) || !play_load(&p, true, argv[2])) {
		fprintf(stderr, "play: cannot start with %s, %s, %s\n", argv[1], argv[2], argc > 3 ? argv[3] : "standard input");
		engine_free(p.engine);
		return 1;
	}
	fflush(p.out); /* who drives us by a pipe waits for it */
	int rc = play(&p, f);
	if (f != stdin)
		fclose(f);
	engine_free(p.engine);
	return rc;
}
