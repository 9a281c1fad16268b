package replklab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;

/** What {@code cluster.yaml} and {@code --slurm} say reaches sbatch, and what they cannot mean is refused by name. */
class ClusterProfileTest {
    @TempDir
    private Path folder;

    private ClusterProfile read(String text, String... overrides) throws IOException {
        Path file = folder.resolve(ClusterProfile.FILE);
        Files.writeString(file, text);
        return ClusterProfile.read(file, List.of(overrides));
    }

    @Test
    void whatIsSaidReachesSbatch() throws IOException {
        ClusterProfile profile = read("""
                partition: long
                account: vision
                qos: normal
                time: 02:30:00
                cpus: 8
                memory: 16G
                gres: gpu:1
                constraint: skylake
                atOnce: 50
                options: [--nice=100]
                setup: [module load java/25]
                """);
        assertThat(profile.ofTask())
                .containsExactly(
                        "--partition=long",
                        "--account=vision",
                        "--qos=normal",
                        "--time=02:30:00",
                        "--nice=100",
                        "--cpus-per-task=8",
                        "--mem=16G",
                        "--gres=gpu:1",
                        "--constraint=skylake");
        assertThat(profile.ofCollector()).doesNotContain("--gres=gpu:1", "--cpus-per-task=8");
        assertThat(profile.atOnce()).isEqualTo(50);
        assertThat(profile.setup()).containsExactly("module load java/25");
    }

    @Test
    void theCommandLineGoesOverTheFile() throws IOException {
        ClusterProfile profile = read("partition: long\ntime: 60\n", "partition=short", "cpus=4", "time=1-00:00:00");
        assertThat(profile.ofTask()).containsExactly("--partition=short", "--time=1-00:00:00", "--cpus-per-task=4");
        assertThat(read("# nothing\n").ofTask()).isEmpty();
        assertThat(ClusterProfile.read(folder.resolve("none.yaml"), List.of("gres=gpu:a100:2"))
                        .gres())
                .isEqualTo("gpu:a100:2");
    }

    /** Effects compare the variants of a seed, which must not come from different kinds of processor. */
    @Test
    void withoutOneKindOfProcessorATaskIsASeed() throws IOException {
        assertThat(read("partition: long").tasks()).isEqualTo(ClusterProfile.Tasks.SEED);
        assertThat(read("constraint: skylake").tasks()).isEqualTo(ClusterProfile.Tasks.RUN);
        assertThat(read("tasks: run").tasks()).isEqualTo(ClusterProfile.Tasks.RUN);
        assertThat(read("constraint: skylake", "tasks=seed").tasks()).isEqualTo(ClusterProfile.Tasks.SEED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            partitoin: long | partitoin
            cpus: many      | cpus
            cpus: -1        | cpus and atOnce are 0 or more
            tasks: each     | tasks
            partition: a b  | 'a b' holds a blank
            options: 3      | options
            - a list        | holds no keys and values
            """)
    void whatItCannotMeanIsRefused(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UsageException.class).hasMessageContaining(message);
    }

    @Test
    void anOverrideWithoutAValueIsRefused() {
        assertThatThrownBy(() -> read("", "partition"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--slurm: 'partition' is no KEY=VALUE, such as partition=long or gres=gpu:1");
    }

    @Test
    void tasksAreWrittenAsRanges() {
        assertThat(SlurmSweep.ranges(List.of(0))).isEqualTo("0");
        assertThat(SlurmSweep.ranges(List.of(0, 1, 2, 3, 7, 9, 10))).isEqualTo("0-3,7,9-10");
    }

    @Test
    void aShellGetsEachArgumentWhole() {
        assertThat(new LabCommand(List.of("/my lab/lab")).shell(List.of("run", "a'b", "--set", "x=[1, 2]", "$HOME")))
                .isEqualTo("'/my lab/lab' run 'a'\\''b' --set 'x=[1, 2]' '$HOME'");
    }
}
