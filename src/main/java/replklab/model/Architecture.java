package replklab.model;

import java.util.ArrayList;
import java.util.List;
import replklab.base.UsageException;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/**
 * A network of this library by its name:
 *
 * <ul>
 *   <li>{@code replknet-31b}, {@code mobilenetv2-0.75}, {@code convnext-t}: the published ones;
 *   <li>{@code convnext-t:kernels=31-31-31-31,classes=10}: one of them with other options;
 *   <li>{@code replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,small=5,dw-ratio=1,classes=10}: any other of a
 *       family; what is left out is RepLKNet-31B's, MobileNetV2's or ConvNeXt-T's;
 *   <li>{@code replknet-31b:features=0-1-2-3,norms=yes}: a backbone that gives the maps of these stages; {@code norms} are
 *       RepLKNet's extra ones;
 *   <li>{@code upernet:classes=19,backbone=replknet-31b}: UperNet on a backbone, whose name comes last and takes what follows;
 *       there are also {@code channels}, {@code pool-scales} and {@code auxiliary}, the auxiliary head's width.
 * </ul>
 *
 * @param name from which {@link #parse} makes the same network
 * @param inputChannels channels of an image
 * @param maker makes the network
 */
public record Architecture(String name, int inputChannels, Maker maker) {
    private static final String UPERNET = "upernet";
    private static final String BACKBONE = "backbone=";
    private static final int ADE20K_CLASSES = 150;

    /** Makes networks of one architecture. */
    @FunctionalInterface
    public interface Maker {
        /**
         * Makes one.
         *
         * @param form of the kernels; a UperNet that is {@link KernelForm#MERGED}, for inference, has no auxiliary head
         * @param start where the starting weights come from
         */
        Layer make(KernelForm form, Initialisation start);
    }

    /** A network of this architecture; see {@link Maker#make}. */
    public Layer network(KernelForm form, Initialisation start) {
        return maker.make(form, start);
    }

    /**
     * The network that a name means.
     *
     * @throws UsageException if there is none, with near names, or saying what is wrong with an option
     */
    public static Architecture parse(String name) {
        return name.startsWith(UPERNET + ":")
                ? upernet(name.substring(UPERNET.length() + 1))
                : of(NamedNetwork.parse(name, List.of(UPERNET + ":" + BACKBONE + "...")));
    }

    /** A RepLKNet as a classifier. Drop path is in no name. */
    public static Architecture of(RepLKNetConfig config) {
        return of(new NamedNetwork<>(new RepLKNetFamily(), config.withDropPath(0), List.of(), false));
    }

    /** A RepLKNet as it was read: a classifier or a backbone. */
    public static Architecture of(RepLKNetTrunk network) {
        return switch (network) {
            case RepLKNet classifier -> of(classifier.config());
            case RepLKNetBackbone backbone -> backbone(backbone.config(), backbone.stages(), backbone.hasNorms());
        };
    }

    /**
     * A RepLKNet as a backbone.
     *
     * @param stages whose maps it gives
     * @param norms whether each map has an extra norm
     */
    public static Architecture backbone(RepLKNetConfig config, List<Integer> stages, boolean norms) {
        return of(new NamedNetwork<>(new RepLKNetFamily(), config.withDropPath(0), stages, norms));
    }

    private static Architecture of(NamedNetwork<?> network) {
        return new Architecture(network.name(), network.inputChannels(), network::make);
    }

    /** {@code options} end with the backbone's name, in which there may be commas as well. */
    private static Architecture upernet(String options) {
        int at = ("," + options).indexOf("," + BACKBONE);
        if (at < 0) {
            throw new UsageException("'" + options + "' of " + UPERNET + " names no backbone; " + BACKBONE
                    + "NAME comes last, as in " + UPERNET + ":" + BACKBONE + "replknet-31b");
        }
        NamedNetwork<?> backbone = NamedNetwork.parse(options.substring(at + BACKBONE.length()), List.of())
                .asBackbone();
        NameOptions given = new NameOptions(
                UPERNET,
                at == 0 ? List.of() : NameOptions.split(options.substring(0, at - 1)),
                List.of("channels", "pool-scales", "auxiliary", "classes"));
        UperNetConfig paper = UperNetConfig.paper(given.integer("classes", ADE20K_CLASSES));
        UperNetConfig head = new UperNetConfig(
                given.integer("channels", paper.channels()),
                given.integers("pool-scales", paper.poolScales()),
                given.integer("auxiliary", paper.auxiliaryChannels()),
                paper.dropout(),
                paper.classes());
        List<String> words = new ArrayList<>();
        words.add(UPERNET + ":channels=" + head.channels());
        words.add("pool-scales=" + NameOptions.joined(head.poolScales()));
        words.add("auxiliary=" + head.auxiliaryChannels());
        words.add("classes=" + head.classes());
        words.add(BACKBONE + backbone.name());
        return new Architecture(
                String.join(",", words),
                backbone.inputChannels(),
                (form, start) -> new UperNet(
                        backbone.makeBackbone(form, start),
                        form == KernelForm.MERGED ? head.withoutAuxiliary() : head,
                        start));
    }
}
