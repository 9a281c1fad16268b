package replklab.model;

import java.util.List;
import replklab.nn.ConvBn;
import replklab.nn.Initialisation;
import replklab.nn.Sequential;
import replklab.tensor.Activation;

/** Between two stages of a RepLKNet (the paper's figure 2): (n, h, w, in) to (n, h / 2, w / 2, out), rounded up. */
public final class Transition extends Sequential {
    /**
     * @param in channels of the stage before
     * @param out channels of the stage after
     * @param start where the starting weights come from
     */
    public Transition(int in, int out, Initialisation start) {
        super(List.of(
                ConvBn.pointwise(in, out, Activation.RELU, start),
                ConvBn.depthwise(out, 3, 2, Activation.RELU, start)));
    }
}
