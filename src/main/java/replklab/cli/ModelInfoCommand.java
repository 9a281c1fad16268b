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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import replklab.analysis.NetworkCosts;
import replklab.base.UsageException;
import replklab.model.Checkpoints;
import replklab.model.KernelForm;
import replklab.model.RepLKNet;
import replklab.model.RepLKNetName;
import replklab.report.TextTable;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** {@code ./lab model info}. */
@Command(
        name = "info",
        description = "Parameters and multiply-accumulates (MACs, the paper's FLOPs) of a RepLKNet.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Training: as it is trained, two kernels and their batch norms; merged: one kernel with bias; folded: every",
            "batch norm in a convolution. MACs are those of one image."
        })
final class ModelInfoCommand implements Callable<Integer> {
    private static final int LARGEST = 8192;

    /** What is asked about: one of the two. */
    static final class Subject {
        @Parameters(
                arity = "0..1",
                paramLabel = "ARCH",
                description = "replknet-3, -7, -13, -25, -31b, -31l or -xl; or such as"
                        + " replknet:kernels=13-11-9-7,layers=1-1-2-1,channels=16-24-40-64,small=5,dw-ratio=1,classes=10"
                        + " (also ffn-ratio, input-channels), where what is left out is RepLKNet-31B's.")
        String arch;

        @Option(names = "--weights", paramLabel = "F", description = "A .pth or .safetensors file.")
        Path weights;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    Subject subject;

    @Option(names = "--resolution", paramLabel = "R", defaultValue = "224", description = "Side of the image; 224.")
    int resolution;

    @Option(names = "--json", description = "Print one JSON document, with every layer.")
    boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        if (resolution < 1 || resolution > LARGEST) {
            throw new UsageException("--resolution is " + resolution + "; allowed is 1 to " + LARGEST);
        }
        NetworkForms forms;
        if (subject.arch != null) {
            forms = NetworkForms.of(RepLKNetName.parse(subject.arch), KernelForm.TRAINING, resolution);
        } else {
            RepLKNet network = Checkpoints.load(subject.weights);
            forms = NetworkForms.of(network.config(), network.form(), resolution);
        }
        System.out.println(json ? json(forms) : text(forms));
        return 0;
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
        document.put("resolution", resolution);
        document.put("parameters", parameters);
        document.put("macs", macs);
        document.put("layers", layers);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private String text(NetworkForms forms) {
        StringColumn form = StringColumn.create("form");
        LongColumn parameters = LongColumn.create("parameters");
        StringColumn macs = StringColumn.create("GMACs");
        forms.trained().ifPresent(costs -> {
            form.append("training");
            parameters.append(costs.parameters());
            macs.append(giga(costs.macs()));
        });
        form.append("merged");
        parameters.append(forms.merged().parameters());
        macs.append(giga(forms.merged().macs()));
        form.append("folded");
        parameters.append(forms.foldedParameters());
        macs.append(giga(forms.merged().macs()));
        Map<String, Long> kinds = new LinkedHashMap<>();
        forms.merged().operations().forEach(each -> kinds.merge(each.kind(), each.macs(), Long::sum));
        StringColumn kind = StringColumn.create("merged, by kind");
        StringColumn kindMacs = StringColumn.create("GMACs");
        kinds.forEach((name, count) -> {
            kind.append(name);
            kindMacs.append(giga(count));
        });
        String tables = forms.arch() + ", " + resolution + "x" + resolution + "\n\n"
                + TextTable.of(Table.create("forms", form, parameters, macs), Terminal.width()) + "\n"
                + TextTable.of(Table.create("kinds", kind, kindMacs), Terminal.width());
        return TextTable.in(Terminal.charset(), tables);
    }

    private static String giga(long macs) {
        return String.format(Locale.ROOT, "%.3f", macs / 1e9);
    }
}
