package replklab.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.table.AreaTable;
import replklab.table.PaperTable;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * A table of the paper beside what this library has: costs counted, what an experiment measured from {@code results/full}, and
 * for all else the plain words that it was not run here.
 *
 * @param table the paper's columns and ours
 * @param notes what holds for the whole table: how well the paper's numbers are attested, and how to run what was not
 */
public record PaperPage(Table table, List<String> notes) {
    private static final String NOT_RUN = "not run here";
    private static final String AREAS = "table10-erf";

    public PaperPage {
        notes = List.copyOf(notes);
    }

    /** One of the paper's tables beside the committed results of this checkout. */
    public static PaperPage of(String name) {
        return of(name, LabHome.resolve("results", "full"));
    }

    /**
     * One of the paper's tables.
     *
     * @param name such as {@code "table06-imagenet"}
     * @param results the folder with a folder for each experiment
     */
    public static PaperPage of(String name, Path results) {
        PaperTable paper = PaperTable.load(name);
        List<String> notes = new ArrayList<>(List.of(paper.setting()));
        notes.addAll(paper.notes());
        Table table =
                PaperComplexity.TABLES.contains(name) ? PaperComplexity.of(name).table() : titled(paper);
        Optional<Path> areas = name.equals(AREAS) ? areas(results) : Optional.empty();
        if (areas.isPresent()) {
            notes.addAll(howToRun(name));
            Path kept = areas.get();
            notes.add("ours is from notebook 08-erf in the profile "
                    + kept.getParent().getParent().getFileName()
                    + ": small networks and random weights, of which only the order can be compared with the paper's");
            return new PaperPage(AreaTable.besideThePaper(AreaTable.read(kept)), notes);
        }
        Optional<Path> measured = measured(name, results);
        if (measured.isPresent()) {
            table = beside(paper, measured.get());
            notes.add("ours is from the experiment "
                    + measured.get().getParent().getFileName() + ": mean and half of the 95 % interval");
        } else {
            table.addColumns(StringColumn.create("ours", Collections.nCopies(table.rowCount(), NOT_RUN)));
        }
        notes.addAll(howToRun(name));
        return new PaperPage(table, notes);
    }

    /** The areas that notebook 08 kept: those of the profile full, or else of quick. */
    private static Optional<Path> areas(Path results) {
        return Stream.of(results, results.resolveSibling("quick"))
                .map(profile -> profile.resolve("erf").resolve("areas.csv"))
                .filter(Files::exists)
                .findFirst();
    }

    /** The paper's table under titles that name units. */
    private static Table titled(PaperTable paper) {
        Table table = paper.marked().setName(paper.title());
        table.columns().stream()
                .filter(column -> !paper.keys().contains(column.name()))
                .forEach(column -> column.setName(PaperTable.title(column.name())));
        return table;
    }

    /** The file in which an experiment set its results beside the table. */
    private static Optional<Path> measured(String name, Path results) {
        if (!Files.isDirectory(results)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(results, 2)) {
            return files.filter(file -> file.getFileName().toString().startsWith("paper-" + name + "-"))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new LabException("cannot read the folder " + results + ": " + e.getMessage(), e);
        }
    }

    /** The factors, the paper's number, ours and what the one is to the other. */
    private static Table beside(PaperTable paper, Path file) {
        Table csv = Table.read()
                .usingOptions(CsvReadOptions.builder(file.toFile())
                        .columnTypesToDetect(List.of(ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.STRING)));
        List<String> names = csv.columnNames();
        int theirs = 0;
        while (!names.get(theirs).startsWith("paper_")) {
            theirs++;
        }
        String column = names.get(theirs).substring("paper_".length());
        int mean = theirs + 2; // the standing lies between
        Table table = Table.create(paper.title());
        for (String factor : names.subList(0, theirs)) {
            table.addColumns(csv.column(factor));
        }
        StringColumn ours = StringColumn.create("ours, " + names.get(mean).replace('_', ' '));
        for (int row = 0; row < csv.rowCount(); row++) {
            double value = csv.numberColumn(mean).getDouble(row);
            ours.append(
                    Double.isNaN(value)
                            ? "" // no run of ours
                            : "%.2f ± %.2f"
                                    .formatted(value, csv.numberColumn(mean + 1).getDouble(row)));
        }
        return table.addColumns(
                csv.column(theirs).copy().setName("paper, " + PaperTable.title(column)), ours, csv.column("seeds"));
    }

    private static List<String> howToRun(String name) {
        return PaperNotes.read("not-run").stream()
                .filter(row -> row.getString("table").equals(name))
                .map(row -> NOT_RUN + ": " + row.getString("what") + "; " + row.getString("command"))
                .toList();
    }
}
