/*
 * text_fold: names as people type them. An input method gives Ｊ－ＬＩＳ, ｾﾝﾀｰ or a wide space where the plan has J-LIS and センター;
 * folded they are the same. Pure.
 */
#ifndef BASE_TEXT_FOLD_H
#define BASE_TEXT_FOLD_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends s with full-width letters, digits and signs made half-width, half-width katakana full-width (marks joined), every kind of dash
   '-', letters small, spaces left out. */
void text_fold(struct buf *, const char *s);
bool text_fold_same(const char *a, const char *b);

#endif
