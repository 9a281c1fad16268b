package scratch;

import java.util.random.RandomGenerator;
import replklab.nn.Depthwise;
import replklab.nn.Layer;
import replklab.nn.Pointwise;
import replklab.tensor.Tensor;

/** A network with a layer of one's own: a large kernel's output gated by the image's mean, through an operation of one's own. */
final class Gated extends Layer {
    private final Layer stem;
    private final Layer large;
    private final Layer gate;
    private final Layer head;

    Gated(int channels, int classes, RandomGenerator random) {
        stem = child("stem", new Pointwise(1, channels, true, random));
        large = child("large", new Depthwise(channels, 7, 1, 1, random));
        gate = child("gate", new Pointwise(channels, channels, true, random));
        head = child("head", new Pointwise(channels, classes, true, random));
    }

    @Override
    public Tensor forward(Tensor x) { // (n, h, w, 1) -> (n, classes)
        Tensor y = large.forward(stem.forward(x)).relu();
        Tensor gates = Tensor.custom(new Softsign(), gate.forward(y.globalAveragePool()));
        return head.forward(y.gate(gates).globalAveragePool());
    }
}
