package replklab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import replklab.data.DatasetInfo;
import replklab.data.DenseDataset;
import replklab.data.ImageDataset;
import replklab.data.ImageShape;
import replklab.tracking.DatasetInput;

/** Data sets as MLflow lists them among a run's inputs, in the form that its Python client gives arrays. */
final class DatasetInputs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DatasetInputs() {}

    /**
     * A data set whose labels are the classes of images.
     *
     * @param context what for: {@code train} or {@code test}
     */
    static DatasetInput of(ImageDataset data, String context) {
        return input(data, context, List.of(), "int64", Long.BYTES);
    }

    /** A data set whose labels are the classes of pixels. */
    static DatasetInput ofPixels(ImageDataset data, String context) {
        List<Integer> pixels = List.of(data.shape().height(), data.shape().width());
        return data instanceof DenseDataset ? input(data, context, pixels, "uint8", Byte.BYTES) : of(data, context);
    }

    /** @param label the shape of an image's label */
    private static DatasetInput input(
            ImageDataset data, String context, List<Integer> label, String type, long typeBytes) {
        DatasetInfo info = data.info();
        ImageShape shape = data.shape();
        List<Integer> image = List.of(shape.height(), shape.width(), shape.channels());
        // Strings of JSON within JSON: so MLflow's own client writes them, and so its readers expect them.
        String schema = json(Map.of(
                "mlflow_tensorspec",
                ordered("features", json(tensors("float32", image)), "targets", json(tensors(type, label)))));
        Map<String, Object> profile = ordered("num_rows", info.count(), "num_classes", classes(data, label));
        sizes("features", info.count(), image, Float.BYTES, profile);
        sizes("targets", info.count(), label, typeBytes, profile);
        return new DatasetInput(info.name(), info.digest(), info.source(), schema, json(profile), context);
    }

    private static int classes(ImageDataset data, List<Integer> label) {
        return !label.isEmpty() && data instanceof DenseDataset dense
                ? dense.pixelClasses().size()
                : data.classes().size();
    }

    private static List<Map<String, Object>> tensors(String type, List<Integer> shape) {
        return List.of(ordered("type", "tensor", "tensor-spec", ordered("dtype", type, "shape", rows(-1, shape))));
    }

    private static void sizes(String what, int count, List<Integer> shape, long bytes, Map<String, Object> into) {
        List<Integer> all = rows(count, shape);
        long size = all.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        into.put(what + "_shape", all);
        into.put(what + "_size", size);
        into.put(what + "_nbytes", size * bytes);
    }

    private static List<Integer> rows(int count, List<Integer> shape) {
        List<Integer> rows = new ArrayList<>(List.of(count));
        rows.addAll(shape);
        return rows;
    }

    private static Map<String, Object> ordered(String first, Object one, String second, Object other) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, one);
        map.put(second, other);
        return map;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists and numbers are always JSON", e);
        }
    }
}
