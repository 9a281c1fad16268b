package replklab.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights.safetensors"})
    void theArchitectureIsReadOffTheWeights(String name) {
        RepLKNet network = Checkpoints.load(Reference.file(name));
        assertThat(network.config()).isEqualTo(Reference.CONFIG);
        assertThat(network.isTraining()).isFalse();
    }

    @Test
    void bothFormatsGiveTheSameBits() {
        RepLKNet pth = Checkpoints.load(Reference.file("weights.pth"));
        RepLKNet safetensors = Checkpoints.load(Reference.file("weights.safetensors"));
        assertThat(pth.state().keySet()).isEqualTo(safetensors.state().keySet());
        pth.state()
                .forEach((name, variable) -> assertThat(variable.tensor().toArray())
                        .as(name)
                        .containsExactly(safetensors.state().get(name).tensor().toArray()));
    }
}
