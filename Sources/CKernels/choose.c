#include "CKernels.h"
#include <stddef.h>

extern const struct duet_kernels duet_baseline;
#if defined(__x86_64__)
extern const struct duet_kernels duet_avx2, duet_avx512;
#endif

enum duet_level duet_processor_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return DUET_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return DUET_AVX2;
#endif
  return DUET_BASELINE;
}

const struct duet_kernels *duet_kernels_at(enum duet_level level) {
  if (level > duet_processor_level()) return NULL;
#if defined(__x86_64__)
  if (level == DUET_AVX512) return &duet_avx512;
  if (level == DUET_AVX2) return &duet_avx2;
#endif
  return &duet_baseline;
}

const struct duet_kernels *duet_best_kernels(void) {
  static const struct duet_kernels *best;
  if (!best) best = duet_kernels_at(duet_processor_level());
  return best;
}
