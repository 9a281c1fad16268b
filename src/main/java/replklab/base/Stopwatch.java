package replklab.base;

/** How long calls take: the one loop that everything is timed by which is called again and again. */
public final class Stopwatch {
    private Stopwatch() {}

    /** Milliseconds of one call. */
    public static double milliseconds(Runnable call) {
        long start = System.nanoTime();
        call.run();
        return (System.nanoTime() - start) / 1e6;
    }

    /** Milliseconds of each of so many calls, one right after the other. */
    public static double[] milliseconds(int calls, Runnable call) {
        double[] times = new double[calls];
        for (int i = 0; i < calls; i++) {
            times[i] = milliseconds(call);
        }
        return times;
    }
}
