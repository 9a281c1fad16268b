package replklab.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import replklab.stats.Effect;
import replklab.stats.Numbers;
import replklab.stats.RunEnd;
import replklab.stats.RunRow;
import replklab.stats.Scale;
import replklab.stats.Standing;
import replklab.stats.Variants;
import replklab.table.Markdown;
import replklab.table.PaperComparison;
import replklab.table.PaperTable;
import replklab.table.Tables;
import replklab.table.TextTable;
import tech.tablesaw.api.Table;

/** A report as words: {@code report.md}, and the short form at the end of a run in the terminal. */
final class ReportPage {
    private static final int MOST_RUNS = 100;
    private static final int MOST_DIVERGED = 20;

    private ReportPage() {}

    /** The first part of the page: what was found, in words, pictures and tables. */
    static String findings(ExperimentReport report) {
        StringBuilder page = new StringBuilder();
        page.append("# ").append(report.title()).append("\n\n");
        if (!report.question().isEmpty()) {
            page.append("*").append(report.question()).append("*\n\n");
        }
        primary(report.effects())
                .ifPresent(effect -> page.append("""
                > **Claim** %s
                >
                > **Test** %s is %s. %s
                >
                > **By itself** %s

                """.formatted(
                                Markdown.escape(effect.hypothesis().claim()),
                                Markdown.escape(effect.name()),
                                effect.rule(),
                                Markdown.escape(effect.hypothesis().reason()),
                                byItself(effect))));
        for (Effect effect : report.effects()) {
            page.append("- ").append(effect.sentence()).append('\n');
        }
        report.absent()
                .forEach(sentence ->
                        page.append("- ").append(Markdown.escape(sentence)).append(".\n"));
        if (!report.effects().isEmpty() || !report.absent().isEmpty()) {
            page.append('\n');
        }
        for (Figure figure : report.figures()) {
            page.append("![%s](%s.png)%n%n"
                    .formatted(Markdown.escape(figure.picture().title()), figure.file()));
        }
        if (!report.effects().isEmpty()) {
            section(page, "Effects", Markdown.of(Tables.effectsText(report.effects())));
            page.append("Paired by seed; Student's 95 % interval; d_z is the mean difference"
                    + (report.effects().getFirst().scale() == Scale.RATIO ? " of logarithms" : "")
                    + " in units of its standard deviation."
                    + (primary(report.effects()).isPresent()
                            ? " Only the primary one gets a verdict, which follows from p alone."
                            : "")
                    + "\n\n");
            notes(page, effectNotes(report.effects()));
            overImages(page, report.effects());
        }
        for (PaperComparison comparison : report.comparisons()) {
            section(page, "The paper beside ours", Markdown.of(comparison.text()));
            page.append("%s, %s: %s. Ours: mean ± half of the 95 %% interval.%n%n"
                    .formatted(
                            comparison.paper().title(),
                            comparison.paper().section(),
                            comparison.paper().setting()));
            notes(page, comparison.notes());
        }
        return page.toString();
    }

    /** The second part: the variants and the runs, and how to make it again. */
    static String details(ExperimentReport report) {
        StringBuilder page = new StringBuilder();
        if (isLong(report)) {
            section(page, "Runs", many(report) + "\n");
        } else {
            section(page, "Variants", Markdown.of(Tables.variants(report.runs(), report.metrics())));
            Table runs = Tables.runs(report.runs());
            section(page, "Runs", Markdown.of(runs, Tables.decimals(report.metrics())));
        }
        notes(page, divergedNotes(report.runs()));
        if (!report.scaleNote().isBlank()) {
            section(page, "Scale", report.scaleNote().strip() + "\n");
        }
        if (!report.processors().isEmpty()) {
            section(page, "Processors", report.processors());
        }
        report.checklist().ifPresent(table -> section(page, "A reviewer's checklist", Markdown.of(table)));
        section(page, "Make it again", "```\n" + report.command().strip() + "\n```\n");
        section(page, "Where it comes from", report.provenance().markdown());
        return page.toString().stripTrailing() + "\n";
    }

    /** What depends on the seeds alone beside what depends on the images evaluated on, too; nothing where those are not known. */
    private static void overImages(StringBuilder page, List<Effect> effects) {
        Table intervals = Tables.intervalsText(effects);
        if (!intervals.isEmpty()) {
            section(page, "Other seeds, other images", Markdown.of(intervals));
            page.append("""
                    95 % intervals: Student's of the differences by seed, which holds for other seeds and these images; and one for other
                    images, too, by drawing seeds and images again (two-way bootstrap, which is narrow for few seeds). Both p are of
                    the effect lying on its margin; turned signs suppose no normal distribution, and with few seeds reach no small p.

                    """);
        }
    }

    /** What a terminal shows at the end: the variants, the effects, and a sentence on each. */
    static String terminal(ExperimentReport report, int width) {
        StringBuilder text = new StringBuilder();
        text.append(report.title()).append("\n\n");
        String variants = isLong(report)
                ? TextTable.wrap(many(report), width) + "\n"
                : TextTable.of(Tables.variants(report.runs(), report.metrics()), width);
        text.append(variants).append('\n');
        List<String> notes = new ArrayList<>(divergedNotes(report.runs()));
        report.absent().forEach(sentence -> notes.add(sentence + "."));
        notes.forEach(note -> text.append(TextTable.wrap(note, width)).append('\n'));
        text.append(notes.isEmpty() ? "" : "\n");
        if (!report.effects().isEmpty()) {
            text.append(TextTable.of(Tables.effectsText(report.effects()), width))
                    .append('\n');
            effectNotes(report.effects())
                    .forEach(note -> text.append(TextTable.wrap(note, width)).append('\n'));
            for (Effect effect : report.effects()) {
                text.append(TextTable.wrap(effect.sentence(), width)).append('\n');
            }
            primary(report.effects())
                    .ifPresent(effect -> text.append('\n')
                            .append(TextTable.wrap(
                                    "Claim: " + effect.hypothesis().claim(), width))
                            .append('\n')
                            .append(TextTable.wrap(
                                    "Tested: %s is %s: %s".formatted(effect.name(), effect.rule(), byItself(effect)),
                                    width))
                            .append('\n'));
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static Optional<Effect> primary(List<Effect> effects) {
        return effects.stream()
                .filter(effect -> effect.hypothesis().isPrimary())
                .findFirst();
    }

    /** What became of a claim that is looked at without the others. */
    private static String byItself(Effect effect) {
        if (effect.planned() == 0) {
            return "not measured.";
        }
        return "%s (%s, not corrected for other claims).".formatted(effect.alone(), Numbers.pWords(effect.p()));
    }

    /** Whether there are more runs than anybody reads on a page. */
    private static boolean isLong(ExperimentReport report) {
        return report.runs().size() > MOST_RUNS;
    }

    private static String many(ExperimentReport report) {
        int finished = Variants.count(report.runs(), run -> run.status() == RunEnd.FINISHED);
        int diverged = Variants.count(report.runs(), run -> run.status() == RunEnd.DIVERGED);
        return "%d of %d runs finished%s; runs.csv has them all, summary.csv the means of their %d variants."
                .formatted(
                        finished,
                        report.runs().size(),
                        diverged == 0 ? "" : ", " + diverged + " diverged",
                        Variants.group(report.runs()).size());
    }

    private static void section(StringBuilder page, String heading, String body) {
        page.append("## ").append(heading).append("\n\n").append(body).append('\n');
    }

    private static void notes(StringBuilder page, List<String> notes) {
        if (!notes.isEmpty()) {
            page.append(notes.stream().collect(Collectors.joining("  \n", "", "\n\n")));
        }
    }

    /** What diverged, run by run, and how it counts. */
    private static List<String> divergedNotes(List<RunRow> runs) {
        List<String> notes = new ArrayList<>();
        for (RunRow run : runs) {
            if (run.status() == RunEnd.DIVERGED) {
                notes.add("%s, seed %d %s.".formatted(run.label(), run.seed(), run.ending()));
            }
        }
        if (notes.size() > MOST_DIVERGED) {
            int more = notes.size() - MOST_DIVERGED;
            notes.subList(MOST_DIVERGED, notes.size()).clear();
            notes.add("%d more diverged: runs.csv has them.".formatted(more));
        }
        if (!notes.isEmpty()) {
            notes.add(
                    "A run that diverged is a result: means and effects count it with the scores of a guess, and say so.");
        }
        if (runs.stream().anyMatch(run -> run.metrics().keySet().stream().anyMatch(run::lacks))) {
            notes.add("What came out as no finite number is left out of means, which say of how many runs.");
        }
        return notes;
    }

    private static List<String> effectNotes(List<Effect> effects) {
        Set<Standing> used = new LinkedHashSet<>();
        effects.forEach(effect -> used.add(effect.paper().standing()));
        return PaperTable.notes(used);
    }
}
