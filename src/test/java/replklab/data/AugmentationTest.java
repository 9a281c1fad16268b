package replklab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import replklab.base.UsageException;

class AugmentationTest {
    @Test
    void messagesNameFieldValueAndWhatIsAllowed() {
        assertUsage(() -> new Augmentation(-1, 0, 0, 0, 0), "cropPadding -1: must be 0 or a positive number of pixels");
        assertUsage(() -> new Augmentation(0, 1.5, 0, 0, 0), "horizontalFlip 1.5: must be a probability from 0 to 1");
        assertUsage(() -> new Augmentation(0, 0, Double.NaN, 0, 0), "erasing NaN: must be a probability from 0 to 1");
        assertUsage(() -> new Augmentation(0, 0, 0, -0.2, 0), "mixup -0.2: must be 0 (off) or from 0.01 to 1000");
        assertUsage(() -> new Augmentation(0, 0, 0, 0, 1e9), "cutmix 1.0E9: must be 0 (off) or from 0.01 to 1000");
    }

    @Test
    void takesTheBoundsThemselves() {
        assertThatCode(() -> new Augmentation(0, 1, 1, 0.01, 1000)).doesNotThrowAnyException();
        assertThat(Augmentation.NONE.mixes()).isFalse();
        assertThat(new Augmentation(0, 0, 0, 0.8, 0).mixes()).isTrue();
        assertThat(new Augmentation(0, 0, 0, 0, 1).mixes()).isTrue();
    }

    private static void assertUsage(Runnable construction, String message) {
        assertThatThrownBy(construction::run).isInstanceOf(UsageException.class).hasMessage(message);
    }
}
