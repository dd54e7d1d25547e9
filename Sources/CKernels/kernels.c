#include "CKernels.h"
int duet_kernels_placeholder(void) { return 0; }
