package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;
import replklab.model.Checkpoints.Described;
import replklab.model.Checkpoints.Loaded;
import replklab.model.Checkpoints.Part;
import replklab.nn.Scrambled;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;
import replklab.weights.Safetensors.Contents;
import replklab.weights.Safetensors.Entry;
import replklab.weights.Weights;

/** Files of backbones alone, and of the networks around them that segmentation and detection train. */
class BackboneFilesTest {
    private static final RepLKNetConfig CONFIG =
            new RepLKNetConfig(List.of(7, 5, 3), List.of(1, 2, 1), List.of(4, 6, 8), 3, 1.5, 2, 0, 3, 1000);

    @TempDir
    Path folder;

    private static RepLKNetBackbone backbone(boolean norms) {
        return Scrambled.of(new RepLKNetBackbone(CONFIG, List.of(0, 1, 2), norms, new SplittableRandom(1)), 2);
    }

    private Path saved(RepLKNetTrunk network) {
        Path file = folder.resolve("backbone.safetensors");
        Weights.save(network.layer(), file, Map.of("epoch", "7"));
        return file;
    }

    /** The file with other names and with tensors beside them. */
    private Path changed(Path file, UnaryOperator<String> rename, String... more) {
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Safetensors.read(file).tensors().forEach((name, entry) -> tensors.put(rename.apply(name), entry));
        for (String name : more) {
            tensors.put(name, new Entry(new int[] {2}, new float[2]));
        }
        Path changed = folder.resolve("changed.safetensors");
        Safetensors.write(changed, new Contents(tensors, Map.of()));
        return changed;
    }

    private static void assertSameMaps(RepLKNetBackbone expected, RepLKNetTrunk actual, double tolerance) {
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 2, 40, 56, 3);
        List<Tensor> maps = ((RepLKNetBackbone) actual).features(x);
        assertThat(maps).hasSize(3);
        for (int i = 0; i < maps.size(); i++) {
            assertThat(Scrambled.error(expected.features(x).get(i), maps.get(i)))
                    .isLessThanOrEqualTo(tolerance);
        }
        assertThat(Scrambled.error(expected.lastStage(x), actual.lastStage(x))).isLessThanOrEqualTo(tolerance);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBackboneComesBackWithItsNorms(boolean norms) {
        RepLKNetBackbone written = backbone(norms);
        Path file = saved(written);
        Loaded loaded = Checkpoints.load(file, Part.ALL);
        assertThat(loaded.leftOut()).isEmpty();
        assertThat(loaded.network().config()).isEqualTo(CONFIG);
        assertThat(((RepLKNetBackbone) loaded.network()).hasNorms()).isEqualTo(norms);
        assertSameMaps(written, loaded.network(), 0);
        Described described = Checkpoints.describe(file, Part.ALL, "");
        assertThat(described.form()).isEqualTo(KernelForm.TRAINING);
        assertThat(described.architecture().name())
                .startsWith("replknet:kernels=7-5-3,layers=1-2-1,channels=4-6-8,smallKernel=3,dwRatio=1.5,")
                .endsWith(",features=0-1-2,norms=" + (norms ? "yes" : "no"));
    }

    @Test
    void theNormIsOnTheMapsAlone() {
        RepLKNetBackbone network = backbone(true);
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 2, 32, 32, 3);
        Tensor without = RepLKNetBackbone.of(network, List.of(2), false).forward(x);
        assertThat(network.lastStage(x).toArray()).isEqualTo(without.toArray());
        assertThat(network.forward(x).toArray()).isNotEqualTo(without.toArray());
        assertThat(RepLKNetBackbone.of(network, List.of(2), true).forward(x).toArray())
                .as("the network's own norm goes along")
                .isEqualTo(network.forward(x).toArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mergedBackbonesAreWrittenAndRead(boolean norms) {
        RepLKNetBackbone written = backbone(norms);
        Path merged = folder.resolve("merged.safetensors");
        Loaded first = Checkpoints.merge(saved(written), merged, Part.ALL, "");
        Loaded second = Checkpoints.load(merged, Part.ALL);
        assertThat(second.network().form()).isEqualTo(KernelForm.MERGED);
        assertSameMaps(written, first.network(), 1e-5);
        assertSameMaps((RepLKNetBackbone) first.network(), second.network(), 0);
        assertThat(Safetensors.read(merged).metadata()).containsEntry("epoch", "7");
    }

    /** MMSegmentation's names where nothing stands beside the backbone. */
    @Test
    void aPrefixOnAllNamesIsDropped() {
        RepLKNetBackbone written = backbone(true);
        Loaded loaded = Checkpoints.load(changed(saved(written), name -> "backbone." + name), Part.ALL);
        assertThat(loaded.leftOut()).isEmpty();
        assertSameMaps(written, loaded.network(), 0);
    }

    /** MMPretrain's classifier: the backbone's last stage has the final norm, and the head a layer. */
    @Test
    void aClassifierAroundABackboneIsRead() {
        RepLKNet written = Scrambled.of(new RepLKNet(CONFIG, new SplittableRandom(5)), 5);
        Path usual = folder.resolve("usual.safetensors");
        Weights.save(written, usual, Map.of());
        Path file = changed(
                usual,
                name -> name.startsWith("head.")
                        ? name.replace("head.", "head.fc.")
                        : "backbone." + name.replaceFirst("^norm\\.", "stages.2.norm."));
        Tensor x = Tensor.normal(new SplittableRandom(3), 1, 2, 32, 32, 3);
        RepLKNet read = Checkpoints.load(file);
        assertThat(read.forward(x).toArray())
                .containsExactly(Checkpoints.load(usual).forward(x).toArray());
        Loaded backbone = Checkpoints.load(file, Part.BACKBONE);
        assertThat(backbone.leftOut()).containsExactly("backbone.stages.2.norm.* (4 tensors)", "head.* (2 tensors)");
        assertThat(backbone.network().lastStage(x).toArray())
                .containsExactly(read.lastStage(x).toArray());
    }

    @Test
    void whatStandsBesideTheBackboneIsLeftOutOnlyWhenAsked() {
        RepLKNetBackbone written = backbone(true);
        Path file = changed(
                saved(written),
                name -> "backbone." + name,
                "decode_head.conv_seg.weight",
                "decode_head.conv_seg.bias",
                "auxiliary_head.convs.0.conv.weight");
        assertThatThrownBy(() -> Checkpoints.load(file, Part.ALL))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(
                        "besides backbone.* there are auxiliary_head.* (1 tensor), decode_head.* (2 tensors); the backbone"
                                + " alone can be taken out (--backbone)");
        Loaded loaded = Checkpoints.load(file, Part.BACKBONE);
        assertThat(loaded.leftOut()).containsExactly("auxiliary_head.* (1 tensor)", "decode_head.* (2 tensors)");
        assertSameMaps(written, loaded.network(), 0);
        assertThat(Checkpoints.describe(file, Part.BACKBONE, "").leftOut()).isEqualTo(loaded.leftOut());
        Path merged = folder.resolve("merged.safetensors");
        assertSameMaps(
                written, Checkpoints.merge(file, merged, Part.BACKBONE, "").network(), 1e-5);
        assertThat(Checkpoints.load(merged, Part.ALL).leftOut()).isEmpty();
    }

    @Test
    void aBackboneIsTakenOutOfAClassifier() {
        Loaded loaded = Checkpoints.load(Reference.file("weights.pth"), Part.BACKBONE);
        assertThat(loaded.leftOut()).containsExactly("head.* (2 tensors)", "norm.* (5 tensors)");
        Tensor x = Reference.images("input.npy");
        assertThat(loaded.network().lastStage(x).toArray())
                .isEqualTo(Checkpoints.load(Reference.file("weights.pth"))
                        .features(x)
                        .toArray());
    }

    @Test
    void aBackboneIsNoClassifier() {
        Path file = saved(backbone(false));
        assertThatThrownBy(() -> Checkpoints.load(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining(file + " holds a RepLKNet's backbone: it lacks head.weight");
    }

    @ParameterizedTest
    @CsvSource({"ALL", "BACKBONE"})
    void whatABackboneLacksIsNamedAllAtOnce(Part part) {
        Path file = changed(saved(backbone(true)), name -> switch (name) {
            case "stages.1.norm.weight" -> "neck.weight";
            case "transitions.0.0.bn.bias" -> "neck.bias";
            default -> name;
        });
        assertThatThrownBy(() -> Checkpoints.load(file, part))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("missing: stages.1.norm.weight")
                .hasMessageContaining("missing: transitions.0.0.bn.bias");
        assertThatThrownBy(() -> Checkpoints.describe(file, part, ""))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("missing: stages.1.norm.weight");
    }
}
