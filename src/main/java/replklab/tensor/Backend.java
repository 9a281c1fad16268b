package replklab.tensor;

import java.util.ServiceLoader;
import replklab.base.Interrupts;

/**
 * Everything numeric: the operations that layers, losses and optimisers are made of, each with its gradient.
 *
 * <p>Operations write into tensors that the caller made; inputs and outputs must not overlap unless said otherwise. Images
 * are (batch, height, width, channels), "rows" are all axes but the last. In the gradient methods any output may be null,
 * and is then not computed; all others are overwritten. Shapes are checked by the {@link Tensor} methods that call these.
 * Implementations give the same bits for the same input on the same machine, whatever the number of threads.
 */
public interface Backend {
    /**
     * The backend in use: the first one that the service loader finds. Each operation asks for it first.
     *
     * @throws Interrupts.Interrupted if this thread is interrupted, and nobody in it looks at that himself
     */
    static Backend current() {
        Interrupts.check();
        return Holder.INSTEAD.orElse(Holder.CURRENT);
    }

    /** Runs {@code body} on this thread with another backend, such as one that measures. */
    static void with(Backend backend, Runnable body) {
        ScopedValue.where(Holder.INSTEAD, backend).run(body);
    }

    /** Short name for tags and tables, such as {@code cpu}. */
    String name();

    /** What does the work, for tags: vector width, threads, libraries. */
    String description();

    // Convolutions ---------------------------------------------------------------------------------------------------

    /**
     * Pointwise (1x1) convolution, also the linear layer: y = activation(x wᵀ + bias) + residual over rows.
     *
     * @param w (out, in)
     * @param bias (out), or null
     * @param activation of the sum, before the residual
     * @param residual shaped like {@code y}, or null
     */
    void pointwise(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, Tensor y);

    void pointwiseGradient(Tensor x, Tensor w, Tensor dy, Tensor dx, Tensor dw, Tensor dbias);

    /**
     * Depthwise convolution with 'same' padding, then an activation.
     *
     * @param w (kernel, kernel, channels)
     * @param bias (channels), or null
     */
    void depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y);

    /** The gradient of {@link #depthwise} without activation. */
    void depthwiseGradient(Tensor x, Tensor w, int stride, int dilation, Tensor dy, Tensor dx, Tensor dw, Tensor dbias);

    /**
     * A large and a small depthwise convolution of the same input, stride 1, without bias: the training-time form of
     * structural re-parameterisation (paper section 3, guideline 3). An implementation may share work between the two.
     *
     * @param large (kernel, kernel, channels)
     * @param small (kernel, kernel, channels)
     */
    default void depthwisePair(Tensor x, Tensor large, Tensor small, Tensor yLarge, Tensor ySmall) {
        depthwise(x, large, null, 1, 1, Activation.NONE, yLarge);
        depthwise(x, small, null, 1, 1, Activation.NONE, ySmall);
    }

    /** The gradient of {@link #depthwisePair}; {@code dx} is the sum of both parts. */
    default void depthwisePairGradient(
            Tensor x,
            Tensor large,
            Tensor small,
            Tensor dyLarge,
            Tensor dySmall,
            Tensor dx,
            Tensor dlarge,
            Tensor dsmall) {
        depthwiseGradient(x, large, 1, 1, dyLarge, dx, dlarge, null);
        Tensor part = dx == null ? null : Tensor.empty(dx.shape());
        depthwiseGradient(x, small, 1, 1, dySmall, part, dsmall, null);
        if (dx != null) {
            combine(1, dx, 1, part, dx);
        }
    }

    /**
     * Full convolution with 'same' padding, then an activation.
     *
     * @param w (out, kernel, kernel, in)
     * @param bias (out), or null
     */
    void convolution(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y);

    /** The gradient of {@link #convolution} without activation. */
    void convolutionGradient(
            Tensor x, Tensor w, int stride, int dilation, Tensor dy, Tensor dx, Tensor dw, Tensor dbias);

    // Normalisation --------------------------------------------------------------------------------------------------

    /**
     * Batch norm by the batch's own statistics, then an activation. Writes the terms' mean and variance: the batch's
     * means and biased variances.
     */
    void batchNorm(Tensor x, BatchNormTerms terms, Tensor y);

    /** The gradient of {@link #batchNorm}, through the statistics that it wrote. */
    void batchNormGradient(Tensor x, BatchNormTerms terms, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta);

    /** Batch norm by given statistics, which are constants, then an activation. */
    void batchNormEvaluation(Tensor x, BatchNormTerms terms, Tensor y);

    void batchNormEvaluationGradient(Tensor x, BatchNormTerms terms, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta);

    /**
     * Layer norm: each row by its own mean and biased variance, then y = gamma xhat + beta.
     *
     * @param gamma (channels)
     * @param beta (channels)
     */
    void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y);

    void layerNormGradient(Tensor x, Tensor gamma, double epsilon, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta);

    // Elementwise ----------------------------------------------------------------------------------------------------

    /** y = the activation of {@code x}; {@code y} may be {@code x}. */
    void activation(Activation kind, Tensor x, Tensor y);

    /** dx = dy times the derivative at {@code x}; of a clamp, the output serves as well for {@code x}. */
    void activationGradient(Activation kind, Tensor x, Tensor dy, Tensor dx);

    /** y = a * x + b * z; {@code y} may be one of the inputs. */
    void combine(float a, Tensor x, float b, Tensor z, Tensor y);

    /** y = x * z. */
    void multiply(Tensor x, Tensor z, Tensor y);

    /** y = x times one factor an image (first axis); {@code y} may be {@code x}. */
    void scaleImages(Tensor x, float[] factors, Tensor y);

    /** y = x (batch, ..., channels) times one factor an image and channel, {@code gate} (batch, channels). */
    void gate(Tensor x, Tensor gate, Tensor y);

    void gateGradient(Tensor x, Tensor gate, Tensor dy, Tensor dx, Tensor dgate);

    /** y = x times one factor a channel, {@code factors} (channels). */
    void scaleChannels(Tensor x, Tensor factors, Tensor y);

    void scaleChannelsGradient(Tensor x, Tensor factors, Tensor dy, Tensor dx, Tensor dfactors);

    /** y = the channels of all {@code parts}, one part after the other in every row. */
    void concatenate(Tensor[] parts, Tensor y);

    /**
     * The gradient of {@link #concatenate}: each of {@code dparts} that is not null gets its channels of {@code dy}.
     *
     * @param widths channels of each part
     */
    void concatenateGradient(Tensor dy, int[] widths, Tensor[] dparts);

    /** Sets every element. */
    void fill(Tensor x, float value);

    // Space ----------------------------------------------------------------------------------------------------------

    /** Mean over height and width: (batch, height, width, channels) to (batch, channels). */
    void globalAveragePool(Tensor x, Tensor y);

    void globalAveragePoolGradient(Tensor dy, Tensor dx);

    /** Bilinear interpolation to {@code y}'s height and width, pixel centres at half-integers (no aligned corners). */
    void resizeBilinear(Tensor x, Tensor y);

    void resizeBilinearGradient(Tensor dy, Tensor dx);

    /**
     * Mean over each cell of a grid of {@code y}'s height and width. Cell i of n cells over a side of length s goes from
     * floor(i s / n) to ceil((i + 1) s / n), so neighbours overlap where s is no multiple of n.
     */
    void adaptiveAveragePool(Tensor x, Tensor y);

    void adaptiveAveragePoolGradient(Tensor dy, Tensor dx);

    /**
     * Cuts images into squares that do not overlap, each one row of size x size x channels values in the order height,
     * width, channels; pixels that make no whole square are left out.
     */
    void patches(Tensor x, int size, Tensor y);

    void patchesGradient(Tensor dy, int size, Tensor dx);

    // Losses and reductions ------------------------------------------------------------------------------------------

    /**
     * Softmax cross-entropy, averaged over the rows that count, and its gradient with respect to the logits.
     *
     * @param logits rows of classes
     * @param targets what each row should be
     * @param dlogits shaped like the logits, or null: the gradient, zero in ignored rows
     * @return the mean loss
     */
    double crossEntropy(Tensor logits, Targets targets, Tensor dlogits);

    /** The sum of all elements. */
    double sum(Tensor x);

    /** The sum of all elements' squares. */
    double sumOfSquares(Tensor x);

    // Optimisers -----------------------------------------------------------------------------------------------------

    /**
     * One step of SGD with momentum, as in every framework: g = scale * gradient + decay * w; v = momentum * v + g; w -=
     * rate * v.
     *
     * @param scale factor on the gradient, for clipping by norm
     */
    void sgdStep(Tensor w, Tensor gradient, Tensor velocity, float scale, float rate, float momentum, float decay);

    /**
     * One step of AdamW (Loshchilov and Hutter 2019) with bias correction for step {@code step}, counted from 1: decay is
     * decoupled from the gradient.
     */
    void adamWStep(
            Tensor w,
            Tensor gradient,
            Tensor first,
            Tensor second,
            float scale,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float decay,
            long step);

    /** Finds the backend once. */
    final class Holder {
        private static final ScopedValue<Backend> INSTEAD = ScopedValue.newInstance();
        private static final Backend CURRENT = ServiceLoader.load(Backend.class, Backend.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no numeric backend on the class path"));

        private Holder() {}
    }
}
