package replklab.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import replklab.base.Shown;
import replklab.nn.Layer;
import replklab.weights.RenamedWeights;
import replklab.weights.Weights;
import replklab.weights.WeightsFile;

/**
 * Some tensors of a weights file, perhaps under other names: a backbone's out of a larger network's. The file itself stays
 * its opener's to close.
 *
 * @param file that holds them
 * @param sources each tensor's name in the file by its name here
 */
record SelectedWeights(WeightsFile file, SequencedMap<String, String> sources) implements RenamedWeights {
    /** What MMSegmentation and MMDetection put before the names of a backbone's weights. */
    static final String WRAPPER = "backbone.";

    /** Where MMPretrain keeps a classifier's last layer. */
    private static final String HEAD = "head.fc.";

    private static final int SHOWN = 20;

    /**
     * A classifier's tensors. Where a backbone stands beside a classifying head, as MMPretrain saves them, both get the names of the
     * authors' files: its final norm is the last stage's there. Where it stands beside others, these are left out.
     */
    static SelectedWeights classifier(WeightsFile file) {
        SelectedWeights backbone = unwrapped(file);
        Set<String> names = file.tensors().keySet();
        boolean classifies = backbone.sources.size() < names.size()
                && names.stream().allMatch(name -> name.startsWith(WRAPPER) || name.startsWith("head."));
        if (!classifies) {
            return backbone;
        }
        int stages = 0;
        while (backbone.sources.containsKey("stages." + stages + ".blocks.0.pw1.conv.weight")) {
            stages++;
        }
        String last = "stages." + (stages - 1) + ".norm.";
        boolean normed = backbone.sources.keySet().stream().anyMatch(name -> name.startsWith("norm."));
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        for (String name : names) {
            String inner = name.startsWith(WRAPPER) ? name.substring(WRAPPER.length()) : name;
            if (!normed && inner.startsWith(last)) {
                inner = "norm." + inner.substring(last.length());
            } else if (inner.startsWith(HEAD)) {
                inner = "head." + inner.substring(HEAD.length());
            }
            sources.put(inner, name);
        }
        return new SelectedWeights(file, sources);
    }

    /** A backbone's tensors, without a classifier's final norm and head. */
    static SelectedWeights backbone(WeightsFile file) {
        SelectedWeights whole = unwrapped(file);
        whole.sources.keySet().removeIf(name -> name.startsWith("head.") || name.startsWith("norm."));
        return whole;
    }

    /** A file's tensors; of one in which a backbone stands beside heads, those of the backbone under their usual names. */
    private static SelectedWeights unwrapped(WeightsFile file) {
        Set<String> names = file.tensors().keySet();
        String prefix = names.stream().anyMatch(name -> name.startsWith(WRAPPER)) ? WRAPPER : "";
        SequencedMap<String, String> sources = new LinkedHashMap<>();
        names.stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> sources.put(name.substring(prefix.length()), name));
        return new SelectedWeights(file, sources);
    }

    /** Those that a network has, with PyTorch's counters of its norms. */
    SelectedWeights only(Layer network) {
        Map<String, Layer.Variable> state = network.state();
        Map<String, Info> all = file.tensors();
        SequencedMap<String, String> own = new LinkedHashMap<>();
        sources.forEach((name, source) -> {
            if (state.containsKey(name) || Weights.isCounter(name, all.get(source), state)) {
                own.put(name, source);
            }
        });
        return new SelectedWeights(file, own);
    }

    /** What else the file holds, by what its names begin with and no chosen one does, such as {@code "decode_head.* (41 tensors)"}. */
    List<String> leftOut() {
        Set<String> begun = new HashSet<>();
        for (String source : sources.values()) {
            for (int dot = source.indexOf('.'); dot >= 0; dot = source.indexOf('.', dot + 1)) {
                begun.add(source.substring(0, dot));
            }
        }
        List<String> others = new ArrayList<>(file.tensors().keySet());
        others.removeAll(Set.copyOf(sources.values()));
        Map<String, Integer> groups = new TreeMap<>();
        for (String name : others) {
            int dot = name.indexOf('.');
            while (dot >= 0 && begun.contains(name.substring(0, dot))) {
                dot = name.indexOf('.', dot + 1);
            }
            groups.merge(dot < 0 ? name : name.substring(0, dot) + ".*", 1, Integer::sum);
        }
        List<String> words = new ArrayList<>();
        groups.entrySet().stream()
                .limit(SHOWN)
                .forEach(group -> words.add(Shown.of(group.getKey()) + " (" + group.getValue()
                        + (group.getValue() == 1 ? " tensor)" : " tensors)")));
        if (groups.size() > SHOWN) {
            words.add(groups.size() - SHOWN + " more");
        }
        return words;
    }
}
