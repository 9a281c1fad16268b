package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
    private static final List<String> KNOWN = List.of("shortcut", "reparam", "dilated", "dw-efficiency");

    @Test
    void findsTypingErrorsAndParts() {
        assertThat(NearNames.of("shortcat", KNOWN)).containsExactly("shortcut");
        assertThat(NearNames.of("ShortCut", KNOWN)).containsExactly("shortcut");
        assertThat(NearNames.of("efficiency", KNOWN)).containsExactly("dw-efficiency");
        assertThat(NearNames.of("quantum", KNOWN)).isEmpty();
    }

    @Test
    void messageNamesKindValueNearAndKnown() {
        assertThat(UsageException.unknown("experiment", "shortct", KNOWN))
                .hasMessage("unknown experiment 'shortct'; did you mean shortcut?"
                        + " (known: dilated, dw-efficiency, reparam, shortcut)");
        assertThat(UsageException.unknown("profile", "x", List.of("smoke", "quick")))
                .hasMessage("unknown profile 'x' (known: quick, smoke)");
    }

    /** An empty value in a file. */
    @Test
    void nothingHasNoNearNames() {
        assertThat(UsageException.unknown("metric", null, KNOWN))
                .hasMessageStartingWith("no metric is named (known: ")
                .hasMessageContaining("shortcut");
    }
}
