package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    Path folder;

    @Test
    void outsideACheckoutTheCommitIsUnknown() {
        Provenance provenance = collect(folder);
        assertThat(provenance.commit()).isEqualTo("unknown");
        assertThat(provenance.shortCommit()).isEqualTo("unknown");
        assertThat(provenance.asMap()).containsEntry("dirty", "unknown");
        assertThat(provenance.markdown()).startsWith("- commit `unknown`, configuration");
    }

    @Test
    void aCheckoutTellsCommitAndChanges() throws Exception {
        Files.writeString(folder.resolve("source.java"), "one");
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-q", "-m", "first");
        Provenance clean = collect(folder);
        assertThat(clean.commit()).matches("[0-9a-f]{40}");
        assertThat(clean.dirty()).isFalse();
        assertThat(clean.shortCommit()).isEqualTo(clean.commit().substring(0, 12));

        Files.createDirectories(folder.resolve("results/full"));
        Files.writeString(folder.resolve("results/full/report.md"), "written by a run");
        for (String notebook : List.of("notebooks/02.ipynb", "my-notebooks/mine.ipynb")) {
            Files.createDirectories(folder.resolve(notebook).getParent());
            Files.writeString(folder.resolve(notebook), "{}");
        }
        assertThat(collect(folder).dirty()).as("what runs write").isFalse();
        Path inner = Files.createDirectories(folder.resolve("inner"));
        assertThat(collect(inner).commit())
                .as("a folder within another checkout")
                .isEqualTo("unknown");

        Files.writeString(folder.resolve("new.java"), "two");
        Provenance dirty = collect(folder);
        assertThat(dirty.dirty()).isTrue();
        assertThat(dirty.shortCommit()).isEqualTo(clean.shortCommit() + "-dirty");
        assertThat(dirty.asMap()).containsEntry("dirty", "true").containsEntry("commit", clean.commit());
    }

    /** What {@code lab package} writes; {@code lab test} looks at a real one. */
    @Test
    void anUnpackedArchiveTellsItsCommitAndChanges() throws Exception {
        String one = "experiments/one.yaml";
        for (String name : List.of("data/images.gz", one)) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "abc");
        }
        String sum = Digests.of("abc");
        Files.writeString(folder.resolve("SHA256SUMS"), Digests.line(sum, "data/images.gz") + Digests.line(sum, one));
        packed("false");
        assertThat(collect(folder).asMap())
                .containsEntry("commit", "0123456789abcdef")
                .containsEntry("dirty", "false");

        Path own = Files.writeString(folder.resolve("experiments/new.yaml"), "");
        assertThat(GitState.of(folder).dirty()).as("a new experiment").isTrue();
        assertThat(SourceDiff.of(folder)).isEmpty();
        Files.delete(own);
        Files.writeString(folder.resolve(one), "abcd");
        assertThat(GitState.of(folder).dirty()).as("a changed one").isTrue();
        Files.delete(folder.resolve(one));
        assertThat(GitState.of(folder).dirty()).as("one that is gone").isTrue();
        Files.writeString(folder.resolve(one), "abc");
        assertThat(GitState.of(folder).dirty()).isFalse();
        packed("true");
        assertThat(GitState.of(folder).dirty()).isTrue();
    }

    private void packed(String dirty) throws IOException {
        Files.writeString(
                folder.resolve("package.properties"),
                "commit=0123456789abcdef\ndirty=" + dirty + "\nsystem=linux-x86_64\n");
    }

    @Test
    void tellsMachineTimeAndConfiguration() {
        Provenance provenance = collect(folder).finished(START.plusSeconds(3725));
        assertThat(provenance.machine().cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(provenance.machine().memoryGib()).isPositive();
        assertThat(provenance.jdk()).contains(Runtime.version().toString());
        // printf abc | sha256sum
        assertThat(provenance.config()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(provenance.shortConfig()).isEqualTo("ba7816bf8f01");
        assertThat(provenance.asMap())
                .containsEntry("seeds", "1 2")
                .containsEntry("profile", "smoke")
                .containsEntry("backend", "cpu")
                .containsEntry("started", "2026-01-02T03:04:05Z")
                .containsEntry("seconds", "3725");
        assertThat(provenance.markdown())
                .contains("- profile `smoke`, seeds 1, 2, backend cpu\n")
                .endsWith("- started 2026-01-02T03:04:05Z, took 1 h 02 min\n");
        assertThat(collect(folder).finished(START.minusSeconds(9)).took()).isEqualTo(Duration.ZERO);
    }

    @Test
    void tellsAtWhichCommitsItsRunsWereMade() {
        Provenance own = collect(folder);
        assertThat(own.asMap()).doesNotContainKey("run_commits");
        Provenance same = own.ofRuns(List.of("unknown", "unknown"));
        assertThat(same.markdown()).as("nothing to add").isEqualTo(own.markdown());
        assertThat(same.asMap()).containsEntry("run_commits", "unknown:2");
        Provenance mixed = own.ofRuns(List.of("0123456789ab-dirty", "unknown", "0123456789ab-dirty"))
                .finished(START);
        assertThat(mixed.markdown())
                .contains("\n- runs made at commit `0123456789ab-dirty` (2), `unknown` (1)\n- profile");
        assertThat(mixed.asMap()).containsEntry("run_commits", "0123456789ab-dirty:2 unknown:1");
    }

    @Test
    void readsTheProcessorsName() throws IOException {
        Path cpuinfo = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Some CPU: fast\nmodel name\t: other\n");
        assertThat(Machine.cpu(cpuinfo, "amd64")).isEqualTo("Some CPU: fast");
        assertThat(Machine.cpu(folder.resolve("none"), "amd64")).isEqualTo("amd64");
        assertThat(new Machine("CPU", 1, 2, "Linux")).hasToString("CPU, 1 core, 2 GiB, Linux");
    }

    private static Provenance collect(Path checkout) {
        return Provenance.collect(checkout, "cpu", "abc", List.of(1L, 2L), "smoke", START);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        assertThat(builder.start().waitFor()).as(command.toString()).isZero();
    }
}
