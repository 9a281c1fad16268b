package replklab.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrappersTest {
    private static SequencedMap<String, SequencedMap<String, String>> unwrapped(String... names) {
        return Wrappers.unwrapped(List.of(names));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // none
                "module.", // DataParallel
                "_orig_mod.", // torch.compile
                "module._orig_mod.",
                "_orig_mod.module.",
                "model.", // Lightning
                "model._orig_mod.",
                "_forward_module.model.",
                "_fsdp_wrapped_module.",
                "ema_model.",
                "module.module."
            })
    void whatStandsBeforeAllNamesIsTakenOff(String prefix) {
        assertThat(unwrapped(prefix + "stem.weight", prefix + "norm.bias"))
                .isEqualTo(
                        Map.of("", Map.of("stem.weight", prefix + "stem.weight", "norm.bias", prefix + "norm.bias")));
    }

    @Test
    void partsMayBeWrapped() {
        assertThat(unwrapped(
                                "backbone._orig_mod.stem.weight",
                                "head._fsdp_wrapped_module.fc._checkpoint_wrapped_module.w")
                        .get(""))
                .containsOnlyKeys("backbone.stem.weight", "head.fc.w");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n_averaged", "steps", "initted"})
    void anAveragedModulesCounterIsNoWeight(String counter) {
        assertThat(unwrapped(counter, "module.stem.weight").get("")).containsOnlyKeys("stem.weight");
    }

    @Test
    void networksOfTheSameNamesAreToldApart() {
        assertThat(unwrapped("online_model.module.a", "ema_model.module.a", "initted", "step"))
                .isEqualTo(Map.of(
                        "online_model", Map.of("a", "online_model.module.a"),
                        "ema_model", Map.of("a", "ema_model.module.a")));
    }

    @Test
    void whatIsNoWrapperStays() {
        for (List<String> names : List.of(
                List.of("module.a", "b"), // not before all
                List.of("stem.a", "stem.b"),
                List.of("norm1.weight", "norm2.weight"),
                List.of("model.a", "criterion.b"),
                List.of("steps", "a"))) {
            assertThat(Wrappers.unwrapped(names).get("").values())
                    .as("%s", names)
                    .containsExactlyElementsOf(names);
            assertThat(Wrappers.unwrapped(names).get("").keySet())
                    .as("%s", names)
                    .containsExactlyElementsOf(names);
        }
    }
}
