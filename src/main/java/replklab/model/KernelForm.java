package replklab.model;

/** Whether a large kernel and the small one beside it are two convolutions or one. */
public enum KernelForm {
    /** Two convolutions with a batch norm each, as a network is trained: {@link LargeKernel}. */
    TRAINING,
    /** One convolution with bias, after structural re-parameterisation. */
    MERGED
}
