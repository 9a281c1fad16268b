package replklab.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import replklab.base.LabException;
import replklab.base.UserClasses;
import replklab.weights.WeightsFile;

/**
 * What a weights file says of its classifier in its metadata, so that it can be used without being told: the files of trained runs
 * do.
 *
 * @param architecture a name as of {@link Architecture#parse}
 * @param height of the images it was trained with
 * @param width of the images it was trained with
 * @param resize how images of other sizes become such ones, {@code crop} or {@code square}; empty in files that are older than this
 *     note
 * @param mean of each channel, as the images were normalised
 * @param std of each channel
 * @param classes names of the classes in the order of the outputs
 */
public record NetworkNotes(
        String architecture,
        int height,
        int width,
        Optional<String> resize,
        List<Double> mean,
        List<Double> std,
        List<String> classes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARCHITECTURE = "architecture";
    private static final String HEIGHT = "height";
    private static final String WIDTH = "width";
    private static final String RESIZE = "resize";
    private static final String MEAN = "mean";
    private static final String STD = "std";
    private static final String CLASSES = "classes";

    public NetworkNotes {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        classes = List.copyOf(classes);
    }

    /**
     * The network, if its weights alone do not tell it: empty for a RepLKNet.
     *
     * @param user where the user's classes lie
     */
    public Optional<Architecture> unlikeRepLKNet(UserClasses user) {
        boolean replknet = Models.family(architecture.replaceFirst(":.*", ""))
                .filter(new RepLKNetFamily().key()::equals)
                .isPresent();
        return replknet ? Optional.empty() : Optional.of(Architecture.parse(architecture, user, height, width));
    }

    /** As a file's metadata. */
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(ARCHITECTURE, architecture);
        metadata.put(HEIGHT, Integer.toString(height));
        metadata.put(WIDTH, Integer.toString(width));
        resize.ifPresent(how -> metadata.put(RESIZE, how));
        metadata.put(MEAN, text(mean));
        metadata.put(STD, text(std));
        metadata.put(CLASSES, text(classes));
        return metadata;
    }

    /**
     * What a file says; empty if it says nothing.
     *
     * @throws LabException if the file cannot be read, or its notes are damaged
     */
    public static Optional<NetworkNotes> of(Path file, String which) {
        try (WeightsFile weights = WeightsFile.open(file, which)) {
            return of(weights.metadata(), file);
        }
    }

    private static Optional<NetworkNotes> of(Map<String, String> metadata, Path file) {
        if (!metadata.keySet().containsAll(List.of(ARCHITECTURE, HEIGHT, WIDTH, MEAN, STD, CLASSES))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NetworkNotes(
                    metadata.get(ARCHITECTURE),
                    Integer.parseInt(metadata.get(HEIGHT)),
                    Integer.parseInt(metadata.get(WIDTH)),
                    Optional.ofNullable(metadata.get(RESIZE)),
                    List.of(JSON.readValue(metadata.get(MEAN), Double[].class)),
                    List.of(JSON.readValue(metadata.get(STD), Double[].class)),
                    List.of(JSON.readValue(metadata.get(CLASSES), String[].class))));
        } catch (JsonProcessingException | NumberFormatException | NullPointerException e) {
            throw new LabException(
                    "weights file " + file + " has notes on its network that cannot be read: " + metadata, e);
        }
    }

    private static String text(List<?> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
