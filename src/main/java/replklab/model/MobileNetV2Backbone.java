package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.nn.Sequential;

/** MobileNetV2 without its last convolution and classifier: the feature maps of chosen stages. */
public final class MobileNetV2Backbone extends Backbone {
    /** The last stages of each resolution at ImageNet's strides: maps of a quarter to a 32nd of the image. */
    public static final List<Integer> PYRAMID = List.of(1, 2, 4, 6);

    private final List<Section> sections = new ArrayList<>();

    /**
     * @param config the architecture; its last channels and classes do not matter here
     * @param outputs stages whose feature maps are wanted, from 0 to 6, in ascending order, such as {@link #PYRAMID}
     * @param random starting weights are drawn from it
     */
    public MobileNetV2Backbone(MobileNetV2Config config, List<Integer> outputs, RandomGenerator random) {
        this(config, outputs, KernelForm.TRAINING, Initialisation.kaimingNormal(random));
    }

    /**
     * @param form whether the depthwise kernels and the small ones beside them are merged
     * @param start where the starting weights come from
     */
    public MobileNetV2Backbone(MobileNetV2Config config, List<Integer> outputs, KernelForm form, Initialisation start) {
        List<Integer> chosen =
                requireStages("MobileNetV2", outputs, config.strides().size());
        List<Layer> all = new ArrayList<>();
        List<Layer> section = new ArrayList<>(List.of(MobileNetV2.stem(config, start)));
        for (int stage = 0; stage <= chosen.getLast(); stage++) {
            section.addAll(MobileNetV2.stage(config, stage, form, start));
            if (chosen.contains(stage)) {
                all.addAll(section);
                sections.add(Section.output(new Sequential(section), null, MobileNetV2.channels(config, stage)));
                section.clear();
            }
        }
        // The names are those of the classifier; the sections run the same layers piece by piece.
        child("features", new ModuleList(all));
    }

    @Override
    protected List<Section> sections() {
        return sections;
    }
}
