package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import replklab.base.LabException;
import replklab.base.Machine;
import replklab.stats.RunRow;
import replklab.tracking.ActiveRun;
import replklab.tracking.RunRecord;
import replklab.tracking.RunTags;

/** Which processors runs were computed on: one kind gives the same bits, another one rounds otherwise. */
final class Processors {
    private static final String NOTE = "processor";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A run's tag: host, processor, and what else the machine is. */
    private static final Pattern MACHINE = Pattern.compile("[^,]*, (.*), \\d+ cores?, \\d+ GiB, .*");

    private Processors() {}

    /** Writes down in a run's log that it is computed here from now on. */
    static void note(ActiveRun run) {
        String here = Machine.current().cpu();
        if (!of(run.record()).equals(List.of(here)) || run.record().notes(NOTE).isEmpty()) {
            try {
                run.note(NOTE, JSON.writeValueAsString(here));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a text is always JSON", e);
            }
        }
    }

    /** The processors that a run was computed on, in order of their names; none where its log does not tell. */
    static List<String> of(RunRecord run) {
        TreeSet<String> kinds = new TreeSet<>();
        for (String note : run.notes(NOTE)) {
            try {
                kinds.add(JSON.readValue(note, String.class));
            } catch (JsonProcessingException e) {
                throw new LabException("the log of run " + run.name() + " names no processor: " + note, e);
            }
        }
        if (kinds.isEmpty()) { // a log of before
            Matcher machine = MACHINE.matcher(run.tags().getOrDefault(RunTags.MACHINE, ""));
            return machine.matches() ? List.of(machine.group(1)) : List.of();
        }
        return List.copyOf(kinds);
    }

    /**
     * Which runs came from which kind, in Markdown; empty where all came from one.
     *
     * @param runs the folder that the runs' folders lie in
     */
    static String report(Path runs, List<RunRow> rows) {
        Map<String, List<RunRow>> byKind = new LinkedHashMap<>();
        rows.stream()
                .filter(RunRow::hasResult)
                .forEach(row -> byKind.computeIfAbsent(kind(runs, row), _ -> new java.util.ArrayList<>())
                        .add(row));
        if (byKind.size() < 2) {
            return "";
        }
        StringBuilder text = new StringBuilder(
                "The runs were computed on different processors, which round differently: each by itself repeats to the last bit on its own kind alone.\n\n");
        byKind.forEach((kind, there) -> text.append("- ")
                .append(kind)
                .append(": ")
                .append(words(there, rows))
                .append('\n'));
        Map<Long, TreeSet<String>> bySeed = new TreeMap<>();
        byKind.forEach((kind, there) -> there.forEach(
                row -> bySeed.computeIfAbsent(row.seed(), _ -> new TreeSet<>()).add(kind)));
        List<Long> mixed = bySeed.entrySet().stream()
                .filter(seed -> seed.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
        text.append(
                mixed.isEmpty()
                        ? "\nThe variants of each seed, which effects compare, were computed on one kind.\n"
                        : "\nOf %s %s the variants, which effects compare, were computed on different kinds.\n"
                                .formatted(mixed.size() == 1 ? "seed" : "seeds", text(mixed)));
        return text.toString();
    }

    private static String kind(Path runs, RunRow row) {
        List<String> kinds = RunRecord.read(runs.resolve(new RunPlan(row.variant(), row.seed()).folder()))
                .map(Processors::of)
                .orElse(List.of());
        return kinds.isEmpty() ? "unknown" : String.join(", then ", kinds);
    }

    /** By whole seeds where that says it all. */
    private static String words(List<RunRow> some, List<RunRow> all) {
        TreeSet<Long> seeds = some.stream().map(RunRow::seed).collect(Collectors.toCollection(TreeSet::new));
        boolean whole = all.stream()
                        .filter(row -> row.hasResult() && seeds.contains(row.seed()))
                        .count()
                == some.size();
        return whole
                ? (seeds.size() == 1 ? "seed " : "seeds ") + text(List.copyOf(seeds))
                : some.stream()
                        .map(row -> row.label() + " with seed " + row.seed())
                        .collect(Collectors.joining("; "));
    }

    private static String text(List<Long> seeds) {
        return seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
