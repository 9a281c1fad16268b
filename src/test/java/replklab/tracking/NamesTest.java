package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.LabException;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"loss", "val/accuracy", "images per s", "top-1", "a.b_c:d", "größe"})
    void acceptsWhatMlflowAccepts(String name) {
        Names.check(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "accuracy %", "a@b", "/loss", "loss/", "a//b", "a/../b", ".", "a\nb"})
    void refusesWhatMlflowRefuses(String name) {
        assertThatThrownBy(() -> Names.check(name))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void refusesNamesThatAreTooLong() {
        Names.check("x".repeat(250));
        assertThatThrownBy(() -> Names.check("x".repeat(251)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("251 characters");
    }

    @Test
    void cutsLongValuesWithAMark() {
        assertThat(Names.cut("x".repeat(6000), 6000)).hasSize(6000).doesNotContain("cut");
        assertThat(Names.cut("x".repeat(6001), 6000)).hasSize(6000).endsWith("x [cut]");
    }

    @Test
    void artifactsStayInsideTheirFolder() {
        assertThat(Names.artifactPath("", "curve.png")).isEqualTo("curve.png");
        assertThat(Names.artifactPath("plots/a", "curve 1.png")).isEqualTo("plots/a/curve 1.png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../curve.png",
                "a/../../curve.png",
                "..",
                ".",
                "",
                "/etc/passwd",
                "a//b",
                "a/./b",
                "a/",
                "..\\x",
                "a\0b",
                "a\nb"
            })
    void noArtifactLeavesItsFolder(String name) {
        for (String folder : new String[] {"", "plots"}) {
            assertThatThrownBy(() -> Names.artifactPath(folder, name))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("is no place for an artifact");
        }
    }
}
