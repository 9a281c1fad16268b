package replklab.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a network answered to each image of an evaluation.
 *
 * @param columns numbers by name, one an image in the data set's order: {@link #PREDICTED} and {@link #PROBABILITY} of a
 *     classifier, {@link Evaluation#PIXEL_ACCURACY} and {@link Evaluation#MEAN_IOU} of dense prediction
 */
public record Answers(SequencedMap<String, List<Double>> columns) {
    /** Index of the class with the highest logit. */
    public static final String PREDICTED = "predicted";

    /** Softmax of that logit. */
    public static final String PROBABILITY = "probability";

    /** Takes down answers image by image. */
    static final class Builder {
        private final SequencedMap<String, List<Double>> columns = new LinkedHashMap<>();

        void add(String column, double value) {
            columns.computeIfAbsent(column, name -> new ArrayList<>()).add(value);
        }

        Answers build() {
            SequencedMap<String, List<Double>> copy = new LinkedHashMap<>();
            for (Map.Entry<String, List<Double>> column : columns.entrySet()) {
                copy.put(column.getKey(), List.copyOf(column.getValue()));
            }
            return new Answers(copy);
        }
    }

    /** A classifier's answer to an image. */
    public int predicted(int image) {
        return columns.get(PREDICTED).get(image).intValue();
    }
}
