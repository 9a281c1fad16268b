package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import replklab.nn.Initialisation;
import replklab.nn.Layer;
import replklab.nn.ModuleList;
import replklab.tensor.Tensor;

/**
 * What RepLKNet's classifier and backbone have in common (the paper's figure 2).
 *
 * @param stem in front of the first stage
 * @param stages one after the other
 * @param transitions one before each stage but the first
 */
record RepLKNetStages(Stem stem, List<RepLKStage> stages, List<Transition> transitions) {
    /**
     * @param count how many stages, from the first on
     * @param normed which of them end in an extra norm
     */
    static RepLKNetStages of(
            RepLKNetConfig config, int count, KernelForm form, IntPredicate normed, Initialisation start) {
        List<Integer> channels = config.channels();
        Stem stem = new Stem(config.inputChannels(), channels.getFirst(), start);
        List<RepLKStage> stages = new ArrayList<>();
        List<Transition> transitions = new ArrayList<>();
        for (int stage = 0; stage < count; stage++) {
            stages.add(new RepLKStage(config, stage, form, normed.test(stage), start));
            if (stage > 0) {
                transitions.add(new Transition(channels.get(stage - 1), channels.get(stage), start));
            }
        }
        return new RepLKNetStages(stem, stages, transitions);
    }

    /** Hands the parts to a network under the names of the authors' checkpoints. */
    void name(BiConsumer<String, Layer> child) {
        child.accept("stem", stem);
        child.accept("stages", new ModuleList(stages));
        child.accept("transitions", new ModuleList(transitions));
    }

    /** The parts in the order in which they run. */
    List<Layer> inOrder() {
        List<Layer> layers = new ArrayList<>(List.of(stem, stages.getFirst()));
        for (int stage = 1; stage < stages.size(); stage++) {
            layers.add(transitions.get(stage - 1));
            layers.add(stages.get(stage));
        }
        return layers;
    }

    /** What the last stage puts out. */
    Tensor forward(Tensor x) {
        Tensor y = x;
        for (Layer layer : inOrder()) {
            y = layer.forward(y);
        }
        return y;
    }
}
