package replklab.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.model.Backbone;
import replklab.model.ConvNeXt;
import replklab.model.ConvNeXtBackbone;
import replklab.model.ConvNeXtConfig;
import replklab.model.DepthwiseKernel;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Backbone;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetConfig;
import replklab.model.UperNet;
import replklab.model.UperNetConfig;
import replklab.nn.Layer;
import replklab.nn.Scrambled;
import replklab.tensor.Tensor;

/** ONNX Runtime as a witness of the other families: classifiers, backbones, segmentation. */
class OnnxFamilyTest {
    private static final ConvNeXtConfig CONV_NEXT =
            new ConvNeXtConfig(List.of(7, 13), List.of(1, 2), List.of(8, 12), 4, 0.5, 0, 3, 5);

    @TempDir
    private Path folder;

    private static Tensor images(int n, int h, int w) {
        return Tensor.normal(new SplittableRandom(h), 1, n, h, w, 3);
    }

    private static SplittableRandom random() {
        return new SplittableRandom(1);
    }

    private boolean assertWitnessed(Layer network, Layer exported, Tensor... inputs) {
        OnnxModel model = OnnxModel.of(exported, inputs[0].shape(), "y");
        Path file = folder.resolve("network.onnx");
        model.write(file);
        try (OnnxSession session = OnnxSession.open(file)) {
            for (Tensor x : inputs) {
                assertThat(OnnxCheck.of(network.forward(x), session.run(x, "y")).error())
                        .as("error at %s", x.shape())
                        .isLessThan(1e-5);
            }
        }
        return model.isSizeFixed();
    }

    @Test
    void convNeXtAtSizesThatItsSquaresDivideAndOthers() {
        ConvNeXt network = Scrambled.of(new ConvNeXt(CONV_NEXT, random()), 2);
        Tensor[] inputs = {images(1, 32, 32), images(2, 48, 24), images(2, 37, 46)};
        assertThat(assertWitnessed(network, network.folded(), inputs)).isFalse();
        assertWitnessed(network, network, inputs);
    }

    @ParameterizedTest
    @MethodSource
    void mobileNetV2WithItsOptions(DepthwiseKernel kernel) {
        MobileNetV2Config config = new MobileNetV2Config(0.25, 3, true, 2, MobileNetV2Config.IMAGENET_STRIDES, 16, 3, 5)
                .withKernel(kernel);
        MobileNetV2 network = Scrambled.of(new MobileNetV2(config, random()), 2);
        assertWitnessed(network, network.folded(), images(1, 64, 64), images(2, 41, 50));
        assertWitnessed(network, network, images(2, 41, 50));
    }

    static List<DepthwiseKernel> mobileNetV2WithItsOptions() {
        return List.of(new DepthwiseKernel(13, 5, 1), new DepthwiseKernel(3, 0, 6));
    }

    static List<Backbone> backbones() {
        RepLKNetConfig config =
                new RepLKNetConfig(List.of(13, 7, 5), List.of(1, 1, 1), List.of(8, 12, 16), 5, 1.5, 2, 0, 3, 5);
        MobileNetV2Config mobile =
                new MobileNetV2Config(0.25, 3, true, 2, MobileNetV2Config.IMAGENET_STRIDES, 16, 3, 5);
        return List.of(
                Scrambled.of(new RepLKNetBackbone(config, List.of(0, 1, 2), true, random()), 2),
                Scrambled.of(new RepLKNetBackbone(config, List.of(0, 2), false, random()), 3),
                Scrambled.of(new ConvNeXtBackbone(CONV_NEXT, List.of(0, 1), random()), 4),
                Scrambled.of(new MobileNetV2Backbone(mobile, MobileNetV2Backbone.PYRAMID, random()), 5));
    }

    @ParameterizedTest
    @MethodSource("backbones")
    void backbonesWithEachOfTheirFeatureMaps(Backbone backbone) {
        Backbone folded = backbone.foldedBackbone();
        Path file = folder.resolve("features.onnx");
        OnnxModel.of(folded, x -> named(folded.features(x)), images(1, 64, 64).shape())
                .write(file);
        Tensor x = images(2, 72, 56);
        try (OnnxSession session = OnnxSession.open(file)) {
            named(backbone.features(x))
                    .forEach((name, expected) -> assertThat(
                                    OnnxCheck.of(expected, session.run(x, name)).error())
                            .as(name)
                            .isLessThan(1e-5));
        }
    }

    private static SequencedMap<String, Tensor> named(List<Tensor> maps) {
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        for (Tensor map : maps) {
            named.put("map" + named.size(), map);
        }
        return named;
    }

    /** Pooling by a grid that does not divide the map, too: cells overlap. */
    @ParameterizedTest
    @MethodSource("backbones")
    void uperNetAtTheSizeItWasMadeFor(Backbone backbone) {
        UperNetConfig config = new UperNetConfig(12, List.of(1, 2, 3, 6), 6, 0.1, 7);
        UperNet network = Scrambled.of(new UperNet(backbone, config, random()), 6);
        assertThat(assertWitnessed(network, network.folded(), images(1, 64, 96), images(2, 64, 96)))
                .isTrue();
        assertWitnessed(network, network, images(1, 64, 96));
    }
}
