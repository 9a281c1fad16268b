package replklab.cli;

import java.util.List;
import picocli.CommandLine.Option;
import replklab.base.UsageException;
import replklab.device.Devices;
import replklab.experiment.Experiment;
import replklab.tensor.Backend;
import replklab.tensor.device.DeviceBackend;

/** What computes: a setting of where, not of what, so no experiment's file has it. */
final class DeviceOption {
    private static final String CPU = "cpu";

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = CPU,
            description =
                    "What computes: cpu (the default), opencl or cuda; cuda:1 and so on for another than the first.")
    private String name;

    /** The option as it was given, with a space before; nothing for the CPU. */
    String words() {
        return name.equals(CPU) ? "" : " --device " + name;
    }

    /** The option for another command line; nothing for the CPU. */
    List<String> arguments() {
        return name.equals(CPU) ? List.of() : List.of("--device", name);
    }

    /**
     * Lets it compute from now on; an error says what there is instead.
     *
     * @param experiments what is to be run; those that measure compare ways in which the CPU computes
     */
    void use(List<Experiment> experiments) {
        if (!name.equals(CPU)) {
            for (Experiment experiment : experiments) {
                if (experiment.spec().isMeasured()) {
                    throw new UsageException(experiment.name()
                            + " measures how the CPU computes; leave --device out, or name experiments that train");
                }
            }
            Backend.use(new DeviceBackend(Devices.open(name), Backend.current()));
        }
    }
}
