package replklab.onnx;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.WeightLayout;
import replklab.tensor.Activation;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * A backend that computes nothing and writes down, as nodes of an ONNX graph, what it is asked for. Images, (n, h, w, c)
 * here, are (n, c, h, w) in the graph; everything else has the same axes in both.
 *
 * <p>A tensor is known again by where its memory lies, so that a reshape, which is no operation of the backend, is seen as the same
 * values under another shape. That holds as long as no memory is used twice: outside a tape, and with every tensor kept.
 */
final class Tracer implements InvocationHandler {
    private static final int[] TO_NHWC = {0, 2, 3, 1};
    private static final int[] TO_NCHW = {0, 3, 1, 2};

    /** Something computed, or the input. */
    private record Value(String name, Shape shape) {}

    private final Graph graph = new Graph();
    private final Map<Long, Value> values = new HashMap<>();
    private final Map<Long, String> weightNames = new HashMap<>();
    private final List<Tensor> kept = new ArrayList<>();
    private boolean sizeFixed;

    /**
     * @param network whose weights keep their names
     * @param input its input, (n, h, w, c)
     */
    Tracer(Layer network, Tensor input) {
        network.state().forEach((name, variable) -> weightNames.put(address(variable.tensor()), name));
        define(input, OnnxModel.INPUT);
    }

    Graph graph() {
        return graph;
    }

    /** Whether an operation depended on the input's height and width, which the graph then has as constants. */
    boolean isSizeFixed() {
        return sizeFixed;
    }

    /** The name in the graph of a tensor that the forward pass returned. */
    String nameOf(Tensor tensor) {
        return read(tensor, "the network's output");
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] a) {
        String operation = method.getName();
        switch (operation) {
            case "name", "description" -> {
                return "onnx";
            }
            // What is filled with a constant is refused where it is read.
            case "fill" -> {}
            case "pointwise" ->
                pointwise((Tensor) a[0], (Tensor) a[1], (Tensor) a[2], (Activation) a[3], (Tensor) a[4], (Tensor) a[5]);
            case "depthwise" ->
                depthwise(
                        (Tensor) a[0], (Tensor) a[1], (Tensor) a[2], (int) a[3], (int) a[4], (Activation) a[5], (Tensor)
                                a[6]);
            case "depthwisePair" -> {
                depthwise((Tensor) a[0], (Tensor) a[1], null, 1, 1, Activation.NONE, (Tensor) a[3]);
                depthwise((Tensor) a[0], (Tensor) a[2], null, 1, 1, Activation.NONE, (Tensor) a[4]);
            }
            case "convolution" ->
                convolution(
                        (Tensor) a[0], (Tensor) a[1], (Tensor) a[2], (int) a[3], (int) a[4], (Activation) a[5], (Tensor)
                                a[6]);
            case "batchNormEvaluation" -> batchNorm((Tensor) a[0], (BatchNormTerms) a[1], (Tensor) a[2]);
            case "activation" -> define((Tensor) a[2], activated(read((Tensor) a[1], operation), (Activation) a[0]));
            case "combine" -> combine((float) a[0], (Tensor) a[1], (float) a[2], (Tensor) a[3], (Tensor) a[4]);
            case "multiply" ->
                define((Tensor) a[2], node("Mul", read((Tensor) a[0], operation), read((Tensor) a[1], operation)));
            case "gate" -> gate((Tensor) a[0], (Tensor) a[1], (Tensor) a[2]);
            case "globalAveragePool" -> {
                String pooled = node("GlobalAveragePool", read((Tensor) a[0], operation)); // (n, c, 1, 1)
                define((Tensor) a[1], graph.node("Flatten", List.of(pooled), Map.of("axis", 1)));
            }
            case "resizeBilinear" -> resize((Tensor) a[0], (Tensor) a[1]);
            case "adaptiveAveragePool" -> adaptiveAveragePool((Tensor) a[0], (Tensor) a[1]);
            case "patches" -> patches((Tensor) a[0], (int) a[1], (Tensor) a[2]);
            case "layerNorm" -> layerNorm((Tensor) a[0], (Tensor) a[1], (Tensor) a[2], (double) a[3], (Tensor) a[4]);
            case "scaleChannels" -> scaleChannels((Tensor) a[0], (Tensor) a[1], (Tensor) a[2]);
            case "concatenate" -> {
                List<String> parts = Arrays.stream((Tensor[]) a[0])
                        .map(part -> read(part, operation))
                        .toList();
                define((Tensor) a[1], graph.node("Concat", parts, Map.of("axis", 1)));
            }
            case "batchNorm" ->
                throw new LabException(
                        "the network is in training mode; what is exported is evaluation mode: train(false)");
            default ->
                throw new LabException("operation '" + operation
                        + "' has no form in ONNX files here, so this network cannot be exported");
        }
        return null;
    }

    // Operations -----------------------------------------------------------------------------------------------------

    private void pointwise(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, Tensor y) {
        List<String> inputs = new ArrayList<>();
        inputs.add(read(x, "pointwise"));
        String sum;
        if (x.shape().rank() == 4) {
            inputs.add(weight(w, WeightLayout.POINTWISE));
            addBias(inputs, bias);
            sum = graph.node("Conv", inputs, Map.of("kernel_shape", new int[] {1, 1}));
        } else {
            requireRows(x, "pointwise");
            inputs.add(weight(w, WeightLayout.PLAIN));
            addBias(inputs, bias);
            sum = graph.node("Gemm", inputs, Map.of("transB", 1));
        }
        String result = activated(sum, activation);
        define(y, residual == null ? result : node("Add", result, read(residual, "pointwise")));
    }

    private void depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        List<String> inputs = new ArrayList<>(List.of(read(x, "depthwise"), weight(w, WeightLayout.DEPTHWISE)));
        addBias(inputs, bias);
        define(y, activated(conv(inputs, w.size(0), stride, dilation, w.size(2)), activation));
    }

    private void convolution(
            Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        List<String> inputs = new ArrayList<>(List.of(read(x, "convolution"), weight(w, WeightLayout.CONVOLUTION)));
        addBias(inputs, bias);
        define(y, activated(conv(inputs, w.size(1), stride, dilation, 1), activation));
    }

    /** Padded by the reach of the kernel on every side, as here and in PyTorch; ONNX's own SAME pads differently with strides. */
    private String conv(List<String> inputs, int kernel, int stride, int dilation, int groups) {
        int margin = (kernel - 1) / 2 * dilation;
        return graph.node(
                "Conv",
                inputs,
                Map.of(
                        "kernel_shape", new int[] {kernel, kernel},
                        "strides", new int[] {stride, stride},
                        "dilations", new int[] {dilation, dilation},
                        "pads", new int[] {margin, margin, margin, margin},
                        "group", groups));
    }

    private void batchNorm(Tensor x, BatchNormTerms terms, Tensor y) {
        List<String> inputs = List.of(
                read(x, "batchNorm"),
                weight(terms.gamma(), WeightLayout.PLAIN),
                weight(terms.beta(), WeightLayout.PLAIN),
                weight(terms.mean(), WeightLayout.PLAIN),
                weight(terms.variance(), WeightLayout.PLAIN));
        String normed = graph.node("BatchNormalization", inputs, Map.of("epsilon", (float) terms.epsilon()));
        define(y, activated(normed, terms.activation()));
    }

    /** Norms the last axis, so channels go there and back. */
    private void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y) {
        boolean image = x.shape().rank() == 4;
        String rows = read(x, "layerNorm");
        List<String> inputs = List.of(
                image ? transposed(rows, TO_NHWC) : rows,
                weight(gamma, WeightLayout.PLAIN),
                weight(beta, WeightLayout.PLAIN));
        String normed = graph.node("LayerNormalization", inputs, Map.of("axis", -1, "epsilon", (float) epsilon));
        define(y, image ? transposed(normed, TO_NCHW) : normed);
    }

    private String activated(String x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> node("Relu", x);
            case RELU6 -> node("Clip", x, constant(0), constant(6));
            case SIGMOID -> node("Sigmoid", x);
            // Opset 17 has no Gelu; ONNX Runtime knows this form as one.
            case GELU -> {
                String erf = node("Erf", node("Div", x, constant((float) Math.sqrt(2))));
                yield node("Mul", node("Mul", x, node("Add", erf, constant(1))), constant(0.5f));
            }
        };
    }

    private void combine(float a, Tensor x, float b, Tensor z, Tensor y) {
        String first = scaled(read(x, "sum"), a);
        if (b == 0) {
            define(y, a == 1 ? node("Identity", first) : first);
        } else if (b == -1) {
            define(y, node("Sub", first, read(z, "sum")));
        } else {
            define(y, node("Add", first, scaled(read(z, "sum"), b)));
        }
    }

    private String scaled(String x, float factor) {
        return factor == 1 ? x : node("Mul", x, constant(factor));
    }

    private void gate(Tensor x, Tensor gate, Tensor y) {
        String factors = read(gate, "gate");
        if (x.shape().rank() == 4) { // (n, c) -> (n, c, 1, 1)
            factors = node("Unsqueeze", factors, integers(2, 3));
        } else {
            requireRows(x, "gate");
        }
        define(y, node("Mul", read(x, "gate"), factors));
    }

    private void scaleChannels(Tensor x, Tensor factors, Tensor y) {
        String channels = weight(factors, WeightLayout.PLAIN);
        if (x.shape().rank() == 4) { // (c) -> (c, 1, 1)
            channels = node("Unsqueeze", channels, integers(1, 2));
        }
        define(y, node("Mul", read(x, "scaleChannels"), channels));
    }

    /** ONNX has no such pooling: rows and columns are averaged by a product with a matrix each, (cells, side). */
    private void adaptiveAveragePool(Tensor x, Tensor y) {
        sizeFixed = true;
        String down = averaging(y.size(1), x.size(1), false);
        String across = averaging(y.size(2), x.size(2), true);
        define(y, node("MatMul", node("MatMul", down, read(x, "adaptiveAveragePool")), across));
    }

    private String averaging(int cells, int side, boolean transposed) {
        String name = "average_%d_to_%d%s".formatted(side, cells, transposed ? "_transposed" : "");
        long[] shape = transposed ? new long[] {side, cells} : new long[] {cells, side};
        return graph.weight(Weight.floats(name, shape, () -> {
            float[] matrix = new float[cells * side];
            for (int cell = 0; cell < cells; cell++) {
                int from = cell * side / cells;
                int to = Math.ceilDiv((cell + 1) * side, cells);
                for (int i = from; i < to; i++) {
                    matrix[transposed ? i * cells + cell : cell * side + i] = 1f / (to - from);
                }
            }
            return matrix;
        }));
    }

    /** ONNX wants whole squares: the pixels that make none are cut off first. */
    private void patches(Tensor x, int size, Tensor y) {
        String image = read(x, "patches");
        String side = integers(size);
        String sides = node("Slice", node("Shape", image), integers(2), integers(4));
        String whole = node("Mul", node("Div", sides, side), side);
        String cut = node("Slice", image, integers(0, 0), whole, integers(2, 3));
        define(y, graph.node("SpaceToDepth", List.of(cut), Map.of("blocksize", size)));
    }

    /** ONNX wants all four sizes: batch and channels are taken from the input's shape, which the file leaves open. */
    private void resize(Tensor x, Tensor y) {
        sizeFixed = true;
        String image = read(x, "resizeBilinear");
        String kept = node("Slice", node("Shape", image), integers(0), integers(2));
        String sizes = graph.node("Concat", List.of(kept, integers(y.size(1), y.size(2))), Map.of("axis", 0));
        define(
                y,
                graph.node(
                        "Resize",
                        List.of(image, "", "", sizes),
                        Map.of("mode", "linear", "coordinate_transformation_mode", "half_pixel")));
    }

    // Values and constants -------------------------------------------------------------------------------------------

    private String node(String operator, String... inputs) {
        return graph.node(operator, List.of(inputs), Map.of());
    }

    private void define(Tensor tensor, String name) {
        kept.add(tensor);
        values.put(address(tensor), new Value(name, tensor.shape()));
    }

    /** The name of a tensor's value, after a reshape if it has another shape than when it was made. */
    private String read(Tensor tensor, String reader) {
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
        int[] sizes = shape.toArray();
        sizes[0] = 0; // ONNX's word for the input's own
        String rows = value.shape.rank() == 4 ? transposed(value.name, TO_NHWC) : value.name;
        String result = node("Reshape", rows, integers(sizes));
        return shape.rank() == 4 ? transposed(result, TO_NCHW) : result;
    }

    private String transposed(String x, int[] axes) {
        return graph.node("Transpose", List.of(x), Map.of("perm", axes));
    }

    private static void requireRows(Tensor x, String operation) {
        if (x.shape().rank() != 2) {
            throw new LabException(operation + " of shape " + x.shape()
                    + ": only images and rows of channels can be exported to ONNX");
        }
    }

    private void addBias(List<String> inputs, Tensor bias) {
        if (bias != null) {
            inputs.add(weight(bias, WeightLayout.PLAIN));
        }
    }

    private String weight(Tensor tensor, WeightLayout layout) {
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

    private String constant(float value) {
        return graph.weight(Weight.floats("constant_" + value, new long[0], () -> new float[] {value}));
    }

    private String integers(int... values) {
        long[] wide = Arrays.stream(values).asLongStream().toArray();
        return graph.weight(Weight.longs("integers_" + Arrays.toString(values), wide));
    }

    private static long address(Tensor tensor) {
        return tensor.memory().address();
    }
}
