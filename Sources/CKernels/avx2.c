#include "CKernels.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#define LEVEL 2
#define TABLE duet_avx2
#define TABLE_NAME "AVX2"
#include "implementation.h"
#pragma clang attribute pop
#endif
