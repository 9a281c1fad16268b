package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.tensor.Precision;

/** The peers themselves, where they are installed: what their own counters are called is theirs to change. */
class InstalledPeersTest {
    private static final ModelCase SMALL = new ModelCase(
            "replknet:kernels=13-11-9-7,layers=1-1-1-1,channels=16-24-32-40,smallKernel=5,dwRatio=1,classes=10",
            1,
            64,
            Precision.FLOAT32,
            Pass.FORWARD);

    @ParameterizedTest
    @ValueSource(strings = {"torch", "torch-nchw", "onnxruntime", "openvino"})
    void anEngineTellsItsTimesByKindOfLayer(String engine) {
        try (FreshProcesses processes = new FreshProcesses()) {
            assumeTrue(processes.absence(engine, SMALL).isEmpty(), "./lab setup --peers installs it");
            Measured measured = processes.measure(1, engine, SMALL, 0, 0);
            assertThat(measured.version()).isNotEmpty();
            assertThat(measured.timing().runs()).isEqualTo(3);
            assertThat(measured.description().layers())
                    .containsKeys("pointwise", "depthwise 13x13", "depthwise 7x7", "depthwise 3x3");
            assertThat(measured.description().depthwiseShare()).isStrictlyBetween(0.01, 0.99);
        }
    }

    @Test
    void pytorchComputesLayersInARowInTheFasterLayout() {
        LayersCase layers = new LayersCase(2, new ConvCase(1, 8, 16, 16, 5, Pass.FORWARD));
        try (FreshProcesses processes = new FreshProcesses()) {
            assumeTrue(processes.absence("torch", layers).isEmpty(), "./lab setup --peers installs it");
            Measured measured = processes.measure(1, "torch", layers, 0, 0);
            assertThat(measured.variants()).containsOnlyKeys("eager channels_last", "eager NCHW");
            assertThat(measured.variants()).containsKey(measured.variant());
        }
    }

    @Test
    void swinIsTimms() {
        ModelCase swin = new ModelCase(ModelCase.SWIN_B, 1, 32, Precision.FLOAT32, Pass.FORWARD);
        try (FreshProcesses processes = new FreshProcesses()) {
            assumeTrue(processes.absence("torch", swin).isEmpty(), "./lab setup --peers installs it");
            Measured measured = processes.measure(1, "torch", swin, 0, 0);
            assertThat(measured.timing().median()).isPositive();
            assertThat(measured.description().layers()).containsKeys("pointwise", "layer norm");
        }
    }
}
