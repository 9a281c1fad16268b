package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Scrambled;
import replklab.tensor.Precision;
import replklab.tensor.Tape;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** Merged and folded networks equal evaluation mode, over random configurations with random statistics. */
class InferenceFormsTest {
    private static final double TOLERANCE = 1e-5;

    static RepLKNetConfig randomConfig(SplittableRandom random) {
        int stages = random.nextInt(1, 4);
        List<Integer> kernels =
                draw(random, stages, 1, 9).stream().map(half -> 2 * half + 1).toList();
        int smallest = kernels.stream().mapToInt(Integer::intValue).min().orElseThrow();
        int small = random.nextInt(4) == 0 ? 0 : 2 * random.nextInt(Math.min(4, (smallest + 1) / 2)) + 1;
        return new RepLKNetConfig(
                kernels,
                draw(random, stages, 1, 3),
                draw(random, stages, 2, 40),
                small,
                random.nextDouble(0.5, 2),
                random.nextDouble(0.5, 4),
                random.nextDouble(0, 0.9),
                random.nextInt(1, 5),
                random.nextInt(2, 12));
    }

    private static List<Integer> draw(SplittableRandom random, int count, int low, int high) {
        return IntStream.range(0, count)
                .mapToObj(_ -> random.nextInt(low, high))
                .toList();
    }

    /** Half of the places of bfloat16, 2 to the -9 of a number, here some ten products deep. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void inBfloat16TheOutputsAreNear(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RepLKNetConfig config = randomConfig(random);
        RepLKNet network = Scrambled.of(new RepLKNet(config, random), seed);
        Tensor x = Tensor.normal(random, 1, 2, 40, 40, config.inputChannels());
        Layer folded = network.folded();
        Tensor expected = folded.forward(x);
        Tensor half = network.folded(Precision.BF16).forward(x);
        assertThat(Scrambled.error(expected, half)).isBetween(1e-5, 0.05);
        assertThat(Precision.BF16.in(() -> folded.forward(x)).toArray()).isEqualTo(half.toArray());
        assertThat(Precision.BF16
                        .in(() -> network.folded(Precision.FLOAT32).forward(x))
                        .toArray())
                .isEqualTo(expected.toArray());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyFormOfRepLKNetHasTheSameOutputs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RepLKNetConfig config = randomConfig(random);
        RepLKNet network = Scrambled.of(new RepLKNet(config, random), seed);
        Tensor x = Tensor.normal(
                random, 1, random.nextInt(1, 4), random.nextInt(8, 70), random.nextInt(8, 70), config.inputChannels());
        Tensor expected = network.forward(x);
        RepLKNet merged = network.merged();
        assertThat(Scrambled.error(expected, merged.forward(x)))
                .as("merged %s", config)
                .isLessThan(TOLERANCE);
        assertThat(Scrambled.error(network.features(x), merged.features(x)))
                .as("merged features %s", config)
                .isLessThan(TOLERANCE);
        assertThat(Scrambled.error(expected, network.folded().forward(x)))
                .as("folded %s", config)
                .isLessThan(TOLERANCE);
        assertThat(Scrambled.error(expected, merged.folded().forward(x)))
                .as("merged, then folded %s", config)
                .isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void foldedMobileNetV2HasTheSameOutputs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> strides = draw(random, 7, 1, 3);
        MobileNetV2Config config = new MobileNetV2Config(
                0.25, 2 * random.nextInt(7) + 1, random.nextBoolean(), random.nextInt(1, 3), strides, 24, 2, 5);
        MobileNetV2 network = Scrambled.of(new MobileNetV2(config, random), seed);
        Tensor x = Tensor.normal(random, 1, 2, random.nextInt(8, 40), random.nextInt(8, 40), 2);
        Layer folded = network.folded();
        assertThat(Scrambled.error(network.forward(x), folded.forward(x)))
                .as("%s", config)
                .isLessThan(TOLERANCE);
        // Stem, seventeen blocks of which each shortcut is one, last convolution, pooling, classifier: no norm is left.
        assertThat(folded.state().keySet()).allMatch(name -> name.endsWith("weight") || name.endsWith("bias"));
    }

    @Test
    void foldedRepLKNetRunsEveryConvolutionInOnePass() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(7, 5), List.of(1, 2), List.of(8, 12), 3, 1.5, 4, 0.1, 3, 4);
        RepLKNet network = new RepLKNet(config, new SplittableRandom(1));
        // Stem of four, transition of two, pooling and head; each block is one step, its shortcut in the last
        // convolution.
        assertThat(network.folded().children()).hasSize(4 + 2 + 2 * 3 + 2);
        Layer block = network.folded().children().get("4");
        assertThat(block.state().keySet())
                .containsExactly(
                        "body.0.weight", "body.0.bias", "body.1.weight", "body.1.bias", "last.weight", "last.bias");
    }

    @Test
    void mergingChangesNothingButTheCopy() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(5), List.of(1), List.of(4), 3, 1, 2, 0, 3, 4);
        RepLKNet network = Scrambled.of(new RepLKNet(config, new SplittableRandom(1)), 2);
        Map<String, float[]> before = new HashMap<>();
        network.state()
                .forEach((name, variable) -> before.put(name, variable.tensor().toArray()));
        RepLKNet merged = network.merged();
        merged.parameters()
                .values()
                .forEach(weight -> weight.assign(Tensor.full(9, weight.shape().toArray())));
        assertThat(network.state().keySet()).isEqualTo(before.keySet());
        network.state()
                .forEach((name, variable) ->
                        assertThat(variable.tensor().toArray()).as(name).containsExactly(before.get(name)));
        assertThat(merged.state().keySet())
                .contains(
                        "stages.0.blocks.0.large_kernel.lkb_reparam.weight",
                        "stages.0.blocks.0.large_kernel.lkb_reparam.bias")
                .noneMatch(name -> name.contains("lkb_origin") || name.contains("small_conv"));
        assertThat(merged.merged().state().get("head.bias").tensor().toArray()).containsOnly(9);
    }

    @Test
    void aMergedNetworkTrainsOn() {
        RepLKNetConfig config = new RepLKNetConfig(List.of(5), List.of(1), List.of(4), 3, 1, 2, 0, 3, 4);
        RepLKNet merged = new RepLKNet(config, new SplittableRandom(1)).merged();
        assertThat(merged.parameters())
                .containsKeys(
                        "stages.0.blocks.0.large_kernel.lkb_reparam.weight",
                        "stages.0.blocks.0.large_kernel.lkb_reparam.bias");
        RepLKNet toLoad = new RepLKNet(config, KernelForm.MERGED, Initialisation.zeros());
        assertThat(toLoad.state().keySet()).isEqualTo(merged.state().keySet());
        Tensor x = Tensor.normal(new SplittableRandom(2), 1, 6, 32, 32, 3);
        Targets targets = Targets.labels(0, 1, 2, 3, 0, 1);
        double first = step(merged.train(true), x, targets);
        double last = first;
        for (int step = 0; step < 20; step++) {
            last = step(merged, x, targets);
        }
        assertThat(last).isLessThan(0.7 * first);
    }

    /** Moves every parameter down its gradient, which none may lack. */
    private static double step(Layer network, Tensor x, Targets targets) {
        try (Tape tape = Tape.training(1)) {
            Tensor loss = network.forward(x).crossEntropy(targets);
            tape.backward(loss);
            network.parameters().forEach((name, parameter) -> {
                assertThat(parameter.gradientOrNull()).as(name).isNotNull();
                parameter.assign(parameter.subtract(parameter.gradient().scale(0.1f)));
            });
            return loss.item();
        }
    }
}
