// Sums, and what is done to a matrix row by row: softmax, layer normalisation, unit length.

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

// Softmax.

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

// Normalisation.

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
