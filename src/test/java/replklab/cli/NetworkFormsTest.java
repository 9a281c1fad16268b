package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.model.Architecture;
import replklab.model.KernelForm;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/** What networks of every family cost. */
class NetworkFormsTest {
    /** MACs as Sandler et al. 2018 and Liu et al. 2022 print them; parameters as their published weights have them. */
    @ParameterizedTest
    @CsvSource({
        "mobilenetv2, 3504872, 0.3",
        "convnext-t, 28589128, 4.5",
        "convnext-s, 50223688, 8.7",
        "convnext-b, 88591464, 15.4",
        "convnext-l, 197767336, 34.4",
        "convnext-xl, 350196968, 60.9",
    })
    void publishedNetworksCostWhatWasPublished(String name, long parameters, double gigaMacs) {
        NetworkForms forms = NetworkForms.of(Architecture.parse(name), KernelForm.TRAINING, 224, 224);
        assertThat(forms.first().parameters()).isEqualTo(parameters);
        assertThat(forms.first().macs() / 1e9).isCloseTo(gigaMacs, within(0.05));
    }

    /** Folded parameters are counted without folding. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "replknet:kernels=9-7,layers=1-2,channels=6-9,smallKernel=3,dwRatio=1.5,ffnRatio=2,classes=4",
                "replknet:kernels=9-7,layers=1-2,channels=6-9,smallKernel=3,features=0-1,norms=yes",
                "replknet:kernels=9-7,layers=1-2,channels=6-9,smallKernel=0,features=1",
                "mobilenetv2:width=0.25,kernel=5,smallKernel=3,lastChannels=32,classes=5",
                "mobilenetv2:width=0.25,features=1-2-4-6",
                "convnext:kernels=5-3,layers=1-2,channels=8-12,stemSize=2,classes=6",
                "convnext:kernels=5-3,layers=1-2,channels=8-12,features=0-1",
                "upernet:channels=8,classes=3,backbone=replknet:kernels=5-3,layers=1-1,channels=4-6,smallKernel=3,features=0-1,norms=yes",
                "upernet:channels=8,classes=3,backbone=mobilenetv2:width=0.25",
                "upernet:channels=8,classes=3,backbone=convnext:kernels=3-3,layers=1-1,channels=4-6",
            })
    void foldedIsWhatFoldingLeaves(String name) {
        Architecture architecture = Architecture.parse(name);
        NetworkForms forms = NetworkForms.of(architecture, KernelForm.TRAINING, 64, 96);
        Layer folded = architecture
                .network(KernelForm.MERGED, Initialisation.uniform(new SplittableRandom(1)))
                .folded();
        assertThat(forms.foldedParameters())
                .isEqualTo(folded.state().values().stream()
                        .mapToLong(variable -> variable.tensor().shape().elements())
                        .sum());
        Layer trained = architecture.network(KernelForm.TRAINING, Initialisation.undefined());
        assertThat(forms.first().parameters()).isEqualTo(trained.parameterCount());
        assertThat(forms.merged().macs()).isLessThanOrEqualTo(forms.first().macs());
    }
}
