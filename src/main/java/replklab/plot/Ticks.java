package replklab.plot;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import replklab.plot.Axis.Tick;

/** Which numbers of an axis are labelled, and how. */
final class Ticks {
    /** Fewer powers than these tell little of an axis. */
    private static final int FEW = 3;

    /** Two powers of ten and the room at the ends. */
    private static final double FEW_DECADES = 200;

    private static final double ALMOST = 1e-9;
    private static final double LARGE = 1e7;
    private static final double SMALL = 1e-6;

    private Ticks() {}

    /** Multiples of 1, 2 or 5 times a power of ten, about {@code most} of them, all with the decimals that they need. */
    static List<Tick> even(double low, double high, int most, double leastStep) {
        return multiples(low, high, Math.max(leastStep, step(low, high, most)));
    }

    /** 1, 2 or 5 times a power of ten, of which about {@code most} fit into a range. */
    static double step(double low, double high, int most) {
        return round((high - low) / most);
    }

    /** The last multiple of a step up to a value. */
    static double below(double value, double step) {
        return Math.floor(value / step + ALMOST) * step;
    }

    /** The first multiple of a step from a value on. */
    static double above(double value, double step) {
        return Math.ceil(value / step - ALMOST) * step;
    }

    static List<Tick> multiples(double low, double high, double step) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + ALMOST));
        double largest = Math.max(Math.abs(low), Math.abs(high));
        boolean plain = largest < LARGE && step >= SMALL;
        int digits = (int) Math.clamp(Math.ceil(Math.log10(largest / step)), 1, 15);
        DecimalFormat format = format(
                plain ? "#,##0" + (decimals == 0 ? "" : "." + "0".repeat(decimals)) : "0." + "#".repeat(digits) + "E0");
        double first = Math.ceil(low / step - ALMOST);
        return IntStream.rangeClosed(0, (int) Math.floor((high - low) / step + ALMOST))
                .mapToDouble(i -> (first + i) * step)
                .filter(value -> value <= high + ALMOST * step)
                .mapToObj(value -> new Tick(value, text(format, value)))
                .toList();
    }

    /** The nearest of 1, 2, 5 and 10 times a power of ten. */
    private static double round(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(step)));
        double times = step / power;
        return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
    }

    /** The last number of one digit, in that base, up to a value: 200 for 230. */
    static double digitBelow(double value, int base) {
        double power = Math.pow(base, Math.floor(Math.log(value) / Math.log(base) + ALMOST));
        return Math.max(1, Math.floor(value / power + ALMOST)) * power;
    }

    /** The first number of one digit, in that base, from a value on: 300 for 230. */
    static double digitAbove(double value, int base) {
        double power = Math.pow(base, Math.floor(Math.log(value) / Math.log(base) + ALMOST));
        return Math.ceil(value / power - ALMOST) * power;
    }

    /** {@link #digits}, and even numbers where an axis holds hardly any of these. */
    static List<Tick> powers(double low, double high, int base, int most) {
        List<Tick> ticks = digits(low, high, base, most);
        boolean enough = ticks.stream().filter(tick -> !tick.label().isEmpty()).count() >= FEW;
        return enough || high / low > FEW_DECADES ? ticks : even(low, high, most, 0);
    }

    /** The powers of a base, every other one if need be, and the twos and fives between few powers of ten. */
    static List<Tick> digits(double low, double high, int base, int most) {
        int first = (int) Math.ceil(Math.log(low) / Math.log(base) - ALMOST);
        int last = (int) Math.floor(Math.log(high) / Math.log(base) + ALMOST);
        int step = Math.max(1, Math.ceilDiv(last - first + 1, most));
        List<Tick> ticks = new ArrayList<>();
        for (int power = first - 1; power <= last; power++) {
            for (int times = 1; times < base; times++) {
                double value = times * Math.pow(base, power);
                boolean labelled = times == 1
                        ? Math.floorMod(power, step) == 0
                        : high / low <= FEW_DECADES && (times == 2 || times == 5);
                // Between powers the grid shows that the axis is logarithmic.
                if (value >= low * (1 - ALMOST) && value <= high * (1 + ALMOST) && (labelled || step == 1)) {
                    ticks.add(new Tick(value, labelled ? text(value) : ""));
                }
            }
        }
        return ticks;
    }

    private static String text(double value) {
        return text(format(value < LARGE && value >= SMALL ? "#,##0.######" : "0.##E0"), value);
    }

    private static String text(DecimalFormat format, double value) {
        return format.format(value + 0.0).replace('-', '−');
    }

    private static DecimalFormat format(String pattern) {
        return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    }
}
