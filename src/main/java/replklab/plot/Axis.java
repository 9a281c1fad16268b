package replklab.plot;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A scale: where values lie along an axis, and which of them are labelled. */
public final class Axis {
    /**
     * A place that the grid marks.
     *
     * @param label what stands beside it; may be empty
     */
    public record Tick(double value, String label) {}

    /** Room at both ends of a range of data, as a share of it. */
    private static final double ROOM = 0.06;

    private static final double LITTLE_ROOM = 0.02;

    /** A range that is a point gets at least so much. */
    private static final double LEAST_ROOM = 1e-3;

    /** Sizes whose differences and sums are still numbers. */
    private static final double LARGEST = 1e300;

    /** A logarithmic axis that ends at so many times its beginning has even ticks. */
    private static final double HARDLY_LOGARITHMIC = 2.5;

    /** Logarithms whose powers neither vanish nor leave what can be drawn. */
    private static final double[] LOGARITHMS = {-740, 690};

    private static final Axis UNIT = linear(0, 1);

    private final double low;
    private final double high;
    private final DoubleUnaryOperator place;
    private final IntFunction<List<Tick>> ticks;
    private final boolean named;

    /** The axis with ends on ticks, by about how many of these; none where the ends are given. */
    private final Optional<IntFunction<Axis>> wider;

    private Axis(
            double low,
            double high,
            DoubleUnaryOperator place,
            IntFunction<List<Tick>> ticks,
            boolean named,
            Optional<IntFunction<Axis>> wider) {
        this.low = low;
        this.high = high;
        this.place = place;
        this.ticks = ticks;
        this.named = named;
        this.wider = wider;
    }

    private Axis(double low, double high, DoubleUnaryOperator place, IntFunction<List<Tick>> ticks, boolean named) {
        this(low, high, place, ticks, named, Optional.empty());
    }

    /** From {@code low} to {@code high}, ticks at round numbers. */
    public static Axis linear(double low, double high) {
        return new Axis(
                low,
                high,
                value -> value,
                most -> Ticks.even(low, high, most, 0),
                false,
                Optional.of(most -> wider(low, high, Ticks.step(low, high, most))));
    }

    private static Axis wider(double low, double high, double step) {
        double first = Ticks.below(low, step);
        double last = Ticks.above(high, step);
        return new Axis(first, last, value -> value, most -> Ticks.multiples(first, last, step), false);
    }

    /** From {@code low} to {@code high} with a little room, ticks at whole numbers alone: epochs, steps. */
    public static Axis whole(double low, double high) {
        double room = LITTLE_ROOM * (high > low ? high - low : 1);
        double first = low - room;
        double last = high + room;
        return new Axis(first, last, value -> value, most -> Ticks.even(first, last, most, 1), false);
    }

    /** From 0 to a little above the largest value. */
    public static Axis fromZero(double largest) {
        return largest > 0 ? linear(0, (1 + ROOM) * largest) : UNIT;
    }

    /** Around every value that can be drawn, with some room; from 0 to 1 if there is none. */
    public static Axis around(double... values) {
        double[] drawn = DoubleStream.of(values).filter(Axis::isDrawn).toArray();
        double[] range = range(DoubleStream.of(drawn));
        if (range.length == 0) {
            return UNIT;
        }
        // Room is no reason to show what has another sign.
        boolean below = DoubleStream.of(drawn).anyMatch(value -> value < 0);
        boolean above = DoubleStream.of(drawn).anyMatch(value -> value > 0);
        return linear(
                below || !above ? range[0] : Math.max(0, range[0]), above || !below ? range[1] : Math.min(0, range[1]));
    }

    /**
     * The same on a logarithmic axis.
     *
     * @param base ticks stand at its powers: 10, or 2 for ratios
     * @param values those of 0 and below have no place
     */
    public static Axis logarithmic(int base, double... values) {
        double[] range = range(DoubleStream.of(values)
                .filter(value -> isDrawn(value) && value > 0)
                .map(Math::log));
        double low = range.length == 0 ? 1 : Math.exp(Math.max(range[0], LOGARITHMS[0]));
        double high = range.length == 0 ? base : Math.exp(Math.min(range[1], LOGARITHMS[1]));
        return new Axis(
                low,
                high,
                Math::log,
                most -> Ticks.powers(low, high, base, most),
                false,
                Optional.of(most -> widerLogarithmic(base, low, high, most)));
    }

    private static Axis widerLogarithmic(int base, double low, double high, int most) {
        double step = Ticks.step(low, high, most);
        if (high / low < HARDLY_LOGARITHMIC && low > step) {
            double first = Ticks.below(low, step);
            double last = Ticks.above(high, step);
            return new Axis(first, last, Math::log, labels -> Ticks.multiples(first, last, step), false);
        }
        double first = Ticks.digitBelow(low, base);
        double last = Ticks.digitAbove(high, base);
        return new Axis(first, last, Math::log, labels -> Ticks.digits(first, last, base, labels), false);
    }

    /** Named places 0, 1, 2... */
    public static Axis places(List<String> names) {
        List<Tick> ticks = IntStream.range(0, names.size())
                .mapToObj(i -> new Tick(i, names.get(i)))
                .toList();
        return new Axis(-0.5, Math.max(1, names.size()) - 0.5, value -> value, most -> ticks, true);
    }

    /** From 0 to {@code rows} without ticks, for charts that write their labels between the axes. */
    public static Axis rows(int rows) {
        return new Axis(0, rows, value -> value, most -> List.of(), false);
    }

    /** An axis of one's own: {@code place} maps values to a line, rising. */
    public static Axis of(double low, double high, DoubleUnaryOperator place, List<Tick> ticks) {
        List<Tick> inside = ticks.stream()
                .filter(tick -> tick.value() > low && tick.value() < high)
                .toList();
        return new Axis(low, high, place, most -> inside, false);
    }

    /** The linear axis cut off at values that cannot be, such as more than 100 percent. */
    public Axis within(double least, double most) {
        return isEmpty() ? this : linear(Math.max(low, least), Math.min(high, most));
    }

    /** Whether a value can be drawn: a finite number, of less than astronomic size. */
    public static boolean isDrawn(double value) {
        return Math.abs(value) < LARGEST;
    }

    /** How many of these values cannot be drawn. */
    public static int undrawn(double... values) {
        return (int) DoubleStream.of(values).filter(value -> !isDrawn(value)).count();
    }

    /** Where a value lies: 0 at the axis' beginning, 1 at its end; not finite where it has no place. */
    public double along(double value) {
        double first = place.applyAsDouble(low);
        return isDrawn(value) ? (place.applyAsDouble(value) - first) / (place.applyAsDouble(high) - first) : Double.NaN;
    }

    /** The value nearest to this one that lies on the axis. */
    public double nearest(double value) {
        return Math.clamp(value, low, high);
    }

    /** The ticks, of which about {@code most} have a label. */
    public List<Tick> ticks(int most) {
        return ticks.apply(Math.max(1, most));
    }

    /** The axis a little longer, so that no value lies beyond the first and last of about {@code most} ticks. */
    public Axis endingOnTicks(int most) {
        return wider.map(axis -> axis.apply(Math.max(1, most))).orElse(this);
    }

    /** Whether there was nothing to make it for. */
    boolean isEmpty() {
        return this == UNIT;
    }

    /** Whether its places have names. */
    boolean isNamed() {
        return named;
    }

    private static double[] range(DoubleStream places) {
        var of = places.summaryStatistics();
        if (of.getCount() == 0) {
            return new double[0];
        }
        double low = of.getMin();
        double high = of.getMax();
        double room = high > low ? ROOM * (high - low) : Math.max(ROOM * Math.abs(high), LEAST_ROOM);
        return new double[] {low - room, high + room};
    }
}
