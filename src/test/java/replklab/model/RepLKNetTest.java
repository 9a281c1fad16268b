package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** RepLKNet's architecture: sizes, names, maps, drop path, and what is refused. */
class RepLKNetTest {
    private static RepLKNetConfig small(double dropPath) {
        return new RepLKNetConfig(List.of(7, 5, 3), List.of(1, 2, 1), List.of(4, 6, 8), 3, 1, 4, dropPath, 3, 5);
    }

    /** The numbers in a row of the table of model sizes, by column. */
    private static Map<String, String> sizes(String model) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                RepLKNet.class.getResourceAsStream("/replklab/paper/model-sizes.csv"), StandardCharsets.UTF_8))) {
            String[] columns = in.readLine().split(",", -1);
            String[] row = in.lines()
                    .map(line -> line.split(",", -1))
                    .filter(cells -> cells[0].equalsIgnoreCase(model))
                    .findFirst()
                    .orElseThrow();
            Map<String, String> cells = new LinkedHashMap<>();
            for (int i = 0; i < columns.length; i++) {
                cells.put(columns[i], row[i]);
            }
            return cells;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Weights of the right shapes that all share one memory: enough to count the largest network in a moment. */
    private static final class ShapesAlone implements Initialisation {
        private static final INDArray MEMORY = Nd4j.zeros(2048 * 8192);

        @Override
        public Tensor convolution(int fanIn, int fanOut, int... sizes) {
            Shape shape = Shape.of(sizes);
            return Tensor.of(MEMORY.get(NDArrayIndex.interval(0, shape.elements())))
                    .reshape(sizes);
        }

        @Override
        public Tensor linear(int in, int out) {
            return convolution(in, out, out, in);
        }

        @Override
        public Tensor bias(int fanIn, int size) {
            return convolution(fanIn, size, size);
        }
    }

    private static RepLKNet shapesOf(String name, KernelForm form) {
        return new RepLKNet(RepLKNetConfig.named(name), form, new ShapesAlone());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replknet-3",
                "replknet-7",
                "replknet-13",
                "replknet-25",
                "replknet-31b",
                "replknet-31l",
                "replknet-xl"
            })
    void hasThePapersParameters(String name) {
        Map<String, String> paper = sizes(name);
        assertThat(shapesOf(name, KernelForm.TRAINING).parameterCount())
                .isEqualTo(Long.parseLong(paper.get("params_training")));
        if (!paper.get("params_reparam").isEmpty()) {
            assertThat(shapesOf(name, KernelForm.MERGED).parameterCount())
                    .isEqualTo(Long.parseLong(paper.get("params_reparam")));
        }
    }

    @Test
    void foldedHasThePapersParameters() {
        Layer folded = shapesOf("replknet-31b", KernelForm.TRAINING).folded();
        assertThat(folded.state().values().stream()
                        .mapToLong(variable -> variable.tensor().shape().elements())
                        .sum())
                .isEqualTo(Long.parseLong(sizes("replknet-31b").get("params_all_bn_folded")));
    }

    @Test
    void namesAreKnownByTheirNeighbours() {
        assertThat(RepLKNetConfig.names())
                .containsExactly(
                        "replknet-3",
                        "replknet-7",
                        "replknet-13",
                        "replknet-25",
                        "replknet-31b",
                        "replknet-31l",
                        "replknet-xl");
        assertThatThrownBy(() -> RepLKNetConfig.named("replknet31b"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("replknet-31b");
    }

    @ParameterizedTest
    @CsvSource({
        // Each of the four halvings rounds up: 64 -> 32 -> 16 -> 8 -> 4.
        "64, 32, 4, 2",
        "65, 33, 5, 3",
        "80, 49, 5, 4",
        "81, 48, 6, 3",
        "1, 1, 1, 1",
    })
    void imagesOfAnySizeAreHalvedAndRoundedUp(int height, int width, int lastHeight, int lastWidth) {
        RepLKNet network = new RepLKNet(small(0), new SplittableRandom(1));
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 2, height, width, 3);
        assertThat(network.features(x).shape()).isEqualTo(Shape.of(2, lastHeight, lastWidth, 8));
        assertThat(network.forward(x).shape()).isEqualTo(Shape.of(2, 5));
    }

    @Test
    void dropPathGrowsEvenlyAndOnlyActsInTraining() {
        assertThat(small(0.6).dropPaths()).containsExactly(0, 0.6 / 3, 0.6 * 2 / 3, 0.6);
        assertThat(small(0).dropPaths()).containsOnly(0);
        RepLKNetConfig one = new RepLKNetConfig(List.of(3), List.of(1), List.of(4), 0, 1, 4, 0.5, 3, 5);
        assertThat(one.dropPaths()).as("as torch.linspace of one step").containsExactly(0);

        SplittableRandom random = new SplittableRandom(2);
        ConvFfn ffn = new ConvFfn(4, 8, 0.99, Initialisation.uniform(random));
        RepLKBlock block = new RepLKBlock(4, 4, 5, 3, 0.99, KernelForm.TRAINING, Initialisation.uniform(random));
        Tensor x = Tensor.normal(random, 1, 3, 4, 4, 4);
        for (Layer layer : List.of(ffn, block)) {
            float[] without = layer.forward(x).toArray();
            try (Tape _ = Tape.training(1)) {
                assertThat(layer.forward(x).toArray()).containsExactly(without);
                layer.train(true);
                assertThat(layer.forward(x).toArray()).as("left out").containsExactly(x.toArray());
            }
            assertThat(without).isNotEqualTo(x.toArray());
        }
    }

    @Test
    void everyParameterIsTrained() {
        RepLKNet network = new RepLKNet(small(0.1), new SplittableRandom(1));
        network.train(true);
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 3, 48, 40, 3);
        try (Tape tape = Tape.training(1)) {
            tape.backward(network.forward(x).crossEntropy(Targets.labels(0, 3, 4)));
            network.parameters()
                    .forEach((name, parameter) -> assertThat(parameter.gradientOrNull())
                            .as(name)
                            .isNotNull()
                            .extracting(Tensor::toArray)
                            .isNotEqualTo(new float[(int) parameter.shape().elements()]));
        }
    }

    @Test
    void withoutASmallKernelThereIsNone() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(3), List.of(1), List.of(4), 0, 1.5, 2.5, 0, 1, 2);
        RepLKNet network = new RepLKNet(config, new SplittableRandom(1));
        assertThat(network.state().keySet())
                .contains("stages.0.blocks.0.large_kernel.lkb_origin.conv.weight")
                .noneMatch(name -> name.contains("small_conv") || name.startsWith("transitions"));
        assertThat(network.parameters().get("stages.0.blocks.0.pw1.conv.weight").shape())
                .isEqualTo(Shape.of(6, 4));
        assertThat(network.parameters().get("stages.0.blocks.1.pw1.conv.weight").shape())
                .isEqualTo(Shape.of(10, 4));
    }

    @Test
    void configurationsCanBeVaried() {
        RepLKNetConfig config =
                RepLKNetConfig.named("replknet-xl").withDropPath(0.3).withData(4, 7);
        assertThat(config)
                .isEqualTo(new RepLKNetConfig(
                        List.of(27, 27, 27, 13),
                        List.of(2, 2, 18, 2),
                        List.of(256, 512, 1024, 2048),
                        0,
                        1.5,
                        4,
                        0.3,
                        4,
                        7));
        assertThat(config.dwChannels(1)).isEqualTo(768);
        assertThat(config.ffnChannels(3)).isEqualTo(8192);
    }

    @Test
    void refusesWhatCannotBe() {
        refused(List.of(), 3, 1, 4, 0, 3, 5, "kernels", "empty");
        refused(List.of(7), 3, 1, 4, 0, 3, 5, "1, 2 and 2 entries", "one a stage");
        refused(List.of(7, 6), 3, 1, 4, 0, 3, 5, "kernel size is 6", "odd");
        refused(List.of(7, 65), 3, 1, 4, 0, 3, 5, "65", "1 to 63");
        refused(List.of(7, 0), 3, 1, 4, 0, 3, 5, "kernels", "0", "at least 1");
        refused(List.of(7, 5), 7, 1, 4, 0, 3, 5, "smallKernel", "7", "up to the smallest large kernel, 5");
        refused(List.of(7, 5), 2, 1, 4, 0, 3, 5, "smallKernel", "2", "odd");
        refused(List.of(7, 5), -1, 1, 4, 0, 3, 5, "smallKernel", "-1");
        refused(List.of(7, 5), 3, 0, 4, 0, 3, 5, "dwRatio", "0.0", "above 0");
        refused(List.of(7, 5), 3, 0.1, 4, 0, 3, 5, "dwRatio", "0.1", "no channel of 4");
        refused(List.of(7, 5), 3, 1, Double.NaN, 0, 3, 5, "ffnRatio", "NaN");
        refused(List.of(7, 5), 3, 1, 4, 1, 3, 5, "dropPath", "1.0", "not including, 1");
        refused(List.of(7, 5), 3, 1, 4, 0, 0, 5, "inputChannels", "0", "at least 1");
        refused(List.of(7, 5), 3, 1, 4, 0, 3, 1, "classes", "1", "at least 2");
    }

    private static void refused(
            List<Integer> kernels,
            int small,
            double dwRatio,
            double ffnRatio,
            double dropPath,
            int in,
            int classes,
            String... words) {
        assertThatThrownBy(() -> new RepLKNetConfig(
                        kernels, List.of(1, 1), List.of(4, 8), small, dwRatio, ffnRatio, dropPath, in, classes))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(words);
    }
}
