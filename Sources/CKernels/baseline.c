#include "CKernels.h"
#include <math.h>
#include <string.h>

#define LEVEL 0
#define TABLE duet_baseline
#define TABLE_NAME "baseline"
#include "implementation.h"
