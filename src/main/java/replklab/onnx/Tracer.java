package replklab.onnx;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.WeightLayout;
import replklab.tensor.Activation;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Tensor;

/**
 * A backend that computes nothing and writes down, as nodes of an ONNX graph, what it is asked for. Images, (n, h, w, c)
 * here, are (n, c, h, w) in the graph; everything else has the same axes in both.
 */
final class Tracer implements InvocationHandler {
    private final Graph graph = new Graph();
    private final Values values;

    /**
     * @param network whose weights keep their names
     * @param input its input, (n, h, w, c)
     */
    Tracer(Layer network, Tensor input) {
        this.values = new Values(graph, network);
        values.define(input, OnnxModel.INPUT);
    }

    Graph graph() {
        return graph;
    }

    /** Whether an operation depended on the input's height and width, which the graph then has as constants. */
    boolean isSizeFixed() {
        return values.isSizeFixed();
    }

    /** The name in the graph of a tensor that the forward pass returned. */
    String nameOf(Tensor tensor) {
        return values.read(tensor, "the network's output");
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
            case "activation" ->
                values.define((Tensor) a[2], activated(values.read((Tensor) a[1], operation), (Activation) a[0]));
            case "combine" -> combine((float) a[0], (Tensor) a[1], (float) a[2], (Tensor) a[3], (Tensor) a[4]);
            case "multiply" ->
                values.define(
                        (Tensor) a[2],
                        graph.node(
                                "Mul", values.read((Tensor) a[0], operation), values.read((Tensor) a[1], operation)));
            case "gate" -> gate((Tensor) a[0], (Tensor) a[1], (Tensor) a[2]);
            case "globalAveragePool" -> {
                String pooled = graph.node("GlobalAveragePool", values.read((Tensor) a[0], operation)); // (n, c, 1, 1)
                values.define((Tensor) a[1], graph.node("Flatten", List.of(pooled), Map.of("axis", 1)));
            }
            case "resizeBilinear" -> resize((Tensor) a[0], (Tensor) a[1]);
            case "adaptiveAveragePool" -> adaptiveAveragePool((Tensor) a[0], (Tensor) a[1]);
            case "patches" -> patches((Tensor) a[0], (int) a[1], (Tensor) a[2]);
            case "layerNorm" -> layerNorm((Tensor) a[0], (Tensor) a[1], (Tensor) a[2], (double) a[3], (Tensor) a[4]);
            case "scaleChannels" -> scaleChannels((Tensor) a[0], (Tensor) a[1], (Tensor) a[2]);
            case "concatenate" -> {
                List<String> parts = Arrays.stream((Tensor[]) a[0])
                        .map(part -> values.read(part, operation))
                        .toList();
                values.define((Tensor) a[1], graph.node("Concat", parts, Map.of("axis", 1)));
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
        inputs.add(values.read(x, "pointwise"));
        String sum;
        if (x.shape().rank() == 4) {
            inputs.add(values.weight(w, WeightLayout.POINTWISE));
            addBias(inputs, bias);
            sum = graph.node("Conv", inputs, Map.of("kernel_shape", new int[] {1, 1}));
        } else {
            requireRows(x, "pointwise");
            inputs.add(values.weight(w, WeightLayout.PLAIN));
            addBias(inputs, bias);
            sum = graph.node("Gemm", inputs, Map.of("transB", 1));
        }
        String result = activated(sum, activation);
        values.define(y, residual == null ? result : graph.node("Add", result, values.read(residual, "pointwise")));
    }

    private void depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        List<String> inputs =
                new ArrayList<>(List.of(values.read(x, "depthwise"), values.weight(w, WeightLayout.DEPTHWISE)));
        addBias(inputs, bias);
        values.define(y, activated(conv(inputs, w.size(0), stride, dilation, w.size(2)), activation));
    }

    private void convolution(
            Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        List<String> inputs =
                new ArrayList<>(List.of(values.read(x, "convolution"), values.weight(w, WeightLayout.CONVOLUTION)));
        addBias(inputs, bias);
        values.define(y, activated(conv(inputs, w.size(1), stride, dilation, 1), activation));
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
                values.read(x, "batchNorm"),
                values.weight(terms.gamma(), WeightLayout.PLAIN),
                values.weight(terms.beta(), WeightLayout.PLAIN),
                values.weight(terms.mean(), WeightLayout.PLAIN),
                values.weight(terms.variance(), WeightLayout.PLAIN));
        String normed = graph.node("BatchNormalization", inputs, Map.of("epsilon", (float) terms.epsilon()));
        values.define(y, activated(normed, terms.activation()));
    }

    /** Norms the last axis, so channels go there and back. */
    private void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y) {
        boolean image = x.shape().rank() == 4;
        String rows = values.read(x, "layerNorm");
        List<String> inputs = List.of(
                image ? graph.transposed(rows, Values.TO_NHWC) : rows,
                values.weight(gamma, WeightLayout.PLAIN),
                values.weight(beta, WeightLayout.PLAIN));
        String normed = graph.node("LayerNormalization", inputs, Map.of("axis", -1, "epsilon", (float) epsilon));
        values.define(y, image ? graph.transposed(normed, Values.TO_NCHW) : normed);
    }

    private String activated(String x, Activation activation) {
        return switch (activation) {
            case NONE -> x;
            case RELU -> graph.node("Relu", x);
            case RELU6 -> graph.node("Clip", x, values.constant(0), values.constant(6));
            case SIGMOID -> graph.node("Sigmoid", x);
            // Opset 17 has no Gelu; ONNX Runtime knows this form as one.
            case GELU -> {
                String erf = graph.node("Erf", graph.node("Div", x, values.constant((float) Math.sqrt(2))));
                yield graph.node(
                        "Mul", graph.node("Mul", x, graph.node("Add", erf, values.constant(1))), values.constant(0.5f));
            }
        };
    }

    private void combine(float a, Tensor x, float b, Tensor z, Tensor y) {
        String first = scaled(values.read(x, "sum"), a);
        if (b == 0) {
            values.define(y, a == 1 ? graph.node("Identity", first) : first);
        } else if (b == -1) {
            values.define(y, graph.node("Sub", first, values.read(z, "sum")));
        } else {
            values.define(y, graph.node("Add", first, scaled(values.read(z, "sum"), b)));
        }
    }

    private String scaled(String x, float factor) {
        return factor == 1 ? x : graph.node("Mul", x, values.constant(factor));
    }

    private void gate(Tensor x, Tensor gate, Tensor y) {
        String factors = values.read(gate, "gate");
        if (x.shape().rank() == 4) { // (n, c) -> (n, c, 1, 1)
            factors = graph.node("Unsqueeze", factors, values.integers(2, 3));
        } else {
            requireRows(x, "gate");
        }
        values.define(y, graph.node("Mul", values.read(x, "gate"), factors));
    }

    private void scaleChannels(Tensor x, Tensor factors, Tensor y) {
        String channels = values.weight(factors, WeightLayout.PLAIN);
        if (x.shape().rank() == 4) { // (c) -> (c, 1, 1)
            channels = graph.node("Unsqueeze", channels, values.integers(1, 2));
        }
        values.define(y, graph.node("Mul", values.read(x, "scaleChannels"), channels));
    }

    /** ONNX has no such pooling: rows and columns are averaged by a product with a matrix each, (cells, side). */
    private void adaptiveAveragePool(Tensor x, Tensor y) {
        values.fixSize();
        String down = averaging(y.size(1), x.size(1), false);
        String across = averaging(y.size(2), x.size(2), true);
        values.define(
                y, graph.node("MatMul", graph.node("MatMul", down, values.read(x, "adaptiveAveragePool")), across));
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
        String image = values.read(x, "patches");
        String side = values.integers(size);
        String sides = graph.node("Slice", graph.node("Shape", image), values.integers(2), values.integers(4));
        String whole = graph.node("Mul", graph.node("Div", sides, side), side);
        String cut = graph.node("Slice", image, values.integers(0, 0), whole, values.integers(2, 3));
        values.define(y, graph.node("SpaceToDepth", List.of(cut), Map.of("blocksize", size)));
    }

    /** ONNX wants all four sizes: batch and channels are taken from the input's shape, which the file leaves open. */
    private void resize(Tensor x, Tensor y) {
        values.fixSize();
        String image = values.read(x, "resizeBilinear");
        String kept = graph.node("Slice", graph.node("Shape", image), values.integers(0), values.integers(2));
        String sizes = graph.node("Concat", List.of(kept, values.integers(y.size(1), y.size(2))), Map.of("axis", 0));
        values.define(
                y,
                graph.node(
                        "Resize",
                        List.of(image, "", "", sizes),
                        Map.of("mode", "linear", "coordinate_transformation_mode", "half_pixel")));
    }

    private void addBias(List<String> inputs, Tensor bias) {
        if (bias != null) {
            inputs.add(values.weight(bias, WeightLayout.PLAIN));
        }
    }

    private static void requireRows(Tensor x, String operation) {
        if (x.shape().rank() != 2) {
            throw new LabException(operation + " of shape " + x.shape()
                    + ": only images and rows of channels can be exported to ONNX");
        }
    }
}
