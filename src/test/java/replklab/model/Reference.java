package replklab.model;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import replklab.tensor.Tensor;
import replklab.weights.Safetensors;

/** The reference outputs of the authors' model; their README says where they come from. */
final class Reference {
    static final RepLKNetConfig CONFIG =
            new RepLKNetConfig(List.of(13, 11, 9, 7), List.of(1, 1, 2, 1), List.of(16, 24, 40, 64), 5, 1, 4, 0, 3, 10);
    static final double LABEL_SMOOTHING = 0.1;
    static final double TRAINING_LOSS = 2.2379387767451666;

    private Reference() {}

    static Path file(String name) {
        try {
            return Path.of(Reference.class.getResource("tiny/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, Safetensors.Entry> weights(String name) {
        return Safetensors.read(file(name)).tensors();
    }

    /** Images (n, c, h, w) of a NumPy file as (n, h, w, c). */
    static Tensor images(String name) {
        return Tensor.of(array(name).permute(0, 2, 3, 1).dup('c'));
    }

    static Tensor rows(String name) {
        return Tensor.of(array(name));
    }

    static int[] labels() {
        return array("labels.npy").toIntVector();
    }

    private static INDArray array(String name) {
        return Nd4j.createFromNpyFile(file(name).toFile());
    }
}
