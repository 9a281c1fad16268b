package replklab.table;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import replklab.stats.Numbers;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** Table 10's layout: what share of the input's area holds a share t of the effective receptive field. */
public final class AreaTable {
    private static final String PAPER = "table10-erf";
    private static final String MODEL = "model";
    private static final String WEIGHTS = "weights";
    private static final String INPUT = "input";

    private AreaTable() {}

    /**
     * One network of ours.
     *
     * @param model its name
     * @param weights where its weights come from, such as {@code "random"}
     * @param input images and resolution, such as {@code "20 images, 512x512"}
     * @param ratios area over the image's for t = 20, 30, 50 and 99 %, each above 0 up to 1
     */
    public record Row(String model, String weights, String input, List<Double> ratios) {
        public Row {
            ratios = List.copyOf(ratios);
            int columns = columns().size();
            if (ratios.size() != columns) {
                throw new IllegalArgumentException(
                        "'" + model + "' has " + ratios.size() + " ratios; table 10 has " + columns + " columns");
            }
        }
    }

    /** The paper's rows, marked by how they are attested, and ours below them; areas in percent. */
    public static Table besideThePaper(List<Row> ours) {
        PaperTable paper = PaperTable.load(PAPER);
        Table marked = paper.marked();
        int papers = marked.rowCount();
        StringColumn model = StringColumn.create(MODEL);
        StringColumn weights = StringColumn.create(WEIGHTS);
        StringColumn input = StringColumn.create(INPUT);
        List<StringColumn> areas = columns().stream()
                .map(column -> StringColumn.create("t = " + column.substring(1) + " %"))
                .toList();
        for (int i = 0; i < papers; i++) {
            model.append(marked.stringColumn(MODEL).get(i));
            weights.append("the paper's");
            input.append(paper.setting());
            for (int t = 0; t < areas.size(); t++) {
                areas.get(t).append(marked.stringColumn(columns().get(t)).get(i));
            }
        }
        for (Row row : ours) {
            model.append(row.model());
            weights.append(row.weights());
            input.append(row.input());
            IntStream.range(0, areas.size())
                    .forEach(t ->
                            areas.get(t).append(Numbers.fixed(100 * row.ratios().get(t), 1)));
        }
        return Table.create(paper.title() + ", in percent", model, weights, input)
                .addColumns(areas.toArray(StringColumn[]::new));
    }

    /** Our rows as they are kept in a file; areas are shares, not percent. */
    public static Table kept(List<Row> rows) {
        Table table = Table.create(
                "areas", StringColumn.create(MODEL), StringColumn.create(WEIGHTS), StringColumn.create(INPUT));
        columns().forEach(column -> table.addColumns(DoubleColumn.create(column)));
        for (Row row : rows) {
            table.stringColumn(MODEL).append(row.model());
            table.stringColumn(WEIGHTS).append(row.weights());
            table.stringColumn(INPUT).append(row.input());
            for (int t = 0; t < columns().size(); t++) {
                table.doubleColumn(columns().get(t)).append(row.ratios().get(t));
            }
        }
        return table;
    }

    /** The rows of a file that {@link #kept} was written to. */
    public static List<Row> read(Path file) {
        Table table = Table.read()
                .usingOptions(CsvReadOptions.builder(file.toFile())
                        .columnTypesToDetect(List.of(ColumnType.DOUBLE, ColumnType.STRING)));
        return table.stream()
                .map(row -> new Row(
                        row.getString(MODEL),
                        row.getString(WEIGHTS),
                        row.getString(INPUT),
                        columns().stream().map(row::getDouble).toList()))
                .toList();
    }

    /** What the marks behind the paper's numbers mean. */
    public static List<String> notes() {
        return PaperTable.load(PAPER).notes();
    }

    private static List<String> columns() {
        return PaperTable.load(PAPER).values();
    }
}
