package replklab.experiment;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import replklab.bench.FreshProcesses;
import replklab.bench.Measured;
import replklab.stats.CurvePoint;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.Tracker;

/** Measures one variant once, in a process that its seed has to itself: the median of its calls after a warm-up. */
final class MeasuringRun implements RunWork {
    /** How long what was logged before may take to be sent, which would disturb the measurement. */
    private static final Duration SENDING = Duration.ofSeconds(5);

    private final Measurable measurable;
    private final long seed;
    private final ActiveRun run;
    private final Tracker tracker;
    private final FreshProcesses processes;
    private final Map<String, Double> result = new LinkedHashMap<>();
    private double seconds;

    /** @param processes of the execution that this run belongs to */
    MeasuringRun(ExperimentSpec spec, RunPlan plan, ActiveRun run, Tracker tracker, FreshProcesses processes) {
        this.measurable = Measurables.of(spec.optionsOf(plan.variant()));
        this.seed = plan.seed();
        this.run = run;
        this.tracker = tracker;
        this.processes = processes;
    }

    @Override
    public void describe() {
        // What is to be told, such as a peer's version, its process says.
    }

    @Override
    public Ending work(BooleanSupplier stop) {
        tracker.settle(SENDING);
        if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            return Ending.STOPPED;
        }
        long begin = System.nanoTime();
        Measured measured = processes.measure(
                seed, measurable.implementation(), measurable.what(), measurable.warmUpMs(), measurable.measureMs());
        seconds = (System.nanoTime() - begin) / 1e9;
        result.putAll(measurable.numbers(measured));
        result.put("calls", (double) measured.timing().runs());
        Map<String, Object> facts = new LinkedHashMap<>(measurable.facts(measured));
        facts.put("version", measured.version());
        facts.put("way", measured.variant());
        facts.values().removeIf(fact -> fact.toString().isEmpty());
        run.params(facts);
        run.metrics(result, 0);
        return Ending.COMPLETE;
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
        // Its process goes on to the seed's next run.
    }
}
