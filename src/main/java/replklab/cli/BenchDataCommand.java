package replklab.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import replklab.bench.BenchGrid;
import replklab.bench.BenchKind;
import replklab.bench.Contestants;
import replklab.bench.DataCase;
import replklab.bench.Effort;
import replklab.bench.PeerEnvironment;

/** {@code ./lab bench data}. */
@Command(
        name = "data",
        description = "Reading images from files, ours beside Pillow and torchvision.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Decoding, bicubic resizing and normalising of 256 files on all threads. Writes results/bench/, or "
                    + "results/bench/trial/ when options narrow it. The Python peers are installed on first use. An interrupted "
                    + "benchmark goes on when the same command is given again."
        })
final class BenchDataCommand implements Callable<Integer> {
    private static final int RESOLUTION = 224;

    @Mixin
    private BenchOptions options;

    @Option(
            names = "--format",
            split = ",",
            paramLabel = "FORMAT,...",
            hideParamSyntax = true,
            description = "jpeg, png, or both (the default).")
    private List<String> formats = List.of();

    @Option(
            names = "--size",
            split = ",",
            paramLabel = "WxH,...",
            hideParamSyntax = true,
            description = "Sizes of the files; by default 500x375, ImageNet's most frequent.")
    private List<String> sizes = List.of();

    @Option(
            names = "--resolution",
            paramLabel = "R",
            defaultValue = "" + RESOLUTION,
            description = "Side of what a network is given; " + RESOLUTION + ".")
    private int resolution;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<DataCase> cases = BenchGrid.data(formats, sizes, resolution, options.passes(), options.quick());
        List<String> names = options.chosen(List.of("ours"), Contestants.dataPeers(), Contestants.dataPeers());
        return options.run(
                BenchKind.DATA,
                formats.isEmpty() && sizes.isEmpty() && resolution == RESOLUTION,
                cases,
                options.quick() ? Effort.DATA_QUICK : Effort.DATA,
                names,
                "./lab bench data" + Arguments.of(spec),
                _ -> Contestants.data(names, PeerEnvironment.python()));
    }
}
