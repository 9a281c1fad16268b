package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void wordsAreReadAgain() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("width", 16);
        given.put("rate", 0.25);
        given.put("wide", true);
        given.put("kernels", List.of(3, 5));
        given.put("kind", "my-block");
        String words = Options.of("net", given).words().orElseThrow();
        assertThat(words).isEqualTo("width=16,rate=0.25,wide=yes,kernels=3-5,kind=my-block");
        Options again = Options.parse("net", words);
        assertThat(again.integer("width")).isEqualTo(16);
        assertThat(again.number("rate")).isEqualTo(0.25);
        assertThat(again.flag("wide")).isTrue();
        assertThat(again.integers("kernels")).containsExactly(3, 5);
        assertThat(again.text("kind")).isEqualTo("my-block");
    }

    @Test
    void whatNoWordsHoldHasNone() {
        for (Object value : List.of("a,b", "", Map.of("a", 1), List.of(-1, 2), List.of("x-y"))) {
            assertThat(Options.of("net", Map.of("key", value)).words())
                    .as("%s", value)
                    .isEmpty();
        }
    }
}
