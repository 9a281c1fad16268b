package replklab.model;

import java.util.random.RandomGenerator;
import replklab.nn.BatchNorm;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.Linear;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/**
 * RepLKNet (the paper's section 4.1) as a classifier: (n, h, w, inputChannels) to (n, classes). The parts have the names of
 * the authors' checkpoints.
 *
 * <p>Images of any size will do. The stem and each transition halve height and width, twice and once, and round up, as
 * PyTorch does with the authors' paddings: four stages make of 224 pixels 56, 28, 14 and 7, of 225 to 256 they make 57 to
 * 64 and in the end 8. The size that a network was trained for is in no weight; only its accuracy depends on it.
 *
 * <p>A network has four forms: in training and in evaluation mode ({@link #train}); with {@linkplain #merged() merged}
 * kernels; and {@linkplain #folded() folded} for inference.
 */
public final class RepLKNet extends Layer implements RepLKNetTrunk {
    private final RepLKNetConfig config;
    private final KernelForm form;
    private final RepLKNetStages parts;
    private final BatchNorm norm;
    private final Linear head;

    /**
     * A network to be trained. The authors initialise nothing, so weights start as PyTorch's do: uniform by fan-in.
     *
     * @param config the architecture
     * @param random starting weights are drawn from it
     */
    public RepLKNet(RepLKNetConfig config, RandomGenerator random) {
        this(config, KernelForm.TRAINING, Initialisation.uniform(random));
    }

    /**
     * @param config the architecture
     * @param form whether the kernels are merged
     * @param start where the starting weights come from; {@link Initialisation#zeros()} if they are to be loaded
     */
    public RepLKNet(RepLKNetConfig config, KernelForm form, Initialisation start) {
        this.config = config;
        this.form = form;
        this.parts = RepLKNetStages.of(config, config.channels().size(), form, stage -> false, start);
        parts.name(this::child);
        this.norm = child("norm", new BatchNorm(config.channels().getLast(), Activation.NONE));
        this.head = child("head", new Linear(config.channels().getLast(), config.classes(), start));
    }

    @Override
    public RepLKNetConfig config() {
        return config;
    }

    @Override
    public KernelForm form() {
        return form;
    }

    /**
     * A copy of this network in which each large kernel and the small one beside it are one convolution, norms included
     * (structural re-parameterisation, the paper's guideline 3). Its outputs are those of this network's evaluation mode, up
     * to rounding. This one does not change, and an optimiser that holds its parameters goes on training it; if it is the copy
     * that then gives the loss, the optimiser's next step refuses.
     */
    @Override
    public RepLKNet merged() {
        RepLKNet merged = new RepLKNet(config, KernelForm.MERGED, Initialisation.zeros());
        merged.load(Reparameterisation.mergedState(this));
        return merged;
    }

    /** What the last stage puts out, before the final norm: (n, h, w, inputChannels) to (n, h / 32, w / 32, channels). */
    public Tensor features(Tensor x) {
        return parts.forward(x);
    }

    @Override
    public Tensor lastStage(Tensor x) {
        return features(x);
    }

    @Override
    public Tensor forward(Tensor x) {
        // (n, h, w, c) -> (n, h', w', last) -> (n, last) -> (n, classes)
        return head.forward(norm.forward(features(x)).globalAveragePool());
    }

    @Override
    protected void fold(Folding into) {
        parts.inOrder().forEach(into::layer);
        into.layer(norm);
        into.globalAveragePool();
        into.layer(head);
    }
}
