package replklab.train;

/**
 * Linear warm-up to a peak, then half a cosine down to zero.
 *
 * @param peak highest learning rate
 * @param warmupSteps steps of warm-up
 * @param totalSteps steps of the whole training
 */
public record CosineSchedule(double peak, long warmupSteps, long totalSteps) {
    /** The learning rate of a step, counted from 0. */
    public double rate(long step) {
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
        return peak * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
    }
}
