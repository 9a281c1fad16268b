package replklab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.table.Csv;
import tech.tablesaw.api.Row;

/**
 * A claim, of the paper's or about how we reproduce it, and the experiments that look at it.
 *
 * @param name such as {@code "Guideline 2"}
 * @param claim in our words
 * @param source where in the paper; empty where it is not the paper's
 * @param studies at least one
 */
public record Guideline(String name, String claim, String source, List<Study> studies) {
    private static final String FILE = "guidelines.csv";
    private static final List<Guideline> ALL = read();

    /**
     * An experiment that looks at the claim.
     *
     * @param experiment its name
     * @param notebook name of its notebook, without the ending
     */
    public record Study(String experiment, String notebook) {}

    public Guideline {
        studies = List.copyOf(studies);
    }

    /** All of them, in the paper's order. */
    public static List<Guideline> all() {
        return ALL;
    }

    private static List<Guideline> read() {
        Map<String, Guideline> byName = new LinkedHashMap<>();
        try (InputStream in = Guideline.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + FILE);
            }
            for (Row row : Csv.read(FILE, new InputStreamReader(in, StandardCharsets.UTF_8))) {
                Guideline one = new Guideline(
                        row.getString("guideline"),
                        row.getString("claim"),
                        row.getString("source"),
                        List.of(new Study(row.getString("experiment"), row.getString("notebook"))));
                byName.merge(one.name, one, Guideline::with);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(byName.values());
    }

    /** Whether an experiment comes with the library: the claims of those that do are decided together. */
    public static boolean isLookedAtBy(String experiment) {
        return ALL.stream()
                .flatMap(guideline -> guideline.studies().stream())
                .anyMatch(study -> study.experiment().equals(experiment));
    }

    private Guideline with(Guideline more) {
        List<Study> both = new ArrayList<>(studies);
        both.addAll(more.studies);
        return new Guideline(name, claim, source, both);
    }
}
