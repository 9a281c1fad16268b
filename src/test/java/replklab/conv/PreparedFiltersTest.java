package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static replklab.conv.ConvMemory.output;
import static replklab.conv.ConvMemory.random;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Filters that are prepared once give the same bits as those that are prepared at each call. */
class PreparedFiltersTest {
    private final PlannedDepthwise planned = new PlannedDepthwise(DepthwisePlanner.current());

    @ParameterizedTest
    @CsvSource({
        "3, 9, 10, 37, 3",
        "3, 12, 9, 21, 7",
        "1, 14, 14, 40, 27",
        "2, 7, 7, 16, 13",
        "2, 3, 30, 9, 1",
        "5, 1, 1, 3, 31"
    })
    void preparedFiltersGiveTheSameBitsForEveryBatch(int batch, int height, int width, int channels, int kernel) {
        ConvolutionShape s = new ConvolutionShape(batch, height, width, channels, kernel, 1, 1);
        DepthwiseConvolution[] algorithms = {new DirectDepthwise(), new FftDepthwise()};
        for (int i = 0; i < algorithms.length; i++) {
            try (Arena arena = Arena.ofShared()) {
                SplittableRandom random = new SplittableRandom(5);
                MemorySegment x = random(arena, s.inputSize(), random);
                MemorySegment w = random(arena, s.filterSize(), random);
                Epilogue epilogue = new Epilogue(random(arena, channels, random), 0, 1);
                MemorySegment y = output(arena, s.outputSize());
                MemorySegment again = output(arena, s.outputSize());
                Algorithm form = i == 0 ? Algorithm.DIRECT : Algorithm.FFT;
                PreparedFilters filters = planned.prepare(s.withBatch(1), form, w);
                algorithms[i].forward(s, x, w, epilogue, y);
                planned.forward(s, x, w, filters, epilogue, again);
                assertThat(again.mismatch(y)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "FFT"})
    void thoseOfOtherShapesAreRefused(Algorithm form) {
        ConvolutionShape s = new ConvolutionShape(1, 8, 8, 4, 3, 1, 1);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = output(arena, s.inputSize());
            MemorySegment w = output(arena, s.withKernel(5).filterSize());
            MemorySegment y = output(arena, s.outputSize());
            PreparedFilters filters = planned.prepare(s, form, w);
            assertThatThrownBy(() -> planned.forward(s.withKernel(5), x, w, filters, Epilogue.NONE, y))
                    .hasMessageContaining("filters were prepared for " + form.label() + " and");
            ConvolutionShape strided = new ConvolutionShape(1, 8, 8, 4, 3, 2, 1);
            assertThatThrownBy(() -> planned.prepare(strided, form, w)).hasMessageContaining("stride 2");
        }
    }

    @Test
    void thoseOfAnotherAlgorithmAreRefused() {
        ConvolutionShape s = new ConvolutionShape(1, 8, 8, 4, 3, 1, 1);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment x = output(arena, s.inputSize());
            MemorySegment w = output(arena, s.filterSize());
            MemorySegment y = output(arena, s.outputSize());
            PreparedFilters spectra = new FftDepthwise().prepare(s, w);
            assertThatThrownBy(() -> new DirectDepthwise().forward(s, x, w, spectra, Epilogue.NONE, y))
                    .hasMessageContaining("prepared for fft and");
        }
    }
}
