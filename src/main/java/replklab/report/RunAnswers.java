package replklab.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import replklab.stats.RunRow;
import replklab.table.Csv;
import tech.tablesaw.api.Table;

/**
 * What the classifier of a run said to each test image.
 *
 * @param run the run
 * @param truth the images' classes
 * @param said the classes that it gave them
 */
public record RunAnswers(RunRow run, List<String> truth, List<String> said) {
    private static final String TRUTH = "label";
    private static final String SAID = "predicted";

    public RunAnswers {
        truth = List.copyOf(truth);
        said = List.copyOf(said);
        if (truth.size() != said.size()) {
            throw new IllegalArgumentException(truth.size() + " images and " + said.size() + " answers");
        }
    }

    /**
     * Reads what a run kept.
     *
     * @param file its {@code predictions.csv}
     * @return empty where there is none, or none of a classifier
     * @throws replklab.base.LabException if it cannot be read
     */
    public static Optional<RunAnswers> read(RunRow run, Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Table table = Csv.read(file);
        return table.columnNames().containsAll(List.of(TRUTH, SAID))
                ? Optional.of(new RunAnswers(
                        run,
                        table.stringColumn(TRUTH).asList(),
                        table.stringColumn(SAID).asList()))
                : Optional.empty();
    }

    boolean isRight(int image) {
        return truth.get(image).equals(said.get(image));
    }
}
