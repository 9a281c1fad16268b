package replklab.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import replklab.base.UsageException;
import replklab.nn.Layer;

/** {@code ./lab model merge}. */
@Command(
        name = "merge",
        description = "Merges each large kernel with the small one beside it (structural re-parameterisation).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The names of the weights are those of the authors' merged files, which their PyTorch model loads with "
                    + "small_kernel_merged=True."
        })
final class ModelMergeCommand implements Callable<Integer> {
    @Mixin
    private WeightsOptions weights;

    @Option(names = "--output", paramLabel = "G.safetensors", required = true, description = "The merged weights.")
    Path output;

    @Override
    public Integer call() {
        requireSafetensors(output);
        Layer merged = weights.merge(output);
        System.out.printf("Wrote %s: %,d parameters%n", output, merged.parameterCount());
        return 0;
    }

    /** What is written is safetensors; another ending would mislead whoever reads it. */
    static void requireSafetensors(Path output) {
        if (!output.toString().endsWith(".safetensors")) {
            throw new UsageException("--output is " + output + "; weights are written as .safetensors");
        }
    }
}
