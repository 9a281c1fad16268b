package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import replklab.base.OtherJvm;

/** Other vector widths, other numbers of threads, and no Vector API, each in a JVM of its own. */
class OtherMachinesTest {
    private static final Pattern RESULT = Pattern.compile("(\\d+) bits, error (\\S+), checksum (\\S+)");

    @Test
    void narrowVectorsComputeTheSame() throws Exception {
        for (int bytes : new int[] {16, 32}) {
            Matcher result = result(start(true, "-XX:MaxVectorSize=" + bytes));
            assertThat(Integer.parseInt(result.group(1))).isLessThanOrEqualTo(8 * bytes);
            assertThat(Double.parseDouble(result.group(2))).isLessThanOrEqualTo(1e-6);
        }
    }

    @Test
    void theNumberOfThreadsChangesNoBit() throws Exception {
        String one = result(start(true, "-Dreplklab.threads=1")).group(3);
        String three = result(start(true, "-Dreplklab.threads=3")).group(3);
        assertThat(three).isEqualTo(one);
    }

    /**
     * A transform whose kernels are compiled as they should be makes some 10 kB of objects: what each block of work is called with.
     * Counted with vectors of 256 bits, whatever the machine has: with longer ones there are fewer.
     */
    @Test
    void noKernelKeepsItsVectorsInTheHeap() throws Exception {
        assertThat(objects("-XX:PerMethodTrapLimit=1000000")).isBetween(1, 30_000);
        assertThat(objects("-XX:PerMethodTrapLimit=0"))
                .as("kernels compiled badly")
                .isGreaterThan(40_000);
    }

    @Test
    void withoutTheVectorModuleTheErrorSaysWhatIsMissing() throws Exception {
        assertThat(start(false)).contains("start Java with --add-modules=jdk.incubator.vector");
    }

    /** On one thread, where the thread that calls the convolution makes every object and waits until a kernel is compiled. */
    private static int objects(String option) throws Exception {
        String output = start(true, "-Dreplklab.threads=1", "-XX:MaxVectorSize=32", "-Xbatch", option);
        Matcher bytes = Pattern.compile("(\\d+) bytes of Java objects").matcher(output);
        assertThat(bytes.find()).as(output).isTrue();
        return Integer.parseInt(bytes.group(1));
    }

    private static Matcher result(String output) {
        Matcher matcher = RESULT.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return matcher;
    }

    private static String start(boolean vectorModule, String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(vectorModule ? List.of(OtherJvm.USUAL) : List.of());
        all.addAll(List.of(options));
        OtherJvm ended = OtherJvm.run(ConvProgram.class, all);
        return ended.out() + ended.err();
    }
}
