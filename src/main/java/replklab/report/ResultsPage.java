package replklab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import replklab.base.Digests;
import replklab.chart.EvidencePlot;
import replklab.plot.Picture;
import replklab.plot.PngFile;
import replklab.stats.Numbers;
import replklab.stats.Standing;
import replklab.stats.Verdict;
import replklab.table.Decision;
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

    /** What became of every effect, by the experiment's name; the user's own claims are decided apart from those that come with the library. */
    private final Map<String, List<Decision>> decisions = new LinkedHashMap<>();

    private final Ledger ledger;

    private ResultsPage(Path results) {
        ledger = new Ledger(results);
        Path folder = results.resolve(PROFILE);
        PublishedExperiment.names(folder)
                .forEach(name -> PublishedExperiment.read(folder.resolve(name))
                        .ifPresent(experiment -> published.put(name, experiment)));
        guidelines = withOwn(Guideline.all());
        decide(published.keySet().stream().filter(Guideline::isLookedAtBy).toList());
        decide(published.keySet().stream()
                .filter(name -> !Guideline.isLookedAtBy(name))
                .toList());
    }

    private void decide(List<String> experiments) {
        List<PublishedEffect> effects = experiments.stream()
                .flatMap(name -> published.get(name).effects().stream())
                .toList();
        for (Decision decision : Decision.of(effects)) {
            decisions
                    .computeIfAbsent(decision.effect().experiment(), _ -> new ArrayList<>())
                    .add(decision);
        }
    }

    /** Experiments that the paper has not: a user's own. */
    private List<Guideline> withOwn(List<Guideline> ofThePaper) {
        List<Guideline> all = new ArrayList<>(ofThePaper);
        published.keySet().stream()
                .filter(name -> !Guideline.isLookedAtBy(name))
                .forEach(name -> all.add(new Guideline(
                        "Also", published.get(name).title(), "", List.of(new Guideline.Study(name, "")))));
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

    /**
     * What became in full of the claim that an experiment puts to a test, in a sentence, for whoever looks at a shorter run; empty where
     * there is no such claim or no such result.
     *
     * @param results the folder {@code results/}
     */
    public static Optional<String> inFull(Path results, String experiment) {
        ResultsPage page = new ResultsPage(results);
        return page.decisions.getOrDefault(experiment, List.of()).stream()
                .filter(decision -> decision.verdict().isPresent())
                .findFirst()
                .map(decision -> "In full (%s): %s, and %s with all claims together; %s (%s), %s."
                        .formatted(
                                page.published.get(experiment).effort(),
                                decision.effect().oursText(),
                                decision.intervalText(),
                                words(decision),
                                Numbers.pWords(decision.pAdjusted()),
                                page.line(decision)));
    }

    /** What {@link #PAGE} and {@link #SUMMARY} hold when they are up to date, by file name. */
    static Map<String, String> texts(Path results) {
        ResultsPage page = new ResultsPage(results);
        return Map.of(PAGE, page.markdown(), SUMMARY, page.summary());
    }

    private Optional<PublishedExperiment> of(Guideline.Study study) {
        return Optional.ofNullable(published.get(study.experiment()));
    }

    /** What became of the effects of some guidelines, in their order. */
    private List<Decision> decisions(List<Guideline> of) {
        return of.stream()
                .flatMap(guideline -> guideline.studies().stream())
                .flatMap(study -> decisions.getOrDefault(study.experiment(), List.of()).stream())
                .toList();
    }

    private List<Decision> shipped() {
        return decisions(Guideline.all());
    }

    private String summary() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Decision decision : shipped()) {
            PublishedEffect effect = decision.effect();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("experiment", effect.experiment());
            entry.put("hypothesis", effect.name());
            entry.put("claim", effect.hypothesis().claim());
            entry.put("role", effect.hypothesis().role().toString());
            entry.put("test", effect.hypothesis().test().toString());
            entry.put("margin", effect.hypothesis().margin());
            entry.put("paper", orNull(effect.paper()));
            entry.put("ours", orNull(effect.ours()));
            entry.put("low", orNull(decision.low()));
            entry.put("high", orNull(decision.high()));
            entry.put("p_adjusted", orNull(decision.pAdjusted()));
            entry.put("n", effect.seeds());
            entry.put("verdict", decision.verdict().map(Verdict::toString).orElse(null));
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
        return EvidencePlot.draw(Guideline.all().stream()
                .filter(guideline -> !guideline.source().isEmpty())
                .map(guideline -> new EvidencePlot.Group(
                        guideline.name() + ": " + guideline.claim(), decisions(List.of(guideline))))
                .toList());
    }

    private String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("<!-- Written by ./lab report from results/full/. Change the generator, not this page. -->\n\n");
        page.append("# Results\n\n").append(tally()).append("\n\n");
        page.append(primaries());
        page.append("![The guidelines of RepLKNet, reproduced](%s)%n%n".formatted(CHART));
        page.append("""
                *Each row is an effect that the paper reports, in units of the paper's own effect: at 1 ours is as large, at 0 there is
                none, left of 0 it goes the other way. The numbers at the right are in the effect's unit. Data, networks and schedules here
                are far smaller than the paper's, so sizes can be looked at side by side, not compared.*

                """);
        for (Guideline guideline : guidelines) {
            page.append("## %s: %s%n%n".formatted(guideline.name(), guideline.claim()));
            if (!guideline.source().isEmpty()) {
                page.append("In the paper: %s.%n%n".formatted(guideline.source()));
            }
            guideline.studies().forEach(study -> page.append(section(study)));
        }
        notes(page);
        attempts(page);
        page.append(legend());
        return page.toString().stripTrailing() + "\n";
    }

    private String tally() {
        List<Decision> primaries =
                shipped().stream().filter(each -> each.verdict().isPresent()).toList();
        Map<Verdict, Long> counts = primaries.stream()
                .collect(Collectors.groupingBy(each -> each.verdict().orElseThrow(), Collectors.counting()));
        List<String> waiting = guidelines.stream()
                .flatMap(guideline -> guideline.studies().stream())
                .filter(study -> of(study).isEmpty())
                .map(study -> "`" + study.experiment() + "`")
                .toList();
        String text = "Claims: **%d** %s, **%d** %s, **%d** %s, of %d put to a test and decided together."
                .formatted(
                        counts.getOrDefault(Verdict.SUPPORTED, 0L),
                        Verdict.SUPPORTED,
                        counts.getOrDefault(Verdict.CONTRADICTED, 0L),
                        Verdict.CONTRADICTED,
                        counts.getOrDefault(Verdict.NOT_RESOLVED, 0L),
                        Verdict.NOT_RESOLVED,
                        primaries.size());
        return waiting.isEmpty() ? text : text + " Not run yet: " + String.join(", ", waiting) + ".";
    }

    /** The claims and what became of them, a row each. */
    private String primaries() {
        List<Decision> primaries =
                shipped().stream().filter(each -> each.verdict().isPresent()).toList();
        if (primaries.isEmpty()) {
            return "";
        }
        return Markdown.of(Table.create(
                        "claims",
                        texts(
                                "claim",
                                primaries,
                                each -> each.effect().hypothesis().claim()),
                        texts(
                                "tested",
                                primaries,
                                each -> each.effect().name() + ": "
                                        + each.effect().rule()),
                        texts("ours", primaries, each -> each.effect().oursText()),
                        texts("interval", primaries, Decision::intervalText),
                        texts("p", primaries, Decision::pText),
                        texts("ours / paper", primaries, each -> each.effect().sizeText()),
                        texts("n", primaries, each -> each.effect().seedsText()),
                        texts("verdict", primaries, ResultsPage::words),
                        texts("ledger", primaries, this::line)))
                + "\n";
    }

    /** Where the ledger has the confirmation of what a claim's numbers are. */
    private String line(Decision decision) {
        return ledger.confirmation(decision.effect().experiment())
                .map(line -> "line " + line)
                .orElse("not confirmed");
    }

    private static String words(Decision decision) {
        return decision.verdict().map(Verdict::toString).orElse("");
    }

    private static StringColumn texts(String name, List<Decision> rows, Function<Decision, String> cell) {
        return StringColumn.create(name, rows.stream().map(cell));
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
        text.append(Markdown.of(table(decisions.getOrDefault(experiment.name(), List.of()))))
                .append('\n');
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

    private static Table table(List<Decision> rows) {
        boolean paper = rows.stream().anyMatch(row -> row.effect().isOfPaper());
        List<Column<?>> columns = new ArrayList<>(
                List.of(texts("effect", rows, row -> row.effect().name())));
        if (paper) {
            columns.add(texts("the paper", rows, row -> row.effect().paperText()));
        }
        columns.addAll(List.of(
                texts(paper ? "ours" : "mean", rows, row -> row.effect().oursText()),
                texts("interval", rows, Decision::intervalText),
                texts("seeds", rows, row -> row.effect().seedsText())));
        if (rows.stream().anyMatch(row -> row.verdict().isPresent())) {
            columns.add(texts("verdict", rows, ResultsPage::words));
        }
        return Table.create("effects", columns);
    }

    /** Every attempt, the ones that were given up too. */
    private void attempts(StringBuilder page) {
        List<Ledger.Entry> entries = ledger.entries();
        if (entries.isEmpty()) {
            return;
        }
        page.append("## The ledger\n\n");
        page.append("""
                Every attempt, as [ledger.csv](ledger.csv) has it. What was `explored` had been looked at before there were protocols: designs were chosen
                by such results, so none of them confirms anything. A confirmation (`./lab run NAME --confirm`) enters itself before its first run.

                """);
        page.append(Markdown.of(Ledger.table(entries))).append('\n');
    }

    private void notes(StringBuilder page) {
        Set<Standing> used = decisions.values().stream()
                .flatMap(List::stream)
                .map(decision -> decision.effect().standing())
                .collect(Collectors.toSet());
        List<String> notes = PaperTable.notes(used);
        if (!notes.isEmpty()) {
            page.append(String.join("  \n", notes)).append("\n\n");
        }
    }

    private static String legend() {
        return """
                ## How to read it

                An experiment puts one claim to a test, its primary one, with a margin that its YAML states and gives a reason for. p is that of the
                effect lying on the margin, by a t test of the differences (of latencies: of the ratios' logarithms), which are paired by seed; it is
                two-sided, and corrected after Holm for all primary claims of this page. Below 0.05 a claim is `supported` if the effect lies
                where it says, `contradicted` if it lies beyond the margin; else it is `not resolved`. The intervals of primary claims all
                hold at once with 95 % (Bonferroni's; Holm may resolve a claim whose interval still holds the margin); those of the others hold
                each by itself, and no verdict is drawn from them. The accuracy that counts is the last epoch's.
                [summary.json](summary.json) has the numbers of this page; `./lab report` makes it again from `full/`, as each `./lab run
                --profile full` does.

                `./lab run` leaves `PROFILE/EXPERIMENT/` with

                | file | what it holds |
                |---|---|
                | `report.md` | the page to read: one sentence an effect, the charts, the paper's table beside ours, every run; `report.html`, which every run leaves beside it, is all of it in one file |
                | `effects.csv` | each effect: the paper's, ours with 95 % interval, effect size, and the claim that is tested with margin and p |
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
