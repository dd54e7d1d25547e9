#include "CKernels.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2"))), apply_to = function)
#define LEVEL 512
#define TABLE duet_avx512
#define TABLE_NAME "AVX-512"
#include "implementation.h"
#pragma clang attribute pop
#endif
