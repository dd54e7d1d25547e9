// The types of the few OpenBLAS functions that Duet calls. There is no `link` line: a linked
// library has chosen its kernels before any code of ours runs (see Tensor/BLAS.swift).
#pragma once

enum { DUET_ROW_MAJOR = 101, DUET_NO_TRANS = 111, DUET_TRANS = 112 };

typedef void (*duet_sgemm)(
  int order, int transa, int transb, int m, int n, int k, float alpha, const float *a, int lda,
  const float *b, int ldb, float beta, float *c, int ldc);
typedef void (*duet_set_num_threads)(int count);
typedef char *(*duet_get_text)(void);
