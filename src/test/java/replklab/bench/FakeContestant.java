package replklab.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** A contestant whose times are made up. */
final class FakeContestant implements Contestant {
    private final String implementation;
    private final String variant;
    private final IntToDoubleFunction milliseconds;
    private int calls;
    int turns;
    boolean dropped;
    boolean closed;
    int settlingTurns;
    LeftOutException failsAtPreparing;
    int failsAtTurn = -1;

    /**
     * @param milliseconds the time of the i-th call, counted from 0
     */
    FakeContestant(String implementation, String variant, IntToDoubleFunction milliseconds) {
        this.implementation = implementation;
        this.variant = variant;
        this.milliseconds = milliseconds;
    }

    int calls() {
        return calls;
    }

    @Override
    public String implementation() {
        return implementation;
    }

    @Override
    public String variant() {
        return variant;
    }

    @Override
    public String version() {
        return "1.2";
    }

    @Override
    public void prepare(BenchCase what, Duration patience) {
        dropped = false;
        if (failsAtPreparing != null) {
            throw failsAtPreparing;
        }
    }

    @Override
    public double[] run(int times) {
        if (turns++ == failsAtTurn) {
            throw new LeftOutException("gone");
        }
        double[] values = new double[times];
        Arrays.setAll(values, i -> milliseconds.applyAsDouble(calls++));
        return values;
    }

    @Override
    public boolean isSettling() {
        return turns <= settlingTurns;
    }

    @Override
    public void resetPeak() {}

    @Override
    public Description describe() {
        return new Description(new Memory(100, 150), "as it likes", Map.of("depthwise", 0.5));
    }

    @Override
    public void drop() {
        dropped = true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
