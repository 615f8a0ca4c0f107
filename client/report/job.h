/*
 * job: the things renraku-report prints. Each makes its document from what the caller may see and writes it.
 */
#ifndef REPORT_JOB_H
#define REPORT_JOB_H

#include "ctl/ctl.h"

int job_report(struct ctl *);   /* renraku report INCIDENT */
int job_contacts(struct ctl *); /* renraku contacts --print */
int job_sheets(struct ctl *);   /* renraku sheets */

#endif
