package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import replklab.base.UsageException;

/** Who takes part, and how its process is started. */
class ContestantsTest {
    private static final Path NO_PYTHON = Path.of("/nowhere/python");

    @Test
    void narrowVectorsAreMeasuredWhereThereAreWideOnes() {
        boolean wide =
                System.getProperty("os.arch").equals("amd64") && FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512;
        assertThat(Contestants.ownConvolutions().contains(Contestants.AVX2)).isEqualTo(wide);
    }

    @Test
    void narrowVectorsHaveAProcessOfTheirOwnThatKnowsNoOthers() {
        assumeThat(Contestants.ownConvolutions()).contains(Contestants.AVX2);
        List<Contestant> one = Contestants.convolutions(List.of(Contestants.AVX2), NO_PYTHON, Effort.CONV_QUICK);
        assertThat(one).hasSize(1);
        try (Contestant narrow = one.getFirst()) {
            narrow.prepare(new ConvCase(1, 16, 7, 7, 3, Pass.FORWARD), Duration.ofMinutes(1));
            assertThat(ProcessHandle.current().children())
                    .anyMatch(child -> child.info().commandLine().orElse("").contains("-XX:UseAVX=2"));
            assertThat(narrow.run(2)).hasSize(2).doesNotContain(0);
        }
    }

    @Test
    void anUnknownImplementationIsNamedWithThoseThatThereAre() {
        assertThatThrownBy(() -> Contestants.convolutions(List.of("avx3"), NO_PYTHON, Effort.CONV_QUICK))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("avx3")
                .hasMessageContaining("direct");
    }
}
