// All kernels, compiled once for each instruction set (see CKernels.h). The including file names the
// table and switches the target on.

#include "vector.h"

// ---- Elementwise ----------------------------------------------------------------------------

INLINE v16 each_log(v16 x) {
  for (int i = 0; i < 16; i++) x[i] = logf(x[i]);
  return x;
}
INLINE v16 each_tanh(v16 x) {
  for (int i = 0; i < 16; i++) x[i] = tanhf(x[i]);
  return x;
}
INLINE v16 each_sqrt(v16 x) {
  for (int i = 0; i < 16; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
}

INLINE v16 value_of(enum duet_unary f, v16 x) {
  switch (f) {
  case DUET_NEGATE: return -x;
  case DUET_EXP: return exp16(x);
  case DUET_LOG: return each_log(x);
  case DUET_SQRT: return each_sqrt(x);
  case DUET_ABS: return abs16(x);
  case DUET_RELU: return select16(x > 0.0f, x, select16(x != x, x, splat(0)));
  case DUET_SIGMOID: return sigmoid16(x);
  case DUET_TANH: return each_tanh(x);
  case DUET_GELU: return 0.5f * x * (1.0f + erf16(x * 0.70710678f));
  case DUET_QUICK_GELU: return x * sigmoid16(1.702f * x);
  default: return x;
  }
}

// The derivative, from the value of exp, sqrt, sigmoid and tanh and from the argument of the others.
INLINE v16 slope_of(enum duet_unary f, v16 x) {
  v16 s;
  switch (f) {
  case DUET_NEGATE: return splat(-1);
  case DUET_EXP: return x;
  case DUET_LOG: return 1.0f / x;
  case DUET_SQRT: return 0.5f / x;
  case DUET_ABS: return select16(x > 0.0f, splat(1), select16(x < 0.0f, splat(-1), splat(0)));
  case DUET_RELU: return select16(x > 0.0f, splat(1), splat(0));
  case DUET_SIGMOID: return x * (1.0f - x);
  case DUET_TANH: return 1.0f - x * x;
  case DUET_GELU: return 0.5f * (1.0f + erf16(x * 0.70710678f)) + x * 0.39894228f * exp16(-0.5f * x * x);
  case DUET_QUICK_GELU: s = sigmoid16(1.702f * x); return s * (1.0f + 1.702f * x * (1.0f - s));
  default: return splat(1);
  }
}

INLINE void unary_loop(enum duet_unary f, const float *x, float *y, long n) {
  long i = 0;
  for (; i + 16 <= n; i += 16) store(y + i, value_of(f, load(x + i)));
  if (i < n) store_part(y + i, value_of(f, load_part(x + i, n - i, 1)), n - i);
}

INLINE void slope_loop(enum duet_unary f, const float *x, const float *dy, float *dx, long n) {
  long i = 0;
  for (; i + 16 <= n; i += 16) store(dx + i, load(dy + i) * slope_of(f, load(x + i)));
  if (i < n) {
    v16 slope = slope_of(f, load_part(x + i, n - i, 1));
    store_part(dx + i, load_part(dy + i, n - i, 0) * slope, n - i);
  }
}

// One loop for each function, so that the choice is made once and not for each element.
#define EACH_UNARY(CALL) \
  switch (f) { \
  case DUET_NEGATE: CALL(DUET_NEGATE); break; \
  case DUET_EXP: CALL(DUET_EXP); break; \
  case DUET_LOG: CALL(DUET_LOG); break; \
  case DUET_SQRT: CALL(DUET_SQRT); break; \
  case DUET_ABS: CALL(DUET_ABS); break; \
  case DUET_RELU: CALL(DUET_RELU); break; \
  case DUET_SIGMOID: CALL(DUET_SIGMOID); break; \
  case DUET_TANH: CALL(DUET_TANH); break; \
  case DUET_GELU: CALL(DUET_GELU); break; \
  case DUET_QUICK_GELU: CALL(DUET_QUICK_GELU); break; \
  default: break; \
  }

static void unary(enum duet_unary f, const float *x, float *y, long n) {
#define CALL(F) unary_loop(F, x, y, n)
  EACH_UNARY(CALL)
#undef CALL
}

static void unary_gradient(enum duet_unary f, const float *saved, const float *dy, float *dx, long n) {
#define CALL(F) slope_loop(F, saved, dy, dx, n)
  EACH_UNARY(CALL)
#undef CALL
}

INLINE float one_of(enum duet_binary f, float a, float b) {
  switch (f) {
  case DUET_ADD: return a + b;
  case DUET_SUBTRACT: return a - b;
  case DUET_MULTIPLY: return a * b;
  case DUET_DIVIDE: return a / b;
  case DUET_POWER: return powf(a, b);
  case DUET_MAXIMUM: return a > b || a != a ? a : b;
  case DUET_MINIMUM: return a < b || a != a ? a : b;
  case DUET_EQUAL: return a == b;
  case DUET_LESS: return a < b;
  case DUET_LESS_EQUAL: return a <= b;
  default: return 0;
  }
}

INLINE void binary_loop(enum duet_binary f, const float *a, long a_step, const float *b, long b_step, float *y, long n) {
  if (a_step && b_step) for (long i = 0; i < n; i++) y[i] = one_of(f, a[i], b[i]);
  else if (a_step) { float c = *b; for (long i = 0; i < n; i++) y[i] = one_of(f, a[i], c); }
  else if (b_step) { float c = *a; for (long i = 0; i < n; i++) y[i] = one_of(f, c, b[i]); }
  else { float c = one_of(f, *a, *b); for (long i = 0; i < n; i++) y[i] = c; }
}

static void binary(enum duet_binary f, const float *a, long a_step, const float *b, long b_step, float *y, long n) {
#define CASE(F) case F: binary_loop(F, a, a_step, b, b_step, y, n); break;
  switch (f) {
  CASE(DUET_ADD) CASE(DUET_SUBTRACT) CASE(DUET_MULTIPLY) CASE(DUET_DIVIDE) CASE(DUET_POWER)
  CASE(DUET_MAXIMUM) CASE(DUET_MINIMUM) CASE(DUET_EQUAL) CASE(DUET_LESS) CASE(DUET_LESS_EQUAL)
  default: break;
  }
#undef CASE
}

static void scale_add(float a, const float *x, float *y, long n) {
  for (long i = 0; i < n; i++) y[i] += a * x[i];
}

static void add_row(const float *row, float *y, long rows, long columns) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c++) y[r * columns + c] += row[c];
}

INLINE void activate_loop(enum duet_unary f, const float *bias, float *x, float *y, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns, y += columns) {
    long c = 0;
    for (; c + 16 <= columns; c += 16) {
      v16 a = load(x + c) + load(bias + c);
      store(x + c, a);
      store(y + c, value_of(f, a));
    }
    if (c < columns) {
      v16 a = load_part(x + c, columns - c, 1) + load_part(bias + c, columns - c, 0);
      store_part(x + c, a, columns - c);
      store_part(y + c, value_of(f, a), columns - c);
    }
  }
}

static void activate(enum duet_unary f, const float *bias, float *x, float *y, long rows, long columns) {
#define CALL(F) activate_loop(F, bias, x, y, rows, columns)
  EACH_UNARY(CALL)
#undef CALL
}

// ---- Sums -----------------------------------------------------------------------------------

// Products are exact in double. Four sums of eight lanes each, so that additions overlap.
INLINE d8 wide(const float *p) { return __builtin_convertvector(*(const v8 *)p, d8); }

INLINE double sum_lanes(d8 a, d8 b, d8 c, d8 d) {
  d8 t = (a + b) + (c + d);
  return ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
}

static double sum(const float *x, long n) {
  d8 a = {0}, b = {0}, c = {0}, d = {0};
  long i = 0;
  for (; i + 32 <= n; i += 32) {
    a += wide(x + i);
    b += wide(x + i + 8);
    c += wide(x + i + 16);
    d += wide(x + i + 24);
  }
  double total = sum_lanes(a, b, c, d);
  for (; i < n; i++) total += x[i];
  return total;
}

static double dot(const float *x, const float *y, long n) {
  d8 a = {0}, b = {0}, c = {0}, d = {0};
  long i = 0;
  for (; i + 32 <= n; i += 32) {
    a += wide(x + i) * wide(y + i);
    b += wide(x + i + 8) * wide(y + i + 8);
    c += wide(x + i + 16) * wide(y + i + 16);
    d += wide(x + i + 24) * wide(y + i + 24);
  }
  double total = sum_lanes(a, b, c, d);
  for (; i < n; i++) total += (double)x[i] * y[i];
  return total;
}

// Columns that are summed together: their totals stay in the first-level cache.
enum { TOGETHER = 512 };

static void sum_rows(const float *x, long stride, float *y, long rows, long columns) {
  for (; columns > 0; columns -= TOGETHER, x += TOGETHER, y += TOGETHER) {
    double totals[TOGETHER] = {0};
    long n = columns < TOGETHER ? columns : TOGETHER;
    for (long r = 0; r < rows; r++)
      for (long c = 0; c < n; c++) totals[c] += x[r * stride + c];
    for (long c = 0; c < n; c++) y[c] = totals[c];
  }
}

// ---- Softmax --------------------------------------------------------------------------------

INLINE float row_maximum(const float *x, long n) {
  v16 m = splat(-INFINITY);
  long i = 0;
  for (; i + 16 <= n; i += 16) m = max16(load(x + i), m);
  if (i < n) m = max16(load_part(x + i, n - i, -INFINITY), m);
  return maximum16(m);
}

// y = e^(x - shift); returns the sum, from sixteen partial sums.
INLINE float exp_row(const float *x, float shift, float *y, long n) {
  v16 total = splat(0);
  long i = 0;
  for (; i + 16 <= n; i += 16) {
    v16 e = exp16(load(x + i) - shift);
    store(y + i, e);
    total += e;
  }
  if (i < n) {
    v16 e = exp16(load_part(x + i, n - i, -INFINITY) - shift);
    store_part(y + i, e, n - i);
    total += e;
  }
  return sum16(total);
}

INLINE float exp_sum(const float *x, float shift, long n) {
  v16 total = splat(0);
  long i = 0;
  for (; i + 16 <= n; i += 16) total += exp16(load(x + i) - shift);
  if (i < n) total += exp16(load_part(x + i, n - i, -INFINITY) - shift);
  return sum16(total);
}

INLINE void softmax_row(const float *x, float *y, long n) {
  float scale = 1.0f / exp_row(x, row_maximum(x, n), y, n);
  for (long i = 0; i < n; i++) y[i] *= scale;
}

INLINE float row_dot(const float *x, const float *y, long n) {
  v16 total = splat(0);
  long i = 0;
  for (; i + 16 <= n; i += 16) total += load(x + i) * load(y + i);
  if (i < n) total += load_part(x + i, n - i, 0) * load_part(y + i, n - i, 0);
  return sum16(total);
}

INLINE float row_sum(const float *x, long n) {
  v16 total = splat(0);
  long i = 0;
  for (; i + 16 <= n; i += 16) total += load(x + i);
  if (i < n) total += load_part(x + i, n - i, 0);
  return sum16(total);
}

static void softmax(const float *x, float *y, long rows, long columns) {
  for (long r = 0; r < rows; r++) softmax_row(x + r * columns, y + r * columns, columns);
}

// dx = y (dy - y . dy)
static void softmax_gradient(const float *y, const float *dy, float *dx, long rows, long columns) {
  for (long r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float mean = row_dot(y, dy, columns);
    for (long c = 0; c < columns; c++) dx[c] = y[c] * (dy[c] - mean);
  }
}

// The largest is taken off first: together with the logarithm it would round off small differences.
static void log_softmax(const float *x, float *y, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns, y += columns) {
    float largest = row_maximum(x, columns);
    float length = logf(exp_sum(x, largest, columns));
    for (long c = 0; c < columns; c++) y[c] = (x[c] - largest) - length;
  }
}

// dx = dy - e^y sum(dy)
static void log_softmax_gradient(const float *y, const float *dy, float *dx, long rows, long columns) {
  for (long r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float total = row_sum(dy, columns);
    long c = 0;
    for (; c + 16 <= columns; c += 16) store(dx + c, load(dy + c) - exp16(load(y + c)) * total);
    if (c < columns)
      store_part(dx + c, load_part(dy + c, columns - c, 0) - exp16(load_part(y + c, columns - c, 0)) * total, columns - c);
  }
}

// ---- Normalisation --------------------------------------------------------------------------

static void layer_norm(const float *x, const float *scale, const float *shift, float epsilon, float *y, float *mean, float *deviation, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns, y += columns) {
    float m = row_sum(x, columns) / columns;
    v16 square = splat(0);
    long c = 0;
    for (; c + 16 <= columns; c += 16) { v16 d = load(x + c) - m; square += d * d; }
    if (c < columns) { v16 d = load_part(x + c, columns - c, m) - m; square += d * d; }
    float s = 1.0f / __builtin_sqrtf(sum16(square) / columns + epsilon);
    for (c = 0; c < columns; c++) y[c] = (x[c] - m) * s * scale[c] + shift[c];
    mean[r] = m;
    deviation[r] = s;
  }
}

// With h = (x - mean) s and g = dy scale:  dx = s (g - mean(g) - h mean(g h))
static void layer_norm_gradient(const float *x, const float *scale, const float *mean, const float *deviation, const float *dy, float *dx, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns, dy += columns, dx += columns) {
    float m = mean[r], s = deviation[r];
    v16 plain = splat(0), crossed = splat(0);
    long c = 0;
    for (; c + 16 <= columns; c += 16) {
      v16 g = load(dy + c) * load(scale + c);
      plain += g;
      crossed += g * (load(x + c) - m);
    }
    if (c < columns) {
      v16 g = load_part(dy + c, columns - c, 0) * load_part(scale + c, columns - c, 0);
      plain += g;
      crossed += g * (load_part(x + c, columns - c, m) - m);
    }
    float a = sum16(plain) / columns, b = sum16(crossed) * s * s / columns;
    for (c = 0; c < columns; c++) dx[c] = s * (dy[c] * scale[c] - a - (x[c] - m) * b);
  }
}

static void layer_norm_scale_gradient(const float *x, const float *mean, const float *deviation, const float *dy, float *dscale, long rows, long columns) {
  for (long first = 0; first < columns; first += TOGETHER) {
    double totals[TOGETHER] = {0};
    long n = columns - first < TOGETHER ? columns - first : TOGETHER;
    for (long r = 0; r < rows; r++) {
      const float *a = x + r * columns + first, *g = dy + r * columns + first;
      float m = mean[r], s = deviation[r];
      for (long c = 0; c < n; c++) totals[c] += g[c] * ((a[c] - m) * s);
    }
    for (long c = 0; c < n; c++) dscale[first + c] = totals[c];
  }
}

static void normalize(const float *x, float *y, float *norm, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns, y += columns) {
    float length = __builtin_sqrtf(row_dot(x, x, columns)), inverse = 1.0f / length;
    for (long c = 0; c < columns; c++) y[c] = x[c] * inverse;
    norm[r] = length;
  }
}

// dx = (dy - y (y . dy)) / |x|
static void normalize_gradient(const float *y, const float *norm, const float *dy, float *dx, long rows, long columns) {
  for (long r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    float along = row_dot(y, dy, columns), inverse = 1.0f / norm[r];
    for (long c = 0; c < columns; c++) dx[c] = (dy[c] - y[c] * along) * inverse;
  }
}

// ---- Attention of short sequences -----------------------------------------------------------

INLINE long visible_own(const struct duet_attention *a, long query) {
  long n = query + a->visible;
  return n < a->own ? n : a->own;
}

INLINE void scores(const float *q, const float *k, long stride, long keys, long width, float scale, float *out) {
  for (long j = 0; j < keys; j++) out[j] = scale * row_dot(q, k + j * stride, width);
}

INLINE void mix(const float *p, const float *v, long stride, long keys, long width, float *out) {
  for (long j = 0; j < keys; j++)
    for (long c = 0; c < width; c++) out[c] += p[j] * v[j * stride + c];
}

static void attention(const struct duet_attention *a, float *out, long out_stride, float *scratch) {
  for (long i = 0; i < a->queries; i++) {
    const float *q = a->q + i * a->q_stride;
    float *y = out + i * out_stride;
    long own = visible_own(a, i);
    scores(q, a->shared_k, a->kv_stride, a->shared, a->width, a->scale, scratch);
    scores(q, a->own_k, a->kv_stride, own, a->width, a->scale, scratch + a->shared);
    softmax_row(scratch, scratch, a->shared + own);
    memset(y, 0, a->width * sizeof(float));
    mix(scratch, a->shared_v, a->kv_stride, a->shared, a->width, y);
    mix(scratch + a->shared, a->own_v, a->kv_stride, own, a->width, y);
  }
}

// dp = dout . v, then ds = p (dp - p . dp) scale; dq += ds k, dk += ds q, dv += p dout
INLINE void pull_back_keys(const float *p, const float *ds, const float *q, const float *dy, const float *k, long stride,
    long keys, long width, float *dq, float *dk, float *dv, long dstride) {
  for (long j = 0; j < keys; j++) {
    float s = ds[j], w = p[j];
    for (long c = 0; c < width; c++) {
      dq[c] += s * k[j * stride + c];
      dk[j * dstride + c] += s * q[c];
      dv[j * dstride + c] += w * dy[c];
    }
  }
}

static void attention_gradient(const struct duet_attention *a, const float *dout, long out_stride, float *dq, long dq_stride,
    float *shared_dk, float *shared_dv, float *own_dk, float *own_dv, long dkv_stride, float *scratch) {
  float *p = scratch, *ds = scratch + ((a->shared + a->own + 15) / 16) * 16;
  for (long i = 0; i < a->queries; i++) {
    const float *q = a->q + i * a->q_stride, *dy = dout + i * out_stride;
    long own = visible_own(a, i), keys = a->shared + own;
    scores(q, a->shared_k, a->kv_stride, a->shared, a->width, a->scale, p);
    scores(q, a->own_k, a->kv_stride, own, a->width, a->scale, p + a->shared);
    softmax_row(p, p, keys);
    scores(dy, a->shared_v, a->kv_stride, a->shared, a->width, 1, ds);
    scores(dy, a->own_v, a->kv_stride, own, a->width, 1, ds + a->shared);
    float mean = row_dot(p, ds, keys);
    for (long j = 0; j < keys; j++) ds[j] = p[j] * (ds[j] - mean) * a->scale;
    pull_back_keys(p, ds, q, dy, a->shared_k, a->kv_stride, a->shared, a->width, dq + i * dq_stride, shared_dk, shared_dv, dkv_stride);
    pull_back_keys(p + a->shared, ds + a->shared, q, dy, a->own_k, a->kv_stride, own, a->width, dq + i * dq_stride, own_dk, own_dv, dkv_stride);
  }
}

// ---- Optimizers -----------------------------------------------------------------------------

static void sgd(float *p, const float *gradient, float *b, long n, float rate, float momentum, float decay, int first) {
  for (long i = 0; i < n; i++) {
    float g = gradient[i] + decay * p[i];
    b[i] = first ? g : momentum * b[i] + g;
    p[i] -= rate * b[i];
  }
}

static void adam(float *p, const float *gradient, float *m, float *v, long n, double rate, double beta1, double beta2, float epsilon, float decay, int decoupled, double first, double second) {
  float step = rate / first, root = __builtin_sqrt(second), shrink = rate * decay;
  float keep = beta2, fresh1 = 1 - beta1, fresh2 = 1 - beta2;
  for (long i = 0; i < n; i++) {
    float g = gradient[i];
    if (decoupled) p[i] -= shrink * p[i];
    else g += decay * p[i];
    m[i] += fresh1 * (g - m[i]);
    v[i] = keep * v[i] + fresh2 * g * g;
    p[i] -= step * m[i] / (__builtin_sqrtf(v[i]) / root + epsilon);
  }
}

const struct duet_kernels TABLE = {
  .name = TABLE_NAME,
  .unary = unary, .unary_gradient = unary_gradient, .binary = binary,
  .scale_add = scale_add, .sum = sum, .dot = dot, .sum_rows = sum_rows,
  .softmax = softmax, .softmax_gradient = softmax_gradient,
  .log_softmax = log_softmax, .log_softmax_gradient = log_softmax_gradient,
  .layer_norm = layer_norm, .layer_norm_gradient = layer_norm_gradient,
  .layer_norm_scale_gradient = layer_norm_scale_gradient,
  .normalize = normalize, .normalize_gradient = normalize_gradient,
  .add_row = add_row, .activate = activate,
  .attention = attention, .attention_gradient = attention_gradient,
  .sgd = sgd, .adam = adam,
};
