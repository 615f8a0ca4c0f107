/*
 * i18n: Japanese and English side by side in the source, so that neither is forgotten: puts(T("届きました", "Delivered")).
 *
 * The language is one setting of the whole process; Japanese unless it was set.
 */
#ifndef LIB_I18N_H
#define LIB_I18N_H

#include <stdbool.h>

enum i18n_lang { I18N_JA, I18N_EN };

void i18n_set(enum i18n_lang);
enum i18n_lang i18n_get(void);
/* "ja" or "en" (also "ja_JP.UTF-8", "en_US"); false when it is neither. */
bool i18n_parse(const char *, enum i18n_lang *out);
const char *i18n_pick(const char *ja, const char *en);

/* Literals only, so that format checking still sees them. */
#define T(ja, en) (i18n_get() == I18N_EN ? (en) : (ja))

#endif
