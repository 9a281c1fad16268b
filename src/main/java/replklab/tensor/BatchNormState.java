package replklab.tensor;

/**
 * What a batch norm keeps.
 *
 * @param gamma (channels), the scale
 * @param beta (channels), the shift
 * @param runningMean (channels), moved by training
 * @param runningVariance (channels), unbiased, moved by training
 * @param epsilon added to the variance
 * @param momentum weight of the newest batch in the running statistics
 */
public record BatchNormState(
        Tensor gamma, Tensor beta, Tensor runningMean, Tensor runningVariance, double epsilon, double momentum) {}
