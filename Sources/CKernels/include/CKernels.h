// The row kernels under `Tensor`: everything hot that is not a matrix product.
//
// One implementation (implementation.h) is compiled three times, for AVX-512, AVX2 and the baseline;
// the best table that the processor supports is chosen at run time. All arrays are float32 and
// row-major, all sums run in a fixed order. Nothing here allocates, locks or fails.
#pragma once

enum duet_level { DUET_BASELINE = 0, DUET_AVX2 = 1, DUET_AVX512 = 2 };

enum duet_unary {
  DUET_NEGATE, DUET_EXP, DUET_LOG, DUET_SQRT, DUET_ABS, DUET_RELU, DUET_SIGMOID, DUET_TANH,
  DUET_GELU, DUET_QUICK_GELU, DUET_UNARY_COUNT
};

enum duet_binary {
  DUET_ADD, DUET_SUBTRACT, DUET_MULTIPLY, DUET_DIVIDE, DUET_POWER, DUET_MAXIMUM, DUET_MINIMUM,
  DUET_EQUAL, DUET_LESS, DUET_LESS_EQUAL, DUET_BINARY_COUNT
};

// One head of one sequence: queries against keys in two parts, those that several sequences share
// and its own. A query i sees all shared keys and the own keys before i + visible.
struct duet_attention {
  const float *q; long q_stride, queries;
  const float *shared_k, *shared_v; long shared;
  const float *own_k, *own_v; long own;
  long kv_stride, visible, width;
  float scale;
};

// How many floats a row of scores takes: whole vectors, with room for three more keys.
static inline long duet_scores(long keys) { return (keys + 18) / 16 * 16; }

struct duet_kernels {
  const char *name;

  // y = f(x), and dx = dy f'(x); saved is f(x) for exp, sqrt, sigmoid and tanh, x for the others.
  void (*unary)(enum duet_unary f, const float *x, float *y, long n);
  void (*unary_gradient)(enum duet_unary f, const float *saved, const float *dy, float *dx, long n);
  // y[i] = f(a[i * a_step], b[i * b_step]); steps are 0 or 1. Comparisons give 1 or 0.
  void (*binary)(enum duet_binary f, const float *a, long a_step, const float *b, long b_step, float *y, long n);
  // y += a x
  void (*scale_add)(float a, const float *x, float *y, long n);
  // The sum of n numbers, and that of n products, in double.
  double (*sum)(const float *x, long n);
  double (*dot)(const float *x, const float *y, long n);
  // y[c] = sum over rows of x[r * stride + c], in double
  void (*sum_rows)(const float *x, long stride, float *y, long rows, long columns);

  // By rows of `columns`.
  void (*softmax)(const float *x, float *y, long rows, long columns);
  void (*softmax_gradient)(const float *y, const float *dy, float *dx, long rows, long columns);
  void (*log_softmax)(const float *x, float *y, long rows, long columns);
  void (*log_softmax_gradient)(const float *y, const float *dy, float *dx, long rows, long columns);
  void (*layer_norm)(const float *x, const float *scale, const float *shift, float epsilon, float *y, float *mean, float *deviation, long rows, long columns);
  void (*layer_norm_gradient)(const float *x, const float *scale, const float *mean, const float *deviation, const float *dy, float *dx, long rows, long columns);
  // dscale[c] = sum over rows of dy (x - mean) / deviation, in double
  void (*layer_norm_scale_gradient)(const float *x, const float *mean, const float *deviation, const float *dy, float *dscale, long rows, long columns);
  void (*normalize)(const float *x, float *y, float *norm, long rows, long columns);
  void (*normalize_gradient)(const float *y, const float *norm, const float *dy, float *dx, long rows, long columns);
  void (*add_row)(const float *row, float *y, long rows, long columns);
  // x += bias, y = f(x)
  void (*activate)(enum duet_unary f, const float *bias, float *x, float *y, long rows, long columns);

  // out[queries, width]; scratch holds a row of scores for each query.
  void (*attention)(const struct duet_attention *a, float *out, long out_stride, float *scratch);
  // Adds to dq, dk, dv; scratch holds two.
  void (*attention_gradient)(const struct duet_attention *a, const float *dout, long out_stride,
    float *dq, long dq_stride, float *shared_dk, float *shared_dv, float *own_dk, float *own_dv, long dkv_stride, float *scratch);

  // g = gradient + decay p; b = momentum b + g, or g when first; p -= rate b
  void (*sgd)(float *p, const float *gradient, float *b, long n, float rate, float momentum, float decay, int first);
  // Adam with L2 decay (decoupled = 0) or AdamW (1); first and second are the bias corrections 1 - beta^t
  void (*adam)(float *p, const float *gradient, float *m, float *v, long n, double rate, double beta1, double beta2, float epsilon, float decay, int decoupled, double first, double second);
};

// Tells the processor that a thread is only waiting.
static inline void duet_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// The best level of this processor.
enum duet_level duet_processor_level(void);

// What the processor offers and the operating system saves (XCR0), for the choice of OpenBLAS's
// kernels. avx2 includes FMA and BMI2, avx512 the parts F, BW, DQ and VL.
struct duet_processor { _Bool intel, sse42, avx, avx2, avx512; };
struct duet_processor duet_this_processor(void);

// How many processors the affinity mask names; 0 if that is unknown.
long duet_allowed_processors(void);

// The table of a level, or null when the processor cannot run it.
const struct duet_kernels *duet_kernels_at(enum duet_level level);
// The table of the best level, looked up once.
const struct duet_kernels *duet_best_kernels(void);
