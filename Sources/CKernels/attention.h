// Attention of short sequences: class prompts of 3 to 25 rows, images of a few patches.
//
// A row of scores is padded with minus infinity to whole vectors, so that softmax needs no tail. Two
// primitives do the rest: `dots`, one row against many, and `mix`, a weighted sum of rows, whose
// totals stay in registers. A width that is no multiple of 16 ends in a masked vector.

typedef float v4 __attribute__((vector_size(16), aligned(4)));

INLINE v16 load_last(const float *p, long n) { return n == 16 ? load(p) : load_part(p, n, 0); }

// The sums of four vectors, side by side.
INLINE v4 sum_each(v16 a, v16 b, v16 c, v16 d) {
#define LOW(X, Y) __builtin_shufflevector(X, Y, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH(X, Y) __builtin_shufflevector(X, Y, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
  v16 ab = LOW(a, b) + HIGH(a, b), cd = LOW(c, d) + HIGH(c, d);
#undef LOW
#undef HIGH
  v16 x = __builtin_shufflevector(ab, cd, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
      + __builtin_shufflevector(ab, cd, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  v8 y = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)
      + __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
  return __builtin_shufflevector(y, y, 0, 1, 2, 3) + __builtin_shufflevector(y, y, 4, 5, 6, 7);
}

// out[j] = scale q . row j; writes up to three numbers more than asked for.
INLINE void dots(const float *q, const float *rows, long stride, long count, long width, float scale, float *out) {
  for (long j = 0; j < count; j += 4) {
    // Beyond the last row it stands in for those that are missing.
    const float *a = rows + j * stride, *b = j + 1 < count ? a + stride : a;
    const float *c = j + 2 < count ? b + stride : b, *d = j + 3 < count ? c + stride : c;
    v16 w = splat(0), x = w, y = w, z = w;
    long i = 0;
    for (; i + 16 <= width; i += 16) {
      v16 t = load(q + i);
      w += t * load(a + i), x += t * load(b + i), y += t * load(c + i), z += t * load(d + i);
    }
    if (i < width) {
      long n = width - i;
      v16 t = load_part(q + i, n, 0);
      w += t * load_part(a + i, n, 0), x += t * load_part(b + i, n, 0);
      y += t * load_part(c + i, n, 0), z += t * load_part(d + i, n, 0);
    }
    *(v4 *)(out + j) = sum_each(w, x, y, z) * scale;
  }
}

// out (+)= sum over j of weight[j * step] row j, for `vectors` vectors whose last has n numbers.
INLINE void mix_vectors(int vectors, long n, const float *weight, long step, const float *rows, long stride, long count, float *out, int keep) {
  v16 even[4] = {0}, odd[4] = {0};
  if (keep)
    for (int t = 0; t < vectors; t++) even[t] = t + 1 < vectors ? load(out + 16 * t) : load_last(out + 16 * t, n);
  long j = 0;
  for (; j + 2 <= count; j += 2, rows += 2 * stride) {
    float a = weight[j * step], b = weight[(j + 1) * step];
    for (int t = 0; t < vectors; t++) {
      const float *p = rows + 16 * t;
      even[t] += a * (t + 1 < vectors ? load(p) : load_last(p, n));
      odd[t] += b * (t + 1 < vectors ? load(p + stride) : load_last(p + stride, n));
    }
  }
  if (j < count)
    for (int t = 0; t < vectors; t++)
      even[t] += weight[j * step] * (t + 1 < vectors ? load(rows + 16 * t) : load_last(rows + 16 * t, n));
  for (int t = 0; t < vectors; t++)
    if (t + 1 < vectors || n == 16) store(out + 16 * t, even[t] + odd[t]);
    else store_part(out + 16 * t, even[t] + odd[t], n);
}

INLINE void mix(const float *weight, long step, const float *rows, long stride, long count, long width, float *out, int keep) {
  for (long c = 0; c < width; c += 64) {
    long left = width - c < 64 ? width - c : 64, vectors = (left + 15) / 16, n = left - 16 * (vectors - 1);
    const float *r = rows + c;
    switch (vectors) {
    case 1: mix_vectors(1, n, weight, step, r, stride, count, out + c, keep); break;
    case 2: mix_vectors(2, n, weight, step, r, stride, count, out + c, keep); break;
    case 3: mix_vectors(3, n, weight, step, r, stride, count, out + c, keep); break;
    default: mix_vectors(4, n, weight, step, r, stride, count, out + c, keep);
    }
  }
}

INLINE long visible_own(const struct duet_attention *a, long query) {
  long n = query + a->visible;
  return n < a->own ? n : a->own;
}

INLINE void fill_from(float *row, long from, long to, float value) {
  for (; from < to; from++) row[from] = value;
}

// The attention that one query pays to all keys, zero to those that it does not see.
INLINE void probabilities(const struct duet_attention *a, long query, float *p, long padded) {
  const float *q = a->q + query * a->q_stride;
  long own = visible_own(a, query);
  dots(q, a->shared_k, a->kv_stride, a->shared, a->width, a->scale, p);
  dots(q, a->own_k, a->kv_stride, own, a->width, a->scale, p + a->shared);
  fill_from(p, a->shared + own, padded, -INFINITY);
  softmax_row(p, p, padded);
}

static void attention(const struct duet_attention *a, float *out, long out_stride, float *scratch) {
  long padded = duet_scores(a->shared + a->own);
  for (long i = 0; i < a->queries; i++, out += out_stride) {
    probabilities(a, i, scratch, padded);
    mix(scratch, 1, a->shared_v, a->kv_stride, a->shared, a->width, out, 0);
    mix(scratch + a->shared, 1, a->own_v, a->kv_stride, visible_own(a, i), a->width, out, a->shared > 0);
  }
}

// With dp = dout . v:  ds = p (dp - p . dp) scale,  dq += ds k,  dk += dsT q,  dv += pT dout
static void attention_gradient(const struct duet_attention *a, const float *dout, long out_stride, float *dq, long dq_stride,
    float *shared_dk, float *shared_dv, float *own_dk, float *own_dv, long dkv_stride, float *scratch) {
  long n = a->queries, padded = duet_scores(a->shared + a->own), width = a->width;
  float *p = scratch, *ds = scratch + n * padded;
  for (long i = 0; i < n; i++) {
    float *pi = p + i * padded, *di = ds + i * padded;
    const float *dy = dout + i * out_stride;
    long own = visible_own(a, i);
    probabilities(a, i, pi, padded);
    dots(dy, a->shared_v, a->kv_stride, a->shared, width, 1, di);
    dots(dy, a->own_v, a->kv_stride, own, width, 1, di + a->shared);
    fill_from(di, a->shared + own, padded, 0);
    float mean = row_dot(pi, di, padded);
    for (long j = 0; j < padded; j++) di[j] = pi[j] * (di[j] - mean) * a->scale;
    mix(di, 1, a->shared_k, a->kv_stride, a->shared, width, dq + i * dq_stride, 1);
    mix(di + a->shared, 1, a->own_k, a->kv_stride, own, width, dq + i * dq_stride, 1);
  }
  for (long j = 0; j < a->shared; j++) {
    mix(ds + j, padded, a->q, a->q_stride, n, width, shared_dk + j * dkv_stride, 1);
    mix(p + j, padded, dout, out_stride, n, width, shared_dv + j * dkv_stride, 1);
  }
  for (long j = 0; j < a->own; j++) {
    // The first query that sees this key.
    long i = j < a->visible ? 0 : j - a->visible + 1, at = i * padded + a->shared + j;
    mix(ds + at, padded, a->q + i * a->q_stride, a->q_stride, n - i, width, own_dk + j * dkv_stride, 1);
    mix(p + at, padded, dout + i * out_stride, out_stride, n - i, width, own_dv + j * dkv_stride, 1);
  }
}
