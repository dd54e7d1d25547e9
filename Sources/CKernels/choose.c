#define _GNU_SOURCE
#include "CKernels.h"
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

extern const struct duet_kernels duet_baseline;
#if defined(__x86_64__)
extern const struct duet_kernels duet_avx2, duet_avx512;
#endif

struct duet_processor duet_this_processor(void) {
  struct duet_processor p = {0};
#if defined(__x86_64__)
  __builtin_cpu_init();
  p.intel = __builtin_cpu_is("intel");
  p.sse42 = __builtin_cpu_supports("sse4.2");
  p.avx = __builtin_cpu_supports("avx");
  p.avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
      && __builtin_cpu_supports("bmi2");
  p.avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  return p;
}

enum duet_level duet_processor_level(void) {
  struct duet_processor p = duet_this_processor();
  return p.avx512 && p.avx2 ? DUET_AVX512 : p.avx2 ? DUET_AVX2 : DUET_BASELINE;
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
  static const struct duet_kernels *_Atomic best;
  const struct duet_kernels *found = atomic_load_explicit(&best, memory_order_relaxed);
  // Several threads may come here at first; all find the same.
  if (!found) {
    found = duet_kernels_at(duet_processor_level());
    atomic_store_explicit(&best, found, memory_order_relaxed);
  }
  return found;
}

long duet_allowed_processors(void) {
  cpu_set_t mask;
  return sched_getaffinity(0, sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 0;
}
