package replklab.stats;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as text: {@code .} decimals in every locale, no negative zero, nothing for what is not finite. */
public final class Numbers {
    private static final int MOST_DECIMALS = 6;

    private Numbers() {}

    /** {@code value} with exactly {@code decimals} digits behind the point; {@code ""} for NaN and infinities. */
    public static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return "";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
        return rounded.toPlainString();
    }

    /** As {@link #fixed}, without trailing zeros: {@code 18.55}, {@code 0.9}, {@code 3}. */
    public static String upTo(double value, int decimals) {
        String text = fixed(value, decimals);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /** As {@link #fixed}, with a sign ({@code +} or a true minus), for prose and pictures. */
    public static String signed(double value, int decimals) {
        String digits = fixed(Math.abs(value), decimals);
        boolean zero = digits.chars().allMatch(c -> c == '0' || c == '.');
        return zero ? digits : (value < 0 ? "−" : "+") + digits;
    }

    /** A p-value: {@code 0.012}, {@code < 0.001}; {@code ""} for NaN. */
    public static String p(double value) {
        return value < 0.001 ? "< 0.001" : fixed(value, 3);
    }

    /** The same in a sentence: {@code p = 0.012}, {@code p < 0.001}. */
    public static String pWords(double value) {
        String text = p(value);
        return "p " + (text.startsWith("<") ? text : "= " + text);
    }

    /**
     * The fewest digits, at least {@code least}, with which none of the values that are not zero is printed as zero: an
     * interval that is clear of zero must not read {@code 0.0 to 0.3}.
     */
    static int decimalsFor(int least, double... values) {
        int decimals = least;
        while (decimals < MOST_DECIMALS && anyVanishes(decimals, values)) {
            decimals++;
        }
        return decimals;
    }

    private static boolean anyVanishes(int decimals, double... values) {
        double half = 0.5 * Math.pow(10, -decimals);
        for (double value : values) {
            if (value != 0 && Math.abs(value) < half) {
                return true;
            }
        }
        return false;
    }
}
