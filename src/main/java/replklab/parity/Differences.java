package replklab.parity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import replklab.base.LabException;

/** Compares arrays by name. */
final class Differences {
    /** Below this share of the largest value of all arrays, an array is zero but for rounding. */
    private static final double ZERO = 1e-10;

    private Differences() {}

    /**
     * The worst error of all arrays, each over its own largest value. An array that is zero in the authors' double precision,
     * such as the gradient of a shift that the next norm takes away, has no value to be measured by: it is compared with the
     * median of the others' largest values.
     *
     * @param theirs by name
     * @param ours by name
     * @throws LabException if one has an array that the other lacks, or of another length
     */
    static ParityRow of(String name, String quantity, Map<String, float[]> theirs, Map<String, float[]> ours) {
        requireSame(name + ", " + quantity, theirs, ours);
        Map<String, Double> scales = new LinkedHashMap<>();
        theirs.forEach((key, values) -> scales.put(key, largest(values)));
        double most =
                scales.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double[] others = scales.values().stream()
                .mapToDouble(Double::doubleValue)
                .filter(scale -> scale > ZERO * most)
                .sorted()
                .toArray();
        double usual = others.length == 0 ? 1 : others[others.length / 2];
        double error = 0;
        String worst = "";
        for (Map.Entry<String, float[]> entry : theirs.entrySet()) {
            double scale = scales.get(entry.getKey()) > ZERO * most ? scales.get(entry.getKey()) : usual;
            double one = difference(entry.getValue(), ours.get(entry.getKey())) / scale;
            if (!(one <= error)) { // a NaN is the worst of all
                error = one;
                worst = theirs.size() > 1 ? entry.getKey() : "";
            }
            if (Double.isNaN(one)) {
                break;
            }
        }
        return new ParityRow(name, quantity, theirs.size(), error, worst, true);
    }

    private static void requireSame(String what, Map<String, float[]> theirs, Map<String, float[]> ours) {
        TreeSet<String> odd = new TreeSet<>();
        theirs.forEach((key, values) -> {
            if (!ours.containsKey(key) || ours.get(key).length != values.length) {
                odd.add(key);
            }
        });
        ours.keySet().stream().filter(key -> !theirs.containsKey(key)).forEach(odd::add);
        if (!odd.isEmpty() || theirs.isEmpty()) {
            throw new LabException(what + ": not the same arrays: " + odd);
        }
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double difference(float[] theirs, float[] ours) {
        double worst = 0;
        for (int i = 0; i < theirs.length; i++) {
            double one = Math.abs((double) theirs[i] - ours[i]);
            worst = Double.isNaN(one) ? Double.NaN : Math.max(worst, one);
            if (Double.isNaN(worst)) {
                return worst;
            }
        }
        return worst;
    }
}
