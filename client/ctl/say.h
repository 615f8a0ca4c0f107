/*
 * say: the protocol's words and the pieces of a view, in the reader's language.
 */
#ifndef CTL_SAY_H
#define CTL_SAY_H

#include "base/buf.h"
#include "base/mem.h"
#include "renraku.pb-c.h"

const char *say_item_state(const char *);     /* ready -> 着手できます */
const char *say_incident_state(const char *); /* open -> 進行中 */
const char *say_stage(Renraku__Stage);        /* 表示済 */
const char *say_capacity(const char *);       /* self -> 本人 */
const char *say_channel(const char *);        /* telephone -> 電話 */
const char *say_answer(const char *);         /* present -> 出席 */
const char *say_escalation(const char *);     /* deputies -> 代理へ連絡 */
const char *say_as(const char *);             /* deputy -> 代理 */
const char *say_why(const char *);            /* why somebody must be telephoned */
const char *say_cause(const char *);   /* why a notice was withdrawn or escalated: a code of the record, or a person's text as it is */
const char *say_measure(const char *); /* in_force -> 継続中 */
/* "（いまは祝日・勤労感謝の日）": which kind of hour an item's numbers are for. */
const char *say_hour(struct arena *, const Renraku__ItemRow *);
const char *say_hours(const char *); /* business -> 執務時間 */

/* Who did an item and in which capacity; one who only had it entered by telephone or on paper acted as holder unless it is said. */
const char *say_actor(struct arena *, const Renraku__ItemRow *);

/* Titles that come as two lists: the English one where it is wanted and whole, else the Japanese. */
char *const *say_either(char *const *ja, size_t n, char *const *en, size_t n_en);
/* "種類: ハードウェア、場所: 1階" in the arena; "" when there are none. */
char *say_values(struct arena *, Renraku__ShownValue *const *, size_t n);
/* The strings with a separator. */
char *say_join(struct arena *, char *const *, size_t n, const char *separator);
const char *say_drill(bool drill); /* "【訓練】" or "" */
const char *say_drill_call(void);  /* before anybody outside is telephoned in a drill */
/* A title from the server, which may carry the mark already, with the mark once. */
char *say_marked(struct arena *, bool drill, const char *title);

#endif
