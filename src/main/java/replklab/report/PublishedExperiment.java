package replklab.report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import replklab.base.LabException;
import replklab.base.Provenance;
import replklab.table.Csv;
import replklab.table.PublishedEffect;
import tech.tablesaw.api.Row;

/**
 * What {@link ReportWriter} left of an experiment, read back from its folder.
 *
 * @param name of the experiment and of its folder
 * @param title heading of its report
 * @param effects the paper's effects beside ours
 * @param runs how many runs there are
 * @param commits of the code that ran, shortened
 * @param took time of the runs, or of the execution where that took longer
 * @param provenance the fields of {@code provenance.json}
 */
record PublishedExperiment(
        String name,
        String title,
        List<PublishedEffect> effects,
        int runs,
        List<String> commits,
        Duration took,
        Map<String, String> provenance) {
    static final String PAGE = "report.md";
    static final String EFFECTS = "effects.png";

    private static final ObjectMapper JSON = new ObjectMapper();

    PublishedExperiment {
        effects = List.copyOf(effects);
        commits = List.copyOf(commits);
        provenance = Map.copyOf(provenance);
    }

    /** The names of all experiments with a report in a profile's folder, in alphabetical order. */
    static List<String> names(Path profile) {
        return ResultFolder.names(profile, PAGE);
    }

    /** Reads a folder; empty where there is no report yet. */
    static Optional<PublishedExperiment> read(Path folder) {
        if (!Files.exists(folder.resolve(PAGE))) {
            return Optional.empty();
        }
        try {
            List<PublishedEffect> effects = new ArrayList<>();
            Csv.read(folder.resolve("effects.csv")).forEach(row -> effects.add(PublishedEffect.of(row)));
            double seconds = 0;
            int runs = 0;
            Set<String> commits = new LinkedHashSet<>();
            for (Row row : Csv.read(folder.resolve("runs.csv"))) {
                seconds += Double.parseDouble(row.getString("seconds"));
                commits.add(row.getString("commit"));
                runs++;
            }
            Map<String, String> provenance =
                    JSON.readValue(folder.resolve("provenance.json").toFile(), new TypeReference<>() {});
            double whole = Math.max(seconds, Double.parseDouble(provenance.getOrDefault("seconds", "0")));
            return Optional.of(new PublishedExperiment(
                    String.valueOf(folder.getFileName()),
                    title(folder.resolve(PAGE)),
                    effects,
                    runs,
                    List.copyOf(commits),
                    Duration.ofSeconds(Math.round(whole)),
                    provenance));
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new LabException("the results in " + folder + " are not whole: " + e.getMessage(), e);
        }
    }

    private static String title(Path page) throws IOException {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.findFirst().orElse("").replaceFirst("^# *", "");
        }
    }

    /** Machine, seeds and time, as the page tells them. */
    String machine() {
        return "%s, %s cores, %s GiB; %s"
                .formatted(provenance.get("cpu"), provenance.get("cores"), provenance.get("memory_gib"), effort());
    }

    /** Seeds and time. */
    String effort() {
        return "seeds %s, %d %s in %s".formatted(seeds(), runs, runs == 1 ? "run" : "runs", Provenance.words(took));
    }

    /** The seeds, which follow one another. */
    private String seeds() {
        List<String> seeds = List.of(provenance.getOrDefault("seeds", "").split(" "));
        return seeds.size() == 1 ? seeds.getFirst() : seeds.getFirst() + " to " + seeds.getLast();
    }

    /** The commits of the code that ran, shortened: Markdown. */
    String commit() {
        return commits.stream().map(commit -> "`" + commit + "`").collect(Collectors.joining(", "));
    }
}
