package replklab.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import replklab.base.UsageException;
import replklab.conv.DepthwiseConvolution;
import replklab.conv.DepthwisePlanner;
import replklab.conv.DirectDepthwise;
import replklab.conv.FftDepthwise;
import replklab.conv.PlannedDepthwise;

/** What runs in a {@link PeerServer}: our implementations and ND4J's. */
final class Workloads {
    /** Our convolutions by the name of their rows; {@code ours} is what the networks use. One more is one line more. */
    static final SequencedMap<String, Supplier<DepthwiseConvolution>> CONVOLUTIONS = convolutions();

    static final String LAYERS = "layers-";

    private Workloads() {}

    private static SequencedMap<String, Supplier<DepthwiseConvolution>> convolutions() {
        SequencedMap<String, Supplier<DepthwiseConvolution>> all = new LinkedHashMap<>();
        all.put("ours", () -> new PlannedDepthwise(DepthwisePlanner.current()));
        all.put("direct", DirectDepthwise::new);
        all.put("fft", FftDepthwise::new);
        return all;
    }

    /**
     * A workload by its name: {@code conv-NAME} for one of {@link #CONVOLUTIONS}, {@code layers-NAME} as {@link LayersWorkload} has
     * it, {@code nd4j}, {@code model} or {@code data}.
     */
    static Workload of(String name) {
        if (name.startsWith("conv-")) {
            Supplier<DepthwiseConvolution> made = CONVOLUTIONS.get(name.substring("conv-".length()));
            if (made == null) {
                throw UsageException.unknown("convolution", name, CONVOLUTIONS.keySet());
            }
            return new ConvWorkload(made.get());
        }
        if (name.startsWith(LAYERS)) {
            return new LayersWorkload(name.substring(LAYERS.length()));
        }
        return switch (name) {
            case "nd4j" -> new Nd4jWorkload();
            case "model" -> new ModelWorkload();
            case "data" -> new DataWorkload();
            default -> throw new UsageException("unknown workload '" + name + "'");
        };
    }
}
