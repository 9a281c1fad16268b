package replklab.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Option;
import replklab.nn.Layer;
import replklab.tensor.Backend;
import replklab.tensor.Precision;

/** Of what numbers a network's products are. */
final class PrecisionOption {
    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "float32",
            description = "Numbers that the network's products multiply: float32 or bf16; ${DEFAULT-VALUE}.")
    private String name;

    Precision precision() {
        return Precision.of(name);
    }

    /** The network as it runs fastest in this precision, with a note where that is no faster than float32. */
    Layer folded(Layer network, PrintWriter err) {
        if (!Backend.current().accelerates(precision())) {
            err.println("Note: this processor has no products of " + precision()
                    + "; float32 multiplies the rounded numbers, which saves no time");
        }
        return network.folded(precision());
    }
}
