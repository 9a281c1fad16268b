package replklab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.UsageException;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.Preprocessing;
import replklab.nn.Layer;
import replklab.table.TextTable;
import replklab.tensor.Precision;
import replklab.train.ClassificationReport;
import replklab.train.ClassificationReport.Broken;
import replklab.train.ClassificationReport.ClassResult;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab model evaluate}: accuracy of a checkpoint on a folder of images. */
@Command(
        name = "evaluate",
        description = "Top-1 and top-5 accuracy of a checkpoint on a folder of class folders with images.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Classes are matched by the sorted names of their folders, unless --classes names them. Preprocessing is the "
                    + "authors': below 384, bicubic resize of the shorter side to R / 0.875 and centre crop; from 384 on, resize to "
                    + "the square; ImageNet's mean and std, 0.5 for RepLKNet-XL. Ctrl-C reports what was counted so far."
        })
final class ModelEvaluateCommand implements Callable<Integer> {
    private static final int WORST = 10;

    @Mixin
    private WeightsOptions weights;

    @Option(names = "--data", required = true, paramLabel = "FOLDER", description = "Holds FOLDER/CLASS/IMAGE.")
    private Path data;

    @Mixin
    private PreprocessingOptions options;

    @Mixin
    private PrecisionOption precision;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "8", description = "Images at once; 8.")
    private int batch;

    @Option(
            names = "--classes",
            paramLabel = "F",
            description =
                    "The folders' names in the order of the network's outputs, one a line. FOLDER may then hold a part of"
                            + " them.")
    private Path classes;

    @Option(names = "--skip-broken", description = "Leave out images that cannot be read, and name them.")
    private boolean skipBroken;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        UsageException.requireAtLeast("--batch", batch, 1);
        NetworkFile network = weights.load();
        Preprocessing preprocessing = options.of(network);
        int outputs = network.classes(preprocessing.resolution(), preprocessing.resolution());
        ImageDataset dataset = classes == null
                ? Datasets.folder(data, preprocessing)
                : Datasets.folder(data, ClassNames.read(classes, outputs), preprocessing);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        dataset.notices().forEach(notice -> err.println("Note: " + notice));
        ClassificationReport.requireClasses(outputs, dataset);
        Layer fast = precision.folded(network.classifier(), err);
        try (Interruption interruption = new Interruption()) {
            ClassificationReport report;
            try (EvaluationProgress progress =
                    new EvaluationProgress(spec.commandLine().getErr(), dataset.size())) {
                report = ClassificationReport.of(
                        fast,
                        dataset,
                        batch,
                        skipBroken ? Broken.IS_SKIPPED : Broken.STOPS,
                        progress::done,
                        interruption::isPressed);
            }
            out.println(json ? json(report, preprocessing) : text(report, preprocessing));
            out.flush();
            tellBroken(err, report);
            return report.isComplete() && (skipBroken || report.broken().isEmpty()) ? 0 : 1;
        }
    }

    private void tellBroken(PrintWriter err, ClassificationReport report) {
        report.broken().stream().limit(WORST).forEach(err::println);
        if (report.broken().size() > WORST) {
            err.println("and " + (report.broken().size() - WORST) + " more");
        }
        if (!report.broken().isEmpty() && !skipBroken) {
            err.println("What is above counts the images before; --skip-broken leaves out what cannot be read.");
        }
        err.flush();
    }

    private String text(ClassificationReport report, Preprocessing preprocessing) {
        String counted = report.isComplete()
                ? report.images() + " images"
                        + (report.broken().isEmpty()
                                ? ""
                                : ", " + report.broken().size() + " left out,")
                : "stopped after " + report.images() + " of " + report.expected() + " images";
        String head = """
                top-1   %.2f %%
                top-5   %.2f %%
                %s in %.1f s, %.2f images/s with reading and resizing
                %s, mean %s, std %s%s
                """.formatted(
                        report.top1(),
                        report.top5(),
                        counted,
                        report.seconds(),
                        report.imagesPerSecond(),
                        preprocessing.description(),
                        preprocessing.normalization().mean(),
                        preprocessing.normalization().std(),
                        precision.precision() == Precision.FLOAT32 ? "" : "; products of " + precision.precision());
        List<ClassResult> worst = report.worst(WORST);
        return worst.isEmpty()
                ? head
                : head + "\n" + TextTable.in(Terminal.charset(), TextTable.of(table(worst), Terminal.width()));
    }

    private static Table table(List<ClassResult> worst) {
        StringColumn name = StringColumn.create("worst classes");
        IntColumn images = IntColumn.create("images");
        DoubleColumn top1 = DoubleColumn.create("top-1 %");
        StringColumn takenFor = StringColumn.create("most taken for");
        IntColumn times = IntColumn.create("times");
        for (ClassResult one : worst) {
            name.append(one.name());
            images.append(one.images());
            top1.append(one.top1());
            takenFor.append(one.takenFor());
            times.append(one.takenForCount());
        }
        return Table.create("worst", name, images, top1, takenFor, times);
    }

    private String json(ClassificationReport report, Preprocessing preprocessing) throws JsonProcessingException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("weights", weights.file().toString());
        document.put("data", data.toString());
        document.put("resolution", preprocessing.resolution());
        document.put(
                "preprocessing",
                Map.of(
                        "resize", preprocessing.resize().key(),
                        "mean", preprocessing.normalization().mean(),
                        "std", preprocessing.normalization().std()));
        document.put("precision", precision.precision().toString());
        document.put("images", report.images());
        document.put("expected", report.expected());
        document.put("top1", report.images() == 0 ? null : report.top1());
        document.put("top5", report.images() == 0 ? null : report.top5());
        document.put("broken", report.broken());
        document.put("seconds", report.seconds());
        document.put("images_per_second", report.images() == 0 ? null : report.imagesPerSecond());
        document.put(
                "classes",
                report.classes().stream().map(ModelEvaluateCommand::json).toList());
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private static Map<String, Object> json(ClassResult one) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", one.name());
        entry.put("images", one.images());
        entry.put("top1", one.top1());
        entry.put("taken_for", one.takenFor());
        entry.put("taken_for_count", one.takenForCount());
        return entry;
    }
}
