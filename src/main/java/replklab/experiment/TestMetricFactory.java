package replklab.experiment;

import replklab.base.Factory;
import replklab.base.Options;

/** Makes a {@link TestMetric} from the options that stand below its name. */
@FunctionalInterface
public interface TestMetricFactory extends Factory<Options, TestMetric> {
    /**
     * Makes one.
     *
     * @param asked its options; each one there is must be asked for
     */
    @Override
    TestMetric make(Options asked);
}
