package replklab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import replklab.base.Digests;
import replklab.chart.EvidencePlot;
import replklab.plot.Picture;
import replklab.plot.PngFile;
import replklab.stats.Standing;
import replklab.stats.Verdict;
import replklab.table.Markdown;
import replklab.table.PaperTable;
import replklab.table.PublishedEffect;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The one page on all guidelines, made from what lies in {@code results/full/} alone: {@code README.md}, {@code guidelines.png} and
 * {@code summary.json}. Experiments of the paper that have no full results yet are named with the command that makes them;
 * those of the user's own come last.
 */
public final class ResultsPage {
    /** The profile whose results are published. */
    public static final String PROFILE = "full";

    /** The page. */
    public static final String PAGE = "README.md";

    /** The effects as data. */
    public static final String SUMMARY = "summary.json";

    /** The chart. */
    public static final String CHART = "guidelines.png";

    /** Key in the chart's texts: the SHA-256 of the {@link #SUMMARY} that it shows. */
    static final String SUMMARY_HASH = "summary_sha256";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, PublishedExperiment> published = new LinkedHashMap<>();
    private final List<Guideline> guidelines;

    private ResultsPage(Path results) {
        Path folder = results.resolve(PROFILE);
        PublishedExperiment.names(folder)
                .forEach(name -> PublishedExperiment.read(folder.resolve(name))
                        .ifPresent(experiment -> published.put(name, experiment)));
        guidelines = withOwn(Guideline.all());
    }

    /** Experiments that the paper has not: a user's own. */
    private List<Guideline> withOwn(List<Guideline> ofThePaper) {
        Set<String> own = new LinkedHashSet<>(published.keySet());
        ofThePaper.forEach(guideline -> guideline.studies().forEach(study -> own.remove(study.experiment())));
        List<Guideline> all = new ArrayList<>(ofThePaper);
        own.forEach(name -> all.add(
                new Guideline("Also", published.get(name).title(), "", List.of(new Guideline.Study(name, "")))));
        return all;
    }

    /**
     * Writes the page, its chart and the summary.
     *
     * @param results the folder {@code results/}
     * @return the page
     * @throws replklab.base.LabException if results cannot be read or files not be written
     */
    public static Path write(Path results) {
        ResultsPage page = new ResultsPage(results);
        ResultFolder folder = new ResultFolder(results);
        String summary = page.summary();
        folder.write(SUMMARY, summary);
        folder.write(CHART, PngFile.bytes(page.chart().image(), Map.of(SUMMARY_HASH, Digests.of(summary))));
        return folder.write(PAGE, page.markdown());
    }

    /** What {@link #PAGE} and {@link #SUMMARY} hold when they are up to date, by file name. */
    static Map<String, String> texts(Path results) {
        ResultsPage page = new ResultsPage(results);
        return Map.of(PAGE, page.markdown(), SUMMARY, page.summary());
    }

    private Optional<PublishedExperiment> of(Guideline.Study study) {
        return Optional.ofNullable(published.get(study.experiment()));
    }

    /** The effects of the paper. */
    private List<PublishedEffect> effects() {
        return guidelines.stream()
                .flatMap(guideline -> guideline.studies().stream())
                .flatMap(study -> of(study).stream())
                .flatMap(experiment -> experiment.effects().stream())
                .filter(PublishedEffect::isOfPaper)
                .toList();
    }

    private String summary() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (PublishedEffect effect : effects()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("experiment", effect.experiment());
            entry.put("effect", effect.name());
            entry.put("paper", orNull(effect.paper()));
            entry.put("ours", orNull(effect.ours()));
            entry.put("low", orNull(effect.low()));
            entry.put("high", orNull(effect.high()));
            entry.put("seeds", effect.seeds());
            entry.put("verdict", effect.verdict().toString());
            entry.put("table", effect.table());
            list.add(entry);
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indent);
        printer.indentArraysWith(indent);
        try {
            return JSON.writer(printer).writeValueAsString(list) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always JSON", e);
        }
    }

    private static Double orNull(double number) {
        return Double.isFinite(number) ? number : null;
    }

    private Picture chart() {
        return EvidencePlot.draw(guidelines.stream()
                .filter(this::isOfPaper)
                .map(guideline -> new EvidencePlot.Group(
                        guideline.name() + ": " + guideline.claim(),
                        guideline.studies().stream()
                                .flatMap(study -> of(study).stream())
                                .flatMap(experiment -> experiment.effects().stream())
                                .filter(PublishedEffect::isOfPaper)
                                .toList()))
                .toList());
    }

    /** Whether the paper has something of it: experiments of the user's own need not. */
    private boolean isOfPaper(Guideline guideline) {
        return !guideline.source().isEmpty()
                || guideline.studies().stream()
                        .flatMap(study -> of(study).stream())
                        .flatMap(experiment -> experiment.effects().stream())
                        .anyMatch(PublishedEffect::isOfPaper);
    }

    private String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("<!-- Written by ./lab report from results/full/. Change the generator, not this page. -->\n\n");
        page.append("# Results\n\n").append(tally()).append("\n\n");
        page.append("![The guidelines of RepLKNet, reproduced](%s)%n%n".formatted(CHART));
        page.append("""
                *Each row is an effect that the paper reports, in units of the paper's own effect: at 1 ours is as large, at 0 there is
                none, left of 0 it goes the other way. The numbers at the right are in the effect's unit. Data, networks and schedules here
                are far smaller than the paper's, so directions can be compared, sizes cannot.*

                """);
        for (Guideline guideline : guidelines) {
            page.append("## %s: %s%n%n".formatted(guideline.name(), guideline.claim()));
            if (!guideline.source().isEmpty()) {
                page.append("In the paper: %s.%n%n".formatted(guideline.source()));
            }
            guideline.studies().forEach(study -> page.append(section(study)));
        }
        notes(page);
        page.append(legend());
        return page.toString().stripTrailing() + "\n";
    }

    private String tally() {
        Map<Verdict, Long> counts =
                effects().stream().collect(Collectors.groupingBy(PublishedEffect::verdict, Collectors.counting()));
        List<String> waiting = guidelines.stream()
                .flatMap(guideline -> guideline.studies().stream())
                .filter(study -> of(study).isEmpty())
                .map(study -> "`" + study.experiment() + "`")
                .toList();
        String text = "Of %d effects of the paper that were looked at here, **%d** came out %s, **%d** %s, **%d** %s."
                .formatted(
                        effects().size(),
                        counts.getOrDefault(Verdict.AS_IN_THE_PAPER, 0L),
                        Verdict.AS_IN_THE_PAPER,
                        counts.getOrDefault(Verdict.OPPOSITE, 0L),
                        Verdict.OPPOSITE,
                        counts.getOrDefault(Verdict.NOT_RESOLVED, 0L),
                        Verdict.NOT_RESOLVED);
        return waiting.isEmpty() ? text : text + " Not run yet: " + String.join(", ", waiting) + ".";
    }

    private String section(Guideline.Study study) {
        Optional<PublishedExperiment> found = of(study);
        if (found.isEmpty()) {
            return "`%s`: not run yet; `./lab run %s --profile full` does it.%n%n"
                    .formatted(study.experiment(), study.experiment());
        }
        PublishedExperiment experiment = found.get();
        String folder = PROFILE + "/" + experiment.name() + "/";
        StringBuilder text = new StringBuilder("### %s%n%n".formatted(Markdown.escape(experiment.title())));
        text.append(Markdown.of(table(experiment.effects()))).append('\n');
        if (!experiment.effects().isEmpty()) {
            text.append("<img src=\"%s\" alt=\"%s: effects with intervals\" width=\"640\">%n%n"
                    .formatted(folder + PublishedExperiment.EFFECTS, experiment.name()));
        }
        text.append("[report](%s)".formatted(folder + PublishedExperiment.PAGE));
        if (!study.notebook().isEmpty()) {
            text.append(" · [notebook](../notebooks/%s.ipynb)".formatted(study.notebook()));
        }
        text.append(" · `./lab run %s --profile full`  %n%s, commit %s%n%n"
                .formatted(experiment.name(), experiment.machine(), experiment.commit()));
        return text.toString();
    }

    private static Table table(List<PublishedEffect> effects) {
        boolean paper = effects.stream().anyMatch(PublishedEffect::isOfPaper);
        List<Column<?>> columns = new ArrayList<>(
                List.of(StringColumn.create("effect", effects.stream().map(PublishedEffect::name))));
        if (paper) {
            columns.add(StringColumn.create("the paper", effects.stream().map(PublishedEffect::paperText)));
        }
        columns.addAll(List.of(
                StringColumn.create(paper ? "ours" : "mean", effects.stream().map(PublishedEffect::oursText)),
                StringColumn.create("95 % interval", effects.stream().map(PublishedEffect::intervalText)),
                StringColumn.create("seeds", effects.stream().map(PublishedEffect::seedsText)),
                StringColumn.create(
                        "verdict",
                        effects.stream().map(effect -> effect.verdict().toString()))));
        return Table.create("effects", columns);
    }

    private void notes(StringBuilder page) {
        Set<Standing> used = effects().stream().map(PublishedEffect::standing).collect(Collectors.toSet());
        List<String> notes = PaperTable.notes(used);
        if (!notes.isEmpty()) {
            page.append(String.join("  \n", notes)).append("\n\n");
        }
    }

    private static String legend() {
        return """
                ## How to read it

                A verdict is written by rule from Student's 95 % interval of the differences (of latencies: the ratios), which are paired by
                seed: `as in the paper` and `opposite` when the interval is clear of no effect, `not resolved at this scale` when it is not.
                Nothing is selected on the test images: the accuracy that counts is the last epoch's. [summary.json](summary.json) has the
                numbers of this page; `./lab report` makes it again from `full/`, as each `./lab run --profile full` does.

                `./lab run` leaves `PROFILE/EXPERIMENT/` with

                | file | what it holds |
                |---|---|
                | `report.md` | the page to read: one sentence an effect, the charts, the paper's table beside ours, every run; `report.html`, which every run leaves beside it, is all of it in one file |
                | `effects.csv` | each effect of the paper: ours with 95 % interval, effect size and verdict |
                | `summary.csv`, `runs.csv`, `curves.csv` | by variant, by run, by epoch |
                | `paper-*.csv` | a column of the paper's table beside ours |
                | `*.png` | the charts |
                | `provenance.json` | commit, configuration, seeds, JDK, machine, time |
                | `runs/` | a folder a run: log, checkpoint, final weights (not committed) |

                Every CSV carries the columns `commit` and `config` (the start of the resolved configuration's SHA-256), every PNG the whole
                provenance in its text chunks. Only `full/` and `bench/` (benchmarks: [convolutions](bench/conv.md), [networks](bench/model.md)) are committed; `smoke/` and
                `quick/` are yours.
                """;
    }
}
