package replklab.conv;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.UsageException;

/**
 * Something to plan: one pass over one shape.
 *
 * @param shape with the kernel size, of a pair the larger one
 * @param pass what is computed
 * @param smallKernel kernel size of the second of a pair of parallel kernels; 0 for a single kernel
 */
public record DepthwiseTask(ConvolutionShape shape, DepthwisePass pass, int smallKernel) {
    private static final Pattern TEXT = Pattern.compile(
            "(N)x(N)x(N)x(N) kernel (N)(?:\\+(N))? stride (N) dilation (N) ([a-z-]+)".replace("N", "\\d{1,9}"));

    public DepthwiseTask {
        if (smallKernel != 0) {
            ConvolutionShape.requireKernel(smallKernel);
            if (!shape.isDense()
                    || smallKernel > shape.kernel()
                    || (pass != DepthwisePass.FORWARD && pass != DepthwisePass.GRADIENTS)) {
                throw new UsageException(
                        "a pair of kernels has stride and dilation 1, the small kernel not larger than the"
                                + " other, and the passes forward and gradients; this is " + shape + ", small kernel "
                                + smallKernel + ", " + pass.label());
            }
        }
    }

    /** One kernel. */
    public static DepthwiseTask of(ConvolutionShape shape, DepthwisePass pass) {
        return new DepthwiseTask(shape, pass, 0);
    }

    /** What can compute this. */
    List<Algorithm> candidates() {
        if (smallKernel != 0) {
            return List.of(Algorithm.SEPARATE, Algorithm.FFT);
        }
        return shape.isDense() ? List.of(Algorithm.DIRECT, Algorithm.FFT) : List.of(Algorithm.DIRECT);
    }

    /** In one line: {@code 4x64x56x56 kernel 31+5 stride 1 dilation 1 forward}; batch x channels x height x width. */
    @Override
    public String toString() {
        return "%dx%dx%dx%d kernel %d%s stride %d dilation %d %s"
                .formatted(
                        shape.batch(),
                        shape.channels(),
                        shape.height(),
                        shape.width(),
                        shape.kernel(),
                        smallKernel == 0 ? "" : "+" + smallKernel,
                        shape.stride(),
                        shape.dilation(),
                        pass.label());
    }

    /** The inverse of {@link #toString()}. */
    static DepthwiseTask parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new UsageException("'" + text + "' is no depthwise convolution; one looks like"
                    + " '4x64x56x56 kernel 31 stride 1 dilation 1 forward'");
        }
        ConvolutionShape shape = new ConvolutionShape(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(5)),
                Integer.parseInt(m.group(7)),
                Integer.parseInt(m.group(8)));
        int small = m.group(6) == null ? 0 : Integer.parseInt(m.group(6));
        return new DepthwiseTask(shape, DepthwisePass.of(m.group(9)), small);
    }
}
