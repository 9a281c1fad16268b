package replklab.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.WeightLayout;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Which name of a graph stands for which tensor. A tensor is known again by where its memory lies, so that a reshape, which is
 * no operation of the backend, is seen as the same values under another shape. That holds as long as no memory is used twice:
 * outside a tape, and with every tensor kept.
 */
final class Values {
    /** The order of axes that makes (n, c, h, w) of an image here, and the one that makes (n, h, w, c) again. */
    static final int[] TO_NCHW = {0, 3, 1, 2};

    static final int[] TO_NHWC = {0, 2, 3, 1};

    /** Something computed, or the input. */
    private record Value(String name, Shape shape) {}

    private final Graph graph;
    private final Map<Long, Value> values = new HashMap<>();
    private final Map<Long, String> weightNames = new HashMap<>();
    private final List<Tensor> kept = new ArrayList<>();
    private boolean sizeFixed;

    /**
     * @param network whose weights keep their names
     */
    Values(Graph graph, Layer network) {
        this.graph = graph;
        network.state().forEach((name, variable) -> weightNames.put(address(variable.tensor()), name));
    }

    /** Whether something depends on the input's height and width, which the graph then has as constants. */
    boolean isSizeFixed() {
        return sizeFixed;
    }

    void fixSize() {
        sizeFixed = true;
    }

    /** A tensor has been computed, under a name. */
    void define(Tensor tensor, String name) {
        kept.add(tensor);
        values.put(address(tensor), new Value(name, tensor.shape()));
    }

    /** The name of a tensor's value, after a reshape if it has another shape than when it was made. */
    String read(Tensor tensor, String reader) {
        Value value = values.get(address(tensor));
        if (value == null) {
            throw new LabException(reader + " reads a tensor of shape " + tensor.shape() + " that is neither the input"
                    + " nor computed from it: this network cannot be exported to ONNX");
        }
        return value.shape.equals(tensor.shape()) ? value.name : reshaped(value, tensor.shape());
    }

    private String reshaped(Value value, Shape shape) {
        if (value.shape.rank() < 2 || shape.rank() < 2 || value.shape.size(0) != shape.size(0)) {
            throw new LabException("reshape from " + value.shape + " to " + shape
                    + " mixes images: this network cannot be exported to ONNX, where their number is open");
        }
        sizeFixed |= value.shape.rows() != shape.size(0); // more than one pixel goes into the new sizes
        int[] sizes = shape.toArray();
        sizes[0] = 0; // ONNX's word for the input's own
        String rows = value.shape.rank() == 4 ? graph.transposed(value.name, TO_NHWC) : value.name;
        String result = graph.node("Reshape", rows, integers(sizes));
        return shape.rank() == 4 ? graph.transposed(result, TO_NCHW) : result;
    }

    /** The name of a parameter or buffer as a constant laid out as in files. */
    String weight(Tensor tensor, WeightLayout layout) {
        String name = weightNames.get(address(tensor));
        if (name == null) {
            throw new LabException("a weight of shape " + tensor.shape()
                    + " is no parameter or buffer of the network: register it, or the network cannot be exported");
        }
        // A matrix that is once a convolution's and once a linear layer's is there twice.
        String unique = layout == WeightLayout.PLAIN && tensor.shape().rank() == 2 ? name + ".matrix" : name;
        long[] shape = layout.fileShape(tensor.shape()).toLongArray();
        return graph.weight(Weight.floats(unique, shape, () -> layout.toFile(tensor.toArray(), tensor.shape())));
    }

    /** A single number as a constant. */
    String constant(float value) {
        return graph.weight(Weight.floats("constant_" + value, new long[0], () -> new float[] {value}));
    }

    /** A list of integers as a constant, for sizes and axes. */
    String integers(int... values) {
        long[] wide = Arrays.stream(values).asLongStream().toArray();
        return graph.weight(Weight.longs("integers_" + Arrays.toString(values), wide));
    }

    private static long address(Tensor tensor) {
        return tensor.memory().address();
    }
}
