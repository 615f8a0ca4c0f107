/* renraku contacts --print */
#include "report/job.h"

int job_contacts(struct ctl *ctl)
{
	(void)ctl;
	return CTL_USAGE;
}
