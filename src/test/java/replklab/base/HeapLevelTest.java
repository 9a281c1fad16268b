package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapLevelTest {
    /** What lives shortly, but long enough to become old: 2 GiB of it, in a heap of a few hundred MiB. */
    @Test
    void whatBecameOldAndDiedIsCleared() throws IOException, InterruptedException {
        assertThat(mib("kept")).isLessThan(600);
        assertThat(mib("left")).as("otherwise it grows to its maximum").isGreaterThan(900);
    }

    private static long mib(String how) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xms64m",
                        "-Xmn32m",
                        "-Xmx1200m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reading.class.getName(),
                        how))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code").isZero();
        return Long.parseLong(out.strip());
    }

    /** A program that holds the last few of the arrays that it makes, and prints what its heap has grown to. */
    static final class Reading {
        private Reading() {}

        public static void main(String[] arguments) throws InterruptedException {
            if (arguments[0].equals("kept")) {
                HeapLevel.keep();
            }
            ArrayDeque<float[]> last = new ArrayDeque<>();
            long most = 0;
            for (int i = 0; i < 600; i++) {
                last.add(new float[900_000]);
                if (last.size() > 6) {
                    last.remove();
                }
                most = Math.max(most, Runtime.getRuntime().totalMemory());
                Thread.sleep(1); // as somebody who decodes them
            }
            System.out.println(most >> 20);
        }
    }
}
