// One step of an optimizer on one array.

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
