package replklab.tensor;

/**
 * What a batch norm computes with: activation(gamma (x - mean) / sqrt(variance + epsilon) + beta), each one number a channel.
 *
 * @param gamma (channels), the scale
 * @param beta (channels), the shift
 * @param mean (channels)
 * @param variance (channels), biased
 * @param epsilon added to the variance
 * @param activation the one after it
 */
public record BatchNormTerms(
        Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon, Activation activation) {}
