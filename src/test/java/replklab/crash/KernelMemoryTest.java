package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import replklab.base.Resident;

/** Memory of a notebook kernel in which networks are trained one after the other, with live charts and an MLflow server. */
@Tag("nightly")
@EnabledOnOs(OS.LINUX)
class KernelMemoryTest {
    private static final int RUNS = 30;
    private static final int WARM = 10;

    /** Networks of six kernel sizes in turn; after each run what is resident, in KiB, a line each. */
    private static String cell(Path resident) {
        return """
                import replklab.data.*;
                import replklab.model.*;
                import replklab.train.*;
                TrainTest data = Datasets.open(DatasetSpec.fashionMnist().withExamples(64, 64), 0);
                for (int run = 0; run < %d; run++) {
                    var config = new MobileNetV2Config(0.25, 3 + 2 * (run %% 6), true, 1, List.of(1, 2, 1, 2, 1, 1, 1), 64, 1, 10);
                    var model = new MobileNetV2(config, new SplittableRandom(run));
                    replklab.notebook.Lab.train("memory", "run=" + run, model, data, TrainingConfig.adamW(1, 32, 1e-3), run);
                    String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
                    Files.writeString(Path.of("%s"), resident.replaceAll("\\\\D", "") + "\\n",
                            java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
                }
                """.formatted(RUNS, resident);
    }

    @BeforeAll
    static void requireKernel() {
        Kernel.require();
    }

    @Test
    void residentMemoryIsLevelOverThirtyRuns() throws IOException {
        Story story = new Story("memory of a kernel");
        try (Checkout checkout = Checkout.make(story)) {
            Files.createSymbolicLink(checkout.root().resolve("data"), LabProcess.project("data"));
            Path resident = checkout.root().resolve("resident");
            LabProcess cell = Kernel.cell(checkout, cell(resident));
            assertThat(cell.await(story)).as("%s\n%s", story, cell.said()).isZero();
            List<Long> mib = Files.readAllLines(resident).stream()
                    .map(kib -> Long.parseLong(kib) >> 10)
                    .toList();
            assertThat(mib).hasSize(RUNS);
            Resident.tell("a notebook kernel: %d MiB after %d trainings, %d after %d"
                    .formatted(mib.get(WARM - 1), WARM, mib.getLast(), RUNS));
            assertThat(mib.getLast()).as("%s", mib).isLessThan(mib.get(WARM - 1) + 150);
            checkout.passed();
        }
    }
}
