package replklab.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import replklab.base.UsageException;
import replklab.conv.DepthwiseConvolution;
import replklab.conv.DepthwiseShape;
import replklab.conv.DirectDepthwise;
import replklab.conv.FftDepthwise;
import replklab.tensor.Backend;
import replklab.tensor.cpu.CpuBackend;

/** Our depthwise convolutions by the names that experiments use. */
final class DepthwiseImplementations {
    /** What networks use: the planner's choice. */
    private static final String OURS = "ours";

    private static final Map<String, Supplier<DepthwiseConvolution>> KNOWN = known();

    private DepthwiseImplementations() {}

    private static Map<String, Supplier<DepthwiseConvolution>> known() {
        Map<String, Supplier<DepthwiseConvolution>> known = new LinkedHashMap<>();
        known.put(OURS, DirectDepthwise::new);
        known.put("direct", DirectDepthwise::new);
        known.put("fft", FftDepthwise::new);
        return known;
    }

    /** Throws unless there is an implementation of that name. */
    static void require(String name) {
        if (!KNOWN.containsKey(name)) {
            throw UsageException.unknown("implementation", name, KNOWN.keySet());
        }
    }

    static DepthwiseConvolution convolution(String name) {
        return KNOWN.get(name).get();
    }

    /** What the forward pass computes with and, where it was chosen, why. */
    static String plan(String name, DepthwiseShape shape) {
        return convolution(name).name();
    }

    /** A backend whose depthwise convolutions are those of that name. */
    static Backend backend(String name) {
        return new CpuBackend(convolution(name));
    }
}
