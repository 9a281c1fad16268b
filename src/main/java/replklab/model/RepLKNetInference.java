package replklab.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import replklab.base.LabException;
import replklab.base.Shown;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.weights.WeightsFile;

/**
 * Reads a RepLKNet's architecture off the names and shapes of its weights, as the authors' files have them. Only drop path
 * leaves no trace; neither does the small kernel in merged weights.
 *
 * @param config the architecture, without drop path; the classes of one without a head are ImageNet's
 * @param form whether the kernels are merged
 * @param hasHead whether it classifies; otherwise it is a backbone
 * @param hasNorms whether there is an extra norm on each stage's map, as backbones may have
 */
record RepLKNetInference(RepLKNetConfig config, KernelForm form, boolean hasHead, boolean hasNorms) {
    private static final int IMAGENET_CLASSES = 1000;

    /** Digits after the point of a ratio of channels: more than any channel count asks for. */
    private static final int DIGITS = 9;

    /**
     * Infers.
     *
     * @param tensors a file's, by name
     * @param file is named in messages
     * @throws LabException if these are no weights of a RepLKNet, saying what is missing or contradicts itself
     */
    static RepLKNetInference of(SequencedMap<String, WeightsFile.Info> tensors, Path file) {
        return new Reader(tensors, file).read();
    }

    /** A network of these sizes; a backbone gives the maps of all stages. */
    RepLKNetTrunk network(Initialisation start) {
        return hasHead
                ? new RepLKNet(config, form, start)
                : new RepLKNetBackbone(config, stages(), hasNorms, form, start);
    }

    /** Its name. */
    Architecture architecture() {
        return hasHead ? Architecture.of(config) : Architecture.backbone(config, stages(), hasNorms);
    }

    private List<Integer> stages() {
        return IntStream.range(0, config.channels().size()).boxed().toList();
    }

    /** Collects what is missing, to tell all of it at once. */
    private static final class Reader {
        private final Map<String, WeightsFile.Info> tensors;
        private final Path file;
        private final TreeSet<String> missing = new TreeSet<>();

        Reader(Map<String, WeightsFile.Info> tensors, Path file) {
            this.tensors = tensors;
            this.file = file;
        }

        RepLKNetInference read() {
            int stages = count("stages.", ".blocks.0.pw1.conv.weight");
            KernelForm form = tensors.containsKey(block(0, 0) + "large_kernel.lkb_reparam.weight")
                    ? KernelForm.MERGED
                    : KernelForm.TRAINING;
            String large = "large_kernel.lkb_" + (form == KernelForm.MERGED ? "reparam" : "origin.conv") + ".weight";
            List<Integer> kernels = new ArrayList<>();
            List<Integer> layers = new ArrayList<>();
            List<Integer> channels = new ArrayList<>();
            List<Integer> dwChannels = new ArrayList<>();
            List<Integer> ffnChannels = new ArrayList<>();
            for (int stage = 0; stage < Math.max(1, stages); stage++) {
                kernels.add(size(block(stage, 0) + large, 4, 2));
                layers.add(Math.max(1, layers(stage)));
                channels.add(size(block(stage, 0) + "pw1.conv.weight", 4, 1));
                dwChannels.add(size(block(stage, 0) + "pw1.conv.weight", 4, 0));
                ffnChannels.add(size(block(stage, 1) + "pw1.conv.weight", 4, 0));
            }
            String small = block(0, 0) + "large_kernel.small_conv.conv.weight";
            int smallKernel = tensors.containsKey(small) ? size(small, 4, 2) : 0;
            int inputChannels = size("stem.0.conv.weight", 4, 1);
            boolean hasHead =
                    tensors.keySet().stream().anyMatch(name -> name.startsWith("head.") || name.startsWith("norm."));
            int classes = hasHead ? size("head.weight", 2, 0) : IMAGENET_CLASSES;
            if (!missing.isEmpty()) {
                throw new UnknownNetworkException(
                        words("it lacks " + String.join(", ", missing) + "; it holds " + held()));
            }
            try {
                return new RepLKNetInference(
                        new RepLKNetConfig(
                                kernels,
                                layers,
                                channels,
                                smallKernel,
                                ratio("depthwise", dwChannels, channels),
                                ratio("ConvFFN", ffnChannels, channels),
                                0,
                                inputChannels,
                                classes),
                        form,
                        hasHead,
                        tensors.containsKey("stages.0.norm.weight"));
            } catch (UsageException e) {
                throw refused(e.getMessage());
            }
        }

        private static String block(int stage, int block) {
            return "stages." + stage + ".blocks." + block + ".";
        }

        /** How many of the names made of a number from 0 on there are. */
        private int count(String before, String after) {
            int count = 0;
            while (tensors.containsKey(before + count + after)) {
                count++;
            }
            return count;
        }

        private int layers(int stage) {
            return Math.ceilDiv(count("stages." + stage + ".blocks.", ".pw1.conv.weight"), 2);
        }

        /** One axis of a tensor that must be there with so many axes. */
        private int size(String name, int rank, int axis) {
            WeightsFile.Info info = tensors.get(name);
            if (info == null || info.shape().length != rank) {
                missing.add(info == null ? name : name + " with " + rank + " axes");
                return 1;
            }
            return info.shape()[axis];
        }

        /** The shortest decimal number that makes the inner channels of every stage of its channels. */
        private double ratio(String what, List<Integer> inner, List<Integer> channels) {
            double low = 0;
            for (int stage = 0; stage < inner.size(); stage++) {
                low = Math.max(low, (double) inner.get(stage) / channels.get(stage));
            }
            double step = 1;
            for (int digits = 0; digits <= DIGITS; digits++) {
                double candidate = Math.ceil(low * step) / step;
                boolean fits = true;
                for (int stage = 0; stage < inner.size(); stage++) {
                    fits &= (int) (channels.get(stage) * candidate) == inner.get(stage);
                }
                if (fits) {
                    return candidate;
                }
                step *= 10;
            }
            throw refused("no one ratio makes its " + what + " channels " + inner + " of the stages' " + channels);
        }

        private String held() {
            String first = tensors.keySet().stream().limit(3).map(Shown::of).collect(Collectors.joining(", "));
            return tensors.size() + " tensors"
                    + (first.isEmpty() ? "" : ": " + first + (tensors.size() > 3 ? ", ..." : ""));
        }

        private LabException refused(String why) {
            return new LabException(words(why));
        }

        private String words(String why) {
            return "weights file " + file + " is of no RepLKNet: " + why;
        }
    }
}
