int duet_kernels_placeholder(void);
