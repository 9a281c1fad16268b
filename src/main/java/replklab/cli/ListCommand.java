package replklab.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import replklab.base.LabException;
import replklab.base.LabHome;
import replklab.experiment.ExperimentSpec;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.experiment.ReportedRuns;
import replklab.stats.ComparedRun;
import replklab.table.TextTable;

/** {@code ./lab list}: what there is to run. */
@Command(
        name = "list",
        description =
                "The experiments, yours too: what they ask and vary, what they cost, and whether results are there.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "It reads experiments/*.yaml. ./lab run NAME runs one, ./lab run NAME --dry-run says what that takes."
        })
final class ListCommand implements Callable<Integer> {
    private static final String INDENT = "    ";

    @Option(names = "--json", description = "Print a JSON array.")
    boolean json;

    /**
     * An experiment.
     *
     * @param varies level names by factor
     * @param cost what the file states, by profile
     * @param error why the file or its results cannot be read; null if they can, and then title, question and what varies are there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Entry(
            String name,
            String title,
            String question,
            Map<String, List<String>> varies,
            Map<String, String> cost,
            List<Results> results,
            String error) {
        /** A file that cannot be read has an entry that says why; the others are listed all the same. */
        static Entry of(String name) {
            Map<String, String> cost = new LinkedHashMap<>();
            List<Results> results = new ArrayList<>();
            try {
                for (Profile profile : Profile.values()) {
                    String stated = Experiments.statedCosts(name, profile);
                    if (!stated.isEmpty()) {
                        cost.put(profile.toString(), stated);
                    }
                    Results.of(profile, name).ifPresent(results::add);
                }
                ExperimentSpec spec = Experiments.load(name, Profile.QUICK).spec();
                Map<String, List<String>> varies = new LinkedHashMap<>();
                spec.variants().forEach((factor, levels) -> varies.put(factor, List.copyOf(levels.keySet())));
                return new Entry(name, spec.title(), spec.question(), varies, cost, results, null);
            } catch (LabException e) {
                return new Entry(name, null, null, null, cost, results, e.getMessage());
            }
        }

        String text() {
            StringBuilder text = new StringBuilder(name);
            if (error != null) {
                text.append('\n');
                paragraph(text, "cannot be read: " + error);
                return text.toString();
            }
            text.append("  ").append(title).append('\n');
            if (!question.isEmpty()) {
                paragraph(text, question);
            }
            paragraph(text, "varies   " + joined(varies, "; ", ": ").replaceAll("[\\[\\]]", ""));
            paragraph(
                    text,
                    "costs    "
                            + (cost.isEmpty() ? "not stated; a comment line # Costs would" : joined(cost, ", ", " ")));
            String found = results.stream().map(Results::text).collect(Collectors.joining(", "));
            paragraph(text, "results  " + (found.isEmpty() ? "none yet" : found));
            return text.toString();
        }

        private static String joined(Map<String, ?> map, String between, String after) {
            return map.entrySet().stream()
                    .map(each -> each.getKey() + after + each.getValue())
                    .collect(Collectors.joining(between));
        }

        private static void paragraph(StringBuilder text, String words) {
            TextTable.wrap(words, Terminal.width() - INDENT.length())
                    .lines()
                    .forEach(line -> text.append(INDENT).append(line).append('\n'));
        }
    }

    /**
     * What lies in a folder of results.
     *
     * @param folder below the checkout
     * @param runs how many it tells of
     * @param finished how many of them came to their end
     */
    private record Results(String profile, String folder, int runs, int finished) {
        static Optional<Results> of(Profile profile, String name) {
            Path folder = LabHome.resolve("results", profile.toString(), name);
            List<ComparedRun> runs = ReportedRuns.in(folder, name, profile);
            int finished = (int) runs.stream()
                    .filter(run -> run.counts(ReportedRuns.SECONDS))
                    .count();
            return runs.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Results(
                            profile.toString(),
                            LabHome.root().relativize(folder).toString(),
                            runs.size(),
                            finished));
        }

        String text() {
            return folder + " (" + finished + " of " + runs + " runs)";
        }
    }

    @Override
    public Integer call() throws JsonProcessingException {
        List<Entry> entries = Experiments.names().stream().map(Entry::of).toList();
        if (json) {
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(entries));
            return 0;
        }
        String text = entries.stream().map(Entry::text).collect(Collectors.joining("\n"));
        System.out.println(TextTable.in(Terminal.charset(), text.isEmpty() ? "experiments/ is empty" : text.strip()));
        return 0;
    }
}
