#include "plan/load.h"
void check_reach(struct loader *l) { (void)l; }
