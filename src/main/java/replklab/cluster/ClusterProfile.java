package replklab.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.base.LabException;
import replklab.base.Options;
import replklab.base.UsageException;

/**
 * What a cluster wants to know of a job, from a small YAML file and from the command line, which goes over it. Empty texts and
 * zeros leave it to the cluster.
 *
 * @param partition Slurm's partition
 * @param account who pays
 * @param qos quality of service
 * @param time limit of a task, as Slurm writes it: minutes, or {@code hours:minutes:seconds}
 * @param cpus processors of a task
 * @param memory of a task, such as {@code 8G}
 * @param gres generic resources, such as {@code gpu:1}; of tasks, not of the collector
 * @param constraint features that a task's node must have; one kind of processor, if it is to say anything of the bits
 * @param tasks what a task of the array does
 * @param atOnce how many tasks at once; 0 for as many as there is room for
 * @param options more options of sbatch, as they stand
 * @param setup lines of shell before the program starts, such as {@code module load java}
 */
public record ClusterProfile(
        String partition,
        String account,
        String qos,
        String time,
        int cpus,
        String memory,
        String gres,
        String constraint,
        Tasks tasks,
        int atOnce,
        List<String> options,
        List<String> setup) {
    /** The file's name in the checkout. */
    public static final String FILE = "cluster.yaml";

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String WHERE = "cluster";

    /** What a task of an array does. */
    public enum Tasks {
        /** One run. */
        RUN,
        /** The runs of one seed, one after the other and so on one node. */
        SEED
    }

    public ClusterProfile {
        options = List.copyOf(options);
        setup = List.copyOf(setup);
        for (String each : List.of(partition, account, qos, time, memory, gres, constraint)) {
            if (!each.matches("\\S*")) {
                throw new UsageException(WHERE + ": '" + each + "' holds a blank, which no option of sbatch does");
            }
        }
        if (cpus < 0 || atOnce < 0) {
            throw new UsageException(WHERE + ": cpus and atOnce are 0 or more, not " + cpus + " and " + atOnce);
        }
    }

    /**
     * Reads it.
     *
     * @param file YAML; it need not exist
     * @param overrides such as {@code time=2:00:00}, which go over the file's
     * @throws UsageException for an unknown key, or a value that is not allowed
     */
    public static ClusterProfile read(Path file, List<String> overrides) {
        Map<String, Object> given = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                given.putAll(map(Files.readString(file), file.toString()));
            }
            for (String override : overrides) {
                String[] parts = override.split("=", 2);
                if (parts.length < 2 || parts[0].isBlank()) {
                    throw new UsageException(
                            "--slurm: '" + override + "' is no KEY=VALUE, such as partition=long or gres=gpu:1");
                }
                Object value = YAML.readValue(parts[1].isBlank() ? "''" : parts[1], Object.class);
                given.put(parts[0].strip(), value);
            }
        } catch (JsonProcessingException e) {
            throw new UsageException("--slurm: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return of(given);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(String text, String file) {
        if (text.lines().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
            return Map.of();
        }
        try {
            return YAML.readValue(text, LinkedHashMap.class);
        } catch (JsonProcessingException e) {
            throw new UsageException(file + " holds no keys and values: " + e.getOriginalMessage());
        }
    }

    private static ClusterProfile of(Map<String, Object> given) {
        Map<String, Object> plain = new LinkedHashMap<>();
        given.forEach((key, value) -> plain.put(
                key,
                value == null
                        ? ""
                        : value instanceof List || key.equals("cpus") || key.equals("atOnce")
                                ? value
                                : value.toString()));
        Options options = Options.of(WHERE, plain);
        String constraint = options.text("constraint", "");
        String tasks = options.text("tasks", constraint.isEmpty() ? "seed" : "run");
        if (!tasks.equals("run") && !tasks.equals("seed")) {
            throw options.wrong("tasks", "run or seed");
        }
        ClusterProfile profile = new ClusterProfile(
                options.text("partition", ""),
                options.text("account", ""),
                options.text("qos", ""),
                options.text("time", ""),
                options.integer("cpus", 0),
                options.text("memory", ""),
                options.text("gres", ""),
                constraint,
                tasks.equals("run") ? Tasks.RUN : Tasks.SEED,
                options.integer("atOnce", 0),
                options.texts("options", List.of()),
                options.texts("setup", List.of()));
        options.requireAllAsked();
        return profile;
    }

    /** What sbatch is told of a task. */
    List<String> ofTask() {
        List<String> arguments = ofCollector();
        add(arguments, "cpus-per-task", cpus == 0 ? "" : String.valueOf(cpus));
        add(arguments, "mem", memory);
        add(arguments, "gres", gres);
        add(arguments, "constraint", constraint);
        return arguments;
    }

    /** What sbatch is told of the job that reports: it computes next to nothing. */
    List<String> ofCollector() {
        List<String> arguments = new ArrayList<>();
        add(arguments, "partition", partition);
        add(arguments, "account", account);
        add(arguments, "qos", qos);
        add(arguments, "time", time);
        arguments.addAll(options);
        return arguments;
    }

    private static void add(List<String> arguments, String option, String value) {
        if (!value.isEmpty()) {
            arguments.add("--" + option + "=" + value);
        }
    }
}
