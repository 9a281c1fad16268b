package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import replklab.base.LabHome;

/** Promises that every file in {@code experiments/} keeps. */
class ShippedExperimentsTest {
    static Stream<String> names() {
        return Experiments.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aProfileChangesSizesButNotWhatIsCompared(String name) {
        ExperimentSpec quick = Experiments.load(name, Profile.QUICK).spec();
        for (Profile profile : Profile.required()) { // paper has other data
            ExperimentSpec spec = Experiments.load(name, profile).spec();
            assertThat(spec.variants().keySet()).isEqualTo(quick.variants().keySet());
            if (profile != Profile.SMOKE) { // in which a level may stand for a smaller size
                assertThat(spec.variants()).isEqualTo(quick.variants());
            }
            assertThat(spec.combinations()).isEqualTo(quick.combinations());
            assertThat(spec.hypotheses()).isEqualTo(quick.hypotheses()).isNotEmpty();
            assertThat(spec.paper()).isEqualTo(quick.paper());
            assertThat(spec.isMeasured()).isEqualTo(quick.isMeasured());
            if (spec.isMeasured()) {
                assertThat(spec.measure().get("name")).isEqualTo(quick.measure().get("name"));
            } else {
                assertThat(spec.data().name()).isEqualTo(quick.data().name());
                assertThat(spec.model().get("name")).isEqualTo(quick.model().get("name"));
                assertThat(spec.training().optimiser())
                        .isEqualTo(quick.training().optimiser());
            }
            assertThat(spec.seeds()).as("%s has intervals", profile).isGreaterThanOrEqualTo(2);
        }
        assertThat(Experiments.load(name, Profile.FULL).spec().seeds()).isGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileOpensWithThePaperAndTheCommand(String name) throws IOException {
        List<String> opening = Files.readAllLines(LabHome.resolve("experiments", name + ".yaml")).stream()
                .takeWhile(line -> line.startsWith("#"))
                .toList();
        assertThat(String.join("\n", opening)).contains("The paper", "./lab run " + name, "Data");
    }
}
