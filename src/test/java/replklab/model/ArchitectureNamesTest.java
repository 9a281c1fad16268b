package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/** Networks by their names, and the names of networks. */
class ArchitectureNamesTest {
    private static Layer network(String name) {
        return Architecture.parse(name).network(KernelForm.TRAINING, Initialisation.undefined());
    }

    private static RepLKNetConfig replknet(String name) {
        return ((RepLKNet) network(name)).config();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replknet-31c                        | did you mean replknet-31b
            resnet-50                           | unknown architecture 'resnet-50'
            mobilenet-v2                        | did you mean mobilenetv2
            convnext-tiny                       | did you mean convnext-t
            convnext                            | did you mean convnext-
            upernet                             | upernet:backbone=...
            replknet:kernel=3-3-3-3             | did you mean kernels
            replknet:kernels                    | no key=value
            replknet:                           | no key=value
            replknet:smallKernel=0,smallKernel=0 | stands twice
            replknet:smallKernel=0,small=0      | smallKernel of replknet stands twice
            replknet:kernels=3-x-3-3            | kernels is '3-x-3-3'; it must be whole numbers with - between
            replknet:kernels=3-4-3-3,smallKernel=0    | kernel size is 4
            replknet:dwRatio=wide              | 'wide'; it must be a number
            replknet:classes=1                  | classes of RepLKNet is 1
            replknet:kernels=7-7                | one a stage
            replknet-31b:norms=yes              | norms of replknet are a backbone's
            replknet-31b:features=0,classes=9   | a backbone has no classes
            replknet-31b:features=3-1           | in ascending order
            replknet-31b:features=0,norms=maybe | 'maybe'; it must be yes or no
            mobilenetv2:shorcut=no              | did you mean shortcut
            mobilenetv2:features=7              | stages of the MobileNetV2 backbone are [7]
            mobilenetv2:norms=yes,features=1    | mobilenetv2: unknown key 'norms'
            mobilenetv2:dilation=2,smallKernel=3,kernel=5 | dilation 2 and smallKernel 3
            convnext-t:kernels=8-8-8-8          | kernel size is 8
            upernet:classes=19                  | names no backbone
            upernet:backbone=replknet-31c       | did you mean replknet-31b
            upernet:widht=3,backbone=convnext-t | upernet: unknown key 'widht'
            upernet:backbone=replknet-31b:classes=19 | those of the head come before it
            upernet:backbone=upernet:backbone=convnext-t | unknown architecture 'upernet'
            """)
    void wrongNamesAreExplained(String name, String why) {
        assertThatThrownBy(() -> network(name))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(why);
    }

    @Test
    void thePapersNetworksHaveTheirNames() {
        for (String name : RepLKNetConfig.names()) {
            assertThat(replknet(name)).isEqualTo(RepLKNetConfig.named(name));
            assertThat(Architecture.of(RepLKNetConfig.named(name)).name()).isEqualTo(name);
        }
        String tiny =
                "replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,smallKernel=5,dwRatio=1,classes=10";
        assertThat(replknet(tiny)).isEqualTo(Reference.CONFIG);
        assertThat(replknet(tiny.replace("smallKernel", "small").replace("dwRatio", "dw-ratio")))
                .as("what names said before")
                .isEqualTo(Reference.CONFIG);
        assertThat(replknet(Architecture.of(Reference.CONFIG).name())).isEqualTo(Reference.CONFIG);
        assertThat(replknet("replknet:dwRatio=1.5").dwRatio()).isEqualTo(1.5);
        assertThat(replknet("replknet:classes=1000")).isEqualTo(RepLKNetConfig.named("replknet-31b"));
        assertThat(replknet("replknet-xl:classes=10"))
                .isEqualTo(RepLKNetConfig.named("replknet-xl").withData(3, 10));
        assertThat(Architecture.of(RepLKNetConfig.named("replknet-3").withDropPath(0.5))
                        .name())
                .isEqualTo("replknet-3");
    }

    @Test
    void optionsAreThoseOfTheFamily() {
        MobileNetV2Config mobile = ((MobileNetV2) network(
                        "mobilenetv2-0.75:kernels=3-3-3-3-3-3-13,smallKernel=3,shortcut=no,blocks=1-1-2-1-1-1-1,"
                                + "inputChannels=1,classes=10"))
                .config();
        assertThat(mobile)
                .isEqualTo(new MobileNetV2Config(
                        0.75,
                        3,
                        List.of(3, 3, 3, 3, 3, 3, 13),
                        3,
                        1,
                        false,
                        2,
                        MobileNetV2Config.IMAGENET_STRIDES,
                        List.of(1, 1, 2, 1, 1, 1, 1),
                        1280,
                        1,
                        10));
        assertThat(((MobileNetV2) network("mobilenetv2:width=0.75")).config())
                .isEqualTo(MobileNetV2Config.imageNet(0.75));
        assertThat(((ConvNeXt) network("convnext-t:kernels=31-31-31-31")).config())
                .isEqualTo(ConvNeXtConfig.tiny(31));
    }

    /** A name and the name of what it means give the same network; the latter names itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "replknet:kernels=9-7,layers=1-1,channels=6-9,smallKernel=3,dwRatio=1.5,ffnRatio=2,classes=4",
                "replknet-3:features=1-3,norms=yes",
                "replknet:kernels=9-7,layers=1-1,channels=6-9,smallKernel=3,features=1",
                "mobilenetv2-0.75",
                "mobilenetv2:width=0.25,dilation=2,lastChannels=32,classes=5",
                "mobilenetv2:width=0.25,kernels=3-3-5-5-7-7-7,features=1-2-4-6",
                "convnext:kernels=5-3,layers=1-2,channels=8-12,stemSize=2,inputChannels=1",
                "convnext-s:features=2-3",
                "upernet:backbone=mobilenetv2:width=0.25",
                "upernet:channels=16,poolScales=1-2,auxiliaryChannels=0,classes=3,backbone=convnext-t:features=0-1",
                "upernet:backbone=replknet-3:features=0-1-2-3,norms=yes"
            })
    void namesNameThemselves(String name) {
        Architecture first = Architecture.parse(name);
        Architecture second = Architecture.parse(first.name());
        assertThat(second.name()).isEqualTo(first.name());
        assertThat(second.inputChannels()).isEqualTo(first.inputChannels());
        for (KernelForm form : KernelForm.values()) {
            assertThat(sizes(second, form)).isEqualTo(sizes(first, form)).isNotEmpty();
        }
    }

    private static List<String> sizes(Architecture architecture, KernelForm form) {
        return architecture.network(form, Initialisation.undefined()).state().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().tensor().shape())
                .toList();
    }

    @Test
    void inferenceHasNoAuxiliaryHead() {
        Architecture upernet =
                Architecture.parse("upernet:channels=8,auxiliaryChannels=4,backbone=mobilenetv2:width=0.25");
        assertThat(sizes(upernet, KernelForm.TRAINING)).anyMatch(name -> name.startsWith("auxiliary_head."));
        assertThat(sizes(upernet, KernelForm.MERGED)).noneMatch(name -> name.startsWith("auxiliary_head."));
    }
}
