package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import replklab.tensor.Precision;

/** Repetitions with processes of their own, mostly with contestants whose times are made up. */
class FreshProcessesTest {
    private static final LayersCase LAYERS = new LayersCase(3, new ConvCase(1, 8, 5, 5, 3, Pass.FORWARD));

    private final List<FakeContestant> made = new ArrayList<>();

    private FakeContestant made(String variant, IntToDoubleFunction milliseconds) {
        made.add(new FakeContestant("torch", variant, milliseconds));
        return made.getLast();
    }

    @Test
    void aRepetitionHasAProcessAndTheNextOneAnother() {
        try (FreshProcesses processes = new FreshProcesses((_, _) -> List.of(made("", _ -> 2.5)))) {
            processes.measure(1, "torch", LAYERS, 0, 0);
            processes.measure(1, "torch", LAYERS, 0, 0);
            assertThat(made).hasSize(1);
            assertThat(made.getFirst().closed).isFalse();
            processes.measure(2, "torch", LAYERS, 0, 0);
            assertThat(made).hasSize(2);
            assertThat(made.getFirst().closed).isTrue();
            processes.measure(2, "nd4j", LAYERS, 0, 0);
            assertThat(made).as("each implementation has its own").hasSize(3);
        }
        assertThat(made).allMatch(each -> each.closed);
    }

    @Test
    void theFastestWayCountsAndTheOthersAreTold() {
        try (FreshProcesses processes =
                new FreshProcesses((_, _) -> List.of(made("NCHW", _ -> 40), made("channels_last", _ -> 10)))) {
            Measured measured = processes.measure(1, "torch", LAYERS, 20, 100);
            assertThat(measured.variant()).isEqualTo("channels_last");
            assertThat(measured.version()).isEqualTo("1.2");
            assertThat(measured.timing().median()).isEqualTo(10);
            assertThat(measured.timing().runs()).isEqualTo(10);
            assertThat(measured.variants().get("NCHW").median()).isEqualTo(40);
            assertThat(measured.description().layers()).isEqualTo(Map.of("depthwise", 0.5));
        }
    }

    @Test
    void threeCallsCountUnlessOneTakesSeconds() {
        try (FreshProcesses processes = new FreshProcesses((_, _) -> List.of(made("", _ -> 900)))) {
            assertThat(processes.measure(1, "torch", LAYERS, 0, 40).timing().runs())
                    .isEqualTo(3);
            assertThat(made.getFirst().calls()).isEqualTo(4);
        }
        try (FreshProcesses processes = new FreshProcesses((_, _) -> List.of(made("", _ -> 5_000)))) {
            assertThat(processes.measure(1, "nd4j", LAYERS, 100, 200).timing().runs())
                    .isEqualTo(1);
        }
    }

    /** A first call that is compiled while it runs is a hundred times as slow as the ones that count. */
    @Test
    void warmingUpGoesOnWhileSomethingIsCompiled() {
        try (FreshProcesses processes = new FreshProcesses((_, _) -> {
            FakeContestant ours = made("", call -> call < 6 ? 50 : 1);
            ours.settlingTurns = 7;
            return List.of(ours);
        })) {
            assertThat(processes.measure(1, "ours", LAYERS, 30, 10).timing().slowest())
                    .isEqualTo(1);
        }
    }

    @Test
    void whoFailsIsStartedAnewNextTime() {
        try (FreshProcesses processes = new FreshProcesses((_, _) -> {
            FakeContestant each = made("", _ -> 1);
            each.failsAtTurn = made.size() == 1 ? 1 : -1;
            return List.of(each);
        })) {
            assertThatThrownBy(() -> processes.measure(1, "torch", LAYERS, 0, 0))
                    .isInstanceOf(LeftOutException.class)
                    .hasMessage("gone");
            assertThat(made.getFirst().closed).isTrue();
            assertThat(processes.measure(1, "torch", LAYERS, 0, 0).timing().median())
                    .isEqualTo(1);
        }
    }

    /** Our own side in a real process, and ND4J's: neither needs anything to be installed. */
    @Test
    void oursAndNd4jComputeInProcessesOfTheirOwn() {
        try (FreshProcesses processes = new FreshProcesses()) {
            assertThat(processes.absence("ours", LAYERS)).isEmpty();
            assertThat(processes.absence("nd4j", LAYERS)).isEmpty();
            Measured ours = processes.measure(1, "ours", LAYERS, 0, 0);
            assertThat(ours.timing().median()).isPositive();
            assertThat(ours.description().plan()).contains("1x8x5x5 kernel 3");
            assertThat(processes.measure(1, "fft", LAYERS, 0, 0).description().plan())
                    .contains("fft, as asked for");
            Measured nd4j = processes.measure(1, "nd4j", LAYERS.layer(), 0, 0);
            assertThat(nd4j.timing().median()).isPositive();
            ModelCase swin = new ModelCase(ModelCase.SWIN_B, 1, 32, Precision.FLOAT32, Pass.FORWARD);
            assertThatThrownBy(() -> processes.measure(1, "ours", swin, 0, 0))
                    .isInstanceOf(LeftOutException.class)
                    .hasMessage("the library has no swin-b");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whoIsNotInstalledIsNamedWithTheCommand(@TempDir Path folder) throws IOException {
        Path python = Files.writeString(folder.resolve("python"), "#!/bin/sh\necho onnxscript timm\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        assertThat(PeerEnvironment.missing(python, Set.of("timm", "torch"))).containsExactly("timm");
        assertThat(PeerEnvironment.missing(python, Set.of("torch"))).isEmpty();
        assertThat(PeerEnvironment.missing(folder.resolve("nowhere"), Set.of("torch")))
                .containsExactly("torch");
        assertThat(PeerEnvironment.missing(folder.resolve("nowhere"), Set.of())).isEmpty();
        String before = System.getProperty(PeerEnvironment.PROPERTY);
        System.setProperty(PeerEnvironment.PROPERTY, python.toString());
        try (FreshProcesses processes = new FreshProcesses()) {
            ModelCase swin = new ModelCase(ModelCase.SWIN_B, 1, 32, Precision.FLOAT32, Pass.FORWARD);
            assertThat(processes.absence("openvino", swin))
                    .hasValue("openvino is not measured: onnxscript and timm are not installed,"
                            + " ./lab setup --peers installs what is missing");
            assertThat(processes.absence("torch", swin))
                    .hasValue("torch is not measured: timm is not installed,"
                            + " ./lab setup --peers installs what is missing");
            assertThat(processes.absence("torch", LAYERS)).isEmpty();
            assertThat(processes.absence("ours", swin)).isEmpty();
        } finally {
            if (before == null) {
                System.clearProperty(PeerEnvironment.PROPERTY);
            } else {
                System.setProperty(PeerEnvironment.PROPERTY, before);
            }
        }
    }
}
