package replklab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import replklab.analysis.NetworkCosts;
import replklab.base.UsageException;
import replklab.model.Architecture;
import replklab.model.Checkpoints;
import replklab.model.Checkpoints.Described;
import replklab.model.KernelForm;
import replklab.model.NetworkNotes;
import replklab.table.TextTable;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab model info}. */
@Command(
        name = "info",
        description = "Parameters and multiply-accumulates (MACs, the paper's FLOPs) of a network.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "ARCH is one of",
            "  replknet-3, -7, -13, -25, -31b, -31l, -xl, mobilenetv2, mobilenetv2-0.75, convnext-t, -s, -b, -l, -xl",
            "  NAME:key=value,...      one of them, or replknet, mobilenetv2 or convnext, with other options:",
            "    replknet     kernels, layers, channels, smallKernel, dwRatio, ffnRatio, dropPath, as in",
            "                 replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,smallKernel=5,classes=10",
            "    mobilenetv2  width, kernel or kernels, smallKernel, dilation, shortcut, stemStride, strides, blocks,",
            "                 lastChannels",
            "    convnext     kernels, layers, channels, stemSize, layerScale, dropPath",
            "    all          inputChannels, classes",
            "                 features=0-1-2-3: a backbone with the maps of these stages; norms=yes: RepLKNet's extra ones",
            "  upernet:classes=19,backbone=NAME   also channels, poolScales, auxiliaryChannels; NAME may have options of its own",
            "  my.pkg.Net:key=value,...   a class of your own on --class-path, with its own options, and inputChannels, classes",
            "",
            "Training: as it is trained, two kernels and their batch norms; merged: one kernel with bias, and UperNet's "
                    + "auxiliary head left away; folded: every batch norm in a convolution. MACs are those of inference on one image."
        })
final class ModelInfoCommand implements Callable<Integer> {
    /** What is asked about: one of the two. */
    static final class Subject {
        @Parameters(
                arity = "0..1",
                paramLabel = "ARCH",
                description = "A network's name, such as replknet-31b; see below.")
        String arch;

        @Option(
                names = "--weights",
                paramLabel = "F",
                description = "A RepLKNet's .pth or .safetensors file, or a trained run's.")
        Path weights;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    Subject subject;

    @Option(names = "--backbone", description = "Take only the backbone out of F; what is left out is listed.")
    boolean backbone;

    @Mixin
    private WhichOption which;

    @Option(
            names = "--resolution",
            paramLabel = "R",
            defaultValue = "224",
            converter = InputSize.Converter.class,
            description = "Side of the image, or HEIGHTxWIDTH; 224.")
    InputSize resolution;

    @Mixin
    private ClassPathOption classPath;

    @Option(names = "--json", description = "Print one JSON document, with every layer.")
    boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        NetworkForms forms = forms();
        System.out.println(json ? json(forms) : text(forms));
        return 0;
    }

    private NetworkForms forms() {
        if (subject.arch != null) {
            if (!which.name().isEmpty()) {
                throw new UsageException("--which takes weights out of --weights; an architecture has none");
            }
            if (backbone) {
                throw new UsageException("--backbone takes it out of --weights; of an architecture, " + subject.arch
                        + (subject.arch.contains(":") ? "," : ":") + "features=0-1-2-3 does");
            }
            return forms(
                    Architecture.parse(subject.arch, classPath.classes(), resolution.height(), resolution.width()),
                    KernelForm.TRAINING);
        }
        Described described = NetworkNotes.of(subject.weights, which.name())
                .flatMap(notes -> notes.unlikeRepLKNet(classPath.classes()))
                .map(known -> Checkpoints.describe(known, subject.weights, which.name()))
                .orElseGet(() -> Checkpoints.describe(subject.weights, WeightsOptions.part(backbone), which.name()));
        WhichOption.tell(spec, described.choice(), described.leftOut());
        return forms(described.architecture(), described.form());
    }

    private NetworkForms forms(Architecture architecture, KernelForm form) {
        return NetworkForms.of(architecture, form, resolution.height(), resolution.width());
    }

    private String json(NetworkForms forms) throws JsonProcessingException {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("training", forms.trained().map(NetworkCosts::parameters).orElse(null));
        parameters.put("merged", forms.merged().parameters());
        parameters.put("folded", forms.foldedParameters());
        Map<String, Object> macs = new LinkedHashMap<>();
        macs.put("training", forms.trained().map(NetworkCosts::macs).orElse(null));
        macs.put("merged", forms.merged().macs());
        List<Map<String, Object>> layers = new ArrayList<>();
        for (NetworkCosts.LayerCosts costs : forms.first().layers()) {
            Map<String, Object> layer = new LinkedHashMap<>();
            layer.put("name", costs.name());
            layer.put("kind", costs.kind());
            layer.put("parameters", costs.parameters());
            layer.put("macs", costs.macs());
            layers.add(layer);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("arch", forms.arch());
        document.put("resolution", resolution.json());
        document.put("parameters", parameters);
        document.put("macs", macs);
        document.put("layers", layers);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private String text(NetworkForms forms) {
        StringColumn form = StringColumn.create("form");
        LongColumn parameters = LongColumn.create("parameters");
        Unit unit = Unit.of(
                forms.trained().map(NetworkCosts::macs).orElse(forms.merged().macs()));
        StringColumn macs = StringColumn.create(unit.title);
        forms.trained().ifPresent(costs -> {
            form.append("training");
            parameters.append(costs.parameters());
            macs.append(unit.shown(costs.macs()));
        });
        form.append("merged");
        parameters.append(forms.merged().parameters());
        macs.append(unit.shown(forms.merged().macs()));
        form.append("folded");
        parameters.append(forms.foldedParameters());
        macs.append(unit.shown(forms.merged().macs()));
        Map<String, Long> kinds = new LinkedHashMap<>();
        forms.merged().operations().forEach(each -> kinds.merge(each.kind(), each.macs(), Long::sum));
        StringColumn kind = StringColumn.create("merged, by kind");
        StringColumn kindMacs = StringColumn.create(unit.title);
        kinds.forEach((name, count) -> {
            kind.append(name);
            kindMacs.append(unit.shown(count));
        });
        String tables = forms.arch() + ", " + resolution + "\n\n"
                + TextTable.of(Table.create("forms", form, parameters, macs), Terminal.width()) + "\n"
                + TextTable.of(Table.create("kinds", kind, kindMacs), Terminal.width());
        return TextTable.in(Terminal.charset(), tables);
    }

    /** What multiply-accumulates are counted in: so that the largest number has digits before the point. */
    private enum Unit {
        GIGA("GMACs", 1e9),
        MEGA("MMACs", 1e6),
        KILO("kMACs", 1e3);

        private final String title;
        private final double size;

        Unit(String title, double size) {
            this.title = title;
            this.size = size;
        }

        /** The paper's, unless the network is a small one. */
        static Unit of(long macs) {
            return macs >= 0.1 * GIGA.size ? GIGA : macs >= 0.1 * MEGA.size ? MEGA : KILO;
        }

        String shown(long macs) {
            return String.format(Locale.ROOT, "%.3f", macs / size);
        }
    }
}
