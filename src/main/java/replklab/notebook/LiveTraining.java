package replklab.notebook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import replklab.chart.Charts;
import replklab.chart.LivePanel;
import replklab.chart.LiveSeries;
import replklab.plot.Picture;
import replklab.stats.Metric;
import replklab.train.EpochResult;
import replklab.train.TrainingListener;

/** One training as it goes: its loss by step and its score by epoch, in a cell's output. */
final class LiveTraining implements TrainingListener, AutoCloseable {
    private static final Metric LOSS = new Metric("loss", "training loss", "", 3);

    private final LiveDisplay display = new LiveDisplay();
    private final String name;
    private final List<double[]> losses = new ArrayList<>();
    private final List<double[]> scores = new ArrayList<>();
    private final long begin = System.nanoTime();
    private String score = "score";
    private String status = "";

    LiveTraining(String name) {
        this.name = name;
    }

    @Override
    public void step(long step, long totalSteps, double loss, double learningRate) {
        losses.add(new double[] {step, loss});
        Duration left = Duration.ofNanos((System.nanoTime() - begin) / step * (totalSteps - step));
        show("step %d of %d, %s left".formatted(step, totalSteps, LiveProgress.words(left)));
    }

    @Override
    public void epoch(EpochResult result) {
        score = result.evaluation().scores().firstEntry().getKey();
        scores.add(new double[] {result.epoch(), result.evaluation().deciding()});
        show("epoch %d, test %s %.1f %%, %.0f s"
                .formatted(result.epoch(), score, result.evaluation().deciding(), result.seconds()));
    }

    @Override
    public void notice(String line) {
        System.err.println(line);
    }

    private void show(String now) {
        status = now;
        display.show(this::picture, () -> name + ": " + now);
    }

    private Picture picture() {
        List<LivePanel> panels = new ArrayList<>();
        panels.add(new LivePanel("step", LOSS, LiveSeries.ofPoints(Map.of(name, losses))));
        if (!scores.isEmpty()) {
            Metric metric = new Metric(score, "test " + score, "%", 1);
            panels.add(new LivePanel("epoch", metric, LiveSeries.ofPoints(Map.of(name, scores))));
        }
        return Charts.live(name, status, panels);
    }

    /** Draws what came last. */
    @Override
    public void close() {
        display.close();
    }
}
