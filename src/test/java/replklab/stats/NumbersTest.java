package replklab.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import replklab.report.Shortcuts;

class NumbersTest {
    @Test
    void numbersNeverLieByRounding() {
        assertThat(Numbers.fixed(-0.04, 1)).isEqualTo("0.0");
        assertThat(Numbers.fixed(2.675, 2)).isEqualTo("2.68");
        assertThat(Numbers.fixed(Double.NaN, 2)).isEmpty();
        assertThat(Numbers.upTo(18.55, 2)).isEqualTo("18.55");
        assertThat(Numbers.upTo(100, 2)).isEqualTo("100");
        assertThat(Numbers.signed(-1.25, 1)).isEqualTo("−1.3");
        assertThat(Numbers.signed(0.01, 1)).isEqualTo("0.0");
        assertThat(Numbers.decimalsFor(1, 0.04, 3)).isEqualTo(2);
        assertThat(Numbers.decimalsFor(1, 0, 3)).isEqualTo(1);
    }

    @Test
    void variantsReadAsWords() {
        assertThat(Variants.label(Shortcuts.variant("without", "13"))).isEqualTo("without shortcut, kernel 13");
        assertThat(Variants.label(Map.of("reparam_3x3", "yes"))).isEqualTo("with reparam 3x3");
        assertThat(Variants.label(Map.of("reparam_3x3", "no"))).isEqualTo("without reparam 3x3");
    }
}
