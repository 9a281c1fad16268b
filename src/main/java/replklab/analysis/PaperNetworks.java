package replklab.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import replklab.model.KernelForm;
import replklab.model.MobileNetV2;
import replklab.model.MobileNetV2Config;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetBackbone;
import replklab.model.RepLKNetConfig;
import replklab.model.UperNet;
import replklab.model.UperNetConfig;
import replklab.nn.Initialisation;
import replklab.tensor.Tape;

/** The networks of the paper's tables 4 to 9: this library's are built and counted. */
final class PaperNetworks {
    /** Table 5's networks by their kernels. */
    private static final Map<String, String> BY_KERNELS = Map.of(
            "3-3-3-3", "replknet-3",
            "7-7-7-7", "replknet-7",
            "13-13-13-13", "replknet-13",
            "25-25-25-13", "replknet-25",
            "31-29-27-13", "replknet-31b");

    private static final int ADE20K_CLASSES = 150;
    private static final int CITYSCAPES_CLASSES = 19;

    private PaperNetworks() {}

    /**
     * Counts the network of a cell.
     *
     * @param table such as {@code "table05-kernel-sizes"}
     * @param row the cells of its row by column
     * @param column which of the table's costs
     * @return empty if nothing here says what the network is made of
     */
    static Optional<PaperCount> count(String table, Map<String, String> row, String column) {
        return switch (table) {
            case "table04-7x7-maps" -> Optional.of(mobileNetV2(Integer.parseInt(row.get("last_stage_kernel"))));
            case "table05-kernel-sizes" -> {
                String name = BY_KERNELS.get(row.get("kernels"));
                yield Optional.of(
                        column.startsWith("upernet")
                                ? upernet(name, 512, 2048, ADE20K_CLASSES)
                                : classifier(name, 224));
            }
            case "table06-imagenet" -> classified(row.get("model"), Integer.parseInt(row.get("resolution")));
            case "table07-cityscapes" -> segmented(row.get("backbone"), 1024, 2048, CITYSCAPES_CLASSES);
            case "table08-ade20k" -> {
                String[] input = row.get("input").split("x"); // width and height
                yield segmented(
                        row.get("backbone"), Integer.parseInt(input[1]), Integer.parseInt(input[0]), ADE20K_CLASSES);
            }
            case "table09-coco" -> detector(row.get("backbone"), row.get("method"));
            default -> Optional.empty();
        };
    }

    private static Optional<PaperCount> classified(String cell, int resolution) {
        String name = cell.toLowerCase(Locale.ROOT);
        return RepLKNetConfig.names().contains(name)
                ? Optional.of(classifier(name, resolution))
                : ComparedNetworks.classifier(cell, resolution);
    }

    private static Optional<PaperCount> segmented(String cell, int height, int width, int classes) {
        String network = withoutData(cell);
        String name = network.toLowerCase(Locale.ROOT);
        return RepLKNetConfig.names().contains(name)
                ? Optional.of(upernet(name, height, width, classes))
                : ComparedNetworks.upernet(network, height, width, classes);
    }

    /** A cell may name the data of the pre-training, too: {@code "RepLKNet-31B (22K)"}. */
    private static String withoutData(String cell) {
        return cell.replaceAll(" \\(.*\\)", "");
    }

    /** At 1280x800 pixels. */
    private static Optional<PaperCount> detector(String cell, String method) {
        int height = 800;
        int width = 1280;
        String network = withoutData(cell);
        String name = network.toLowerCase(Locale.ROOT);
        Optional<ComparedNetworks.Trunk> trunk = RepLKNetConfig.names().contains(name)
                ? Optional.of(trunk(name, height, width))
                : ComparedNetworks.trunk(network, height, width);
        return trunk.map(found -> {
            List<Integer> channels = found.channels();
            PaperCount head = method.equals("FCOS")
                    ? Detectors.fcos(channels.subList(1, 4), height / 8, width / 8)
                    : Detectors.cascadeMaskRcnn(channels, height / 4, width / 4);
            return new PaperCount(
                    found.parameters() + head.parameters(),
                    found.macs() + head.macs(),
                    found.additions() + head.additions());
        });
    }

    /** Width 0.75; the last stage is the last inverted residual alone. */
    private static PaperCount mobileNetV2(int lastKernel) {
        List<Integer> kernels = new ArrayList<>(Collections.nCopies(6, 3));
        kernels.add(lastKernel);
        MobileNetV2Config config = MobileNetV2Config.imageNet(0.75).withKernels(kernels);
        return PaperCount.trained(NetworkCosts.of(
                new MobileNetV2(config, KernelForm.TRAINING, Initialisation.undefined()), 1, 224, 224, 3));
    }

    private static PaperCount classifier(String name, int resolution) {
        RepLKNet network = new RepLKNet(RepLKNetConfig.named(name), KernelForm.MERGED, Initialisation.undefined());
        return PaperCount.folded(released(NetworkCosts.of(network, 1, resolution, resolution, 3)));
    }

    private static RepLKNetBackbone backbone(String name) {
        return new RepLKNetBackbone(
                RepLKNetConfig.named(name), List.of(0, 1, 2, 3), true, KernelForm.MERGED, Initialisation.undefined());
    }

    private static ComparedNetworks.Trunk trunk(String name, int height, int width) {
        RepLKNetBackbone backbone = backbone(name);
        PaperCount count = PaperCount.fused(released(NetworkCosts.of(backbone, 1, height, width, 3)));
        return new ComparedNetworks.Trunk(
                count.parameters(), count.macs(), count.additions(), backbone.channels(), List.of(), List.of());
    }

    private static PaperCount upernet(String name, int height, int width, int classes) {
        UperNetConfig head = UperNetConfig.paper(classes).withoutAuxiliary();
        UperNet network = new UperNet(backbone(name), head, Initialisation.undefined());
        return PaperCount.fused(released(NetworkCosts.of(network, 1, height, width, 3)));
    }

    /** Maps of these sizes will not come again soon. */
    private static NetworkCosts released(NetworkCosts costs) {
        Tape.releaseMemory();
        return costs;
    }
}
