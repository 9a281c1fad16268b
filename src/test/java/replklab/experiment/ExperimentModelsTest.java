package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;
import replklab.base.UserClasses;
import replklab.data.ImageShape;
import replklab.model.Backbone;
import replklab.model.ConvNeXt;
import replklab.model.MobileNetV2;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetConfig;
import replklab.nn.Layer;
import replklab.nn.Scrambled;
import replklab.tensor.Tensor;

/** The models that an experiment can name. */
class ExperimentModelsTest {
    private static final String REPLKNET = "{name: replknet, kernels: [7, 5], layers: [1, 2], channels: [4, 8],"
            + " smallKernel: 3, dwRatio: 1.5, ffnRatio: 4, dropPath: 0.1}";

    private static final ExperimentModels MODELS = new ExperimentModels(UserClasses.NONE);
    private static final ImageShape IMAGES = new ImageShape(16, 16, 1);

    private static Map<String, JsonNode> options(String yaml) {
        try {
            return new YAMLMapper().readValue(yaml, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Layer make(String yaml, long seed) {
        return MODELS.make(options(yaml), IMAGES, 10, new SplittableRandom(seed));
    }

    @Test
    void makesARepLKNetForTheData() {
        RepLKNet network = (RepLKNet) make(REPLKNET, 1);
        assertThat(network.config())
                .isEqualTo(new RepLKNetConfig(List.of(7, 5), List.of(1, 2), List.of(4, 8), 3, 1.5, 4, 0.1, 1, 10));
        assertThat(weight(network)).containsExactly(weight(make(REPLKNET, 1))).isNotEqualTo(weight(make(REPLKNET, 2)));
    }

    private static float[] weight(Layer network) {
        return network.parameters().get("head.weight").toArray();
    }

    @Test
    void makesAMobileNetV2() {
        String yaml = "{name: mobilenetv2, width: 0.25, kernel: 3, shortcut: true, stemStride: 1,"
                + " strides: [1, 2, 1, 2, 1, 1, 1], lastChannels: 16}";
        assertThat(make(yaml, 1))
                .isInstanceOfSatisfying(
                        MobileNetV2.class,
                        network -> assertThat(network.config().dilation()).isEqualTo(1));
        String reparameterised = yaml.replace("}", ", kernels: [3, 3, 3, 3, 3, 5, 13], smallKernel: 3, dilation: 1}");
        assertThat(make(reparameterised, 1)).isInstanceOfSatisfying(MobileNetV2.class, network -> {
            assertThat(network.config().kernels()).endsWith(5, 13);
            assertThat(network.config().smallKernel()).isEqualTo(3);
        });
        refused(yaml.replace("}", ", dilation: 2, smallKernel: 3}"), "dilation 2 and smallKernel 3");
    }

    @Test
    void makesAConvNeXt() {
        String yaml =
                "{name: convnext, kernels: [13, 7], layers: [1, 1], channels: [4, 8], stemSize: 2, layerScale: 0.1,"
                        + " dropPath: 0}";
        assertThat(make(yaml, 1)).isInstanceOf(ConvNeXt.class);
    }

    @Test
    void refusesOptionsByName() {
        refused("{kernels: [3]}", "model.name is missing (known: replknet-3, ");
        refused(REPLKNET.replace("replknet", "repknet"), "repknet", "replknet");
        refused(REPLKNET.replace("smallKernel", "smalKernel"), "smalKernel", "did you mean smallKernel");
        refused(REPLKNET.replace(", ffnRatio: 4", ""), "ffnRatio is missing");
        refused(REPLKNET.replace("[7, 5]", "[7, 4]"), "kernel size is 4", "odd");
        refused(REPLKNET.replace("}", ", classes: 3}"), "model.classes follows from the data");
    }

    private static void refused(String yaml, String... words) {
        assertThatThrownBy(() -> MODELS.check(options(yaml)))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(words);
    }

    /** A backbone has the classifier's own features: its weights were copied, whatever it drew. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                REPLKNET,
                "{name: mobilenetv2, width: 0.25, kernel: 5, shortcut: true, stemStride: 1, strides: [1, 2, 1, 2, 1, 1, 1],"
                        + " lastChannels: 16}",
                "{name: convnext, kernels: [5, 3], layers: [1, 1], channels: [4, 8], stemSize: 2, layerScale: 0.5,"
                        + " dropPath: 0}"
            })
    void aBackboneHasTheWeightsOfItsClassifier(String yaml) {
        Layer trained = Scrambled.of(make(yaml, 1), 2);
        Backbone backbone = MODELS.backbone(options(yaml), IMAGES, List.of(), trained, new SplittableRandom(3));
        backbone.train(false);
        assertThat(backbone.channels()).hasSizeGreaterThan(1);
        Map<String, Layer.Variable> given = trained.state();
        backbone.state().forEach((name, variable) -> {
            if (given.containsKey(name)) {
                assertThat(variable.tensor().toArray())
                        .isEqualTo(given.get(name).tensor().toArray());
                assertThat(variable.tensor()).isNotSameAs(given.get(name).tensor());
            } else {
                assertThat(name).contains("norm");
            }
        });
        Tensor image = Tensor.normal(new SplittableRandom(4), 1, 1, 16, 16, 1);
        assertThat(backbone.features(image)).hasSameSizeAs(backbone.channels());
    }

    @Test
    void mobileNetsPyramidEndsBeforeEachStride() {
        String yaml = "{name: mobilenetv2, width: 0.25, kernel: 3, shortcut: true, stemStride: 2,"
                + " strides: [1, 2, 1, 2, 1, 1, 1], lastChannels: 16}";
        Backbone backbone = MODELS.backbone(options(yaml), IMAGES, List.of(), make(yaml, 1), new SplittableRandom(1));
        Tensor image = Tensor.zeros(1, 64, 64, 1);
        assertThat(backbone.features(image)).extracting(map -> map.size(1)).containsExactly(32, 16, 8);
        Backbone chosen = MODELS.backbone(options(yaml), IMAGES, List.of(2, 6), make(yaml, 1), new SplittableRandom(1));
        assertThat(chosen.features(image)).extracting(map -> map.size(1)).containsExactly(16, 8);
    }
}
