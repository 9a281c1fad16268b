package replklab.conv;

import java.lang.foreign.MemorySegment;

/**
 * What happens to an output before it is written: a bias a channel is added, then the value is held between two bounds.
 *
 * @param bias (channels), or null for none
 * @param lowest values below become this; negative infinity for none
 * @param highest values above become this; positive infinity for none
 */
public record Epilogue(MemorySegment bias, float lowest, float highest) {
    /** Nothing. */
    public static final Epilogue NONE = new Epilogue(null, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

    public Epilogue {
        if (!(lowest <= highest)) {
            throw new IllegalArgumentException("bounds of an epilogue are " + lowest + " and " + highest
                    + "; the lowest value must not be above the highest");
        }
    }

    /** A bias alone, or nothing if it is null. */
    public static Epilogue bias(MemorySegment bias) {
        return new Epilogue(bias, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    /** This epilogue, then max(0, y). */
    public Epilogue relu() {
        return new Epilogue(bias, Math.max(lowest, 0), Math.max(highest, 0));
    }

    /** Whether values are held between bounds at all. */
    boolean clamps() {
        return lowest != Float.NEGATIVE_INFINITY || highest != Float.POSITIVE_INFINITY;
    }
}
