package replklab.parity;

/**
 * How far one quantity of a case is from the authors'.
 *
 * @param name of the case
 * @param quantity such as {@code "gradients"}
 * @param arrays that were compared
 * @param error the largest difference in any of them, over that array's largest value
 * @param worst which array that is in; empty where there is one alone
 * @param ours whether it is our error; otherwise it is what single precision costs PyTorch, to be read beside ours
 */
public record ParityRow(String name, String quantity, int arrays, double error, String worst, boolean ours) {
    /** What may be differing: the library's promise. */
    public static final double LIMIT = 1e-4;

    /** Whether our error is within the limit; one that is no number is not. */
    public boolean isWithin() {
        return !ours || error <= LIMIT;
    }
}
