package replklab.table;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import replklab.stats.Metric;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Summary;
import replklab.stats.Variants;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What runs scored class by class: too much for the table of runs, but their curves have it. */
public final class ClassScores {
    private static final Metric SHOWN = new Metric("iou", "IoU", "%", 1);

    private ClassScores() {}

    /**
     * A row a class, a column a variant: the last epoch's mean over finished seeds.
     *
     * @param prefix of the metrics' keys, before the class
     * @return empty if there is no such metric
     */
    public static Optional<Table> of(List<RunRow> runs, String prefix) {
        List<RunRow> finished =
                runs.stream().filter(run -> run.status() == RunEnd.FINISHED).toList();
        SequencedSet<String> keys = new LinkedHashSet<>();
        finished.forEach(run -> run.curve()
                .forEach(point -> point.metrics().keySet().stream()
                        .filter(key -> key.startsWith(prefix))
                        .forEach(keys::add)));
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        Table table = Table.create(StringColumn.create(
                "class", keys.stream().map(key -> Variants.words(key.substring(prefix.length())))));
        Variants.group(finished)
                .values()
                .forEach(group -> table.addColumns(StringColumn.create(
                        group.getFirst().label(),
                        keys.stream().map(key -> last(group, key).text(SHOWN)))));
        return Optional.of(table);
    }

    private static Summary last(List<RunRow> runs, String key) {
        return new Summary(runs.stream()
                .map(run -> run.curve().isEmpty()
                        ? null
                        : run.curve().getLast().metrics().get(key))
                .filter(Objects::nonNull)
                .toList());
    }
}
