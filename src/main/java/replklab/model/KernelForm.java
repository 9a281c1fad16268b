package replklab.model;

import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Activation;

/** Whether a large kernel and the small one beside it are two convolutions or one. */
public enum KernelForm {
    /** Two convolutions with a batch norm each, as a network is trained: {@link LargeKernel}. */
    TRAINING,
    /** One convolution with bias, after structural re-parameterisation. */
    MERGED;

    /** A large kernel with the small one beside it in this form, and the activation after both. */
    Layer make(int channels, int kernel, int small, int stride, Activation activation, Initialisation start) {
        return switch (this) {
            case TRAINING -> new LargeKernel(channels, kernel, small, stride, activation, start);
            case MERGED -> new MergedKernel(channels, kernel, stride, activation, start);
        };
    }
}
