package replklab.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import replklab.base.LabException;
import replklab.base.WholeFile;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.Shape;
import replklab.tensor.Tensor;

/**
 * A network as an ONNX model: one input {@value #INPUT} (batch, channels, height, width), float32, operator set {@value
 * #OPSET}, weights channels first. The batch is open; height and width are, too, unless an operation of the network depends
 * on them.
 *
 * <p>Best made of a {@linkplain Layer#folded() folded} network. Others are exported in evaluation mode, norms and all.
 */
public final class OnnxModel {
    /** Version of ONNX's standard operators that the files use; since ONNX 1.12 (2022). */
    public static final int OPSET = 17;

    /** Name of the input. */
    public static final String INPUT = "input";

    /** Version of the file format that goes with {@link #OPSET}. */
    private static final int IR_VERSION = 8;

    private final Graph graph;
    private final boolean sizeFixed;
    private final Map<String, String> metadata;

    private OnnxModel(Graph graph, boolean sizeFixed, Map<String, String> metadata) {
        this.graph = graph;
        this.sizeFixed = sizeFixed;
        this.metadata = metadata;
    }

    /**
     * The ONNX form of a network with one output.
     *
     * @param network in evaluation mode; to be called outside a tape
     * @param input the shape of an input, (n, h, w, c); n does not matter, nor do h and w unless the network depends on them
     * @param output what the output is to be called, such as {@code "logits"}
     * @throws LabException if the network has an operation that ONNX files cannot express here
     */
    public static OnnxModel of(Layer network, Shape input, String output) {
        return of(network, x -> new TreeMap<>(Map.of(output, network.forward(x))), input);
    }

    /**
     * The same for several outputs.
     *
     * @param network that owns the weights
     * @param forward what is exported: the outputs by name, in order
     */
    public static OnnxModel of(
            Layer network, Function<Tensor, ? extends SequencedMap<String, Tensor>> forward, Shape input) {
        AtomicReference<OnnxModel> model = new AtomicReference<>();
        Tracer tracer = new Tracer(network);
        Backend.with(tracer, () -> {
            Tensor x = Tensor.empty(input);
            tracer.input(x);
            model.set(traced(tracer, forward.apply(x), input));
        });
        return model.get();
    }

    private static OnnxModel traced(Tracer tracer, SequencedMap<String, Tensor> outputs, Shape input) {
        Graph graph = tracer.graph();
        SequencedMap<String, String> names = new LinkedHashMap<>();
        outputs.forEach((output, tensor) -> names.put(output, tracer.nameOf(tensor))); // a reshape may fix the size
        boolean fixed = tracer.isSizeFixed();
        graph.input(INPUT, axes("", input, fixed));
        names.forEach((output, name) -> graph.output(
                name, output, axes(output + "_", outputs.get(output).shape(), fixed)));
        return new OnnxModel(graph, fixed, Map.of());
    }

    /** Sizes as in the file: fixed ones as numbers, open ones by name. */
    private static List<Object> axes(String prefix, Shape shape, boolean fixed) {
        List<Object> axes = new ArrayList<>(List.of("batch"));
        if (shape.rank() == 4) {
            axes.add(shape.size(3));
            axes.add(fixed ? (Object) shape.size(1) : prefix + "height");
            axes.add(fixed ? (Object) shape.size(2) : prefix + "width");
        } else {
            for (int axis = 1; axis < shape.rank(); axis++) {
                axes.add(shape.size(axis));
            }
        }
        return axes;
    }

    /** This model with further lines about it, by key, which ONNX tools show. */
    public OnnxModel withMetadata(Map<String, String> more) {
        Map<String, String> both = new TreeMap<>(metadata);
        both.putAll(more);
        return new OnnxModel(graph, sizeFixed, both);
    }

    /** Whether height and width are those of the input it was made with, and no others. */
    public boolean isSizeFixed() {
        return sizeFixed;
    }

    /** Number of operations. */
    public int nodes() {
        return graph.nodes();
    }

    /**
     * Writes the file; whoever reads meanwhile sees the old one or the new one, never half of it.
     *
     * @throws LabException if it cannot be written, or would be over 2 GiB, which ONNX files cannot be
     */
    public void write(Path file) {
        WholeFile.write(file, "a network", out -> write(out, graph.toProto("network"), graph.weights()));
    }

    /** A message may have its fields in any order, so each weight can follow by itself. */
    private void write(OutputStream stream, GraphProto withoutWeights, List<Initializer> weights) throws IOException {
        long graphBytes = withoutWeights.getSerializedSize();
        for (Initializer weight : weights) {
            graphBytes += Initializer.fieldBytes(GraphProto.INITIALIZER_FIELD_NUMBER, weight.messageBytes());
        }
        requireSize(graphBytes);
        CodedOutputStream out = CodedOutputStream.newInstance(stream);
        head().writeTo(out);
        out.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt64NoTag(graphBytes);
        withoutWeights.writeTo(out);
        for (Initializer weight : weights) {
            out.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt64NoTag(weight.messageBytes());
            weight.writeTo(out);
        }
        out.flush();
    }

    /** Everything but the graph. */
    private ModelProto head() {
        String version = OnnxModel.class.getPackage().getImplementationVersion();
        ModelProto.Builder head = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("RepLK Lab")
                .setProducerVersion(version == null ? "" : version)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
        metadata.forEach((key, value) -> head.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return head.build();
    }

    /**
     * Throws unless a model of so many bytes can be an ONNX file.
     *
     * @throws LabException beyond 2 GiB
     */
    static void requireSize(long bytes) {
        if (bytes + (1 << 16) > Integer.MAX_VALUE) { // a little room for what stands around the graph
            throw new LabException("this network takes %.2f GiB; an ONNX file holds 2 GiB at most"
                    .formatted(bytes / (double) (1 << 30)));
        }
    }
}
