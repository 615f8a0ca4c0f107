/* renraku sheets */
#include "report/job.h"

int job_sheets(struct ctl *ctl)
{
	(void)ctl;
	return CTL_USAGE;
}
