package replklab.analysis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import replklab.base.UsageException;
import replklab.stats.PaperValue;
import replklab.table.PaperTable;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The parameters and MACs that a table of the paper states, each beside what we count on the network itself, rounded to the
 * paper's last digit.
 *
 * <p>Swin, ResNet and the detectors, which are no models of this library, are counted by arithmetic from their publications.
 *
 * <p>What the paper counts was found by trying which form gives its numbers: MobileNetV2 as it is trained; RepLKNet with
 * merged kernels and every norm folded; under UperNet with the norms before pointwise convolutions left as norms, without
 * the auxiliary head. Its "FLOPs" are multiply-accumulates; in the UperNet columns most rows only agree together with the
 * additions of biases and norms, a thousandth of the whole, which the row's note then says.
 *
 * @param paper the table
 * @param lines its cells
 */
public record PaperComplexity(PaperTable paper, List<Line> lines) {
    /** The tables that state parameters or MACs. */
    public static final List<String> TABLES = List.of(
            "table04-7x7-maps",
            "table05-kernel-sizes",
            "table06-imagenet",
            "table07-cityscapes",
            "table08-ade20k",
            "table09-coco");

    /** How a cell of the paper and our count stand to each other. */
    public enum Agreement {
        /** Equal to the paper's last digit. */
        AGREES,
        /** Equal to the paper's last digit together with the additions of biases and norms. */
        WITH_ADDITIONS,
        /** Not equal; the note says what is known of the reason. */
        DIFFERS,
        /** The paper leaves the cell empty. */
        NOT_STATED
    }

    /**
     * A cell.
     *
     * @param row the keys of its row
     * @param column such as {@code "flops_g"}
     * @param theirs the paper's number, in millions or billions as the column's name says, if it states one
     * @param ours our count in the paper's unit and digits
     * @param agreement of the two
     * @param note what explains a difference; empty where there is none
     */
    public record Line(
            Map<String, String> row,
            String column,
            Optional<BigDecimal> theirs,
            BigDecimal ours,
            Agreement agreement,
            String note) {}

    public PaperComplexity {
        lines = List.copyOf(lines);
    }

    /**
     * Counts the networks of a table.
     *
     * @param table one of {@link #TABLES}
     */
    public static PaperComplexity of(String table) {
        if (!TABLES.contains(table)) {
            throw UsageException.unknown("table of costs", table, TABLES);
        }
        PaperTable paper = PaperTable.load(table);
        List<Line> lines = new ArrayList<>();
        for (int row = 0; row < paper.table().rowCount(); row++) {
            for (String column : columns(paper)) {
                lines.add(line(paper, row, column));
            }
        }
        return new PaperComplexity(paper, lines);
    }

    private static List<String> columns(PaperTable paper) {
        return paper.values().stream()
                .filter(column -> column.contains("params_") || column.contains("flops_"))
                .toList();
    }

    private static Line line(PaperTable paper, int row, String column) {
        int decimals = decimals(paper.table().column(column));
        Map<String, String> keys = paper.keysOf(row);
        Optional<BigDecimal> theirs = paper.find(keys, column)
                .map(PaperValue::value)
                .map(value -> BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP));
        PaperCount count = PaperNetworks.count(paper.name(), cells(paper.table(), row), column)
                .orElseThrow(() -> new IllegalStateException("no network for " + keys + " of " + paper.name()));
        boolean parameters = column.contains("params_");
        long exact = parameters ? count.parameters() : count.macs();
        BigDecimal ours = rounded(exact, column, decimals);
        BigDecimal more = rounded(parameters ? exact : exact + count.additions(), column, decimals);
        if (theirs.isEmpty()) {
            return new Line(keys, column, theirs, ours, Agreement.NOT_STATED, "");
        }
        if (theirs.get().compareTo(ours) == 0) {
            return new Line(keys, column, theirs, ours, Agreement.AGREES, "");
        }
        if (theirs.get().compareTo(more) == 0) {
            String note = "%s MACs; %s with the additions of biases and norms".formatted(ours, more);
            return new Line(keys, column, theirs, ours, Agreement.WITH_ADDITIONS, note);
        }
        return new Line(keys, column, theirs, ours, Agreement.DIFFERS, note(paper, keys, column));
    }

    private static String note(PaperTable paper, Map<String, String> keys, String column) {
        return ComplexityNotes.of(paper.name(), keys, column);
    }

    /** The digits behind the point of a column, those of the cell that has most. */
    private static int decimals(Column<?> column) {
        return IntStream.range(0, column.size())
                .filter(i -> !column.isMissing(i))
                .map(i -> Math.max(
                        0,
                        new BigDecimal(column.getUnformattedString(i))
                                .stripTrailingZeros()
                                .scale()))
                .max()
                .orElse(0);
    }

    private static BigDecimal rounded(long count, String column, int decimals) {
        int power = column.endsWith("_m") ? 6 : 9;
        return BigDecimal.valueOf(count).movePointLeft(power).setScale(decimals, RoundingMode.HALF_UP);
    }

    private static Map<String, String> cells(Table table, int row) {
        Map<String, String> cells = new LinkedHashMap<>();
        table.columns().forEach(column -> cells.put(column.name(), column.getUnformattedString(row)));
        return cells;
    }

    /** As it is printed: the paper's table, ours behind each of its costs, and the notes on each row. */
    public Table table() {
        Table marked = paper.marked();
        Table table = Table.create(paper.title());
        for (Column<?> column : marked.columns()) {
            String title = paper.keys().contains(column.name()) ? column.name() : PaperTable.title(column.name());
            table.addColumns(((StringColumn) column).copy().setName(title));
            if (columns(paper).contains(column.name())) {
                table.addColumns(StringColumn.create(
                        title + ", counted",
                        lines.stream()
                                .filter(line -> line.column.equals(column.name()))
                                .map(line -> line.ours.toString())
                                .toList()));
            }
        }
        Map<Map<String, String>, String> notes = lines.stream()
                .collect(Collectors.groupingBy(
                        Line::row,
                        LinkedHashMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), PaperComplexity::notes)));
        return table.addColumns(StringColumn.create("note", List.copyOf(notes.values())));
    }

    private static String notes(List<Line> row) {
        return row.stream()
                .map(Line::note)
                .filter(note -> !note.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
