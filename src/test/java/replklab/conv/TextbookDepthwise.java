package replklab.conv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The definition of a depthwise convolution and of its two gradients, in double precision, one multiplication at a time. */
public final class TextbookDepthwise {
    public final double[] y;
    public final double[] dx;
    public final double[] dw;

    public TextbookDepthwise(
            ConvolutionShape s, MemorySegment x, MemorySegment w, MemorySegment bias, MemorySegment dy) {
        y = new double[(int) s.outputSize()];
        dx = new double[(int) s.inputSize()];
        dw = new double[(int) s.filterSize()];
        int out = 0;
        for (int n = 0; n < s.batch(); n++) {
            for (int oy = 0; oy < s.outHeight(); oy++) {
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    for (int c = 0; c < s.channels(); c++, out++) {
                        y[out] = bias == null ? 0 : at(bias, c);
                        for (int ky = 0; ky < s.kernel(); ky++) {
                            for (int kx = 0; kx < s.kernel(); kx++) {
                                int iy = oy * s.stride() + ky * s.dilation() - s.padding();
                                int ix = ox * s.stride() + kx * s.dilation() - s.padding();
                                if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                                    continue;
                                }
                                int in = ((n * s.height() + iy) * s.width() + ix) * s.channels() + c;
                                int tap = (ky * s.kernel() + kx) * s.channels() + c;
                                y[out] += at(x, in) * at(w, tap);
                                dx[in] += at(dy, out) * at(w, tap);
                                dw[tap] += at(dy, out) * at(x, in);
                            }
                        }
                    }
                }
            }
        }
    }

    private static double at(MemorySegment segment, int index) {
        return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }
}
