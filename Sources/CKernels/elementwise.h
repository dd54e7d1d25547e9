// Functions of one and of two numbers, applied to arrays.

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
