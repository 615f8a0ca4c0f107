#include "plan/tel.h"

#include <ctype.h>
#include <string.h>

enum { MIN_DIGITS = 2, MAX_DIGITS = 15 };

bool tel_plausible(const char *s)
{
	static const char EXTENSION[] = "内線";
	size_t digits = 0;

	if (!strncmp(s, EXTENSION, sizeof EXTENSION - 1))
		s += sizeof EXTENSION - 1;
	if (*s == '+')
		s++;
	for (; *s && (isdigit((unsigned char)*s) || strchr(" -()#*", *s)); s++)
		digits += isdigit((unsigned char)*s) != 0;
	return !*s && digits >= MIN_DIGITS && digits <= MAX_DIGITS;
}

const char *tel_number(const struct reader *r, const struct node *n)
{
	if (!n || n->type != NODE_SCALAR)
		return NULL;
	if (!tel_plausible(n->text))
		READ_FAULT(r, n->pos, "'%s' is no telephone number. Write half-width digits and '-', e.g. 0749-48-0001 or 内線 210.",
			"「%s」は電話番号として読めません。半角数字と「-」で書いてください（例 0749-48-0001、内線 210）。", n->text);
	return n->text;
}

enum plan_hours tel_hours(const struct reader *r, const struct node *n)
{
	static const char *const HOURS[] = {
		"always", "business", "closed", "night", "weekend", "holiday", "closure"}; /* as enum plan_hours */
	int word = read_word(r, n, HOURS, sizeof HOURS / sizeof *HOURS);

	return word >= 0 ? (enum plan_hours)word : HOURS_ALWAYS;
}
