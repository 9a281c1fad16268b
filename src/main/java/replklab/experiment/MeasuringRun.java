package replklab.experiment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.hipparchus.stat.descriptive.rank.Median;
import replklab.stats.CurvePoint;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.Tracker;

/** Measures one variant once: warms up, then takes the median over calls of every metric. */
final class MeasuringRun implements RunWork {
    /** Calls that count, however long one takes. */
    private static final int LEAST_CALLS = 3;

    /** How long what was logged before may take to be sent, which would disturb the measurement. */
    private static final Duration SENDING = Duration.ofSeconds(5);

    private final Measurable measurable;
    private final Measurable.Ready ready;
    private final ActiveRun run;
    private final Tracker tracker;
    private final Map<String, Double> result = new LinkedHashMap<>();
    private double seconds;

    MeasuringRun(ExperimentSpec spec, RunPlan plan, ActiveRun run, Tracker tracker) {
        this.measurable = Measurables.of(spec.optionsOf(plan.variant()));
        this.ready = measurable.prepare(plan.seed());
        this.run = run;
        this.tracker = tracker;
    }

    /**
     * Goes through all variants once without counting: so the first repetition does not bear the compilation of what the others
     * find compiled.
     */
    static void warmUp(ExperimentSpec spec, BooleanSupplier stop) {
        for (Map<String, String> variant : spec.combinations()) {
            Measurable measurable = Measurables.of(spec.optionsOf(variant));
            try (Measurable.Ready ready = measurable.prepare(0)) {
                if (!calls(ready, measurable.warmUpMs(), 1, stop, metrics -> {})) {
                    return;
                }
            }
        }
    }

    @Override
    public void describe() {
        run.params(ready.facts());
    }

    @Override
    public Ending work(BooleanSupplier stop) {
        tracker.settle(SENDING);
        long begin = System.nanoTime();
        boolean complete = calls(ready, measurable.warmUpMs(), 1, stop, metrics -> {});
        Map<String, List<Double>> values = new LinkedHashMap<>();
        complete = complete
                && calls(
                        ready,
                        measurable.measureMs(),
                        LEAST_CALLS,
                        stop,
                        metrics -> metrics.forEach(
                                (metric, value) -> values.computeIfAbsent(metric, key -> new ArrayList<>())
                                        .add(value)));
        seconds = (System.nanoTime() - begin) / 1e9;
        if (complete) {
            values.forEach((metric, all) -> result.put(metric, median(all)));
            result.put("calls", (double) values.values().iterator().next().size());
            run.metrics(result, 0);
        }
        return complete ? Ending.COMPLETE : Ending.STOPPED;
    }

    /** Calls until the time is over, at least so many times; tells whether it was not stopped. */
    private static boolean calls(
            Measurable.Ready ready,
            int milliseconds,
            int least,
            BooleanSupplier stop,
            Consumer<Map<String, Double>> heard) {
        long end = System.nanoTime() + milliseconds * 1_000_000L;
        for (int call = 0; call < least || System.nanoTime() < end; call++) {
            if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            heard.accept(ready.call());
        }
        return true;
    }

    private static double median(List<Double> values) {
        return new Median()
                .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public void keep(RunRow row) {
        // All that is left is in the metrics.
    }

    @Override
    public Map<String, Double> result() {
        return result;
    }

    @Override
    public List<CurvePoint> curve() {
        return List.of();
    }

    @Override
    public double seconds() {
        return seconds;
    }

    @Override
    public void close() {
        ready.close();
    }
}
