#include "plan/load.h"
void check_plan(struct loader *l) { (void)l; }
