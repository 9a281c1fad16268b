package replklab.train;

import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import replklab.data.Batch;
import replklab.data.BatchLoader;
import replklab.data.DenseDataset;
import replklab.data.TrainTest;
import replklab.model.UperNet;
import replklab.nn.Layer;
import replklab.tensor.Tensor;

/** What a network is trained for: where its batches come from, what the loss is, and how well it does. */
public interface TrainingTask {
    /** The network, whose parameters are trained. */
    Layer model();

    /** Batches to learn from. */
    BatchLoader batches(TrainingConfig config, long seed);

    /** The loss of a batch: a scalar on the tape. */
    Tensor loss(Batch batch, TrainingConfig config);

    /**
     * How well the network does on the test images, the score that decides first.
     *
     * @param stopped asked before each batch; true ends the evaluation with nothing
     */
    Optional<Evaluation> evaluate(BooleanSupplier stopped);

    /** The scores of one who knows nothing: {@link Evaluation#guess} or {@link Evaluation#guessOfPixels}. */
    SequencedMap<String, Double> guess();

    /** To name the class of an image. */
    static TrainingTask classification(Layer model, TrainTest data) {
        return classification(model, data, Collections.emptySortedMap());
    }

    /**
     * The same with more scores, which are computed at each evaluation.
     *
     * @param scores what is made of the test images' logits, by a name that is none of the others
     */
    static TrainingTask classification(
            Layer model, TrainTest data, SequencedMap<String, ToDoubleFunction<Logits>> scores) {
        return new Classification(model, data, scores);
    }

    /**
     * To name the class of every pixel.
     *
     * @param data of {@link DenseDataset}s
     * @throws replklab.base.UsageException if the data has no labels of pixels, or not as many classes as the network
     */
    static TrainingTask segmentation(UperNet model, TrainTest data) {
        return new Segmentation(model, data);
    }
}
