package replklab.stats;

/**
 * How a metric is printed.
 *
 * @param key as runs carry it, such as {@code "accuracy"}
 * @param label in words, such as {@code "test accuracy"}
 * @param unit such as {@code "%"}; empty for a pure number
 * @param decimals digits behind the point in tables
 */
public record Metric(String key, String label, String unit, int decimals) {
    public Metric {
        if (key.isBlank() || label.isBlank()) {
            throw new IllegalArgumentException("a metric needs a key and a label, not '" + key + "', '" + label + "'");
        }
        if (decimals < 0 || decimals > 6) {
            throw new IllegalArgumentException("decimals of metric '" + key + "' must be 0 to 6, not " + decimals);
        }
    }

    /** Whether it lies between 0 and 100. */
    public boolean isPercentage() {
        return unit.equals("%");
    }

    /** Label with unit, as an axis carries it: {@code "test accuracy (%)"}. */
    public String title() {
        return unit.isEmpty() ? label : label + " (" + unit + ")";
    }
}
