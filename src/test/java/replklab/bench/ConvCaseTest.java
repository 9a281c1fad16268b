package replklab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import replklab.base.UsageException;

class ConvCaseTest {
    @ParameterizedTest
    @CsvSource({"1,1,5,7,3", "2,3,7,7,13", "1,2,1,9,5", "4,64,56,56,31"})
    void countsTheTapsThatMeetTheImage(int n, int c, int h, int w, int k) {
        long counted = 0;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                for (int dy = -(k / 2); dy <= k / 2; dy++) {
                    for (int dx = -(k / 2); dx <= k / 2; dx++) {
                        counted += y + dy >= 0 && y + dy < h && x + dx >= 0 && x + dx < w ? 1 : 0;
                    }
                }
            }
        }
        ConvCase forward = new ConvCase(n, c, h, w, k, Pass.FORWARD);
        assertThat(forward.validMacs()).isEqualTo(counted * n * c);
        assertThat(new ConvCase(n, c, h, w, k, Pass.TRAINING).validMacs()).isEqualTo(3 * forward.validMacs());
    }

    @Test
    void ratesFollowFromTheTime() {
        ConvCase one = new ConvCase(1, 1000, 1, 1, 1, Pass.FORWARD); // 1000 MACs
        assertThat(one.rates(0.001, new FmaPeak(4, 8)))
                .containsEntry("valid_macs", 1000L)
                .containsEntry("gflops", 2.0)
                .containsEntry("peak_fraction", 0.25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4x64x56", "4x64x56x56x3", "axbxcxd", "4 64 56 56", "-1x2x3x4", ""})
    void aShapeOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> ConvCase.shape(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("NxCxHxW")
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void theDefaultGridIsTheIssuesTable() {
        List<ConvCase> cases = BenchGrid.convolutions(List.of(), List.of(), List.of(Pass.values()), false);
        assertThat(cases)
                .contains(
                        new ConvCase(4, 64, 56, 56, 31, Pass.TRAINING),
                        new ConvCase(4, 128, 28, 28, 31, Pass.FORWARD),
                        new ConvCase(4, 256, 14, 14, 13, Pass.TRAINING),
                        new ConvCase(4, 512, 7, 7, 13, Pass.FORWARD))
                .doesNotHaveDuplicates();
        for (int[] map : new int[][] {{64, 56}, {128, 28}, {256, 14}, {512, 7}}) {
            for (int kernel : new int[] {3, 7, 13}) {
                assertThat(cases).contains(new ConvCase(4, map[0], map[1], map[1], kernel, Pass.TRAINING));
            }
        }
        assertThat(BenchGrid.convolutions(List.of(), List.of(), List.of(Pass.FORWARD), true))
                .hasSizeLessThan(cases.size() / 4);
    }

    @Test
    void optionsChooseTheCases() {
        assertThat(BenchGrid.convolutions(List.of("1x8x9x10"), List.of(63, 63), List.of(Pass.FORWARD), false))
                .containsExactly(new ConvCase(1, 8, 9, 10, 63, Pass.FORWARD));
        assertThatThrownBy(() -> BenchGrid.convolutions(List.of("1x8x9x10"), List.of(4), List.of(Pass.FORWARD), false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("4");
    }
}
