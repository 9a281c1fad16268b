package replklab.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.BatchNorm;
import replklab.nn.ConvBn;
import replklab.nn.Convolution;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.nn.Pointwise;
import replklab.nn.Scrambled;
import replklab.nn.Sequential;
import replklab.nn.WeightLayout;
import replklab.tensor.Activation;
import replklab.tensor.CustomOperation;
import replklab.tensor.Precision;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** ONNX Runtime as an independent witness: what it makes of the files is what the networks compute. */
class OnnxModelTest {
    private static final int SIDE = 48;

    @TempDir
    private Path folder;

    private static Tensor images(long seed, int... shape) {
        return Tensor.normal(new SplittableRandom(seed), 1, shape);
    }

    /** Throws unless ONNX Runtime computes what {@code network} does, for each of the inputs. */
    private boolean assertWitnessed(Layer network, Layer exported, Tensor... inputs) {
        OnnxModel model = OnnxModel.of(exported, inputs[0].shape(), "y");
        Path file = folder.resolve("network.onnx");
        model.write(file);
        try (OnnxSession session = OnnxSession.open(file)) {
            for (Tensor x : inputs) {
                OnnxCheck check = OnnxCheck.of(network.forward(x), session.run(x, "y"));
                assertThat(check.error()).as("error at %s", x.shape()).isLessThan(1e-5);
                assertThat(check.passed()).isTrue();
            }
        }
        return model.isSizeFixed();
    }

    private static RepLKNetConfig randomConfig(SplittableRandom random) {
        int stages = random.nextInt(1, 5);
        List<Integer> kernels =
                draw(random, stages, 1, 8).stream().map(half -> 2 * half + 1).toList();
        int small = random.nextInt(3) == 0 ? 0 : 3;
        return new RepLKNetConfig(
                kernels,
                draw(random, stages, 1, 3),
                draw(random, stages, 2, 24),
                small,
                random.nextDouble(0.5, 2),
                random.nextDouble(0.5, 4),
                0,
                random.nextInt(1, 5),
                random.nextInt(2, 12));
    }

    private static List<Integer> draw(SplittableRandom random, int count, int low, int high) {
        return IntStream.range(0, count)
                .mapToObj(_ -> random.nextInt(low, high))
                .toList();
    }

    /** The file is made at one size and run at others: batch, height and width are open. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void foldedRepLKNets(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RepLKNetConfig config = randomConfig(random);
        RepLKNet network = Scrambled.of(new RepLKNet(config, random), seed);
        int colours = config.inputChannels();
        assertWitnessed(
                network,
                network.folded(),
                images(seed, 1, SIDE, SIDE, colours),
                images(seed, 3, SIDE, SIDE, colours),
                images(seed, 2, 33, 70, colours));
    }

    @Test
    void everyFormOfARepLKNet() {
        RepLKNetConfig config =
                new RepLKNetConfig(List.of(13, 7), List.of(1, 2), List.of(8, 12), 5, 1.5, 4, 0.2, 3, 10);
        RepLKNet network = Scrambled.of(new RepLKNet(config, new SplittableRandom(1)), 2);
        Tensor x = images(3, 2, SIDE, SIDE, 3);
        assertWitnessed(network, network, x);
        assertWitnessed(network, network.merged(), x);
        assertWitnessed(network, network.merged().folded(), x);
        assertWitnessed(network, network.folded(), x);
        assertThat(OnnxModel.of(network.folded(), x.shape(), "y").nodes())
                .isLessThan(OnnxModel.of(network.merged(), x.shape(), "y").nodes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mobileNetV2(boolean shortcut) {
        MobileNetV2Config config =
                new MobileNetV2Config(0.25, 7, shortcut, 2, MobileNetV2Config.IMAGENET_STRIDES, 32, 3, 5);
        MobileNetV2 network = Scrambled.of(new MobileNetV2(config, new SplittableRandom(1)), 2);
        assertWitnessed(network, network.folded(), images(3, 1, SIDE, SIDE, 3), images(4, 2, 65, 41, 3));
        assertWitnessed(network, network, images(3, 1, SIDE, SIDE, 3));
    }

    @ParameterizedTest
    @EnumSource
    void everyActivationStrideAndDilation(Activation activation) {
        SplittableRandom random = new SplittableRandom(1);
        Layer network = Scrambled.of(
                new Sequential(List.of(
                        new ConvBn(new Convolution(3, 6, 5, 2, random), 6, activation),
                        new BatchNorm(6, Activation.NONE),
                        new ConvBn(new Depthwise(6, 3, 1, 3, random), 6, activation),
                        new BatchNorm(6, activation),
                        new ConvBn(new Depthwise(6, 7, 2, 1, random), 6, activation),
                        new Pointwise(6, 4, true, random))),
                2);
        Tensor[] inputs = {images(3, 1, 20, 20, 3), images(4, 2, 13, 18, 3)};
        assertWitnessed(network, network.folded(), inputs);
        assertWitnessed(network, network, inputs);
    }

    /** One product each: what is rounded is the same there, where a second one's input differs by the order of sums. */
    @Test
    void productsOfBfloat16AreExportedAsSuch() {
        SplittableRandom random = new SplittableRandom(1);
        Layer pointwise = Scrambled.of(new Pointwise(6, 5, true, random), 2);
        Layer linear = Scrambled.of(new Linear(6, 5, random), 2);
        Layer full = Scrambled.of(new Convolution(6, 5, 3, 2, random), 2);
        Tensor image = images(3, 2, 9, 12, 6);
        assertWitnessed(pointwise.folded(Precision.BF16), pointwise.folded(Precision.BF16), image);
        assertWitnessed(full.folded(Precision.BF16), full.folded(Precision.BF16), image);
        Layer rows = of(x -> x.reshape(x.size(0), 6));
        Layer folded = new Sequential(List.of(rows, linear.folded(Precision.BF16)));
        assertWitnessed(folded, folded, images(4, 4, 1, 1, 6));
        assertThatThrownBy(() -> assertWitnessed(pointwise, pointwise.folded(Precision.BF16), image))
                .isInstanceOf(AssertionError.class);
    }

    /** A user's own block, with every operation that the shipped networks do without. */
    private static final class Own extends Layer {
        private final Layer reduce = child("reduce", new Pointwise(6, 4, true, new SplittableRandom(1)));
        private final Layer expand = child("expand", new Pointwise(4, 6, true, new SplittableRandom(2)));
        private final Layer norm = child("norm", new BatchNorm(6, Activation.SIGMOID));

        @Override
        public Tensor forward(Tensor x) { // (n, h, w, 6) -> the same
            Tensor gate =
                    expand.forward(reduce.forward(x.globalAveragePool()).relu()).sigmoid();
            Tensor y = norm.forward(x).gate(gate);
            return y.subtract(x.scale(0.5f)).multiply(x).add(x.scale(1));
        }
    }

    /** Flattens a grid of pixels into rows, channels last, as no network here does. */
    private static final class Grid extends Layer {
        private final Layer linear = child("linear", new Linear(4 * 6, 5, new SplittableRandom(3)));

        @Override
        public Tensor forward(Tensor x) { // (n, h, w, 6) -> (n, 5)
            return linear.forward(x.resizeBilinear(2, 2).reshape(x.size(0), 4 * 6));
        }
    }

    @Test
    void aUsersOwnBlockInsideAFoldedNetwork() {
        Layer network = Scrambled.of(
                new Sequential(List.of(
                        new ConvBn(new Convolution(3, 6, 3, 1, new SplittableRandom(4)), 6, Activation.RELU),
                        new Own())),
                5);
        assertWitnessed(network, network.folded(), images(6, 1, 9, 12, 3), images(7, 3, 14, 8, 3));
    }

    @Test
    void whatDependsOnTheSizeFixesIt() {
        Layer network = Scrambled.of(
                new Sequential(List.of(new Pointwise(3, 6, true, new SplittableRandom(4)), new Grid())), 5);
        assertThat(OnnxModel.of(network, Shape.of(1, 9, 12, 3), "y").isSizeFixed())
                .isTrue();
        assertThat(OnnxModel.of(new Own(), Shape.of(1, 9, 12, 6), "y").isSizeFixed())
                .isFalse();
        Layer rows = of(x -> x.reshape(x.size(0), 4 * 5 * 6));
        assertThat(OnnxModel.of(rows, Shape.of(1, 4, 5, 6), "y").isSizeFixed()).isTrue();
        Layer pixel =
                of(x -> x.globalAveragePool().reshape(x.size(0), 1, 1, 6).relu().reshape(x.size(0), 6));
        assertThat(assertWitnessed(pixel, pixel, images(1, 1, 4, 5, 6), images(2, 3, 6, 7, 6)))
                .isFalse();
        assertWitnessed(network, network.folded(), images(6, 1, 9, 12, 3), images(7, 3, 9, 12, 3));
        Path file = folder.resolve("fixed.onnx");
        OnnxModel.of(network, Shape.of(1, 9, 12, 3), "y").write(file);
        try (OnnxSession session = OnnxSession.open(file)) {
            assertThatThrownBy(() -> session.run(images(6, 1, 10, 12, 3), "y"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("fixed.onnx")
                    .hasMessageContaining("Expected: 9");
        }
    }

    @Test
    void severalOutputsAndMetadata() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(7), List.of(1), List.of(8), 3, 1, 4, 0, 3, 4);
        RepLKNet network = Scrambled.of(new RepLKNet(config, new SplittableRandom(1)), 2);
        Path file = folder.resolve("two.onnx");
        OnnxModel.of(
                        network,
                        x -> {
                            SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
                            outputs.put("features", network.features(x));
                            outputs.put("logits", network.forward(x));
                            outputs.put("input_again", x);
                            return outputs;
                        },
                        Shape.of(1, 32, 32, 3))
                .withMetadata(Map.of("architecture", "tiny"))
                .withMetadata(Map.of("resolution", "32"))
                .write(file);
        Tensor x = images(3, 2, 40, 36, 3);
        try (OnnxSession session = OnnxSession.open(file)) {
            assertThat(session.metadata()).isEqualTo(Map.of("architecture", "tiny", "resolution", "32"));
            assertThat(OnnxCheck.of(network.features(x), session.run(x, "features"))
                            .error())
                    .isLessThan(1e-5);
            assertThat(OnnxCheck.of(network.forward(x), session.run(x, "logits"))
                            .error())
                    .isLessThan(1e-5);
            assertThat(session.run(x, "input_again").toArray()).isEqualTo(x.toArray());
        }
    }

    @Test
    void exportingChangesNothingAndRepeats() throws Exception {
        Layer network = Scrambled.of(new Own(), 1);
        Tensor x = images(2, 1, 5, 5, 6);
        float[] before = network.forward(x).toArray();
        OnnxModel.of(network, x.shape(), "y").write(folder.resolve("a.onnx"));
        OnnxModel.of(network, x.shape(), "y").write(folder.resolve("b.onnx"));
        assertThat(network.forward(x).toArray()).isEqualTo(before);
        assertThat(folder.resolve("a.onnx")).hasSameBinaryContentAs(folder.resolve("b.onnx"));
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void refusesWhatItCannotExpress() {
        Shape shape = Shape.of(2, 4, 4, 6);
        assertThatThrownBy(() -> OnnxModel.of(new Own().train(true), shape, "y"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("training mode");
        assertRefused(x -> x.add(Tensor.normal(new SplittableRandom(1), 1, 2, 4, 4, 6)), "neither the input nor");
        assertRefused(
                x -> x.pointwise(Tensor.normal(new SplittableRandom(1), 1, 3, 6), null), "no parameter or buffer");
        assertRefused(x -> x.reshape(4, 48), "mixes images");
        assertRefused(x -> x.sum(), "operation 'Sum'");
        assertRefused(x -> Tensor.custom(softplus(Optional.empty()), x), "'my softplus' is a user's own");
        assertRefused(x -> x.sum(0), "mixes images");
        assertRefused(x -> x.slice(0, 0, 1), "mixes images");
        assertRefused(x -> x.transpose(1, 0, 2, 3), "mixes images");
        assertRefused(x -> Tensor.of(x.toArray(), 2, 4, 4, 6), "numbers are asked for");
        assertThatThrownBy(() -> OnnxModel.of(new Depthwise(6, 3, 1, 100_000, new SplittableRandom(1)), shape, "y"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("dilation 100000");
    }

    /** What users write beyond the layers: arrays, functions, weights in sums, an operation of their own. */
    @Test
    void whatUsersComposeIsExported() {
        List<UnaryOperator<Tensor>> forwards = List.of(
                x -> Tensor.concatenate(1, x.slice(1, 0, 2), x.slice(1, 2, 5)).maxPool(3, 2, 1),
                x -> Tensor.concatenate(x.slice(-1, 4, 6), x.slice(3, 0, 1)),
                Tensor::softmax,
                x -> x.globalAveragePool().softmax(),
                x -> x.subtract(x.mean(3).reshape(x.size(0), 5, 4, 1)),
                x -> x.subtract(x.mean(1, 2).reshape(x.size(0), 1, 1, 6)),
                x -> x.max(1, 2),
                x -> x.sum(2).max(1),
                x -> x.transpose(0, 2, 1, 3).relu(),
                x -> x.divide(Tensor.full(2))
                        .add(Tensor.full(1))
                        .exp()
                        .add(Tensor.full(1))
                        .log()
                        .sqrt(),
                x -> Tensor.custom(softplus(Optional.of("Softplus")), x.scale(2))
                        .relu());
        for (UnaryOperator<Tensor> forward : forwards) {
            Layer network = of(forward);
            assertWitnessed(network, network, images(1, 1, 5, 4, 6), images(2, 3, 5, 4, 6));
        }
        Layer weights = new Layer() {
            private final Tensor scale = parameter("scale", images(3, 6), WeightLayout.PLAIN);
            private final Tensor place = buffer("place", images(4, 1, 5, 4, 1));

            @Override
            public Tensor forward(Tensor x) {
                return x.multiply(scale).add(place);
            }
        };
        assertWitnessed(weights, weights, images(1, 1, 5, 4, 6), images(2, 3, 5, 4, 6));
    }

    private static CustomOperation softplus(Optional<String> operator) {
        return new CustomOperation() {
            @Override
            public String name() {
                return "my softplus";
            }

            @Override
            public Tensor forward(Tensor... inputs) {
                float[] values = inputs[0].toArray();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) Math.log1p(Math.exp(values[i]));
                }
                return Tensor.of(values, inputs[0].shape().toArray());
            }

            @Override
            public Tensor[] gradient(Tensor dy, Tensor output, Tensor... inputs) {
                return new Tensor[] {dy.multiply(inputs[0].sigmoid())};
            }

            @Override
            public Optional<String> onnxOperator() {
                return operator;
            }
        };
    }

    private static Layer of(UnaryOperator<Tensor> forward) {
        return new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                return forward.apply(x);
            }
        };
    }

    private static void assertRefused(UnaryOperator<Tensor> forward, String why) {
        assertThatThrownBy(() -> OnnxModel.of(of(forward), Shape.of(2, 4, 4, 6), "y"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(why);
    }

    @Test
    void refusesMoreThanAFileHolds() {
        OnnxModel.requireSize(Integer.MAX_VALUE - (1 << 16));
        assertThatThrownBy(() -> OnnxModel.requireSize(5L << 29))
                .isInstanceOf(LabException.class)
                .hasMessage("this network takes 2.50 GiB; an ONNX file holds 2 GiB at most");
        Initializer large = Initializer.floats("large", new long[] {1 << 15, 1 << 15}, () -> {
            throw new AssertionError("its size is enough");
        });
        assertThat(large.dataBytes()).isEqualTo(1L << 32);
        assertThat(large.messageBytes()).isGreaterThan(1L << 32);
    }

    @Test
    void namesTheFileThatIsNoModel() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.onnx"), "broken");
        assertThatThrownBy(() -> OnnxSession.open(broken))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(broken.toString());
        assertThatThrownBy(() -> OnnxSession.open(folder.resolve("none.onnx")))
                .hasMessage("no ONNX file " + folder.resolve("none.onnx"));
        assertThatThrownBy(() ->
                        OnnxModel.of(new Own(), Shape.of(1, 4, 4, 6), "y").write(folder.resolve("no/such/folder.onnx")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("cannot write");
    }

    @Test
    void differencesAreMeasuredAgainstTheRange() {
        Tensor expected = Tensor.of(new float[] {-1, 3}, 1, 2);
        assertThat(OnnxCheck.of(expected, Tensor.of(new float[] {-1, 3.004f}, 1, 2))
                        .passed())
                .isFalse();
        assertThat(OnnxCheck.of(expected, Tensor.of(new float[] {-1, 3.004f}, 1, 2))
                        .error())
                .isCloseTo(1e-3, within(1e-6));
        assertThat(OnnxCheck.of(expected, Tensor.of(new float[] {-1, Float.NaN}, 1, 2))
                        .passed())
                .isFalse();
        assertThatThrownBy(() -> OnnxCheck.of(expected, Tensor.of(new float[] {-1, 3}, 2, 1)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("(2, 1)");
    }
}
