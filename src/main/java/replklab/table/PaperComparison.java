package replklab.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import replklab.stats.Metric;
import replklab.stats.Numbers;
import replklab.stats.PaperValue;
import replklab.stats.RunRow;
import replklab.stats.Scale;
import replklab.stats.Standing;
import replklab.stats.Summary;
import replklab.stats.Variants;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A column of a table of the paper beside our metric, row by row: the paper's rows in its order, ours added where they
 * exist, then our variants that the paper does not have.
 *
 * @param paper the table
 * @param column its column
 * @param metric ours
 * @param scale whether ours is set against the paper's as a difference or as a ratio
 * @param rows the rows
 */
public record PaperComparison(PaperTable paper, String column, Metric metric, Scale scale, List<Line> rows) {
    private static final int PAPER_DECIMALS = 2;

    /**
     * One row.
     *
     * @param variant ours where we have it, else the paper's keys
     * @param paper the paper's number, if it has one
     * @param ours what our seeds gave; without values where the variant was not run
     */
    public record Line(Map<String, String> variant, Optional<PaperValue> paper, Summary ours) {
        /** Ours against the paper's, NaN where either is missing. */
        double against(Scale scale) {
            double theirs = paper.map(PaperValue::value).orElse(Double.NaN);
            return scale.told(scale.place(ours.mean()) - scale.place(theirs));
        }
    }

    public PaperComparison {
        rows = List.copyOf(rows);
    }

    /** Joins on variants whose factors are the table's own keys. */
    public static PaperComparison of(PaperTable paper, String column, List<RunRow> runs, Metric metric) {
        return of(paper, column, runs, metric, variant -> variant);
    }

    /**
     * Joins on keys made from our variants.
     *
     * @param keys the table's keys of one of our variants; an empty map for a variant that the paper does not have
     * @throws replklab.base.UsageException for a key or column that the table does not have
     */
    public static PaperComparison of(
            PaperTable paper,
            String column,
            List<RunRow> runs,
            Metric metric,
            UnaryOperator<Map<String, String>> keys) {
        SequencedMap<Map<String, String>, Summary> ours = new LinkedHashMap<>();
        Variants.group(runs).forEach((variant, group) -> ours.put(variant, Variants.summary(group, metric.key())));
        List<Line> rows = new ArrayList<>();
        Set<Map<String, String>> joined = new LinkedHashSet<>();
        for (int i = 0; i < paper.table().rowCount(); i++) {
            Map<String, String> row = paper.keysOf(i);
            Optional<PaperValue> value = paper.find(row, column);
            int before = rows.size();
            ours.forEach((variant, summary) -> {
                Map<String, String> wanted = keys.apply(variant);
                if (!wanted.isEmpty() && paper.selects(wanted, row)) {
                    rows.add(new Line(variant, value, summary));
                    joined.add(variant);
                }
            });
            if (rows.size() == before) {
                rows.add(new Line(row, value, new Summary(List.of())));
            }
        }
        ours.forEach((variant, summary) -> {
            if (!joined.contains(variant)) {
                rows.add(new Line(variant, Optional.empty(), summary));
            }
        });
        return new PaperComparison(paper, column, metric, Scale.DIFFERENCE, rows);
    }

    /** The same rows, with factors that only the paper's rows have by other names. */
    public PaperComparison named(UnaryOperator<String> factor) {
        List<Line> named = new ArrayList<>();
        for (Line row : rows) {
            Map<String, String> variant = new LinkedHashMap<>();
            row.variant().forEach((key, level) -> variant.put(factor.apply(key), level));
            named.add(new Line(variant, row.paper(), row.ours()));
        }
        return new PaperComparison(paper, column, metric, scale, named);
    }

    /** The same rows, with ours over the paper's in place of ours minus the paper's. */
    public PaperComparison asRatio() {
        return new PaperComparison(paper, column, metric, Scale.RATIO, rows);
    }

    /**
     * The numbers, for a CSV: the factors, {@code paper_COLUMN}, {@code standing}, our metric's mean, its half width
     * ({@code METRIC_half_width}), {@code seeds}, {@code difference} (ours minus the paper's) or {@code ratio} (ours over the
     * paper's).
     */
    public Table table() {
        DoubleColumn theirs = DoubleColumn.create("paper_" + column);
        StringColumn standing = StringColumn.create("standing");
        DoubleColumn mean = DoubleColumn.create(metric.key());
        DoubleColumn half = DoubleColumn.create(metric.key() + "_half_width");
        IntColumn seeds = IntColumn.create("seeds");
        DoubleColumn against = DoubleColumn.create(scale.name().toLowerCase(Locale.ROOT));
        for (Line row : rows) {
            theirs.append(row.paper().map(PaperValue::value).orElse(Double.NaN));
            standing.append(
                    row.paper().map(value -> value.standing().toString()).orElse(""));
            mean.append(row.ours().mean());
            half.append(row.ours().halfWidth());
            seeds.append(row.ours().n());
            against.append(row.against(scale));
        }
        return factors().addColumns(theirs, standing, mean, half, seeds, against);
    }

    /** The rows to be read: the paper's numbers with their marks, ours as mean ± half width. */
    public Table text() {
        StringColumn theirs = StringColumn.create("paper: " + PaperTable.title(column));
        StringColumn mean = StringColumn.create("ours: " + metric.title());
        IntColumn seeds = IntColumn.create("seeds");
        StringColumn against = StringColumn.create(scale == Scale.RATIO ? "ours / paper" : "ours - paper");
        for (Line row : rows) {
            theirs.append(row.paper().map(value -> value.text(PAPER_DECIMALS)).orElse(""));
            mean.append(row.ours().text(metric));
            seeds.append(row.ours().n());
            against.append(Numbers.fixed(row.against(scale), PAPER_DECIMALS));
        }
        return factors().addColumns(theirs, mean, seeds, against);
    }

    /** One line for each mark in use, such as {@code "† recollected: ..."}. */
    public List<String> notes() {
        Set<Standing> used = new LinkedHashSet<>();
        rows.forEach(row -> row.paper().ifPresent(value -> used.add(value.standing())));
        return PaperTable.notes(used);
    }

    private Table factors() {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.variant().keySet()));
        Table table = Table.create(paper.title());
        for (String name : names) {
            table.addColumns(StringColumn.create(
                    name,
                    rows.stream()
                            .map(row -> row.variant().getOrDefault(name, ""))
                            .toList()));
        }
        return table;
    }
}
