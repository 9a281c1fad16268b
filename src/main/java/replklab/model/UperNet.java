package replklab.model;

import java.util.List;
import java.util.random.RandomGenerator;
import replklab.base.UsageException;
import replklab.nn.ConvBn;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.nn.Pointwise;
import replklab.tensor.Activation;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/**
 * UperNet (Xiao et al. 2018) on any backbone: semantic segmentation, (n, h, w, c) to logits (n, h, w, classes) of every pixel. It is
 * what the paper's tables 5, 7 and 8 segment with. While training, an auxiliary head (a 3x3 convolution and a classifier) on the
 * second coarsest feature map has a share in the loss; in inference it is not run.
 */
public final class UperNet extends Layer {
    /** Share of the auxiliary head in the loss. */
    private static final float AUXILIARY_WEIGHT = 0.4f;

    private final UperNetConfig config;
    private final Backbone backbone;
    private final UperHead head;
    private final Layer auxiliary; // this and the next one are null if there is none
    private final Layer auxiliaryClassifier;

    /**
     * @param backbone gives the feature maps; four of a quarter to a 32nd of the image in the paper
     * @param config the head
     * @param random starting weights of the head are drawn from it
     */
    public UperNet(Backbone backbone, UperNetConfig config, RandomGenerator random) {
        this(backbone, config, Initialisation.kaimingNormal(random));
    }

    /**
     * @param start where the starting weights of the head come from
     */
    public UperNet(Backbone backbone, UperNetConfig config, Initialisation start) {
        this(config, backbone, new UperHead(backbone.channels(), config, start), auxiliary(backbone, config, start));
    }

    private UperNet(UperNetConfig config, Backbone backbone, UperHead head, List<Layer> auxiliary) {
        this.config = config;
        this.backbone = child("backbone", backbone);
        this.head = child("decode_head", head);
        this.auxiliary = auxiliary.isEmpty() ? null : auxiliary.getFirst();
        this.auxiliaryClassifier = auxiliary.isEmpty() ? null : auxiliary.getLast();
        if (!auxiliary.isEmpty()) {
            child("auxiliary_head", new ModuleList(auxiliary));
        }
    }

    private static List<Layer> auxiliary(Backbone backbone, UperNetConfig config, Initialisation start) {
        int width = config.auxiliaryChannels();
        if (width == 0) {
            return List.of();
        }
        List<Integer> channels = backbone.channels();
        if (channels.size() < 2) {
            throw new UsageException("an auxiliary head needs a backbone of at least 2 feature maps; this one has "
                    + channels.size() + ": set auxiliaryChannels to 0");
        }
        return List.of(
                ConvBn.full(channels.get(channels.size() - 2), width, 3, Activation.RELU, start),
                Pointwise.classifier(width, config.classes(), start));
    }

    /** The head's configuration. */
    public UperNetConfig config() {
        return config;
    }

    /** The backbone. */
    public Backbone backbone() {
        return backbone;
    }

    @Override
    public Tensor forward(Tensor x) {
        return head.forward(backbone.features(x)).resizeBilinear(x.size(1), x.size(2));
    }

    /**
     * The training loss: cross-entropy of every pixel's logits at the image's size, and 0.4 times that of the auxiliary head's.
     *
     * @param x images (n, h, w, c)
     * @param targets n h w labels, row by row of each image; {@link Targets#ignoring} names the label that does not count
     * @return a scalar
     */
    public Tensor loss(Tensor x, Targets targets) {
        List<Tensor> maps = backbone.features(x);
        Tensor loss = pixelwise(head.forward(maps), x, targets);
        if (auxiliary == null) {
            return loss;
        }
        Tensor y = auxiliary.forward(maps.get(maps.size() - 2));
        Tensor logits = auxiliaryClassifier.forward(isTraining() ? y.dropChannels(config.dropout()) : y);
        return loss.add(pixelwise(logits, x, targets).scale(AUXILIARY_WEIGHT));
    }

    private static Tensor pixelwise(Tensor logits, Tensor x, Targets targets) {
        return logits.resizeBilinear(x.size(1), x.size(2)).crossEntropy(targets);
    }

    @Override
    protected void fold(Folding into) {
        into.keep(new UperNet(config, backbone.foldedBackbone(), head.foldedHead(), List.of()));
    }
}
