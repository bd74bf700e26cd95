// The entry points of one kernel, for kernel.c to choose from.
#include "kernel_ops.h"

const lstm_ops NAME(lstm_ops) = {
    NAME(packed_len), NAME(pack),     NAME(gemm),
    NAME(gemm_tn),    NAME(forward),  NAME(backward),
    NAME(row_dots),   NAME(row_dots_backward),
    NAME(gather_sum), NAME(gather_sum_backward),
    NAME(scatter_add), NAME(column_sum), NAME(exp_rows),
    NAME(adam),
};
