package replklab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import replklab.base.Provenance;
import replklab.plot.PngFile;
import replklab.stats.RunRow;
import replklab.table.Csv;
import replklab.table.PaperComparison;
import replklab.table.Tables;

/**
 * Writes {@code RESULTS/PROFILE/EXPERIMENT/}: {@code runs.csv}, {@code summary.csv}, {@code effects.csv}, {@code curves.csv}
 * (of runs that have curves),
 * {@code paper-TABLE-COLUMN.csv} for each table of the paper, the PNGs, {@code provenance.json}, {@code report.html}, which is
 * the page with all pictures in one file, and {@code report.md} last, so that a page never speaks of files that are not there. Each file is stamped: a CSV by its columns {@code commit} and
 * {@code config} (in {@code runs.csv} the commit is each run's own, elsewhere that of the code that made the report), a PNG by
 * text chunks, the page by its last section; {@code provenance.json} holds all of it.
 *
 * <p>The profile is part of the path, so a {@code quick} run never touches what a {@code full} one left.
 */
public final class ReportWriter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    /** The page with everything in it. */
    public static final String HTML = "report.html";

    private final Path results;

    /** Writes below {@code results}, which is made if it does not exist. */
    public ReportWriter(Path results) {
        this.results = results;
    }

    /** The folder of a report. */
    public Path folder(String profile, String experiment) {
        return results.resolve(profile).resolve(experiment);
    }

    /**
     * Writes all files of a report, replacing older ones.
     *
     * @return the page, {@code report.md}
     * @throws replklab.base.LabException naming the file that cannot be written
     */
    public Path write(ExperimentReport report) {
        return write(report, folder(report.provenance().profile(), report.experiment()), _ -> Optional.empty());
    }

    /**
     * The same, into a folder of its own.
     *
     * @param runPage where MLflow shows a run, by its id
     */
    public static Path write(ExperimentReport report, Path place, Function<String, Optional<String>> runPage) {
        Provenance provenance = report.provenance();
        ResultFolder folder = new ResultFolder(place);
        List<String> commits = report.runs().stream().map(RunRow::commit).toList();
        folder.write("runs.csv", Csv.stamped(Tables.runs(report.runs()), commits, provenance));
        folder.write("summary.csv", Csv.stamped(Tables.summary(report.runs()), provenance));
        folder.write("effects.csv", Csv.stamped(Tables.effects(report.experiment(), report.effects()), provenance));
        if (report.runs().stream().anyMatch(run -> !run.curve().isEmpty())) {
            folder.write("curves.csv", Csv.stamped(Tables.curves(report.runs()), provenance));
        }
        for (PaperComparison comparison : report.comparisons()) {
            folder.write(paperFile(comparison), Csv.stamped(comparison.table(), provenance));
        }
        Map<String, byte[]> pictures = new HashMap<>();
        for (Figure figure : report.figures()) {
            byte[] png = PngFile.bytes(figure.picture().image(), provenance.asMap());
            folder.write(figure.file() + ".png", png);
            pictures.put(figure.file() + ".png", png);
        }
        folder.write("provenance.json", json(provenance.asMap()));
        HtmlPage page = new HtmlPage(report.title(), pictures, runPage);
        report.figures().forEach(page::chart);
        String findings = ReportPage.findings(report);
        String details = ReportPage.details(report);
        page.markdown(findings);
        report.gallery().ifPresent(gallery -> GalleryPart.add(gallery, page));
        page.markdown(details);
        folder.write(HTML, page.toString());
        return folder.write("report.md", findings + details);
    }

    /**
     * What to print in a terminal when an experiment is done.
     *
     * @param width columns of the terminal
     */
    public static String terminal(ExperimentReport report, int width) {
        return ReportPage.terminal(report, width);
    }

    private static String paperFile(PaperComparison comparison) {
        String name = comparison.paper().name() + "-" + comparison.column();
        return "paper-" + name.replaceAll("[^A-Za-z0-9]+", "-") + ".csv";
    }

    private static String json(Map<String, String> fields) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(INDENT);
        try {
            return JSON.writer(printer).writeValueAsString(fields) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is always JSON", e);
        }
    }
}
