package replklab.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import replklab.base.Options;
import replklab.base.Registry.Found;
import replklab.base.UsageException;
import replklab.base.UserClasses;
import replklab.nn.Initialisation;
import replklab.nn.Layer;

/**
 * A network of this library by its name:
 *
 * <ul>
 *   <li>{@code replknet-31b}, {@code mobilenetv2-0.75}, {@code convnext-t}: the published ones;
 *   <li>{@code convnext-t:kernels=31-31-31-31,classes=10}: one of them with other options;
 *   <li>{@code replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,smallKernel=5,dwRatio=1,classes=10}: any other of a
 *       family; what is left out is RepLKNet-31B's, MobileNetV2's or ConvNeXt-T's;
 *   <li>{@code replknet-31b:features=0-1-2-3,norms=yes}: a backbone that gives the maps of these stages; {@code norms} are
 *       RepLKNet's extra ones;
 *   <li>{@code upernet:classes=19,backbone=replknet-31b}: UperNet on a backbone, whose name comes last and takes what follows;
 *       there are also {@code channels}, {@code poolScales} and {@code auxiliaryChannels}, the auxiliary head's width.
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
    private static final int IMAGENET_CLASSES = 1000;
    private static final int IMAGENET_CHANNELS = 3;
    private static final int USUAL_SIZE = 224;

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
        return parse(name, UserClasses.NONE, USUAL_SIZE, USUAL_SIZE);
    }

    /**
     * The same with models of the user's own, registered ones and classes: {@code my.pkg.Net:width=16,classes=10}. They get {@code
     * inputChannels}, 3 where it is left out, and {@code classes}, 1000, as what the images and the data have. Their kernels
     * are never merged, and what they start with is drawn from one seed.
     *
     * @param classes where the user's classes lie
     * @param height of the images in pixels, which such a model may want to know
     * @param width of the images in pixels
     */
    public static Architecture parse(String name, UserClasses classes, int height, int width) {
        if (name.startsWith(UPERNET + ":")) {
            return upernet(name.substring(UPERNET.length() + 1));
        }
        return NamedNetwork.find(name).map(Architecture::of).orElseGet(() -> users(name, classes, height, width));
    }

    /**
     * The same network without its head, which gives its last stage's map; the names of its weights are the classifier's.
     *
     * @throws UsageException also if there is no such thing: a user's model may have none
     */
    public static Architecture backboneOf(String name, UserClasses classes, int height, int width) {
        if (name.startsWith(UPERNET + ":")) {
            throw new UsageException(name + " is no backbone, but has one");
        }
        return NamedNetwork.find(name)
                .map(network -> Architecture.of(network.withoutHead()))
                .orElseGet(
                        () -> users(name, classes, height, width, (model, asked) -> model.backbone(asked, List.of())));
    }

    private static Architecture users(String name, UserClasses classes, int height, int width) {
        return users(name, classes, height, width, null);
    }

    /** @param other what is made of the model in place of the classifier; null for that */
    private static Architecture users(
            String name,
            UserClasses classes,
            int height,
            int width,
            BiFunction<ModelFactory, ModelRequest, Layer> other) {
        int colon = name.indexOf(':');
        String head = colon < 0 ? name : name.substring(0, colon);
        boolean own =
                NamedNetwork.FAMILIES.stream().anyMatch(family -> family.key().equals(head));
        Found<ModelFactory> model = (own ? Optional.<Found<ModelFactory>>empty() : Models.find(head, classes))
                .orElseThrow(() -> NamedNetwork.unknown(name, others(classes)));
        Options given = colon < 0 ? Options.of(head, Map.of()) : Options.parse(head, name.substring(colon + 1));
        int channels = given.integer(Family.INPUT_CHANNELS, IMAGENET_CHANNELS);
        int count = given.integer(Family.CLASSES, IMAGENET_CLASSES);
        Options options = given.without(Family.INPUT_CHANNELS, Family.CLASSES);
        return new Architecture(name, channels, (form, start) -> {
            ModelRequest asked = new ModelRequest(options, height, width, channels, count, new SplittableRandom(1));
            return other == null ? Models.make(model, asked) : other.apply(model.factory(), asked);
        });
    }

    /** Names besides those of the families. */
    private static List<String> others(UserClasses classes) {
        List<String> others = new ArrayList<>(Models.names());
        others.removeIf(name -> Models.family(name).isPresent());
        others.addAll(classes.names());
        others.add(UPERNET + ":" + BACKBONE + "...");
        return others;
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

    /** The name of a network of the library's families that classifies; empty for any other. */
    public static Optional<String> nameOf(Layer network) {
        return switch (network) {
            case RepLKNet own -> Optional.of(of(own.config()).name());
            case MobileNetV2 own ->
                Optional.of(new NamedNetwork<>(new MobileNetV2Family(), own.config(), List.of(), false).name());
            case ConvNeXt own ->
                Optional.of(new NamedNetwork<>(new ConvNeXtFamily(), own.config(), List.of(), false).name());
            default -> Optional.empty();
        };
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
        Options given =
                at == 0 ? Options.of(UPERNET, Map.of()) : NetworkNames.options(UPERNET, options.substring(0, at - 1));
        given.requireKnown(List.of("channels", "poolScales", "auxiliaryChannels", "classes"));
        UperNetConfig paper = UperNetConfig.paper(given.integer("classes", ADE20K_CLASSES));
        UperNetConfig head = new UperNetConfig(
                given.integer("channels", paper.channels()),
                given.integers("poolScales", paper.poolScales()),
                given.integer("auxiliaryChannels", paper.auxiliaryChannels()),
                paper.dropout(),
                paper.classes());
        List<String> words = new ArrayList<>();
        words.add(UPERNET + ":channels=" + head.channels());
        words.add("poolScales=" + NetworkNames.joined(head.poolScales()));
        words.add("auxiliaryChannels=" + head.auxiliaryChannels());
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
