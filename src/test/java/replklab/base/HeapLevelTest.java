package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
        List<String> options = List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmn32m", "-Xmx1200m");
        return Long.parseLong(OtherJvm.run(Reading.class, options, how).succeeded());
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
