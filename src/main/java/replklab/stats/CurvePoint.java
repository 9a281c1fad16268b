package replklab.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run logged at the end of an epoch.
 *
 * @param epoch epochs done, from 1 up; 0 for a value before training, fractions for values within an epoch
 * @param metrics metric by key; values may be NaN when a run diverged
 */
public record CurvePoint(double epoch, Map<String, Double> metrics) {
    public CurvePoint {
        if (!(epoch >= 0) || Double.isInfinite(epoch)) {
            throw new IllegalArgumentException("epoch must be a number of 0 or more, not " + epoch);
        }
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
}
