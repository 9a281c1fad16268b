package replklab.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import replklab.base.LabException;
import replklab.tensor.ArrayOperation;
import replklab.tensor.ArrayOperation.Binary;
import replklab.tensor.ArrayOperation.Concatenate;
import replklab.tensor.ArrayOperation.ConcatenateGradient;
import replklab.tensor.ArrayOperation.MaxGradient;
import replklab.tensor.ArrayOperation.Reduce;
import replklab.tensor.ArrayOperation.Repeat;
import replklab.tensor.ArrayOperation.Slice;
import replklab.tensor.ArrayOperation.SliceGradient;
import replklab.tensor.ArrayOperation.Softmax;
import replklab.tensor.ArrayOperation.SoftmaxGradient;
import replklab.tensor.ArrayOperation.Transpose;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/** Writes down operations on arrays of any rank. The first axis, the images, stays where it is, for the file leaves its size open. */
final class ArrayNodes {
    /** Where an axis of (n, h, w, c) is in (n, c, h, w). */
    private static final int[] CHANNELS_FIRST = {0, 2, 3, 1};

    private final Graph graph;
    private final Values values;

    ArrayNodes(Graph graph, Values values) {
        this.graph = graph;
        this.values = values;
    }

    void trace(ArrayOperation operation) {
        switch (operation) {
            case Binary(var kind, var x, var z, var y) -> binary(kind, x, z, y);
            case Reduce(var kind, var x, var y) -> reduce(kind, x, y);
            case Softmax(var x, var y) -> {
                int axis = axis(x.shape(), x.shape().rank() - 1);
                values.define(y, graph.node("Softmax", List.of(values.read(x, "softmax")), Map.of("axis", axis)));
            }
            case Transpose(var x, var axes, var y) -> transpose(x, axes, y);
            case Slice(var x, var axis, var from, var y) -> slice(x, axis, from, y);
            case Concatenate(var parts, var axis, var y) -> concatenate(parts, axis, y);
            case Repeat _, MaxGradient _, SoftmaxGradient _, SliceGradient _, ConcatenateGradient _ ->
                throw new LabException("operation '" + operation.getClass().getSimpleName()
                        + "' belongs to a gradient, which ONNX files here do not hold");
        }
    }

    private static int axis(Shape shape, int axis) {
        return shape.rank() == 4 ? CHANNELS_FIRST[axis] : axis;
    }

    private static void requireImagesFirst(String operation, int axis) {
        if (axis == 0) {
            throw new LabException(operation + " along the first axis mixes images: this network cannot be exported to"
                    + " ONNX, where their number is open");
        }
    }

    private void binary(Binary.Arithmetic kind, Tensor x, Tensor z, Tensor y) {
        String operator = switch (kind) {
            case ADD -> "Add";
            case SUBTRACT -> "Sub";
            case MULTIPLY -> "Mul";
            case DIVIDE -> "Div";
        };
        values.defineChannelsLast(y, graph.node(operator, values.operand(x, operator), values.operand(z, operator)));
    }

    private void reduce(Reduce.Kind kind, Tensor x, Tensor y) {
        int[] axes = IntStream.range(0, x.shape().rank())
                .filter(axis -> y.size(axis) < x.size(axis))
                .peek(axis -> requireImagesFirst("reduction", axis))
                .map(axis -> axis(x.shape(), axis))
                .toArray();
        String image = values.read(x, "reduction");
        String result = switch (kind) {
            case SUM -> graph.node("ReduceSum", image, values.integers(axes));
            case MEAN -> graph.node("ReduceMean", List.of(image), Map.of("axes", axes));
            case MAX -> graph.node("ReduceMax", List.of(image), Map.of("axes", axes));
        };
        values.define(y, axes.length == 0 ? graph.node("Identity", image) : result);
    }

    private void transpose(Tensor x, int[] axes, Tensor y) {
        if (axes[0] != 0) {
            requireImagesFirst("transposition", 0);
        }
        values.defineChannelsLast(y, graph.transposed(values.operand(x, "transposition"), axes));
    }

    private void slice(Tensor x, int axis, int from, Tensor y) {
        requireImagesFirst("slice", axis);
        if (x.shape().rank() == 4 && axis < 3) {
            values.fixSize();
        }
        values.define(
                y,
                graph.node(
                        "Slice",
                        values.read(x, "slice"),
                        values.integers(from),
                        values.integers(from + y.size(axis)),
                        values.integers(axis(x.shape(), axis))));
    }

    private void concatenate(Tensor[] parts, int axis, Tensor y) {
        requireImagesFirst("concatenation", axis);
        if (y.shape().rank() == 4 && axis < 3) {
            values.fixSize();
        }
        List<String> names = Arrays.stream(parts)
                .map(part -> values.read(part, "concatenation"))
                .toList();
        values.define(y, graph.node("Concat", names, Map.of("axis", axis(y.shape(), axis))));
    }
}
