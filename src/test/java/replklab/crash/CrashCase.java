package replklab.crash;

import org.junit.jupiter.api.DynamicTest;

/** A case as JUnit's dynamic test that the summary counts. */
final class CrashCase {
    private CrashCase() {}

    /** What a case does. */
    interface Body {
        void run() throws Exception;
    }

    static DynamicTest of(String name, Body body) {
        return DynamicTest.dynamicTest(name, () -> {
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
