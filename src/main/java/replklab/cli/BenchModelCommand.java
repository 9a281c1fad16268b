package replklab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.base.UsageException;
import replklab.bench.BenchGrid;
import replklab.bench.BenchKind;
import replklab.bench.Contestants;
import replklab.bench.Effort;
import replklab.bench.ModelCase;
import replklab.bench.NetworkFiles;
import replklab.bench.Pass;
import replklab.bench.PeerEnvironment;
import replklab.experiment.Experiments;
import replklab.experiment.Profile;
import replklab.experiment.VariantNetwork;
import replklab.tensor.Precision;

/** {@code ./lab bench model}. */
@Command(
        name = "model",
        description = "Whole networks, ours beside PyTorch, ONNX Runtime and OpenVINO.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Inference has merged and folded weights; a training step is forward, loss and gradients. Writes "
                    + "results/bench/, or results/bench/trial/ when options narrow it. The Python peers are installed on first "
                    + "use. An interrupted benchmark goes on when the same command is given again."
        })
final class BenchModelCommand implements Callable<Integer> {
    private static final int USUAL_RESOLUTION = 224;

    @Mixin
    private BenchOptions options;

    @Option(
            names = "--model",
            paramLabel = "ARCH",
            description = "A network, as model info knows it; by default replknet-31b. May be given several times.")
    private List<String> models = List.of();

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            description = {
                "The networks of this experiment's variants, on images of their size: what a run of it costs here",
                "and would cost elsewhere."
            })
    private String experiment;

    @Option(
            names = "--batch",
            split = ",",
            paramLabel = "N,...",
            hideParamSyntax = true,
            description =
                    "Images at once; by default 1 and 8, and 4 in training; of an experiment, as many as it trains with.")
    private List<Integer> batches = List.of();

    @Option(
            names = "--precision",
            split = ",",
            paramLabel = "P,...",
            hideParamSyntax = true,
            description = {
                "Numbers that products multiply: float32, bf16 or both, the default (with --quick float32 alone);",
                "of an experiment, what it trains in."
            })
    private List<String> precisions = List.of();

    @Option(names = "--resolution", paramLabel = "R", description = "Side of the images; 224.")
    private Integer resolution;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<ModelCase> cases = cases();
        List<String> names = options.chosen(List.of("ours"), Contestants.modelPeers(), Contestants.modelPeers());
        try (NetworkFiles files = new NetworkFiles(PeerEnvironment.python())) {
            return options.run(
                    BenchKind.MODEL,
                    models.isEmpty()
                            && batches.isEmpty()
                            && precisions.isEmpty()
                            && resolution == null
                            && experiment == null,
                    cases,
                    options.quick() ? Effort.MODEL_QUICK : Effort.MODEL,
                    names,
                    "./lab bench model" + Arguments.of(spec),
                    effort -> Contestants.models(names, PeerEnvironment.python(), files, effort));
        }
    }

    private List<ModelCase> cases() {
        List<Precision> wanted = precisions.stream().map(Precision::of).toList();
        if (experiment == null) {
            int side = resolution == null ? USUAL_RESOLUTION : resolution;
            return BenchGrid.models(models, batches, side, wanted, options.passes(), options.quick());
        }
        if (!models.isEmpty() || resolution != null) {
            throw new UsageException(
                    "--experiment says which networks and which size: leave --model and --resolution out");
        }
        return variants(VariantNetwork.of(Experiments.load(experiment, Profile.FULL)), wanted);
    }

    /** The networks of an experiment's variants on images of their size. */
    private List<ModelCase> variants(List<VariantNetwork> networks, List<Precision> wanted) {
        List<ModelCase> cases = new ArrayList<>();
        for (VariantNetwork network : networks) {
            for (Pass pass : options.passes()) {
                for (int batch : batches.isEmpty() ? List.of(network.batch()) : batches) {
                    for (Precision precision : wanted.isEmpty() ? List.of(network.precision()) : wanted) {
                        cases.add(new ModelCase(
                                network.architecture(), network.variant(), batch, network.side(), precision, pass));
                    }
                }
            }
        }
        return cases.stream().distinct().toList();
    }
}
