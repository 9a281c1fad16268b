package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import replklab.nn.Initialisation;
import replklab.tensor.Tensor;

/**
 * RepLKNet without its head, as segmentation and detection use it (the paper's sections 4.2 and 4.3): the feature maps of
 * chosen stages, each with or without an extra batch norm, which the authors' code calls {@code norm_intermediate_features}.
 * The parts have the names of the authors' checkpoints.
 */
public final class RepLKNetBackbone extends Backbone implements RepLKNetTrunk {
    private final RepLKNetConfig config;
    private final List<Integer> outputs;
    private final boolean norms;
    private final KernelForm form;
    private final RepLKNetStages parts;

    /**
     * A backbone to be trained, which starts as PyTorch's layers do.
     *
     * @param config the architecture; its classes do not matter here
     * @param outputs stages whose feature maps are wanted, from 0, in ascending order; later stages are left out
     * @param norms whether each of these maps has its extra norm
     * @param random starting weights are drawn from it
     */
    public RepLKNetBackbone(RepLKNetConfig config, List<Integer> outputs, boolean norms, RandomGenerator random) {
        this(config, outputs, norms, KernelForm.TRAINING, Initialisation.uniform(random));
    }

    /**
     * @param form whether the kernels are merged
     * @param start where the starting weights come from
     */
    public RepLKNetBackbone(
            RepLKNetConfig config, List<Integer> outputs, boolean norms, KernelForm form, Initialisation start) {
        this.config = config;
        this.outputs = requireStages("RepLKNet", outputs, config.channels().size());
        this.norms = norms;
        this.form = form;
        this.parts = RepLKNetStages.of(
                config, outputs.getLast() + 1, form, stage -> norms && outputs.contains(stage), start);
        parts.name(this::child);
    }

    /**
     * A backbone with a copy of a network's weights, in the form the network is in. Extra norms that it lacks start as the
     * identity.
     *
     * @param network such as one that was read from a checkpoint
     */
    public static RepLKNetBackbone of(RepLKNetTrunk network, List<Integer> outputs, boolean norms) {
        RepLKNetBackbone backbone =
                new RepLKNetBackbone(network.config(), outputs, norms, network.form(), Initialisation.undefined());
        Map<String, Variable> given = network.layer().state();
        backbone.state().forEach((name, variable) -> {
            if (given.containsKey(name)) {
                variable.tensor().assign(given.get(name).tensor());
            }
        });
        return backbone;
    }

    @Override
    public RepLKNetConfig config() {
        return config;
    }

    @Override
    public KernelForm form() {
        return form;
    }

    /** The stages whose maps it gives. */
    public List<Integer> stages() {
        return outputs;
    }

    /** Whether each map has its extra norm. */
    public boolean hasNorms() {
        return norms;
    }

    @Override
    public Tensor lastStage(Tensor x) {
        return parts.forward(x);
    }

    @Override
    public RepLKNetBackbone merged() {
        RepLKNetBackbone merged =
                new RepLKNetBackbone(config, outputs, norms, KernelForm.MERGED, Initialisation.undefined());
        merged.load(Reparameterisation.mergedState(this));
        return merged;
    }

    @Override
    protected List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(Section.inner(parts.stem()));
        for (int stage = 0; stage < parts.stages().size(); stage++) {
            if (stage > 0) {
                sections.add(Section.inner(parts.transitions().get(stage - 1)));
            }
            RepLKStage body = parts.stages().get(stage);
            sections.add(
                    outputs.contains(stage)
                            ? Section.output(
                                    body, body.norm(), config.channels().get(stage))
                            : Section.inner(body));
        }
        return sections;
    }
}
