package replklab.cli;

import java.time.Duration;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import replklab.base.Provenance;
import replklab.experiment.Experiment;
import replklab.experiment.RunPlan;
import replklab.experiment.RunnerListener;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.train.Evaluation;

/**
 * The progress of an experiment in the terminal: one bar over all runs with the time left, and one line a finished run. Not
 * in a terminal (a log file, CI) there is only the line.
 */
final class RunProgress implements RunnerListener, AutoCloseable {
    private static final long UNITS = 1000;

    private final boolean interactive = isTerminal();
    private final String place;
    private ProgressBar bar;
    private Metric metric;
    private int runs;
    private int finished;
    private int reused;
    private long begin;

    /**
     * @param number of this experiment among those of the command, from 1
     * @param all how many they are
     */
    RunProgress(int number, int all) {
        place = all == 1 ? "" : number + "/" + all + " ";
    }

    @Override
    public void begin(Experiment experiment, List<RunPlan> plans, String trackerPage) {
        runs = plans.size();
        metric = experiment.metric();
        begin = System.nanoTime();
        System.err.println(place + experiment.spec().title() + ": " + runs + (runs == 1 ? " run" : " runs")
                + ", profile " + experiment.profile());
        if (!trackerPage.isEmpty()) {
            System.err.println("Follow them at " + trackerPage);
        }
        if (interactive) {
            bar = new ProgressBarBuilder()
                    .setTaskName(place + experiment.name())
                    .setInitialMax(runs * UNITS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(500)
                    .setEtaFunction(
                            state -> java.util.Optional.of(left(state.getCurrent(), state.getElapsedAfterStart())))
                    .build();
        }
    }

    /** Whether somebody watches: otherwise a bar would fill a file. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where there is no terminal
    static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private Duration left(long done, Duration elapsed) {
        long worked = done - reused * UNITS; // what an earlier call did says nothing of this one's speed
        return worked <= 0
                ? Duration.ZERO
                : elapsed.multipliedBy(runs * UNITS - done).dividedBy(worked);
    }

    @Override
    public void runBegins(RunPlan plan, int index, boolean done) {
        reused += done ? 1 : 0;
        if (bar != null) {
            bar.setExtraMessage(plan.name());
        }
    }

    @Override
    public void step(RunPlan plan, long step, long totalSteps, double loss) {
        if (bar != null) {
            bar.stepTo(finished * UNITS + UNITS * step / totalSteps);
            bar.setExtraMessage("%s loss %.2f".formatted(plan.name(), loss));
        }
    }

    @Override
    public void epoch(RunPlan plan, int epoch, Evaluation evaluation) {
        if (bar != null) {
            bar.setExtraMessage("%s %s %.1f %%"
                    .formatted(plan.name(), evaluation.scores().firstEntry().getKey(), evaluation.deciding()));
        }
    }

    @Override
    public void runEnds(RunPlan plan, RunRow row) {
        finished++;
        String result = row.status() == RunEnd.FINISHED && row.metrics().containsKey(metric.key())
                ? "%s %.1f %s".formatted(metric.label(), row.metrics().get(metric.key()), metric.unit())
                : row.ending();
        line("[%d/%d] %s: %s, %.0f s%s"
                .formatted(finished, runs, plan.name(), result, row.seconds(), interactive ? "" : timeLeft()));
        if (bar != null) {
            bar.stepTo(finished * UNITS);
        }
    }

    /** For those who read lines; the bar has its own. */
    private String timeLeft() {
        Duration left = left(finished * UNITS, Duration.ofNanos(System.nanoTime() - begin));
        return finished == runs || finished == reused ? "" : "; " + Provenance.words(left) + " left";
    }

    @Override
    public void notice(String text) {
        line(text);
    }

    /** A line that the bar does not overwrite. */
    private void line(String text) {
        if (bar != null) {
            System.err.print("\r\u001b[K");
        }
        System.err.println(text);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
