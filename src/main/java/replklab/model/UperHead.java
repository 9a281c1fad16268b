package replklab.model;

import java.util.ArrayList;
import java.util.List;
import replklab.base.UsageException;
import replklab.nn.ConvBn;
import replklab.nn.Folding;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.nn.Pointwise;
import replklab.tensor.Activation;
import replklab.tensor.Tensor;

/**
 * UperNet's head: pyramid pooling on the coarsest feature map, then a feature pyramid down to the finest (FPN, Lin et al. 2017),
 * whose levels are put together at the finest one's size and classified pixel by pixel.
 */
public final class UperHead extends Layer {
    private final UperNetConfig config;
    private final Layer pooling;
    private final List<Layer> laterals;
    private final List<Layer> fpn;
    private final Layer fpnBottleneck;
    private final Layer classifier;

    /**
     * @param in channels of the feature maps, the finest first
     * @param config the head
     * @param start where the starting weights come from
     */
    UperHead(List<Integer> in, UperNetConfig config, Initialisation start) {
        this(
                config,
                new PyramidPooling(in.getLast(), config.channels(), config.poolScales(), start),
                in.subList(0, in.size() - 1).stream()
                        .<Layer>map(channels -> ConvBn.pointwise(channels, config.channels(), Activation.RELU, start))
                        .toList(),
                in.subList(0, in.size() - 1).stream()
                        .<Layer>map(_ -> square(config.channels(), config, start))
                        .toList(),
                square(in.size() * config.channels(), config, start),
                Pointwise.classifier(config.channels(), config.classes(), start));
    }

    private static Layer square(int in, UperNetConfig config, Initialisation start) {
        return ConvBn.full(in, config.channels(), 3, Activation.RELU, start);
    }

    private UperHead(
            UperNetConfig config,
            Layer pooling,
            List<Layer> laterals,
            List<Layer> fpn,
            Layer fpnBottleneck,
            Layer classifier) {
        this.config = config;
        this.pooling = child("psp", pooling);
        this.laterals = laterals;
        this.fpn = fpn;
        child("lateral_convs", new ModuleList(laterals));
        child("fpn_convs", new ModuleList(fpn));
        this.fpnBottleneck = child("fpn_bottleneck", fpnBottleneck);
        this.classifier = child("conv_seg", classifier);
    }

    /**
     * Logits of every pixel of the finest map.
     *
     * @param maps as many as the head was made for, (n, h, w, c) each, the finest first
     * @return (n, h, w, classes)
     */
    public Tensor forward(List<Tensor> maps) {
        if (maps.size() != laterals.size() + 1) {
            throw new UsageException(
                    "a UperNet head for " + (laterals.size() + 1) + " feature maps was given " + maps.size());
        }
        int finer = laterals.size();
        List<Tensor> levels = new ArrayList<>();
        Tensor level = pooling.forward(maps.getLast());
        levels.add(level);
        for (int i = finer - 1; i >= 0; i--) {
            level = laterals.get(i).forward(maps.get(i)).add(resized(level, maps.get(i)));
            levels.addFirst(fpn.get(i).forward(level));
        }
        Tensor finest = maps.getFirst();
        Tensor[] together = levels.stream().map(each -> resized(each, finest)).toArray(Tensor[]::new);
        Tensor y = fpnBottleneck.forward(Tensor.concatenate(together));
        return classifier.forward(isTraining() ? y.dropChannels(config.dropout()) : y);
    }

    private static Tensor resized(Tensor x, Tensor like) {
        boolean same = x.size(1) == like.size(1) && x.size(2) == like.size(2);
        return same ? x : x.resizeBilinear(like.size(1), like.size(2));
    }

    /** The logits of a head for a single map. */
    @Override
    public Tensor forward(Tensor x) {
        return forward(List.of(x));
    }

    /** This head with its norms folded, a copy for inference. */
    UperHead foldedHead() {
        return new UperHead(
                config,
                pooling.folded(),
                laterals.stream().map(Layer::folded).toList(),
                fpn.stream().map(Layer::folded).toList(),
                fpnBottleneck.folded(),
                classifier.folded());
    }

    @Override
    protected void fold(Folding into) {
        into.keep(foldedHead());
    }
}
