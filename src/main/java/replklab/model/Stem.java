package replklab.model;

import java.util.List;
import replklab.nn.ConvBn;
import replklab.nn.Convolution;
import replklab.nn.Initialisation;
import replklab.nn.Sequential;
import replklab.tensor.Activation;

/**
 * RepLKNet's stem (the paper's figure 2): (n, h, w, in) to (n, h / 4, w / 4, channels), rounded up at each of its two halvings.
 */
public final class Stem extends Sequential {
    /**
     * @param in channels of the images
     * @param channels output channels
     * @param start where the starting weights come from
     */
    public Stem(int in, int channels, Initialisation start) {
        super(List.of(
                new ConvBn(new Convolution(in, channels, 3, 2, start), channels, Activation.RELU),
                ConvBn.depthwise(channels, 3, 1, Activation.RELU, start),
                ConvBn.pointwise(channels, channels, Activation.RELU, start),
                ConvBn.depthwise(channels, 3, 2, Activation.RELU, start)));
    }
}
