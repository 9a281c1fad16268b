package replklab.model;

import replklab.nn.Layer;
import replklab.tensor.Tensor;

/** A RepLKNet with its head or without: what every one out of a weights file can do. */
public sealed interface RepLKNetTrunk permits RepLKNet, RepLKNetBackbone {
    /** The architecture; a backbone's classes mean nothing. */
    RepLKNetConfig config();

    /** Whether the kernels are merged. */
    KernelForm form();

    /** Whether it is in training mode. */
    boolean isTraining();

    /**
     * What the last stage puts out, before any norm: (n, h, w, inputChannels) to (n, h', w', channels), height and width halved
     * and rounded up five times.
     */
    Tensor lastStage(Tensor x);

    /** A copy in which each large kernel and the small one beside it are one convolution. */
    RepLKNetTrunk merged();

    /** The network as any other layer. */
    default Layer layer() {
        return switch (this) {
            case RepLKNet network -> network;
            case RepLKNetBackbone backbone -> backbone;
        };
    }
}
