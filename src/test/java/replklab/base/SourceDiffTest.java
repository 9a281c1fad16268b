package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkout's patch holds, and that git makes the same tree of it again. */
class SourceDiffTest {
    @TempDir
    Path folder;

    private Path checkout;

    private String git(Path in, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-c", "user.name=t", "-c", "user.email=t@localhost"));
        all.addAll(List.of(arguments));
        Process process = GitState.command(in, all.toArray(String[]::new)).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", arguments)).isZero();
        return text;
    }

    @BeforeEach
    void commit() throws IOException, InterruptedException {
        checkout = Files.createDirectories(folder.resolve("checkout"));
        Files.createDirectories(checkout.resolve("src"));
        Files.createDirectories(checkout.resolve("results"));
        Files.writeString(checkout.resolve("src/A.java"), "one\n");
        Files.writeString(checkout.resolve("results/r.txt"), "1\n");
        git(checkout, "init", "-q");
        git(checkout, "add", ".");
        git(checkout, "commit", "-q", "-m", "first");
    }

    @Test
    void changedAndNewSourcesComeBackAndNothingElseIsTold() throws IOException, InterruptedException {
        assertThat(SourceDiff.of(checkout)).isEmpty();
        Files.writeString(checkout.resolve("src/A.java"), "two ü\n");
        Files.writeString(checkout.resolve("src/New.java"), "new\n");
        Files.writeString(checkout.resolve("secrets.txt"), "hush\n");
        Files.writeString(checkout.resolve("results/r.txt"), "2\n");
        String patch = SourceDiff.of(checkout).orElseThrow();
        assertThat(patch).contains("two ü", "New.java").doesNotContain("hush", "r.txt");
        Path clone = folder.resolve("clone");
        git(folder, "clone", "-q", checkout.toString(), clone.toString());
        Files.writeString(clone.resolve("source.diff"), patch);
        git(clone, "apply", "source.diff");
        assertThat(clone.resolve("src/A.java")).hasContent("two ü");
        assertThat(clone.resolve("src/New.java")).hasContent("new");
    }

    @Test
    void whatIsStagedStaysStagedAsItIs() throws IOException, InterruptedException {
        Files.writeString(checkout.resolve("src/New.java"), "new\n");
        Files.writeString(checkout.resolve("src/A.java"), "staged\n");
        git(checkout, "add", "src/A.java");
        assertThat(SourceDiff.of(checkout).orElseThrow()).contains("staged", "New.java");
        assertThat(git(checkout, "status", "--porcelain").lines()).containsExactly("M  src/A.java", "?? src/New.java");
    }

    @Test
    void aHugePatchIsNamedAndNotKept() throws IOException {
        Files.writeString(checkout.resolve("src/A.java"), "much\n".repeat(SourceDiff.MOST_BYTES / 4));
        assertThat(SourceDiff.of(checkout).orElseThrow())
                .startsWith("# The changes are more than")
                .contains("src/A.java")
                .hasSizeLessThan(2000);
    }
}
