package replklab.crash;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Kills at random moments until there were many: {@code -Dcrash.kills}, 50 by default. */
@Tag("crash")
class RandomKillsTest extends BesideOneServer {
    private static final int WANTED = Integer.getInteger("crash.kills", 50);

    private int hits;

    @TestFactory
    Stream<DynamicTest> records() {
        Kills kills = new Kills(mlflow);
        Kills.Kind[] kinds = Kills.Kind.values();
        // JUnit takes one test after the other from the stream, so what they hit is known when the next one is asked
        // for.
        return IntStream.iterate(Integer.getInteger("crash.first", 0), n -> n + 1)
                .takeWhile(n -> hits < WANTED && n < 2 * WANTED)
                .mapToObj(n -> CrashCase.of("kill-" + n + ", " + kinds[n % kinds.length], () -> {
                    hits++; // a case that fails before it hits counts too, or it would go on for long
                    hits += kills.hit(kinds[n % kinds.length], n) - 1;
                }));
    }
}
