package replklab.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import replklab.data.ClassFolders;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;
import replklab.data.ImageDataset;
import replklab.data.TrainTest;

/** {@code ./lab data}: images at hand, for everybody's tools. */
@Command(
        name = "data",
        description = "Writes a data set's images as PNG files in class folders.",
        mixinStandardHelpOptions = true)
final class DataCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "fashion-mnist",
            description = "The data set; ${DEFAULT-VALUE} by default.")
    private String name;

    @Option(names = "--output", required = true, paramLabel = "FOLDER", description = "A new or an empty folder.")
    private Path output;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many, the same number of each class; 1000. 0 takes all.")
    private int examples;

    @Option(names = "--train", description = "Of the training images instead of the test images.")
    private boolean train;

    @Option(names = "--path", paramLabel = "FOLDER", description = "Where a data set lies that is not embedded.")
    private String path;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        DatasetSpec wanted = new DatasetSpec(name, path, 0, train ? examples : 0, train ? 0 : examples);
        TrainTest both = Datasets.open(wanted, 0);
        ImageDataset half = train ? both.train() : both.test();
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
        return 0;
    }
}
