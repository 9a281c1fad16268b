package replklab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import replklab.base.Digests;
import replklab.data.DatasetSpec;
import replklab.data.Datasets;

/** Identifies the code of the user's own that a run is made with: digests of classes, and versions of what was registered. */
final class UserCode {
    private UserCode() {}

    /** Of a run of one variant; empty where all is the library's. */
    static String of(ExperimentSpec spec, Map<String, String> variant) {
        if (spec.isMeasured()) {
            return "";
        }
        TreeSet<String> codes = new TreeSet<>();
        Map<String, JsonNode> model = spec.optionsOf(variant);
        codes.add(new ExperimentModels(spec.classPath()).found(model).code());
        add("data", spec.data(), spec, codes);
        if (spec.isFinetuned()) {
            add("finetune.data", spec.finetune().data(), spec, codes);
        }
        spec.evaluate()
                .keySet()
                .forEach(name -> codes.add(Probes.found(name, spec).code()));
        spec.metrics()
                .keySet()
                .forEach(name -> codes.add(TestMetrics.found(name, spec).code()));
        codes.remove("");
        return codes.isEmpty() ? "" : Digests.of(String.join("\n", codes));
    }

    private static void add(String key, DatasetSpec data, ExperimentSpec spec, Set<String> into) {
        if (data != null && data.options() != null) {
            into.add(Datasets.require(key + ".name", data.name(), spec.classPath())
                    .code());
        }
    }
}
