package replklab.tracking;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import replklab.base.LabException;

/**
 * A trained model among what a run made. Its files lie in a folder of that name below the run's artifacts, with an {@code
 * MLmodel} file among them, which tells MLflow how to load it.
 *
 * @param name such as {@code classifier}; MLflow finds it as {@code runs:/RUN_ID/NAME}
 * @param type the kind of task, as MLflow's page filters by it, such as {@code classification}
 * @param metrics names of the run's metrics that are the model's: its last values of them
 * @param evaluatedOn the context of the run's data set that the metrics are of, such as {@code test}
 * @param register name of the registered model that it becomes a version of, or empty
 * @param tags of the model
 */
public record LoggedModel(
        String name, String type, List<String> metrics, String evaluatedOn, String register, Map<String, String> tags) {
    /** The file that makes a folder a model. */
    public static final String CARD = "MLmodel";

    private static final int LONGEST = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_ -]+");
    private static final Pattern REGISTERED = Pattern.compile("[^/:'\"\\p{Cntrl}]+");

    public LoggedModel {
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            throw new LabException(
                    "'" + name + "' is no name for a model: letters, digits, _, - and spaces are allowed");
        }
        if (!register.isEmpty()) {
            requireRegistrable(register);
        }
        metrics = List.copyOf(metrics);
        tags = Map.copyOf(tags);
        tags.keySet().forEach(Names::check);
    }

    /** Throws unless MLflow takes this as the name of a registered model. */
    public static void requireRegistrable(String name) {
        if (name.isBlank()
                || name.length() > LONGEST
                || !REGISTERED.matcher(name).matches()) {
            throw new LabException("'" + name + "' is no name for a registered model: 1 to " + LONGEST
                    + " characters without / : and quotes");
        }
    }
}
