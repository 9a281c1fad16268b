package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import replklab.conv.Algorithm;
import replklab.conv.DepthwisePass;
import replklab.conv.DepthwisePlanner;
import replklab.conv.DepthwiseTask;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Sequential;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/** Our depthwise layers in a row. They run as in a folded network: weights are constant. */
final class LayersWorkload implements Workload {
    /** What networks compute with: for every layer what the planner chooses. */
    static final String OURS = "ours";

    /**
     * @param name {@value #OURS}, or an algorithm that every layer is to be computed by, such as {@code direct}
     */
    LayersWorkload(String name) {
        if (!name.equals(OURS)) {
            DepthwisePlanner.current().prefer(Algorithm.of(name));
        }
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public Prepared prepare(BenchCase what, JsonNode told) {
        LayersCase wanted = (LayersCase) what;
        ConvCase each = wanted.layer();
        SplittableRandom random = new SplittableRandom(1);
        Layer chain = new Sequential(Stream.generate(() -> new Depthwise(each.channels(), each.kernel(), 1, 1, random))
                        .limit(wanted.layers())
                        .toList())
                .folded();
        Tensor images = Tensor.normal(random, 1, each.n(), each.height(), each.width(), each.channels());
        DepthwiseTask task = new DepthwiseTask(each.depthwise(), DepthwisePass.FORWARD, 0);
        return new Prepared() {
            @Override
            public void run() {
                try (Tape _ = Tape.inference()) {
                    chain.forward(images);
                }
            }

            @Override
            public String plan() {
                return DepthwisePlanner.current().explain(task);
            }
        };
    }
}
