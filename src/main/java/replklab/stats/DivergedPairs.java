package replklab.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * How many seeds of a comparison have a run that diverged: told wherever a mean over them is.
 *
 * @param guessed pairs that count, with the score of a guess for the run that diverged
 * @param leftOut pairs that do not, because a guess has no such metric
 */
public record DivergedPairs(int guessed, int leftOut) {
    /** None diverged. */
    public static final DivergedPairs NONE = new DivergedPairs(0, 0);

    /**
     * In words, such as {@code "1 of 8 pairs has a diverged run, counted as a guess"}; empty if there are none.
     *
     * @param pairs all that count
     */
    String words(int pairs) {
        List<String> words = new ArrayList<>();
        if (guessed > 0) {
            words.add("%d of %d pairs %s a diverged run, counted as a guess"
                    .formatted(guessed, pairs, guessed == 1 ? "has" : "have"));
        }
        if (leftOut > 0) {
            words.add("%d with a diverged run %s left out: a guess has no such value"
                    .formatted(leftOut, leftOut == 1 ? "is" : "are"));
        }
        return String.join(", ", words);
    }

    /** In short, for a cell of a table: {@code ", 1 diverged"}; empty if there are none. */
    public String suffix() {
        return guessed + leftOut == 0 ? "" : ", " + (guessed + leftOut) + " diverged";
    }
}
