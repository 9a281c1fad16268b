package replklab.tensor;

/**
 * What a batch norm computes with: clamp(gamma (x - mean) / sqrt(variance + epsilon) + beta), each one number a channel.
 *
 * @param gamma (channels), the scale
 * @param beta (channels), the shift
 * @param mean (channels)
 * @param variance (channels), biased
 * @param epsilon added to the variance
 * @param clamp the activation after it, one of those that {@link Activation#isClamp()} names
 */
public record BatchNormTerms(
        Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon, Activation clamp) {
    public BatchNormTerms {
        if (!clamp.isClamp()) {
            throw new IllegalArgumentException("batch norm fuses NONE, RELU or RELU6, not " + clamp);
        }
    }
}
