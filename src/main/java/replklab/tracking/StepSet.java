package replklab.tracking;

import java.util.Map;
import java.util.TreeMap;

/** The steps at which a metric has a value: ranges, since most come one after the other. */
final class StepSet {
    /** Last step of a range by its first. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a step; false if it was there. */
    boolean add(long step) {
        Map.Entry<Long, Long> before = ranges.floorEntry(step);
        if (before != null && before.getValue() >= step) {
            return false;
        }
        boolean joinsBefore = before != null && before.getValue() == step - 1;
        Long lastOfNext = ranges.remove(step + 1);
        ranges.put(
                joinsBefore ? before.getKey() : Long.valueOf(step),
                lastOfNext == null ? Long.valueOf(step) : lastOfNext);
        return true;
    }

    boolean contains(long step) {
        return containsAll(step, step);
    }

    boolean containsAll(long first, long last) {
        Map.Entry<Long, Long> before = ranges.floorEntry(first);
        return before != null && before.getValue() >= last;
    }

    /** The highest step, or -1 if there is none. */
    long last() {
        return ranges.isEmpty() ? -1 : ranges.lastEntry().getValue();
    }

    int ranges() {
        return ranges.size();
    }
}
