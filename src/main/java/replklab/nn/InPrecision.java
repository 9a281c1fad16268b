package replklab.nn;

import replklab.tensor.Precision;
import replklab.tensor.Tensor;

/** A network whose products have a precision of their own, whatever the caller's. */
final class InPrecision extends Layer {
    private final Precision precision;
    private final Layer network;

    InPrecision(Precision precision, Layer network) {
        this.precision = precision;
        this.network = child("network", network);
    }

    @Override
    public Tensor forward(Tensor x) {
        return precision.in(() -> network.forward(x));
    }
}
