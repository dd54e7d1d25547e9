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

// out[i, j] = scale row i . key j for all queries, `pad` for keys that a query does not see.
INLINE void all_dots(const struct duet_attention *a, const float *rows, long row_stride, const float *shared, const float *own,
    float scale, float pad, float *out, long padded) {
  for (long i = 0; i < a->queries; i++, rows += row_stride, out += padded) {
    long seen = visible_own(a, i);
    dots(rows, shared, a->kv_stride, a->shared, a->width, scale, out);
    dots(rows, own, a->kv_stride, seen, a->width, scale, out + a->shared);
    fill_from(out, a->shared + seen, padded, pad);
  }
}

// out[i] (+)= sum over j of weight[i, j] key j for all queries.
INLINE void all_mixes(const struct duet_attention *a, const float *weight, long padded, const float *shared, const float *own,
    float *out, long out_stride, int keep) {
  for (long i = 0; i < a->queries; i++, weight += padded, out += out_stride) {
    if (a->shared) mix(weight, 1, shared, a->kv_stride, a->shared, a->width, out, keep);
    mix(weight + a->shared, 1, own, a->kv_stride, visible_own(a, i), a->width, out, keep || a->shared);
  }
}

// Adds to the gradients of keys: key j += sum over queries that see it of weight[i, j] row i.
INLINE void add_to_keys(const struct duet_attention *a, const float *weight, long padded, const float *rows, long row_stride,
    float *shared, float *own, long stride) {
  for (long j = 0; j < a->shared; j++)
    mix(weight + j, padded, rows, row_stride, a->queries, a->width, shared + j * stride, 1);
  for (long j = 0; j < a->own; j++) {
    long first = j < a->visible ? 0 : j - a->visible + 1;
    mix(weight + first * padded + a->shared + j, padded, rows + first * row_stride, row_stride, a->queries - first, a->width, own + j * stride, 1);
  }
}

// Each stage does all queries: what one writes in small pieces the next reads in large ones, and the
// processor would wait if it came too soon.
static void attention(const struct duet_attention *a, float *out, long out_stride, float *scratch) {
  long padded = duet_scores(a->shared + a->own);
  all_dots(a, a->q, a->q_stride, a->shared_k, a->own_k, a->scale, -INFINITY, scratch, padded);
  softmax(scratch, scratch, a->queries, padded);
  all_mixes(a, scratch, padded, a->shared_v, a->own_v, out, out_stride, 0);
}

// With dp = dout . v:  ds = p (dp - p . dp) scale,  dq += ds k,  dk += dsT q,  dv += pT dout
static void attention_gradient(const struct duet_attention *a, const float *dout, long out_stride, float *dq, long dq_stride,
    float *shared_dk, float *shared_dv, float *own_dk, float *own_dv, long dkv_stride, float *scratch) {
  long padded = duet_scores(a->shared + a->own);
  float *p = scratch, *ds = scratch + a->queries * padded;
  all_dots(a, a->q, a->q_stride, a->shared_k, a->own_k, a->scale, -INFINITY, p, padded);
  all_dots(a, dout, out_stride, a->shared_v, a->own_v, 1, 0, ds, padded);
  softmax(p, p, a->queries, padded);
  for (long i = 0; i < a->queries; i++) {
    float *pi = p + i * padded, *di = ds + i * padded, mean = row_dot(pi, di, padded);
    for (long j = 0; j < padded; j++) di[j] = pi[j] * (di[j] - mean) * a->scale;
  }
  all_mixes(a, ds, padded, a->shared_k, a->own_k, dq, dq_stride, 1);
  add_to_keys(a, ds, padded, a->q, a->q_stride, shared_dk, own_dk, dkv_stride);
  add_to_keys(a, p, padded, dout, out_stride, shared_dv, own_dv, dkv_stride);
}
