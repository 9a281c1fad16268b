package replklab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import replklab.base.UsageException;

/** The answer to stale results that the environment gives. */
class StaleTest {
    @ParameterizedTest
    @CsvSource({", ASK", "'', ASK", "' ', ASK", "ask, ASK", "keep, KEEP", "replace, REPLACE"})
    void answers(String text, Stale stale) {
        assertThat(Stale.of(text)).isEqualTo(stale);
    }

    @Test
    void otherWordsAreRefused() {
        assertThatThrownBy(() -> Stale.of("kepe"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("REPLKLAB_STALE")
                .hasMessageContaining("kepe")
                .hasMessageContaining("keep");
    }
}
