package replklab.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.Digests;
import replklab.data.DatasetInfo;
import replklab.data.TrainTest;
import replklab.tensor.Backend;
import replklab.tracking.RunRecord;

/**
 * What decides the numbers of a run besides its seed, which its folder is named after. A result counts for a run that has the same
 * identity, and for no other: the same settings mean something else to a changed program, or on exchanged images.
 *
 * @param settings SHA-256 of the resolved settings
 * @param library {@link LibraryDigest} of the compiled classes that compute, or that measure
 * @param data SHA-256 of the images; {@code "none"} where nothing is read
 * @param code {@link UserCode} of the user's own; empty where all is the library's
 * @param device what computes instead of the CPU, such as {@code opencl}; empty for the CPU
 */
record RunIdentity(String settings, String library, String data, String code, String device) {
    private static final String SETTINGS = "replklab.settings_sha256";
    private static final String LIBRARY = "replklab.library_sha256";
    private static final String DATA = "replklab.data_sha256";
    private static final String CODE = "replklab.user_code_sha256";
    private static final String DEVICE = "replklab.device";
    private static final String NO_DATA = "none";

    static final String THE_DATA = "the data";

    static RunIdentity of(Experiment experiment, RunPlan plan, String data) {
        return new RunIdentity(
                RunConfig.hash(experiment, plan),
                experiment.spec().isMeasured() ? LibraryDigest.measuring() : LibraryDigest.current(),
                data,
                UserCode.of(experiment.spec(), plan.variant()),
                currentDevice());
    }

    /** The device in use; empty for the CPU. */
    static String currentDevice() {
        return Backend.current().memory() == null ? "" : Backend.current().name();
    }

    /** The identity that a run was begun with; empty for a run of something else. */
    static Optional<RunIdentity> of(RunRecord run) {
        return of(run.tags());
    }

    /** The identity that a run's tags tell; empty for a run of something else. */
    static Optional<RunIdentity> of(Map<String, String> tags) {
        return tags.keySet().containsAll(List.of(SETTINGS, LIBRARY, DATA))
                ? Optional.of(new RunIdentity(
                        tags.get(SETTINGS),
                        tags.get(LIBRARY),
                        tags.get(DATA),
                        tags.getOrDefault(CODE, ""),
                        tags.getOrDefault(DEVICE, "")))
                : Optional.empty();
    }

    /** Identifies data sets by their content, in order. */
    static String data(List<TrainTest> data) {
        if (data.isEmpty()) {
            return NO_DATA;
        }
        StringBuilder lines = new StringBuilder();
        for (TrainTest halves : data) {
            for (DatasetInfo info : List.of(halves.train().info(), halves.test().info())) {
                lines.append(info.name()).append(' ').append(info.digest()).append('\n');
            }
        }
        return Digests.of(lines.toString());
    }

    /** As tags of a run. */
    Map<String, String> tags() {
        Map<String, String> tags = new HashMap<>(Map.of(SETTINGS, settings, LIBRARY, library, DATA, data));
        if (!code.isEmpty()) {
            tags.put(CODE, code);
        }
        if (!device.isEmpty()) {
            tags.put(DEVICE, device);
        }
        return tags;
    }

    /** What differs from another identity, in words: {@code the settings}, {@code the library}, {@code the
     * data}, {@code code of your own}, {@code the device}; empty if nothing. */
    List<String> differences(RunIdentity other) {
        List<String> differences = new ArrayList<>();
        if (!settings.equals(other.settings)) {
            differences.add("the settings");
        }
        if (!library.equals(other.library)) {
            differences.add("the library");
        }
        if (!data.equals(other.data)) {
            differences.add(THE_DATA);
        }
        if (!code.equals(other.code)) {
            differences.add("code of your own");
        }
        if (!device.equals(other.device)) {
            differences.add("the device");
        }
        return differences;
    }
}
