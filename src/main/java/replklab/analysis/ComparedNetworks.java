package replklab.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import replklab.model.Backbone;
import replklab.model.UperNet;
import replklab.model.UperNetConfig;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.tensor.Shape;
import replklab.tensor.Tape;
import replklab.tensor.Tensor;

/**
 * The networks that the paper's tables compare with, counted by arithmetic from their publications: Swin (Liu et al. 2021) with
 * the products of its attention, ResNet-101 (He et al. 2016) with the stem of three convolutions that segmentation gives it, and
 * ResNeXt-101-64x4d (Xie et al. 2017), all as they are trained. UperNet's head is this library's own; the parameters contain its auxiliary head, the MACs do
 * not, since inference does not run it.
 */
final class ComparedNetworks {
    private static final int CLASSES = 1000;

    private ComparedNetworks() {}

    /**
     * A network up to its last stage.
     *
     * @param channels of each stage's map
     * @param heights of each stage's map
     * @param widths of each stage's map
     */
    record Trunk(
            long parameters,
            long macs,
            long additions,
            List<Integer> channels,
            List<Integer> heights,
            List<Integer> widths) {}

    /** A classifier of the name, such as {@code "Swin-B"}, for square images. */
    static Optional<PaperCount> classifier(String name, int resolution) {
        // Pre-trained at 224 pixels with windows of 7, at 384 with windows of 12.
        return swin(name, resolution == 384 ? 12 : 7, resolution, resolution, 0).map(trunk -> {
            long last = trunk.channels.getLast();
            return new PaperCount(
                    trunk.parameters + 2 * last + last * CLASSES + CLASSES,
                    trunk.macs + last * CLASSES,
                    trunk.additions);
        });
    }

    /** The same as a backbone under UperNet. */
    static Optional<PaperCount> upernet(String name, int height, int width, int classes) {
        return trunk(name, height, width).map(found -> {
            UperNetConfig config = UperNetConfig.paper(classes);
            PaperCount head = head(found, config.withoutAuxiliary(), height, width);
            long in = found.channels.get(2);
            long auxiliary = (in * 9 + 2) * config.auxiliaryChannels() + (config.auxiliaryChannels() + 1L) * classes;
            return new PaperCount(
                    found.parameters + head.parameters() + auxiliary,
                    found.macs + head.macs(),
                    found.additions + head.additions());
        });
    }

    /** The backbone of the name, such as {@code "X101-64x4d"}. */
    static Optional<Trunk> trunk(String name, int height, int width) {
        return switch (name) {
            case "ResNet-101" -> Optional.of(resNet101(List.of(32, 32, 64), 3, 64, 1, height, width));
            case "X101-64x4d" -> Optional.of(resNet101(List.of(64), 7, 256, 64, height, width));
            default -> swin(name, 7, height, width, 2);
        };
    }

    private static PaperCount head(Trunk trunk, UperNetConfig config, int height, int width) {
        UperNet network = new UperNet(new Maps(trunk), config, Initialisation.undefined());
        NetworkCosts costs = NetworkCosts.of(network, 1, height, width, 3);
        Tape.releaseMemory();
        PaperCount fused = PaperCount.fused(costs);
        return new PaperCount(costs.parameters(), fused.macs(), fused.additions());
    }

    /** A backbone that computes nothing: its maps have the sizes of another network's. */
    private static final class Maps extends Backbone {
        private final List<Section> sections = new ArrayList<>();

        Maps(Trunk trunk) {
            for (int i = 0; i < trunk.channels.size(); i++) {
                Shape map = Shape.of(1, trunk.heights.get(i), trunk.widths.get(i), trunk.channels.get(i));
                Layer stage = new Layer() {
                    @Override
                    public Tensor forward(Tensor x) {
                        return Tensor.empty(map);
                    }
                };
                sections.add(Section.output(stage, null, map.channels()));
            }
            child("stages", new ModuleList(sections.stream().map(Section::body).toList()));
        }

        @Override
        protected List<Section> sections() {
            return sections;
        }
    }

    /** Swin-B or Swin-L; with {@code norms} values a channel for the norm on each stage's map. */
    private static Optional<Trunk> swin(String name, int window, int height, int width, int norms) {
        if (!name.startsWith("Swin-B") && !name.startsWith("Swin-L")) {
            return Optional.empty();
        }
        boolean large = name.startsWith("Swin-L");
        int first = large ? 192 : 128;
        int firstHeads = large ? 6 : 4;
        int[] depths = {2, 2, 18, 2};
        int h = height / 4;
        int w = width / 4;
        long parameters = first * 3L * 16 + first + 2 * first;
        long macs = first * 3L * 16 * h * w;
        long additions = 3L * first * h * w;
        Trunk trunk = new Trunk(0, 0, 0, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int stage = 0; stage < depths.length; stage++) {
            long c = (long) first << stage;
            long pixels = (long) h * w;
            // Windows that do not fit are padded.
            long padded = (long) Math.ceilDiv(h, window) * Math.ceilDiv(w, window) * window * window;
            long relative = (2L * window - 1) * (2L * window - 1) * ((long) firstHeads << stage);
            parameters += depths[stage] * (12 * c * c + 13 * c + relative);
            macs += depths[stage] * (4 * c * c * padded + 8 * c * c * pixels + 2 * padded * window * window * c);
            additions += depths[stage] * (4 * c * padded + (5 + 4) * c * pixels);
            parameters += norms * c;
            additions += norms * c * pixels;
            trunk.channels.add((int) c);
            trunk.heights.add(h);
            trunk.widths.add(w);
            if (stage < depths.length - 1) {
                h = Math.ceilDiv(h, 2);
                w = Math.ceilDiv(w, 2);
                parameters += 8 * c + 8 * c * c;
                macs += 8 * c * c * h * w;
                additions += 8 * c * h * w;
            }
        }
        return Optional.of(new Trunk(parameters, macs, additions, trunk.channels, trunk.heights, trunk.widths));
    }

    /**
     * A residual network of 101 layers.
     *
     * @param stem output channels of the stem's convolutions
     * @param kernel of these
     * @param first inner channels of the first stage's blocks
     * @param groups of the blocks' 3x3 convolutions
     */
    private static Trunk resNet101(List<Integer> stem, int kernel, int first, int groups, int height, int width) {
        int[] depths = {3, 4, 23, 3};
        int h = height / 2;
        int w = width / 2;
        long parameters = 0;
        long macs = 0;
        long additions = 0;
        long in = 3;
        for (int out : stem) {
            parameters += in * out * kernel * kernel + 2L * out;
            macs += in * out * kernel * kernel * h * w;
            additions += (long) out * h * w;
            in = out;
        }
        h /= 2;
        w /= 2;
        Trunk trunk = new Trunk(0, 0, 0, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int stage = 0; stage < depths.length; stage++) {
            long inner = (long) first << stage;
            long out = 256L << stage;
            for (int block = 0; block < depths[stage]; block++) {
                macs += in * inner * h * w; // before the stride, which the 3x3 convolution has
                additions += inner * h * w;
                if (block == 0 && stage > 0) {
                    h /= 2;
                    w /= 2;
                }
                long rest = inner * inner / groups * 9 + inner * out + (block == 0 ? in * out : 0);
                long biases = inner + out + (block == 0 ? out : 0);
                parameters += in * inner + 2 * inner + rest + 2 * biases;
                macs += rest * h * w;
                additions += biases * h * w;
                in = out;
            }
            trunk.channels.add((int) out);
            trunk.heights.add(h);
            trunk.widths.add(w);
        }
        return new Trunk(parameters, macs, additions, trunk.channels, trunk.heights, trunk.widths);
    }
}
