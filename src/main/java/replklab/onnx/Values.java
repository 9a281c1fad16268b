package replklab.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.WeightLayout;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * Which name of a graph stands for which tensor. A tensor is known again by the memory that it would have, so that a reshape,
 * which is no operation of the backend, is seen as the same values under another shape.
 */
final class Values {
    /** The order of axes that makes (n, c, h, w) of an image here, and the one that makes (n, h, w, c) again. */
    static final int[] TO_NCHW = {0, 3, 1, 2};

    static final int[] TO_NHWC = {0, 2, 3, 1};

    /** Something computed, or the input. */
    private record Value(String name, Shape shape) {}

    private final Graph graph;
    private final Map<Object, Value> values = new HashMap<>();
    private final Map<Object, Float> fills = new HashMap<>();
    private final Map<Object, String> weightNames = new HashMap<>();
    private boolean sizeFixed;

    /**
     * @param network whose weights keep their names
     */
    Values(Graph graph, Layer network) {
        this.graph = graph;
        network.state()
                .forEach((name, variable) -> weightNames.put(variable.tensor().memoryKey(), name));
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
        values.put(tensor.memoryKey(), new Value(name, tensor.shape()));
    }

    /** A tensor has the same number everywhere. */
    void fill(Tensor tensor, float value) {
        fills.put(tensor.memoryKey(), value);
    }

    /**
     * As {@link #read}, for arithmetic elementwise: a weight is one too, and what is the same number everywhere, which need
     * not be repeated there. Images have channels last: what is repeated along which axis depends on their order.
     */
    String operand(Tensor tensor, String reader) {
        Float fill = fills.get(tensor.memoryKey());
        if (fill != null) {
            return constant(fill);
        }
        if (weightNames.containsKey(tensor.memoryKey())) {
            return weight(tensor, WeightLayout.PLAIN);
        }
        String name = read(tensor, reader);
        return tensor.shape().rank() == 4 ? graph.transposed(name, TO_NHWC) : name;
    }

    /** Defines what came of {@link #operand}s, with channels last. */
    void defineChannelsLast(Tensor tensor, String name) {
        define(tensor, tensor.shape().rank() == 4 ? graph.transposed(name, TO_NCHW) : name);
    }

    /** The name of a tensor's value, after a reshape if it has another shape than when it was made. */
    String read(Tensor tensor, String reader) {
        Value value = values.get(tensor.memoryKey());
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
        String name = weightNames.get(tensor.memoryKey());
        if (name == null) {
            throw new LabException("a weight of shape " + tensor.shape()
                    + " is no parameter or buffer of the network: register it, or the network cannot be exported");
        }
        // One that is once a convolution's and once a matrix or a term of a sum is there twice.
        String unique = layout == WeightLayout.PLAIN && tensor.shape().rank() > 1 ? name + ".plain" : name;
        long[] shape = layout.fileShape(tensor.shape()).toLongArray();
        return graph.weight(Initializer.floats(unique, shape, () -> layout.toFile(tensor.toArray(), tensor.shape())));
    }

    /** A single number as a constant. */
    String constant(float value) {
        return graph.weight(Initializer.floats("constant_" + value, new long[0], () -> new float[] {value}));
    }

    /** A list of integers as a constant, for sizes and axes. */
    String integers(int... values) {
        long[] wide = Arrays.stream(values).asLongStream().toArray();
        return graph.weight(Initializer.longs("integers_" + Arrays.toString(values), wide));
    }
}
