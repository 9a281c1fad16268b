package replklab.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress of an evaluation: in a terminal one bar with the time left, elsewhere a line at each tenth. */
final class EvaluationProgress implements AutoCloseable {
    private static final int TENTHS = 10;

    private final PrintWriter err;
    private final int images;
    private final long start = System.nanoTime();
    private final ProgressBar bar;
    private int told;

    EvaluationProgress(PrintWriter err, int images) {
        this.err = err;
        this.images = images;
        this.bar = RunProgress.isTerminal()
                ? new ProgressBarBuilder()
                        .setTaskName("evaluate")
                        .setInitialMax(images)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500)
                        .setEtaFunction(state -> Optional.of(left(state.getCurrent())))
                        .build()
                : null;
    }

    private Duration left(long done) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        return done <= 0 ? Duration.ZERO : elapsed.multipliedBy(images - done).dividedBy(done);
    }

    /** Tells how many images are done. */
    void done(int count) {
        if (bar != null) {
            bar.stepTo(count);
            return;
        }
        int tenth = (int) ((long) TENTHS * count / images);
        if (tenth > told) {
            told = tenth;
            err.println("%d of %d images, %d s left"
                    .formatted(count, images, left(count).toSeconds()));
            err.flush();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
