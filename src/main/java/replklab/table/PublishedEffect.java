package replklab.table;

import java.util.Arrays;
import java.util.Locale;
import replklab.stats.Alternative;
import replklab.stats.DivergedPairs;
import replklab.stats.Hypothesis;
import replklab.stats.Numbers;
import replklab.stats.Scale;
import replklab.stats.Standing;
import tech.tablesaw.api.Row;

/**
 * An effect as a result folder's {@code effects.csv} tells it.
 *
 * @param experiment whose it is
 * @param name of the effect
 * @param scale whether the numbers are differences or ratios
 * @param unit of the numbers
 * @param paper the paper's, NaN where it gives a direction but no number
 * @param standing how well the paper's number is attested
 * @param ours mean over the seeds, NaN where there are too few
 * @param low lower end of the 95 % interval, NaN as {@code ours}
 * @param high upper end
 * @param sd standard deviation over the seeds, NaN as {@code ours}; of a ratio a factor
 * @param seeds complete seeds
 * @param planned seeds that were to be run
 * @param diverged seeds that have a run that diverged and counts as a guess
 * @param table where in the paper; empty for an effect of the user's own
 * @param hypothesis what is claimed of it
 * @param p of the effect lying on the hypothesis's margin, not corrected for other claims; 1 where there are too few seeds
 */
public record PublishedEffect(
        String experiment,
        String name,
        Scale scale,
        String unit,
        double paper,
        Standing standing,
        double ours,
        double low,
        double high,
        double sd,
        int seeds,
        int planned,
        int diverged,
        String table,
        Hypothesis hypothesis,
        double p) {
    /** The unit that says that the numbers are ratios. */
    private static final String RATIO = "times";

    private static final int DECIMALS = 2;

    public static PublishedEffect of(Row row) {
        String unit = row.getString("unit");
        return new PublishedEffect(
                row.getString("experiment"),
                row.getString("effect"),
                unit.equals(RATIO) ? Scale.RATIO : Scale.DIFFERENCE,
                unit,
                number(row, "paper"),
                standing(row.getString("standing")),
                number(row, "ours"),
                number(row, "low"),
                number(row, "high"),
                number(row, "sd"),
                Integer.parseInt(row.getString("seeds")),
                Integer.parseInt(row.getString("planned")),
                row.columnNames().contains("diverged") ? Integer.parseInt(row.getString("diverged")) : 0,
                row.getString("table"),
                hypothesis(row),
                number(row, "p"));
    }

    /** Results that were written before hypotheses had a test count as sizes with intervals. */
    private static Hypothesis hypothesis(Row row) {
        if (!row.columnNames().contains("role")) {
            return Hypothesis.secondary(
                    Alternative.GREATER, row.getString("unit").equals(RATIO) ? 1 : 0);
        }
        return new Hypothesis(
                named(Hypothesis.Role.class, row.getString("role")),
                row.getString("claim"),
                named(Alternative.class, row.getString("test")),
                number(row, "margin"),
                row.getString("reason"));
    }

    private static <E extends Enum<E>> E named(Class<E> kind, String words) {
        return Arrays.stream(kind.getEnumConstants())
                .filter(each -> each.toString().equals(words))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + words + "' is none of "
                        + Arrays.toString(kind.getEnumConstants()).replaceAll("[\\[\\]]", "")));
    }

    private static Standing standing(String word) {
        return word.isEmpty()
                ? Standing.STATED
                : Standing.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Whether the paper has this effect; else it is the user's own. */
    public boolean isOfPaper() {
        return !table.isEmpty();
    }

    private static double number(Row row, String column) {
        String text = row.getString(column);
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    /** Whether there is an interval: two seeds at least. */
    public boolean isMeasured() {
        return Double.isFinite(ours);
    }

    /** A number of ours in units of the paper's effect, ratios by their logarithms; NaN where the paper gives none. */
    public double share(double number) {
        return scale.place(number) / scale.place(paper);
    }

    /** The paper's number in words, such as {@code "−18.55 points"} or {@code "×1.5"}. */
    public String paperText() {
        if (Double.isNaN(paper)) {
            return "no number";
        }
        return withUnit(trimmed(scale.signed(scale.place(paper), DECIMALS))) + standing.mark();
    }

    /** Ours, such as {@code "−5.46 points"}. */
    public String oursText() {
        return isMeasured() ? withUnit(signed(ours)) : Cells.NOTHING;
    }

    /** An interval of it, such as {@code "−8.81 to −2.11"}. */
    String intervalText(double from, double to) {
        return isMeasured() ? signed(from) + " to " + signed(to) : Cells.NOTHING;
    }

    /** Ours and an interval in short, such as {@code "−5.46 [−8.81, −2.11] points"}. */
    String shortText(double from, double to) {
        return isMeasured()
                ? withUnit("%s [%s, %s]".formatted(signed(ours), signed(from), signed(to)))
                : "too few seeds for an interval";
    }

    /** How large ours is beside the paper's, such as {@code "0.48"}, below zero where it goes the other way; empty where the paper gives no number. */
    public String sizeText() {
        double share = share(ours);
        return Double.isFinite(share) ? Numbers.signed(share, DECIMALS).replace("+", "") : "";
    }

    /** What is tested, in words. */
    public String rule() {
        return hypothesis.rule(scale, unit);
    }

    /** Seeds, such as {@code "8"} or {@code "7 of 8, 1 diverged"}. */
    public String seedsText() {
        return (seeds == planned ? Integer.toString(seeds) : seeds + " of " + planned)
                + new DivergedPairs(diverged, 0).suffix();
    }

    private String signed(double number) {
        return scale.signed(
                scale.place(number), scale.decimals(DECIMALS, scale.place(ours), scale.place(low), scale.place(high)));
    }

    /** A ratio's sign says what it is. */
    private String withUnit(String number) {
        return scale == Scale.RATIO || unit.isEmpty() ? number : number + " " + unit;
    }

    private static String trimmed(String number) {
        return number.contains(".") ? number.replaceAll("\\.?0+$", "") : number;
    }
}
