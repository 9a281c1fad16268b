package replklab.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.nn.Layer;
import replklab.nn.WeightLayout;
import replklab.tensor.Activation;
import replklab.tensor.ArrayOperation;
import replklab.tensor.Backend;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ConvolutionOperation.Convolution;
import replklab.tensor.ConvolutionOperation.ConvolutionGradient;
import replklab.tensor.ConvolutionOperation.Depthwise;
import replklab.tensor.ConvolutionOperation.DepthwiseGradient;
import replklab.tensor.ConvolutionOperation.DepthwisePair;
import replklab.tensor.ConvolutionOperation.DepthwisePairGradient;
import replklab.tensor.ConvolutionOperation.Pointwise;
import replklab.tensor.ConvolutionOperation.PointwiseGradient;
import replklab.tensor.CustomCall;
import replklab.tensor.ElementwiseOperation;
import replklab.tensor.ElementwiseOperation.Activate;
import replklab.tensor.ElementwiseOperation.ActivationGradient;
import replklab.tensor.ElementwiseOperation.Apply;
import replklab.tensor.ElementwiseOperation.Combine;
import replklab.tensor.ElementwiseOperation.Fill;
import replklab.tensor.ElementwiseOperation.Gate;
import replklab.tensor.ElementwiseOperation.GateGradient;
import replklab.tensor.ElementwiseOperation.Multiply;
import replklab.tensor.ElementwiseOperation.ScaleChannels;
import replklab.tensor.ElementwiseOperation.ScaleChannelsGradient;
import replklab.tensor.ElementwiseOperation.ScaleImages;
import replklab.tensor.NormOperation;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormEvaluation;
import replklab.tensor.NormOperation.BatchNormEvaluationGradient;
import replklab.tensor.NormOperation.BatchNormGradient;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.NormOperation.LayerNormGradient;
import replklab.tensor.Operation;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Precision;
import replklab.tensor.Reduction;
import replklab.tensor.SpaceOperation;
import replklab.tensor.SpaceOperation.AdaptiveAveragePool;
import replklab.tensor.SpaceOperation.AdaptiveAveragePoolGradient;
import replklab.tensor.SpaceOperation.GlobalAveragePool;
import replklab.tensor.SpaceOperation.GlobalAveragePoolGradient;
import replklab.tensor.SpaceOperation.MaxPool;
import replklab.tensor.SpaceOperation.MaxPoolGradient;
import replklab.tensor.SpaceOperation.Patches;
import replklab.tensor.SpaceOperation.PatchesGradient;
import replklab.tensor.SpaceOperation.ResizeBilinear;
import replklab.tensor.SpaceOperation.ResizeBilinearGradient;
import replklab.tensor.Tensor;

/**
 * A backend that computes nothing and writes down, as nodes of an ONNX graph, what it is asked for. Images, (n, h, w, c)
 * here, are (n, c, h, w) in the graph; everything else has the same axes in both.
 */
final class Tracer implements Backend {
    private final Graph graph = new Graph();
    private final Values values;
    private final ArrayNodes arrays;

    /**
     * @param network whose weights keep their names
     */
    Tracer(Layer network) {
        this.values = new Values(graph, network);
        this.arrays = new ArrayNodes(graph, values);
    }

    /** The network's input, (n, h, w, c), before the forward pass. */
    void input(Tensor x) {
        values.define(x, OnnxModel.INPUT);
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
    public String name() {
        return "onnx";
    }

    @Override
    public String description() {
        return "onnx: operations are written down";
    }

    @Override
    public boolean computes() {
        return false;
    }

    @Override
    public void execute(Operation operation) {
        switch (operation) {
            case ConvolutionOperation convolution -> convolution(convolution);
            case NormOperation norm -> norm(norm);
            case ElementwiseOperation elementwise -> elementwise(elementwise);
            case SpaceOperation space -> space(space);
            case ArrayOperation array -> arrays.trace(array);
            case CustomCall call -> custom(call);
            case OptimiserStep step -> throw inexpressible(step);
        }
    }

    @Override
    public double execute(Reduction reduction) {
        throw inexpressible(reduction);
    }

    private static LabException inexpressible(Object operation) {
        return new LabException("operation '" + operation.getClass().getSimpleName()
                + "' has no form in ONNX files here, so this network cannot be exported");
    }

    private void convolution(ConvolutionOperation operation) {
        switch (operation) {
            case Pointwise(var x, var w, var bias, var activation, var residual, var precision, var y) ->
                pointwise(x, w, bias, activation, residual, precision, y);
            case Depthwise(var x, var w, var bias, var stride, var dilation, var activation, var y) ->
                depthwise(x, w, bias, stride, dilation, activation, y);
            case DepthwisePair(var x, var large, var small, var yLarge, var ySmall) -> {
                depthwise(x, large, null, 1, 1, Activation.NONE, yLarge);
                depthwise(x, small, null, 1, 1, Activation.NONE, ySmall);
            }
            case Convolution(var x, var w, var bias, var stride, var dilation, var activation, var precision, var y) ->
                convolution(x, w, bias, stride, dilation, activation, precision, y);
            case PointwiseGradient _, DepthwiseGradient _, DepthwisePairGradient _, ConvolutionGradient _ ->
                throw inexpressible(operation);
        }
    }

    private void norm(NormOperation operation) {
        switch (operation) {
            case BatchNormEvaluation(var x, var terms, var y) -> batchNorm(x, terms, y);
            case LayerNorm(var x, var gamma, var beta, var epsilon, var y) -> layerNorm(x, gamma, beta, epsilon, y);
            case BatchNorm _ ->
                throw new LabException(
                        "the network is in training mode; what is exported is evaluation mode: train(false)");
            case BatchNormGradient _, BatchNormEvaluationGradient _, LayerNormGradient _ ->
                throw inexpressible(operation);
        }
    }

    private void elementwise(ElementwiseOperation operation) {
        switch (operation) {
            case Fill(var y, var value) -> values.fill(y, value);
            case Activate(var kind, var x, var y) -> values.define(y, activated(values.read(x, "activation"), kind));
            case Apply(var function, var x, var y) ->
                values.define(
                        y,
                        graph.node(
                                switch (function) {
                                    case EXP -> "Exp";
                                    case LOG -> "Log";
                                    case SQRT -> "Sqrt";
                                },
                                values.read(x, "function")));
            case Combine(var a, var x, var b, var z, var y) -> combine(a, x, b, z, y);
            case Multiply(var x, var z, var y) ->
                values.define(y, graph.node("Mul", values.read(x, "product"), values.read(z, "product")));
            case Gate(var x, var gate, var y) -> gate(x, gate, y);
            case ScaleChannels(var x, var factors, var y) -> scaleChannels(x, factors, y);
            case ScaleImages _, ActivationGradient _, GateGradient _, ScaleChannelsGradient _ ->
                throw inexpressible(operation);
        }
    }

    private void space(SpaceOperation operation) {
        switch (operation) {
            case GlobalAveragePool(var x, var y) -> {
                String pooled =
                        graph.node("GlobalAveragePool", values.read(x, "global average pooling")); // (n, c, 1, 1)
                values.define(y, graph.node("Flatten", List.of(pooled), Map.of("axis", 1)));
            }
            case ResizeBilinear(var x, var y) -> resize(x, y);
            case AdaptiveAveragePool(var x, var y) -> adaptiveAveragePool(x, y);
            case MaxPool(var x, var kernel, var stride, var padding, var y) -> {
                Map<String, Object> attributes = Map.of(
                        "kernel_shape", new int[] {kernel, kernel},
                        "strides", new int[] {stride, stride},
                        "pads", new int[] {padding, padding, padding, padding});
                values.define(y, graph.node("MaxPool", List.of(values.read(x, "max pooling")), attributes));
            }
            case Patches(var x, var size, var y) -> patches(x, size, y);
            case GlobalAveragePoolGradient _,
                    ResizeBilinearGradient _,
                    AdaptiveAveragePoolGradient _,
                    MaxPoolGradient _,
                    PatchesGradient _ -> throw inexpressible(operation);
        }
    }

    private void custom(CustomCall call) {
        String operator = call.operation()
                .onnxOperator()
                .orElseThrow(
                        () -> new LabException("operation '" + call.operation().name()
                                + "' is a user's own and names no operator of ONNX (CustomOperation.onnxOperator), so this network"
                                + " cannot be exported"));
        List<String> inputs = Arrays.stream(call.inputs())
                .map(input -> values.operand(input, operator))
                .toList();
        values.defineChannelsLast(call.y(), graph.node(operator, inputs, Map.of()));
    }

    // Operations -----------------------------------------------------------------------------------------------------

    private void pointwise(
            Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, Precision precision, Tensor y) {
        List<String> inputs = new ArrayList<>();
        inputs.add(factor(values.read(x, "pointwise"), precision));
        String sum;
        if (x.shape().rank() == 4) {
            inputs.add(factor(values.weight(w, WeightLayout.POINTWISE), precision));
            addBias(inputs, bias);
            sum = graph.node("Conv", inputs, Map.of("kernel_shape", new int[] {1, 1}));
        } else {
            requireRows(x, "pointwise");
            inputs.add(factor(values.weight(w, WeightLayout.PLAIN), precision));
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
            Tensor x,
            Tensor w,
            Tensor bias,
            int stride,
            int dilation,
            Activation activation,
            Precision precision,
            Tensor y) {
        List<String> inputs = new ArrayList<>(List.of(
                factor(values.read(x, "convolution"), precision),
                factor(values.weight(w, WeightLayout.CONVOLUTION), precision)));
        addBias(inputs, bias);
        values.define(y, activated(conv(inputs, w.size(1), stride, dilation, 1), activation));
    }

    /** What a product multiplies: rounded there and back, since few readers have products of bfloat16. */
    private String factor(String value, Precision precision) {
        return switch (precision) {
            case FLOAT32 -> value;
            case BF16 ->
                graph.node(
                        "Cast",
                        List.of(graph.node(
                                "Cast", List.of(value), Map.of("to", TensorProto.DataType.BFLOAT16.getNumber()))),
                        Map.of("to", TensorProto.DataType.FLOAT.getNumber()));
        };
    }

    /** Padded by the reach of the kernel on every side, as here and in PyTorch; ONNX's own SAME pads differently with strides. */
    private String conv(List<String> inputs, int kernel, int stride, int dilation, int groups) {
        long reach = (kernel - 1L) / 2 * dilation;
        if (reach > Short.MAX_VALUE) {
            throw new LabException("dilation " + dilation + " of a kernel of " + kernel + " pixels needs " + reach
                    + " pixels of padding, which no reader of ONNX files takes: this network cannot be exported");
        }
        int margin = (int) reach;
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
        return graph.weight(Initializer.floats(name, shape, () -> {
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
