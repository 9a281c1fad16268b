package replklab.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import replklab.plot.PngFile;
import replklab.report.Figure;
import replklab.report.ResultFolder;
import replklab.table.Csv;
import replklab.table.Markdown;
import tech.tablesaw.api.Table;

/** Writes a benchmark's page, tables and pictures. */
public final class BenchReport {
    private BenchReport() {}

    /** Writes {@code NAME.md}, {@code NAME.csv}, {@code NAME.json} and the charts, and returns the page. */
    public static Path write(BenchRun run, Path folder) {
        ResultFolder files = new ResultFolder(folder);
        List<Figure> figures = BenchCharts.of(run);
        files.write(run.name() + ".json", BenchJson.of(run) + "\n");
        files.write(run.name() + ".csv", Csv.stamped(BenchTables.full(run), run.provenance()));
        for (Figure figure : figures) {
            Map<String, String> texts = new LinkedHashMap<>(run.provenance().asMap());
            texts.put("command", run.command());
            files.write(figure.file() + ".png", PngFile.bytes(figure.picture().image(), texts));
        }
        return files.write(run.name() + ".md", page(run, figures));
    }

    private static String page(BenchRun run, List<Figure> figures) {
        StringBuilder page = new StringBuilder();
        page.append("# ").append(run.kind().title()).append("\n\n");
        page.append(BenchTables.standing(run)).append("\n\n");
        page.append("`")
                .append(run.command())
                .append("`\n\n")
                .append(facts(run))
                .append('\n');
        page.append(table(BenchTables.overview(run))).append('\n');
        page.append(how(run.kind()));
        for (Figure figure : figures) {
            page.append("\n![")
                    .append(figure.picture().title())
                    .append("](")
                    .append(figure.file())
                    .append(".png)\n");
        }
        section(page, "Where the time goes", BenchTables.layers(run));
        for (BenchRun.Row row : run.rows()) {
            double share = row.measured().description().depthwiseShare();
            if (Double.isFinite(share)) {
                page.append("\nDepthwise convolutions take %.1f %% of %s by %s.\n"
                        .formatted(
                                100 * share, row.what().label(), row.measured().implementation()));
            }
        }
        section(page, "Every way of using a peer, and every process of ours", BenchTables.variants(run));
        if (!run.leftOut().isEmpty()) {
            page.append("\n## Left out\n\n");
            run.leftOut()
                    .forEach((reason, cases) -> page.append("- ")
                            .append(Markdown.escape(reason))
                            .append(cases == 1 ? " (1 case)\n" : " (" + cases + " cases)\n"));
        }
        return page.toString();
    }

    private static String table(Table table) {
        return Markdown.of(table, BenchTables.decimals(table));
    }

    private static void section(StringBuilder page, String title, Table table) {
        if (table.rowCount() > 0) {
            page.append("\n## ").append(title).append("\n\n").append(table(table));
        }
    }

    private static String facts(BenchRun run) {
        String versions = run.versions().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return """
                - %s
                - FMA peak in the same run: %.1f GFLOP/s on one thread, %.1f on %d; other load before it %.0f %%
                - %s; %s
                - peers: %s
                - commit `%s`, started %s, took %d s
                """.formatted(
                        run.provenance().machine(),
                        run.peak().oneThread(),
                        run.peak().allThreads(),
                        run.threads(),
                        100 * run.load(),
                        run.provenance().jdk(),
                        run.provenance().backend(),
                        versions.isEmpty() ? "none" : versions,
                        run.provenance().shortCommit(),
                        run.provenance().started(),
                        run.provenance().took().toSeconds());
    }

    private static String how(BenchKind kind) {
        return "gain is the time of the fastest peer over ours. Medians over interleaved rounds after warming up; everybody has the same number of threads, and a"
                + " process of its own. " + kind.remark()
                + " Memory is the most that was resident during the rounds, less"
                + " what runtime and libraries took before the case was prepared.\n";
    }
}
