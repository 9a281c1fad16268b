package replklab.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;

/** A case as JUnit's dynamic test that the summary counts. {@code -Dcrash.only=REGEX} leaves out those of other names. */
final class CrashCase {
    private static final Pattern ONLY = Pattern.compile(System.getProperty("crash.only", ""));

    private CrashCase() {}

    /** What a case does. */
    interface Body {
        void run() throws Exception;
    }

    static DynamicTest of(String name, Body body) {
        return DynamicTest.dynamicTest(name, () -> {
            assumeTrue(ONLY.matcher(name).find(), "not asked for");
            boolean passed = false;
            try {
                body.run();
                passed = true;
            } finally {
                Summary.outcome(name, passed);
            }
        });
    }
}
