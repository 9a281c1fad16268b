package replklab.cli;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import replklab.base.UsageException;
import replklab.base.WholeFile;
import replklab.data.ClassFolders;
import replklab.data.ContactSheet;
import replklab.data.DatasetSpec;
import replklab.data.DatasetStatistics;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;
import replklab.plot.PngFile;

/** {@code ./lab data}: images at hand, for everybody's tools and eyes. */
@Command(
        name = "data",
        description =
                "Shows a data set: its images as PNG files in class folders, some of them on a sheet, its statistics.",
        mixinStandardHelpOptions = true)
final class DataCommand implements Callable<Integer> {
    private static final int COLUMNS = 8;
    private static final int ROWS = 3;
    private static final int SIDE = 96;
    private static final int USUAL_EXAMPLES = 1000;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "fashion-mnist",
            description = "The data set; ${DEFAULT-VALUE} by default.")
    private String name;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "Writes every image into its class's folder; a new or an empty folder.")
    private Path output;

    @Option(
            names = "--sheet",
            paramLabel = "FILE",
            description =
                    "Writes a PNG of up to 24 images with their classes, and the labels of their pixels if they have any.")
    private Path sheet;

    @Option(names = "--statistics", description = "Counts classes, pixels' classes, mean and standard deviation.")
    private boolean statistics;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description =
                    "How many, the same number of each class. 0 takes all; without it, 1000 where there are as many.")
    private Integer examples;

    @Option(names = "--train", description = "Of the training images instead of the test images.")
    private boolean train;

    @Option(names = "--path", paramLabel = "FOLDER", description = "Where a data set lies that is not embedded.")
    private String path;

    @Option(
            names = "--resolution",
            paramLabel = "R",
            defaultValue = "0",
            description = "Height and width of the images, where they can be chosen.")
    private int resolution;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (output == null && sheet == null && !statistics) {
            throw new UsageException("say what you want of the data: --output FOLDER, --sheet FILE or --statistics");
        }
        ImageDataset half = half(examples == null ? 0 : examples);
        if (examples == null && half.size() > USUAL_EXAMPLES) {
            half = half(USUAL_EXAMPLES);
        }
        if (output != null) {
            ClassFolders.write(half, output);
            spec.commandLine()
                    .getOut()
                    .println("%s: %d images in %d classes, mean %s, std %s"
                            .formatted(
                                    output,
                                    half.size(),
                                    half.classes().size(),
                                    half.info().normalization().mean(),
                                    half.info().normalization().std()));
        }
        if (sheet != null) {
            int rows = Math.min(ROWS, half.size());
            int columns = Math.min(COLUMNS, half.size() / rows);
            BufferedImage drawn = ContactSheet.draw(half, columns, rows, SIDE);
            byte[] png = PngFile.bytes(drawn, Map.of("data", half.info().toString()));
            WholeFile.write(sheet, "a sheet of images", out -> out.write(png));
            spec.commandLine()
                    .getOut()
                    .println("%s: %d of %d images, %dx%d pixels"
                            .formatted(sheet, rows * columns, half.size(), drawn.getWidth(), drawn.getHeight()));
        }
        if (statistics) {
            spec.commandLine().getOut().println(DatasetStatistics.of(half).text());
        }
        return 0;
    }

    private ImageDataset half(int count) {
        TrainTest both =
                Datasets.open(new DatasetSpec(name, path, resolution, train ? count : 0, train ? 0 : count), 0);
        return train ? both.train() : both.test();
    }
}
