/*
 * holidays: the national holidays of Japan, from the law: 国民の祝日に関する法律 as amended up to 2020, with the laws that moved days
 * in 2019 (accession), 2020 and 2021 (Olympic Games). Pure. Right from 2007 on; checked for every day from 2015 to 2050 against
 * an independent data set (tests/calendar). Equinoxes are computed; the Cabinet Office announces them each February for the year after.
 */
#ifndef PLAN_HOLIDAYS_H
#define PLAN_HOLIDAYS_H

/* 祝日 or 休日: its name in Japanese (振替休日 and 国民の休日 included), NULL on other days. */
const char *holidays_japan(int year, int month, int day);

#endif
