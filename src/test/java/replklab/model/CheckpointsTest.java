package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.base.UsageException;
import replklab.nn.Scrambled;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Safetensors.Contents;
import replklab.weights.Safetensors.Entry;
import replklab.weights.TensorType;
import replklab.weights.Weights;
import replklab.weights.WeightsFile;

/** Networks out of weights files: what is inferred, what goes along, and what is refused. */
class CheckpointsTest {
    @TempDir
    Path folder;

    private static void assertSameBits(RepLKNet expected, RepLKNet actual) {
        assertThat(actual.state().keySet()).isEqualTo(expected.state().keySet());
        actual.state()
                .forEach((name, variable) -> assertThat(variable.tensor().toArray())
                        .as(name)
                        .containsExactly(expected.state().get(name).tensor().toArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights.safetensors"})
    void theArchitectureIsReadOffTheWeights(String name) {
        RepLKNet network = Checkpoints.load(Reference.file(name));
        assertThat(network.config()).isEqualTo(Reference.CONFIG);
        assertThat(network.form()).isEqualTo(KernelForm.TRAINING);
        assertThat(network.isTraining()).isFalse();
    }

    @Test
    void bothFormatsGiveTheSameBits() {
        assertSameBits(
                Checkpoints.load(Reference.file("weights.safetensors")),
                Checkpoints.load(Reference.file("weights.pth")));
    }

    @Test
    void mergedWeightsAreReadToo() {
        RepLKNet merged = Checkpoints.load(Reference.file("merged.safetensors"));
        assertThat(merged.form()).isEqualTo(KernelForm.MERGED);
        assertThat(merged.config().kernels()).isEqualTo(Reference.CONFIG.kernels());
        Tensor x = Reference.images("input.npy");
        Tensor expected = Checkpoints.load(Reference.file("weights.pth")).forward(x);
        assertThat(Scrambled.error(expected, merged.forward(x))).isLessThan(1e-5);
    }

    /** Any network comes back from its file with the same sizes and bits, in both forms. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyConfigurationComesBack(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RepLKNetConfig config = InferenceFormsTest.randomConfig(random).withDropPath(0);
        RepLKNet network = Scrambled.of(new RepLKNet(config, random), seed);
        Path file = folder.resolve("w.safetensors");
        for (RepLKNet written : List.of(network, network.merged())) {
            Weights.save(written, file, Map.of());
            RepLKNet read = Checkpoints.load(file);
            assertThat(read.form()).isEqualTo(written.form());
            assertThat(read.config().kernels()).isEqualTo(config.kernels());
            assertSameBits(written, read);
        }
    }

    @Test
    void countersGoAlongWhereTheirNormsRemain() {
        Path file = folder.resolve("merged.safetensors");
        Checkpoints.merge(Reference.file("weights.pth"), file, Checkpoints.Part.ALL, "");
        RepLKNet read = Checkpoints.load(file);
        assertSameBits(Checkpoints.load(Reference.file("weights.pth")).merged(), read);
        try (WeightsFile in = WeightsFile.open(file);
                WeightsFile source = WeightsFile.open(Reference.file("weights.pth"))) {
            long norms = read.state().keySet().stream()
                    .filter(name -> name.endsWith("running_var"))
                    .count();
            List<String> counters = in.tensors().keySet().stream()
                    .filter(name -> in.tensors().get(name).type() == TensorType.I64)
                    .toList();
            assertThat(counters).hasSize((int) norms).allMatch(name -> name.endsWith(".num_batches_tracked"));
            assertThat(counters)
                    .allSatisfy(name -> assertThat(in.integers(name)).containsExactly(source.integers(name)));
        }
    }

    private Path changed(Consumer<Map<String, Entry>> change) {
        Map<String, Entry> tensors = new LinkedHashMap<>(Reference.weights("weights.safetensors"));
        change.accept(tensors);
        Path file = folder.resolve("changed.safetensors");
        Safetensors.write(file, new Contents(tensors, Map.of()));
        return file;
    }

    private static void refused(Path file, String... why) {
        assertThatThrownBy(() -> Checkpoints.load(file))
                .isInstanceOf(LabException.class)
                .isNotInstanceOf(UsageException.class)
                .hasMessageContaining(file.toString())
                .message()
                .contains(why);
    }

    @Test
    void everythingThatDoesNotFitIsNamedAtOnce() {
        Path file = changed(tensors -> {
            tensors.remove("norm.weight");
            tensors.remove("transitions.1.0.bn.running_var");
            tensors.put("optimizer", new Entry(new int[] {1}, new float[1]));
            tensors.put("head.bias", new Entry(new int[] {9}, new float[9]));
        });
        refused(
                file,
                "missing: norm.weight",
                "missing: transitions.1.0.bn.running_var",
                "surplus: optimizer",
                "shape of head.bias is (9), the model's is (10)");
    }

    @Test
    void whatTheArchitectureIsReadFromIsNamedIfItIsMissing() {
        refused(
                changed(tensors -> {
                    tensors.remove("stem.0.conv.weight");
                    tensors.remove("stages.2.blocks.0.large_kernel.lkb_origin.conv.weight");
                }),
                "of no RepLKNet",
                "it lacks stages.2.blocks.0.large_kernel.lkb_origin.conv.weight, stem.0.conv.weight");
        refused(changed(Map::clear), "of no RepLKNet", "it holds 0 tensors");
        refused(changed(tensors -> tensors.keySet().removeIf(name -> name.startsWith("head."))), "head.weight");
    }

    @Test
    void contradictionsAreRefused() {
        refused(
                changed(tensors -> tensors.put(
                        "stages.0.blocks.0.large_kernel.lkb_origin.conv.weight",
                        new Entry(new int[] {16, 1, 4, 4}, new float[256]))),
                "of no RepLKNet",
                "odd");
        refused(
                changed(tensors -> tensors.put(
                        "stages.1.blocks.0.pw1.conv.weight", new Entry(new int[] {50, 24, 1, 1}, new float[1200]))),
                "no one ratio makes its depthwise channels [16, 50, 40, 64] of the stages' [16, 24, 40, 64]");
    }

    /** A few numbers that claim a network of terabytes. */
    @Test
    void aSmallFileIsNoHugeNetwork() {
        int huge = 40_000;
        refused(
                changed(tensors -> {
                    tensors.clear();
                    tensors.put("stem.0.conv.weight", new Entry(new int[] {1, 3, 1, 1}, new float[3]));
                    tensors.put("head.weight", new Entry(new int[] {2, 1}, new float[2]));
                    tensors.put(
                            "stages.0.blocks.0.pw1.conv.weight", new Entry(new int[] {1, huge, 1, 1}, new float[huge]));
                    tensors.put(
                            "stages.0.blocks.1.pw1.conv.weight", new Entry(new int[] {huge, 1, 1, 1}, new float[huge]));
                    tensors.put(
                            "stages.0.blocks.0.large_kernel.lkb_origin.conv.weight",
                            new Entry(new int[] {1, 1, 3, 3}, new float[9]));
                }),
                "describes a network of more than 16 times the");
    }
}
