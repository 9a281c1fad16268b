package replklab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import replklab.base.Provenance;
import replklab.base.UsageException;
import replklab.plot.Picture;
import replklab.stats.Effect;
import replklab.stats.Metric;
import replklab.stats.RunRow;
import replklab.table.PaperComparison;
import tech.tablesaw.api.Table;

/** All that a report tells, gathered by {@link #builder}. {@link ReportWriter} turns it into files. */
public final class ExperimentReport {
    private final String experiment;
    private final String title;
    private final String question;
    private final List<Metric> metrics;
    private final List<RunRow> runs;
    private final List<Effect> effects;
    private final List<String> absent;
    private final List<PaperComparison> comparisons;
    private final List<Figure> figures;
    private final Optional<Gallery> gallery;
    private final String scaleNote;
    private final Optional<Table> checklist;
    private final String processors;
    private final String command;
    private final Provenance provenance;

    private ExperimentReport(Builder from) {
        experiment = from.experiment;
        title = Objects.requireNonNull(from.title, "a report needs its title");
        question = from.question;
        metrics = List.copyOf(from.metrics);
        runs = List.copyOf(from.runs);
        effects = List.copyOf(from.effects);
        absent = List.copyOf(from.absent);
        comparisons = List.copyOf(from.comparisons);
        figures = List.copyOf(from.figures);
        gallery = Optional.ofNullable(from.gallery);
        scaleNote = from.scaleNote;
        checklist = Optional.ofNullable(from.checklist);
        processors = from.processors;
        command = Objects.requireNonNull(from.command, "a report says how to repeat it");
        provenance = Objects.requireNonNull(from.provenance, "a report says where it comes from")
                .ofRuns(runs.stream().map(RunRow::commit).toList());
    }

    /**
     * Begins a report.
     *
     * @param experiment name of the experiment and of its folder, such as {@code "shortcut"}
     */
    public static Builder builder(String experiment) {
        if (!experiment.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]*")) { // it is a folder's, too
            throw new IllegalArgumentException(
                    "the name of an experiment is made of letters, digits, spaces and . _ -, not '" + experiment + "'");
        }
        return new Builder(experiment);
    }

    public String experiment() {
        return experiment;
    }

    public String title() {
        return title;
    }

    public String question() {
        return question;
    }

    public List<Metric> metrics() {
        return metrics;
    }

    /**
     * The printed metric of a key, such as {@code "accuracy"}, in the words of what the runs were evaluated on.
     *
     * @throws UsageException if none has it
     */
    public Metric metric(String key) {
        return metrics.stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown(
                        "metric", key, metrics.stream().map(Metric::key).toList()));
    }

    public List<RunRow> runs() {
        return runs;
    }

    public List<Effect> effects() {
        return effects;
    }

    /** Who was to be measured and could not be: a sentence each, without its full stop. */
    public List<String> absent() {
        return absent;
    }

    public List<PaperComparison> comparisons() {
        return comparisons;
    }

    public List<Figure> figures() {
        return figures;
    }

    /** What the runs said to the test images, if anything was kept of it. */
    public Optional<Gallery> gallery() {
        return gallery;
    }

    /** The picture of one figure, such as {@code "effects"}. */
    public Picture figure(String file) {
        return figures.stream()
                .filter(figure -> figure.file().equals(file))
                .findFirst()
                .orElseThrow(() -> UsageException.unknown(
                        "figure", file, figures.stream().map(Figure::file).toList()))
                .picture();
    }

    /** One plain sentence an effect: whether it appeared. */
    public List<String> sentences() {
        return effects.stream().map(Effect::sentence).toList();
    }

    public String scaleNote() {
        return scaleNote;
    }

    /** What a reviewer asks, and the answers, a row each; empty where nobody says. */
    public Optional<Table> checklist() {
        return checklist;
    }

    /** Which processors the runs came from, Markdown; empty where that was one kind. */
    public String processors() {
        return processors;
    }

    public String command() {
        return command;
    }

    public Provenance provenance() {
        return provenance;
    }

    /** Gathers a report; what may repeat is added call by call. */
    public static final class Builder {
        private final String experiment;
        private final List<Metric> metrics = new ArrayList<>();
        private final List<RunRow> runs = new ArrayList<>();
        private final List<Effect> effects = new ArrayList<>();
        private final List<String> absent = new ArrayList<>();
        private final List<PaperComparison> comparisons = new ArrayList<>();
        private final List<Figure> figures = new ArrayList<>();
        private Gallery gallery;
        private String title;
        private String question = "";
        private String scaleNote = "";
        private Table checklist;
        private String processors = "";
        private String command;
        private Provenance provenance;

        private Builder(String experiment) {
            this.experiment = experiment;
        }

        /** The report's heading and the question it answers. */
        public Builder title(String heading, String asked) {
            title = heading;
            question = asked;
            return this;
        }

        /** Metrics to print, the one that decides first. */
        public Builder metrics(List<Metric> printed) {
            metrics.addAll(printed);
            return this;
        }

        /** Runs, failed ones included. */
        public Builder runs(List<RunRow> rows) {
            runs.addAll(rows);
            return this;
        }

        /** Effects, beside the paper's where it has them. */
        public Builder effects(List<Effect> measured) {
            effects.addAll(measured);
            return this;
        }

        /** Who could not be measured, see {@link ExperimentReport#absent()}. */
        public Builder absent(List<String> sentences) {
            absent.addAll(sentences);
            return this;
        }

        /** A table of the paper beside ours. */
        public Builder comparison(PaperComparison comparison) {
            comparisons.add(comparison);
            return this;
        }

        /** A chart. */
        public Builder figure(String file, Picture picture) {
            return figure(new Figure(file, picture));
        }

        /** A chart, perhaps with its numbers. */
        public Builder figure(Figure figure) {
            figures.add(figure);
            return this;
        }

        /** What the runs said to the test images. */
        public Builder gallery(Gallery kept) {
            gallery = kept;
            return this;
        }

        /** What data and schedule these are, and how far from the paper's: Markdown; empty where nobody says. */
        public Builder scaleNote(String markdown) {
            scaleNote = markdown;
            return this;
        }

        /** What a reviewer asks, and the answers, a row each. */
        public Builder checklist(Table answered) {
            checklist = answered;
            return this;
        }

        /** Which processors the runs came from, Markdown; empty where that was one kind. */
        public Builder processors(String markdown) {
            processors = markdown;
            return this;
        }

        /** The command that makes the report again. */
        public Builder command(String line) {
            command = line;
            return this;
        }

        /** Where it comes from; its profile names the folder. */
        public Builder provenance(Provenance from) {
            provenance = from;
            return this;
        }

        /** The report. */
        public ExperimentReport build() {
            return new ExperimentReport(this);
        }
    }
}
