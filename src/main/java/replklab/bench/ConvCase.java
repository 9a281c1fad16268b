package replklab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.UsageException;
import replklab.conv.ConvolutionShape;

/**
 * A depthwise convolution with 'same' padding, stride 1 and no dilation.
 *
 * @param n images
 * @param channels of an image
 * @param height in pixels
 * @param width in pixels
 * @param kernel side of the filters, odd
 * @param pass what is computed
 */
public record ConvCase(int n, int channels, int height, int width, int kernel, Pass pass) implements BenchCase {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})x(\\d{1,6})x(\\d{1,6})x(\\d{1,6})");

    public ConvCase {
        new ConvolutionShape(n, height, width, channels, kernel, 1, 1);
    }

    /**
     * Reads a shape as the command line has it.
     *
     * @param text {@code NxCxHxW}, such as {@code 4x64x56x56}
     * @return batch, channels, height and width
     */
    public static int[] shape(String text) {
        Matcher match = SHAPE.matcher(text);
        if (!match.matches()) {
            throw new UsageException("shape '" + text + "' is not of the form NxCxHxW, such as 4x64x56x56");
        }
        int[] sizes = new int[4];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Integer.parseInt(match.group(i + 1));
        }
        return sizes;
    }

    /** The shape for the library. */
    public ConvolutionShape depthwise() {
        return new ConvolutionShape(n, height, width, channels, kernel, 1, 1);
    }

    /** Batch, channels, height and width, as {@link #shape} reads them. */
    public String shape() {
        return n + "x" + channels + "x" + height + "x" + width;
    }

    /**
     * Multiplications by pixels of the image in the textbook's sum; those by padding do not count. A training step has
     * three such sums: the output and two gradients.
     */
    public long validMacs() {
        long once = n * (long) channels * taps(height) * taps(width);
        return pass == Pass.TRAINING ? 3 * once : once;
    }

    /** Pairs of an output position and a tap that meet within a row of {@code length} pixels. */
    private long taps(int length) {
        int reach = kernel / 2;
        long sum = 0;
        for (int out = 0; out < length; out++) {
            sum += Math.min(length - 1, out + reach) - Math.max(0, out - reach) + 1;
        }
        return sum;
    }

    @Override
    public String label() {
        return shape() + " K=" + kernel + " " + pass.key();
    }

    @Override
    public SequencedMap<String, Object> fields() {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        fields.put("n", n);
        fields.put("channels", channels);
        fields.put("height", height);
        fields.put("width", width);
        fields.put("kernel", kernel);
        fields.put("pass", pass.key());
        return fields;
    }

    @Override
    public SequencedMap<String, String> columns() {
        SequencedMap<String, String> columns = new LinkedHashMap<>();
        columns.put("N, C, H, W", shape().replace("x", ", "));
        columns.put("K", Integer.toString(kernel));
        columns.put("pass", pass.key());
        return columns;
    }

    @Override
    public int images() {
        return n;
    }

    @Override
    public Map<String, Object> rates(double milliseconds, FmaPeak peak) {
        double gflops = 2e-6 * validMacs() / milliseconds;
        Map<String, Object> rates = new LinkedHashMap<>();
        rates.put("valid_macs", validMacs());
        rates.put("gflops", gflops);
        rates.put("peak_fraction", gflops / peak.allThreads());
        return rates;
    }

    @Override
    public double weight() {
        return 1 + validMacs() / 2e8;
    }
}
