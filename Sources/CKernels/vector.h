// Sixteen floats at a time, in the compiler's own vector type: one instruction under AVX-512, two
// under AVX2, four under the baseline, with the same order of every sum. A row's last, partial group
// is loaded and stored under a mask where there are masks.

typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef int i16 __attribute__((vector_size(64), aligned(4)));
typedef double d8 __attribute__((vector_size(64), aligned(8)));
typedef float v8 __attribute__((vector_size(32), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE v16 splat(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE v16 load(const float *p) { return *(const v16 *)p; }
INLINE void store(float *p, v16 x) { *(v16 *)p = x; }

INLINE v16 select16(i16 mask, v16 a, v16 b) { return (v16)((mask & (i16)a) | (~mask & (i16)b)); }

// The first n < 16 numbers, then `pad`.
#if LEVEL == 512
INLINE v16 load_part(const float *p, long n, float pad) {
  return (v16)_mm512_mask_loadu_ps((__m512)splat(pad), (__mmask16)((1u << n) - 1), p);
}
INLINE void store_part(float *p, v16 x, long n) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x);
}
#elif LEVEL == 2
static const int ones_then_zeros[32] = {
  -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

INLINE v16 load_part(const float *p, long n, float pad) {
  const __m256i *mask = (const __m256i *)(ones_then_zeros + 16 - n);
  __m256i low = _mm256_loadu_si256(mask), high = _mm256_loadu_si256(mask + 1);
  v16 x = __builtin_shufflevector(
    (v8)_mm256_maskload_ps(p, low), (v8)_mm256_maskload_ps(p + 8, high),
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return select16(*(const i16 *)mask, x, splat(pad));
}
INLINE void store_part(float *p, v16 x, long n) {
  const __m256i *mask = (const __m256i *)(ones_then_zeros + 16 - n);
  v8 low = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7);
  v8 high = __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
  _mm256_maskstore_ps(p, _mm256_loadu_si256(mask), (__m256)low);
  _mm256_maskstore_ps(p + 8, _mm256_loadu_si256(mask + 1), (__m256)high);
}
#else
INLINE v16 load_part(const float *p, long n, float pad) {
  v16 x = splat(pad);
  memcpy(&x, p, n * sizeof(float));
  return x;
}
INLINE void store_part(float *p, v16 x, long n) { memcpy(p, &x, n * sizeof(float)); }
#endif
INLINE v16 max16(v16 a, v16 b) { return select16(a > b, a, b); }
INLINE v16 min16(v16 a, v16 b) { return select16(a < b, a, b); }
INLINE v16 abs16(v16 x) { return (v16)((i16)x & 0x7fffffff); }

INLINE float sum16(v16 x) {
  float a = (x[0] + x[8]) + (x[4] + x[12]), b = (x[1] + x[9]) + (x[5] + x[13]);
  float c = (x[2] + x[10]) + (x[6] + x[14]), d = (x[3] + x[11]) + (x[7] + x[15]);
  return (a + c) + (b + d);
}
INLINE float maximum16(v16 x) {
  float m = x[0];
  for (int i = 1; i < 16; i++) m = x[i] > m ? x[i] : m;
  return m;
}
// e^x: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial for e^r, 2^n through the exponent bits.
// At most 2 units in the last place over -87..88; clamps outside, keeps NaN.
INLINE v16 exp16(v16 x) {
  const float magic = 12582912.0f;
  i16 ordered = x == x;
  v16 t = min16(max16(x, splat(-87.3f)), splat(88.72284f));
  v16 shifted = t * 1.44269504f + magic;
  v16 n = shifted - magic;
  v16 r = t - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  v16 p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + (r + 1.0f);
  // In two halves, so that n = 128 does not overflow the exponent.
  i16 whole = (i16)shifted - 0x4b400000, half = whole >> 1;
  v16 y = p * (v16)((half + 127) << 23) * (v16)((whole - half + 127) << 23);
  y = select16(x < -87.3f, splat(0), y);
  y = select16(x > 88.72284f, splat(INFINITY), y);
  return select16(ordered, y, x);
}

INLINE v16 sigmoid16(v16 x) { return 1.0f / (1.0f + exp16(-x)); }

// erf by two polynomials of our own fit (least squares at Chebyshev nodes): t P(t^2) up to 1, then
// 1 - e^(-t^2) Q(1 / (1 + t / 2)); absolute error below 2e-7.
INLINE v16 erf16(v16 x) {
  v16 t = min16(abs16(x), splat(6)), s = t * t;
  v16 p = splat(7.8824974e-05f);
  p = p * s + -0.0008018855f;
  p = p * s + 0.005189312f;
  p = p * s + -0.026854329f;
  p = p * s + 0.11283597f;
  p = p * s + -0.37612626f;
  p = p * s + 1.1283791f;
  v16 u = 1.0f / (1.0f + 0.5f * t);
  v16 q = splat(0.04537956f);
  q = q * u + -0.058921028f;
  q = q * u + -0.16763097f;
  q = q * u + 0.27065352f;
  q = q * u + 0.07099015f;
  q = q * u + 0.28176802f;
  q = q * u + 0.27514574f;
  q = q * u + 0.2828647f;
  q = q * u + -3.6625686e-05f;
  v16 y = select16(t <= 1.0f, t * p, 1.0f - exp16(-s) * q);
  return select16(x < 0.0f, -y, y);
}
