package replklab.notebook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.chart.Charts;
import replklab.chart.LivePanel;
import replklab.chart.LiveSeries;
import replklab.experiment.Experiment;
import replklab.experiment.RunPlan;
import replklab.experiment.RunnerListener;
import replklab.plot.Picture;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.stats.Variants;
import replklab.train.Evaluation;

/**
 * An experiment as it runs, with the time left: the loss by step and the test scores by epoch of the seed in hand, a line a
 * variant; where runs measure, what they gave, run by run.
 */
public final class LiveExperiment implements RunnerListener, AutoCloseable {
    private static final Metric LOSS = new Metric("loss", "training loss", "", 3);
    private static final int POINTS = 200;

    private final LiveDisplay display = new LiveDisplay();
    private final Map<String, List<double[]>> losses = new LinkedHashMap<>();
    /** By metric, a panel each. */
    private final Map<Metric, Map<String, List<double[]>>> scores = new LinkedHashMap<>();

    private final Map<String, List<double[]>> measured = new LinkedHashMap<>();
    private Metric metric;
    private boolean measures;
    private String title = "";
    private String status = "";
    private String lastFactor = "";
    private int runs;
    private int ended;
    private long seed;
    private double share;
    private double reusedShare;
    private long begin;

    @Override
    public synchronized void begin(Experiment experiment, List<RunPlan> plans, String trackerPage) {
        title = experiment.spec().title();
        metric = experiment.metric();
        experiment.learned().forEach(learned -> scores.put(learned, new LinkedHashMap<>()));
        measures = experiment.spec().isMeasured();
        runs = plans.size();
        begin = System.nanoTime();
    }

    @Override
    public synchronized void runBegins(RunPlan plan, int index, boolean reused) {
        if (plan.seed() != seed) {
            seed = plan.seed();
            losses.clear();
            scores.values().forEach(Map::clear);
            measured.clear();
        }
        if (reused) {
            reusedShare += 1.0 / runs;
        }
    }

    @Override
    public synchronized void step(RunPlan plan, long step, long totalSteps, double loss) {
        if (step % Math.max(1, totalSteps / POINTS) == 0) {
            add(losses, plan, (double) step, loss);
        }
        share = (ended + (double) step / totalSteps) / runs;
        show("run " + (ended + 1) + " of " + runs + ", seed " + seed + timeLeft());
    }

    @Override
    public synchronized void epoch(RunPlan plan, int epoch, Evaluation evaluation) {
        add(plan, epoch, evaluation.scores());
        show(status);
    }

    @Override
    public synchronized void runEnds(RunPlan plan, RunRow row) {
        ended++;
        if (measures) {
            measured(plan, row);
        } else if (scores.values().stream().noneMatch(curves -> curves.containsKey(Variants.label(plan.variant())))) {
            row.curve().forEach(point -> add(plan, point.epoch(), point.metrics()));
        }
        if (!row.divergence().isEmpty()) {
            notice(plan.name() + " " + row.ending());
        }
        if (ended == runs) {
            show("all " + runs + " runs done; the last seed, " + seed);
        }
    }

    /** The chart takes its place: a notebook does not keep that it had to wait. */
    @Override
    public void waits(String line) {
        display.show(() -> line, () -> line);
    }

    /** Stays below the chart, which shows how things are now. */
    @Override
    public void notice(String line) {
        System.err.println(line);
    }

    /** A line for all levels of the last factor; x counts them. */
    private void measured(RunPlan plan, RunRow row) {
        Map<String, String> others = new LinkedHashMap<>(plan.variant());
        lastFactor = List.copyOf(others.keySet()).getLast();
        others.remove(lastFactor);
        if (row.metrics().containsKey(metric.key())) {
            List<double[]> line = measured.computeIfAbsent(Variants.label(others), label -> new ArrayList<>());
            line.add(new double[] {line.size() + 1, row.metrics().get(metric.key())});
        }
        share = (double) ended / runs;
        show("run " + ended + " of " + runs + ", seed " + seed + timeLeft());
    }

    /** The scores of an epoch, as far as they are drawn. */
    private void add(RunPlan plan, double epoch, Map<String, Double> values) {
        scores.forEach((each, curves) -> {
            if (values.containsKey(each.key())) {
                add(curves, plan, epoch, values.get(each.key()));
            }
        });
    }

    private static void add(Map<String, List<double[]>> curves, RunPlan plan, double x, double y) {
        curves.computeIfAbsent(Variants.label(plan.variant()), label -> new ArrayList<>())
                .add(new double[] {x, y});
    }

    private String timeLeft() {
        double worked = share - reusedShare;
        if (worked <= 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round((System.nanoTime() - begin) / 1e9 * (1 - share) / worked));
        return left.toSeconds() < 60
                ? ", less than a minute left"
                : ", about " + Math.round(left.toSeconds() / 60.0) + " min left";
    }

    private void show(String now) {
        status = now;
        display.show(this::picture, () -> title + ": " + now);
    }

    private synchronized Picture picture() {
        List<LivePanel> panels = new ArrayList<>();
        if (measures) {
            return Charts.live(
                    title,
                    status,
                    List.of(new LivePanel(lastFactor + ", level by level", metric, LiveSeries.ofPoints(measured))));
        }
        if (!losses.isEmpty()) {
            panels.add(new LivePanel("step", LOSS, LiveSeries.ofPoints(losses)));
        }
        scores.forEach((each, curves) -> {
            if (panels.isEmpty() || !curves.isEmpty()) {
                panels.add(new LivePanel("epoch", each, LiveSeries.ofPoints(curves)));
            }
        });
        return Charts.live(title, status, panels);
    }

    /** Draws what came last. */
    @Override
    public void close() {
        display.close();
    }
}
