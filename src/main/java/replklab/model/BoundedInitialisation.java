package replklab.model;

import replklab.base.LabException;
import replklab.nn.Initialisation;
import replklab.tensor.Tensor;

/**
 * Starting values for a model whose weights are to be loaded, up to a limit: a file of a few hostile shapes can describe a
 * network that no memory holds.
 */
final class BoundedInitialisation implements Initialisation {
    private final Initialisation values;
    private final String refusal;
    private long left;

    /**
     * @param values the starting values themselves
     * @param most elements of all weights together
     * @param refusal the message if there would be more
     */
    BoundedInitialisation(Initialisation values, long most, String refusal) {
        this.values = values;
        this.left = most;
        this.refusal = refusal;
    }

    @Override
    public Tensor convolution(int fanIn, int fanOut, int... sizes) {
        take(sizes);
        return values.convolution(fanIn, fanOut, sizes);
    }

    @Override
    public Tensor linear(int in, int out) {
        take(in, out);
        return values.linear(in, out);
    }

    @Override
    public Tensor bias(int fanIn, int size) {
        take(size);
        return values.bias(fanIn, size);
    }

    private void take(int... sizes) {
        double elements = 1; // a product that overflows is too large as well
        for (int size : sizes) {
            elements *= size;
        }
        if (elements > left) {
            throw new LabException(refusal);
        }
        left -= (long) elements;
    }
}
