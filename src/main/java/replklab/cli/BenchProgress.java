package replklab.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import replklab.bench.BenchCase;
import replklab.bench.BenchListener;
import replklab.bench.CaseResult;

/**
 * The progress of a benchmark on standard error: one bar with the time left in a terminal, and one line a finished case
 * everywhere.
 */
final class BenchProgress implements BenchListener, AutoCloseable {
    private static final long UNITS = 10_000;

    private final String name;
    private ProgressBar bar;
    private int cases;
    private int finished;
    private int kept;
    private long keptUnits;

    BenchProgress(String name) {
        this.name = name;
    }

    @Override
    public void begin(int cases, int kept) {
        this.cases = cases;
        this.kept = kept;
        if (kept > 0) {
            System.err.println("Going on after " + kept + " of " + cases + " cases, which an interrupted call measured"
                    + " (--fresh begins anew).");
        }
        if (RunProgress.isTerminal()) {
            bar = new ProgressBarBuilder()
                    .setTaskName("bench " + name)
                    .setInitialMax(UNITS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(500)
                    .setEtaFunction(state -> Optional.of(left(state.getCurrent(), state.getElapsedAfterStart())))
                    .build();
        }
    }

    private Duration left(long done, Duration elapsed) {
        long worked = done - keptUnits;
        return worked <= 0 ? Duration.ZERO : elapsed.multipliedBy(UNITS - done).dividedBy(worked);
    }

    @Override
    public void status(String text) {
        if (bar != null) {
            bar.setExtraMessage(text);
        }
    }

    @Override
    public void finished(BenchCase what, CaseResult result, double done) {
        finished++;
        long units = Math.round(done * UNITS);
        if (finished <= kept) {
            keptUnits = units;
        } else {
            line("[%d/%d] %s: %s"
                    .formatted(
                            finished,
                            cases,
                            what.label(),
                            result.measured().stream()
                                    .map(one -> "%s %.3g ms"
                                            .formatted(
                                                    one.implementation(),
                                                    one.timing().median()))
                                    .collect(Collectors.joining(", "))));
        }
        if (bar != null) {
            bar.stepTo(units);
        }
    }

    @Override
    public void notice(String text) {
        line(text);
    }

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
