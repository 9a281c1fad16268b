package replklab.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import replklab.base.LabException;
import replklab.base.Parallel;
import replklab.tensor.ChannelsFirst;
import replklab.tensor.Tensor;

/** An ONNX file in ONNX Runtime, on the processor with as many threads as the library has. */
public final class OnnxSession implements AutoCloseable {
    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxSession(Path file, OrtEnvironment environment, OrtSession session) {
        this.file = file;
        this.environment = environment;
        this.session = session;
    }

    /**
     * Loads a file.
     *
     * @throws LabException if there is none, ONNX Runtime refuses it, or ONNX Runtime does not run on this system
     */
    public static OnnxSession open(Path file) {
        if (!Files.exists(file)) {
            throw new LabException("no ONNX file " + file);
        }
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(Parallel.threads());
                return new OnnxSession(file, environment, environment.createSession(file.toString(), options));
            }
        } catch (OrtException e) {
            throw new LabException("ONNX Runtime refuses " + file + ": " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new LabException("ONNX Runtime has no build for this system: " + e.getMessage(), e);
        }
    }

    /** The lines about the model that its file holds, by key. */
    public Map<String, String> metadata() {
        try {
            return session.getMetadata().getCustomMetadata();
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    /**
     * Runs the model.
     *
     * @param x images, (n, h, w, c)
     * @param output which of its outputs
     * @return that output; images as (n, h, w, c)
     */
    public Tensor run(Tensor x, String output) {
        try (OnnxTensor input = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(ChannelsFirst.values(x)), channelsFirst(x));
                OrtSession.Result result = session.run(Map.of(OnnxModel.INPUT, input), Set.of(output))) {
            OnnxTensor found = (OnnxTensor) result.get(0);
            long[] shape = found.getInfo().getShape();
            float[] values = new float[found.getFloatBuffer().remaining()];
            found.getFloatBuffer().get(values);
            return toNhwc(values, shape);
        } catch (OrtException e) {
            throw failed(e);
        }
    }

    private LabException failed(OrtException e) {
        return new LabException("ONNX Runtime cannot run " + file + ": " + e.getMessage(), e);
    }

    private static long[] channelsFirst(Tensor x) {
        return IntStream.of(ChannelsFirst.shape(x.shape()).toArray())
                .asLongStream()
                .toArray();
    }

    private static Tensor toNhwc(float[] values, long[] shape) {
        int[] sizes = new int[shape.length];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = Math.toIntExact(shape[axis]);
        }
        return sizes.length == 4
                ? ChannelsFirst.tensor(values, sizes[0], sizes[1], sizes[2], sizes[3])
                : Tensor.of(values, sizes);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw failed(e);
        }
    }
}
