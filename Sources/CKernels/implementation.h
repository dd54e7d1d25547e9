// All kernels, compiled once for each instruction set (see CKernels.h). The including file names the
// table and switches the target on.

#include "vector.h"

#include "elementwise.h"
#include "rows.h"
#include "attention.h"
#include "optimizers.h"

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
