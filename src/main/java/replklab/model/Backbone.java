package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import replklab.base.UsageException;
import replklab.nn.Folding;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.tensor.Tensor;

/**
 * A network that gives the feature maps of chosen stages, the finest first: what segmentation and detection build on. One of
 * one's own says which layers its stages are made of:
 *
 * <pre>{@code
 * protected List<Section> sections() {
 *     return List.of(Section.inner(stem), Section.output(first, null, 64), Section.output(second, norm, 128));
 * }
 * }</pre>
 */
public abstract class Backbone extends Layer {
    /**
     * Layers one after the other.
     *
     * @param body the layers
     * @param isOutput whether what they put out is one of the feature maps
     * @param norm an extra norm on the feature map alone, which the next section does not see; null for none
     * @param channels of what the body puts out
     */
    public record Section(Layer body, boolean isOutput, Layer norm, int channels) {
        /** A section whose output only the next one sees. */
        public static Section inner(Layer body) {
            return new Section(body, false, null, 0);
        }

        /** A section whose output is a feature map; {@code norm} may be null. */
        public static Section output(Layer body, Layer norm, int channels) {
            return new Section(body, true, norm, channels);
        }

        private Section folded() {
            return new Section(body.folded(), isOutput, norm == null ? null : norm.folded(), channels);
        }
    }

    /** The network, section by section; the same layers at every call. */
    protected abstract List<Section> sections();

    /** Channels of each feature map. */
    public final List<Integer> channels() {
        return sections().stream()
                .filter(Section::isOutput)
                .map(Section::channels)
                .toList();
    }

    /** The feature maps (n, h', w', channels) of images (n, h, w, c), the finest first. */
    public final List<Tensor> features(Tensor x) {
        List<Tensor> maps = new ArrayList<>();
        Tensor y = x;
        for (Section section : sections()) {
            y = section.body.forward(y);
            if (section.isOutput) {
                maps.add(section.norm == null ? y : section.norm.forward(y));
            }
        }
        return maps;
    }

    /** The last of the {@link #features}. */
    @Override
    public final Tensor forward(Tensor x) {
        return features(x).getLast();
    }

    /**
     * This backbone with every batch norm that can be folded into its convolutions: a copy for inference, as {@link
     * Layer#folded()}, which still gives all features.
     */
    public final Backbone foldedBackbone() {
        return new Folded(sections().stream().map(Section::folded).toList());
    }

    @Override
    protected final void fold(Folding into) {
        into.keep(foldedBackbone());
    }

    /**
     * The stages that were chosen as outputs, in order.
     *
     * @throws UsageException unless they are given once each, in ascending order, and exist
     */
    static List<Integer> requireStages(String network, List<Integer> chosen, int stages) {
        List<Integer> sorted =
                chosen.stream().filter(Objects::nonNull).distinct().sorted().toList();
        if (chosen.isEmpty() || !sorted.equals(chosen) || sorted.getFirst() < 0 || sorted.getLast() >= stages) {
            throw new UsageException("stages of the " + network + " backbone are " + chosen
                    + "; allowed are one or more of 0 to " + (stages - 1) + " in ascending order");
        }
        return List.copyOf(chosen);
    }

    /** The same sections with folded layers. */
    private static final class Folded extends Backbone {
        private final List<Section> sections;

        Folded(List<Section> sections) {
            this.sections = sections;
            child("body", new ModuleList(sections.stream().map(Section::body).toList()));
            child(
                    "norms",
                    new ModuleList(sections.stream()
                            .map(Section::norm)
                            .filter(Objects::nonNull)
                            .toList()));
        }

        @Override
        protected List<Section> sections() {
            return sections;
        }
    }
}
