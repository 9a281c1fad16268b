package replklab.conv;

/**
 * The steps of one pass of a Fourier transform, in bytes: {@code count} butterflies, one after another.
 *
 * @param radix length of the small transforms
 * @param inLeg step between the inputs of one butterfly
 * @param outLeg step between its outputs
 * @param inStep step from a butterfly's inputs to the next one's
 * @param outStep step from a butterfly's outputs to the next one's
 * @param count butterflies in a row
 * @param rows rows of butterflies in one transform; more than one only in a middle pass
 * @param inRow step from a row's inputs to the next one's
 * @param outRow step from a row's outputs to the next one's
 * @param twiddlesAt where the twiddle factors begin; negative if the pass needs none
 * @param twiddleStep step from a butterfly's twiddle factors to the next one's
 * @param outerTwiddle step from a row's twiddle factors to the next one's
 */
record FourierPass(
        int radix,
        long inLeg,
        long outLeg,
        long inStep,
        long outStep,
        int count,
        int rows,
        long inRow,
        long outRow,
        long twiddlesAt,
        long twiddleStep,
        long outerTwiddle) {}
