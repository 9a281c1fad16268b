package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.LayerNorm;
import replklab.nn.ModuleList;

/** ConvNeXt without its head: the feature maps of chosen stages, each with a layer norm of its own as its authors have it. */
public final class ConvNeXtBackbone extends Backbone {
    private final List<Section> sections = new ArrayList<>();

    /**
     * @param config the architecture; its classes do not matter here
     * @param outputs stages whose feature maps are wanted, from 0, in ascending order; later stages are left out
     * @param random starting weights are drawn from it
     */
    public ConvNeXtBackbone(ConvNeXtConfig config, List<Integer> outputs, RandomGenerator random) {
        this(config, outputs, Initialisation.normal(random));
    }

    /** The same with weights from elsewhere. */
    public ConvNeXtBackbone(ConvNeXtConfig config, List<Integer> outputs, Initialisation start) {
        List<Integer> chosen =
                requireStages("ConvNeXt", outputs, config.channels().size());
        ConvNeXtStages parts = ConvNeXtStages.of(config, chosen.getLast() + 1, start);
        child("downsample_layers", new ModuleList(parts.downsampling()));
        child("stages", new ModuleList(parts.stages()));
        for (int stage = 0; stage < parts.stages().size(); stage++) {
            sections.add(Section.inner(parts.downsampling().get(stage)));
            Layer body = parts.stages().get(stage);
            int channels = config.channels().get(stage);
            sections.add(
                    chosen.contains(stage)
                            ? Section.output(body, child("norm" + stage, new LayerNorm(channels)), channels)
                            : Section.inner(body));
        }
    }

    @Override
    protected List<Section> sections() {
        return sections;
    }
}
