package replklab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.UsageException;
import replklab.cli.ImagePredictions.Answer;
import replklab.data.LooseImages;
import replklab.data.NpyFile;
import replklab.data.NpyImages;
import replklab.data.Preprocessing;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetTrunk;
import replklab.nn.Layer;
import replklab.tensor.ChannelsFirst;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/** {@code ./lab model predict}. */
@Command(
        name = "predict",
        description = "What a network takes images for; or logits, or features, of images in a NumPy file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Image files, or all in a folder, are resized and normalised as the authors do, or as the options say, and the "
                    + "likeliest classes are printed; --output then also writes the logits of those that could be read. "
                    + "Images in a NumPy file are float, (n, channels, height, width), and normalised as the network was trained; so "
                    + "are features. Logits are (n, classes). The architecture is read off the weights. A backbone has no logits."
        })
final class ModelPredictCommand implements Callable<Integer> {
    /** Images at once: more take more memory and are no faster. */
    private static final int BATCH = 8;

    @Mixin
    private WeightsOptions weights;

    @Option(
            names = "--input",
            paramLabel = "X",
            required = true,
            description = "The images: an image file, a folder, or a NumPy file.")
    Path input;

    @Option(names = "--output", paramLabel = "Y.npy", description = "What is written; float32.")
    Path output;

    @Option(
            names = "--classes",
            paramLabel = "F",
            description = "Names of the classes in the order of the network's outputs, one a line.")
    Path classes;

    @Option(names = "--top", paramLabel = "N", defaultValue = "5", description = "Classes printed of each image; 5.")
    int top;

    @Mixin
    private PreprocessingOptions options;

    @Mixin
    private PrecisionOption precision;

    @Spec
    private CommandSpec spec;

    @Option(names = "--features", description = "The last stage's output before the final norm, instead of logits.")
    boolean features;

    @Option(
            names = "--stage",
            paramLabel = "S",
            description = "The map of a stage, counted from 0, as segmentation and detection get it: through its extra"
                    + " norm if the weights have one.")
    Integer stage;

    @Option(names = "--merge", description = "Merge the kernels first; the result is the same up to rounding.")
    boolean merge;

    @Override
    public Integer call() {
        if (features && stage != null) {
            throw new UsageException("--features is the last stage's output and --stage that of any: leave one out");
        }
        boolean files = LooseImages.isMeant(input);
        if (files && (features || stage != null)) {
            throw new UsageException("--features and --stage are for images in a NumPy file");
        }
        UsageException.requireAtLeast("--top", top, 1);
        if (output == null && !files) {
            throw new UsageException("--output is missing: where the results of " + input + " are to be written");
        }
        NetworkFile loaded = weights.load();
        NetworkFile network = merge ? loaded.merged() : loaded;
        if (files) {
            return predictFiles(network);
        }
        try (NpyImages images = NpyImages.open(input, network.inputChannels())) {
            UnaryOperator<Tensor> wanted = wanted(network, images);
            predict(images, batch -> precision.precision().in(() -> wanted.apply(batch)));
        }
        return 0;
    }

    /** Tells what each image is taken for; 1 if one could not be read. */
    private int predictFiles(NetworkFile network) {
        Layer classifier = network.classifier();
        Preprocessing preprocessing = options.of(network);
        int outputs = network.classes(preprocessing.resolution(), preprocessing.resolution());
        List<String> names = classes == null ? network.classNames(outputs) : ClassNames.read(classes, outputs);
        List<Path> files = LooseImages.of(input);
        Layer fast = precision.folded(classifier, spec.commandLine().getErr());
        ImagePredictions predictions = new ImagePredictions(fast::forward, preprocessing, names, top);
        PrintWriter out = spec.commandLine().getOut();
        List<Answer> answers = predictions.of(files, spec.commandLine().getErr());
        answers.forEach(answer -> out.print(predictions.text(answer)));
        if (output != null && !answers.isEmpty()) {
            NpyFile.write(output, new int[] {answers.size(), outputs}, rows -> {
                for (Answer answer : answers) {
                    rows.write(answer.logits());
                }
            });
            out.println("Wrote " + output + ": " + Shape.of(answers.size(), outputs));
        }
        out.flush();
        return answers.size() == files.size() ? 0 : 1;
    }

    private UnaryOperator<Tensor> wanted(NetworkFile network, NpyImages images) {
        if (stage != null) {
            RepLKNetTrunk trunk = network.requireReplknet("--stage");
            boolean norms = trunk instanceof RepLKNetBackbone backbone && backbone.hasNorms();
            return RepLKNetBackbone.of(trunk, List.of(stage), norms)::forward;
        }
        if (!features) {
            return network.classifier()::forward;
        }
        return network.replknet().isPresent()
                ? network.replknet().get()::lastStage
                : weights.backboneOf(network.architecture().name(), images.height(), images.width())::forward;
    }

    private void predict(NpyImages images, UnaryOperator<Tensor> network) {
        // One batch is computed before the file is begun, whose header tells the shape of all.
        int first = Math.min(BATCH, images.count());
        Output begin = output(images, 0, first, network);
        int[] shape = begin.shape;
        shape[0] = images.count();
        NpyFile.write(output, shape, rows -> {
            rows.write(begin.values);
            for (int from = first; from < images.count(); from += BATCH) {
                rows.write(output(images, from, Math.min(BATCH, images.count() - from), network).values);
            }
        });
        System.out.println("Wrote " + output + ": " + Shape.of(shape));
    }

    /** A batch's result with its shape as files have it. */
    private record Output(int[] shape, float[] values) {}

    private static Output output(NpyImages images, int from, int n, UnaryOperator<Tensor> network) {
        try (Tape _ = Tape.inference()) {
            Tensor y = network.apply(images.batch(from, n));
            return y.shape().rank() == 2
                    ? new Output(y.shape().toArray(), y.toArray())
                    : new Output(ChannelsFirst.shape(y.shape()).toArray(), ChannelsFirst.values(y));
        }
    }
}
