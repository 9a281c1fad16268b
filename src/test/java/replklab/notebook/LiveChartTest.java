package replklab.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.zeromq.ZMQException;
import replklab.plot.Picture;

class LiveChartTest {
    private final List<String> shown = new ArrayList<>();

    private final DisplaySurface surface = new DisplaySurface() {
        @Override
        public String show(Object content, String text) {
            shown.add("show " + text);
            return "here";
        }

        @Override
        public void replace(String id, Object content, String text) {
            shown.add("replace " + id + " " + text);
        }
    };

    @Test
    void growsInOnePlace() {
        try (LiveChart live = new LiveChart("Loss", "step", "loss", surface)) {
            live.add("train", 1, 0.5);
            live.add("train", 2, 0.25);
            live.add("test", 2, 0.75);
            assertThat(live.picture().title()).isEqualTo("Loss");
        }
        assertThat(shown)
                .containsExactly(
                        "show Loss: train, step 1.000, loss 0.5000",
                        "replace here Loss: train, step 2.000, loss 0.2500",
                        "replace here Loss: test, step 2.000, loss 0.7500");
    }

    @Test
    void tooFrequentChangesWaitForTheEnd() {
        LiveDisplay display = new LiveDisplay(surface, Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            String text = "state " + i;
            display.show(() -> text, () -> text);
        }
        assertThat(shown).containsExactly("show state 0");
        display.close();
        display.close();
        assertThat(shown).containsExactly("show state 0", "replace here state 2");
    }

    /** As the kernel's socket fails. */
    private static DisplaySurface failing(int code) {
        return new DisplaySurface() {
            @Override
            public String show(Object content, String text) {
                throw new ZMQException(code);
            }

            @Override
            public void replace(String id, Object content, String text) {
                throw new ZMQException(code);
            }
        };
    }

    @Test
    void anInterruptIsPassedOnToWhoeverComputes() {
        LiveDisplay display = new LiveDisplay(failing(4), Duration.ZERO);
        display.show(() -> "a", () -> "a");
        assertThat(Thread.interrupted()).isTrue();
        LiveDisplay other = new LiveDisplay(failing(9), Duration.ZERO);
        assertThatThrownBy(() -> other.show(() -> "a", () -> "a")).hasMessageContaining("Errno 9");
    }

    @Test
    void anInterruptedThreadShowsNothingUntilItGoesOn() {
        LiveDisplay display = new LiveDisplay(surface, Duration.ZERO);
        Thread.currentThread().interrupt();
        display.show(() -> "a", () -> "a");
        assertThat(shown).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
        display.close();
        assertThat(shown).containsExactly("show a");
    }

    @Test
    void unusedShowsNothing() {
        new LiveChart("Loss", "step", "loss", surface).close();
        assertThat(shown).isEmpty();
    }

    @Test
    void picturesShowWhatCameBefore() {
        LiveChart live = new LiveChart("Loss", "step", "loss", surface);
        live.add("train", 1, 0.5);
        Picture first = live.picture();
        live.add("train", 2, Double.NaN);
        live.add("train", 3, 0.25);
        assertThat(differ(first, live.picture())).isTrue();
        assertThat(differ(live.picture(), live.picture())).isFalse();
    }

    private static boolean differ(Picture one, Picture other) {
        BufferedImage a = one.image(1);
        BufferedImage b = other.image(1);
        return !Arrays.equals(
                a.getRGB(0, 0, a.getWidth(), a.getHeight(), null, 0, a.getWidth()),
                b.getRGB(0, 0, b.getWidth(), b.getHeight(), null, 0, b.getWidth()));
    }
}
