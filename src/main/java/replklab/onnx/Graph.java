package replklab.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** An ONNX graph while it grows: nodes in the order of their computation, and the constants they read. */
final class Graph {
    private final List<NodeProto.Builder> nodes = new ArrayList<>();
    private final SequencedMap<String, Initializer> weights = new LinkedHashMap<>();
    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private final List<ValueInfoProto> outputs = new ArrayList<>();

    /**
     * Adds an operation with one output.
     *
     * @param operator ONNX's name of it
     * @param inputs names of earlier outputs, inputs and constants
     * @param attributes int, float, String or int[] by name
     * @return the output's name
     */
    String node(String operator, List<String> inputs, Map<String, Object> attributes) {
        String name = operator.toLowerCase(Locale.ROOT) + "_" + nodes.size();
        NodeProto.Builder node = NodeProto.newBuilder()
                .setName(name)
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(name);
        attributes.forEach((key, value) -> node.addAttribute(attribute(key, value)));
        nodes.add(node);
        return name;
    }

    /** The same for an operation without attributes. */
    String node(String operator, String... inputs) {
        return node(operator, List.of(inputs), Map.of());
    }

    /** A value with its axes in another order. */
    String transposed(String x, int[] axes) {
        return node("Transpose", List.of(x), Map.of("perm", axes));
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        return switch (value) {
            case Integer i ->
                attribute.setType(AttributeProto.AttributeType.INT).setI(i).build();
            case Float f ->
                attribute.setType(AttributeProto.AttributeType.FLOAT).setF(f).build();
            case String s ->
                attribute
                        .setType(AttributeProto.AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8(s))
                        .build();
            case int[] ints ->
                attribute
                        .setType(AttributeProto.AttributeType.INTS)
                        .addAllInts(Arrays.stream(ints).asLongStream().boxed().toList())
                        .build();
            default -> throw new IllegalArgumentException("attribute " + name + " of type " + value.getClass());
        };
    }

    /** Adds a constant unless there is one of its name, and returns the name. */
    String weight(Initializer weight) {
        weights.putIfAbsent(weight.name(), weight);
        return weight.name();
    }

    /**
     * Declares an input.
     *
     * @param axes an Integer for a fixed size, a String that names a free one
     */
    void input(String name, List<Object> axes) {
        inputs.add(declaration(name, axes));
    }

    /** Declares that a node's output is one of the graph's; it gets the name {@code as}. */
    void output(String of, String as, List<Object> axes) {
        boolean free = nodes.stream().anyMatch(node -> node.getOutput(0).equals(of))
                && outputs.stream().noneMatch(output -> output.getName().equals(of));
        if (free) {
            rename(of, as);
        } else {
            nodes.add(NodeProto.newBuilder()
                    .setName(as)
                    .setOpType("Identity")
                    .addInput(of)
                    .addOutput(as));
        }
        outputs.add(declaration(as, axes));
    }

    private void rename(String from, String to) {
        for (NodeProto.Builder node : nodes) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(from)) {
                    node.setInput(i, to);
                }
            }
            if (node.getOutput(0).equals(from)) {
                node.setOutput(0, to);
            }
        }
    }

    private static ValueInfoProto declaration(String name, List<Object> axes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object axis : axes) {
            TensorShapeProto.Dimension.Builder size = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(axis instanceof Integer fixed ? size.setDimValue(fixed) : size.setDimParam((String) axis));
        }
        TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    List<Initializer> weights() {
        return List.copyOf(weights.values());
    }

    int nodes() {
        return nodes.size();
    }

    /** Everything but the constants. */
    GraphProto toProto(String name) {
        GraphProto.Builder graph =
                GraphProto.newBuilder().setName(name).addAllInput(inputs).addAllOutput(outputs);
        nodes.forEach(graph::addNode);
        return graph.build();
    }
}
