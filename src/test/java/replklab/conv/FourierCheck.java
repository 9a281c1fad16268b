package replklab.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static replklab.conv.Correlation.SPECIES;
import static replklab.conv.FourierTransform.COMPLEX;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Compares a transform of a batch of two with the sum that defines it. */
final class FourierCheck {
    private static final int BATCH = 2;

    private final int length;

    FourierCheck(int length) {
        this.length = length;
    }

    void assertEqualsDefinition() {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = length * COMPLEX;
            MemorySegment in = ConvMemory.random(arena, BATCH * bytes / Float.BYTES, new SplittableRandom(length));
            float[] values = in.toArray(ValueLayout.JAVA_FLOAT);
            MemorySegment out = ConvMemory.output(arena, BATCH * bytes / Float.BYTES);
            FourierTransform.of(length).run(in, 0, bytes, out, 0, bytes, BATCH);
            float[] actual = out.toArray(ValueLayout.JAVA_FLOAT);
            int lane = SPECIES.length() - 1;
            for (int b = 0; b < BATCH; b++) {
                for (int k = 0; k < length; k++) {
                    double re = 0;
                    double im = 0;
                    for (int i = 0; i < length; i++) {
                        double angle = -2 * Math.PI * ((long) i * k % length) / length;
                        float x = values[index(b, i, 0) + lane];
                        float y = values[index(b, i, 1) + lane];
                        re += x * Math.cos(angle) - y * Math.sin(angle);
                        im += x * Math.sin(angle) + y * Math.cos(angle);
                    }
                    double tolerance = 1e-6 * Math.sqrt(length) * 4;
                    assertThat(Math.hypot(re - actual[index(b, k, 0) + lane], im - actual[index(b, k, 1) + lane]))
                            .as("length %d, frequency %d", length, k)
                            .isLessThan(tolerance);
                }
            }
        }
    }

    private int index(int batch, int point, int part) {
        return ((batch * length + point) * 2 + part) * SPECIES.length();
    }
}
