package replklab.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How often images of each class were given each class, over the seeds of a variant. */
final class ConfusionMatrix {
    private final long[][] counts; // [truth][said]

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
    }

    /**
     * Counts answers.
     *
     * @param classes the names that they are made of, in order
     */
    static ConfusionMatrix of(List<String> classes, List<RunAnswers> runs) {
        Map<String, Integer> places = new HashMap<>();
        IntStream.range(0, classes.size()).forEach(i -> places.putIfAbsent(classes.get(i), i));
        long[][] counts = new long[classes.size()][classes.size()];
        for (RunAnswers run : runs) {
            for (int image = 0; image < run.truth().size(); image++) {
                counts[places.get(run.truth().get(image))][places.get(run.said().get(image))]++;
            }
        }
        return new ConfusionMatrix(counts);
    }

    long count(int truth, int said) {
        return counts[truth][said];
    }

    /** Answers to images of a class. */
    long of(int truth) {
        return IntStream.range(0, counts.length)
                .mapToLong(said -> counts[truth][said])
                .sum();
    }

    /** The share of a class's answers that are this one, in percent; NaN without any. */
    double percent(int truth, int said) {
        long all = of(truth);
        return all == 0 ? Double.NaN : 100.0 * counts[truth][said] / all;
    }
}
