package replklab.notebook;

import java.time.Duration;
import replklab.analysis.EffectiveReceptiveField;

/** A line in a cell's output that counts images or networks, with the time left. */
public final class LiveProgress implements EffectiveReceptiveField.Progress, AutoCloseable {
    private final LiveDisplay display = new LiveDisplay();
    private final String what;

    /**
     * @param what is counted, such as {@code "images"}
     */
    public LiveProgress(String what) {
        this.what = what;
    }

    @Override
    public void images(int done, int total, Duration left) {
        show("", done, total, left);
    }

    /** The same line for one of several parts of the work, which it names. */
    EffectiveReceptiveField.Progress of(String part) {
        return (done, total, left) -> show(part + ": ", done, total, left);
    }

    private void show(String part, int done, int total, Duration left) {
        String line =
                "%s%d of %d %s%s".formatted(part, done, total, what, done == total ? "" : ", " + words(left) + " left");
        display.show(() -> line, () -> line);
    }

    /** A duration as the progress of everything here is told. */
    static String words(Duration left) {
        long seconds = left.toSeconds();
        return seconds < 60 ? "about " + Math.max(1, seconds) + " s" : "about " + Math.round(seconds / 60.0) + " min";
    }

    @Override
    public void close() {
        display.close();
    }
}
