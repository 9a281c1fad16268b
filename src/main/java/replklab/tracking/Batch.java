package replklab.tracking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;

/** Parameters, tags and metrics that fit into one {@code log-batch} request. The Java client does not split by itself. */
record Batch(List<Metric> metrics, List<Param> params, List<RunTag> tags) {
    static final int MOST_METRICS = 1000;
    static final int MOST_PARAMS = 100;
    static final int MOST_TAGS = 100;
    static final int MOST_ENTITIES = 1000;
    /** The server counts the JSON text and takes a million; the rest is for the request's frame. */
    static final int MOST_BYTES = 900_000;

    private static final int METRIC_FRAME = 160;
    private static final int PAIR_FRAME = 40;

    /** The events in order, in as few requests as the limits allow. */
    static List<Batch> split(List<? extends Event.Batched> events) {
        Splitter splitter = new Splitter();
        for (Event.Batched event : events) {
            switch (event) {
                case Event.Metrics metrics ->
                    metrics.values()
                            .forEach((name, value) -> splitter.add(Metric.newBuilder()
                                    .setKey(name)
                                    .setValue(value)
                                    .setStep(metrics.step())
                                    .setTimestamp(metrics.time())
                                    .build()));
                case Event.Params params ->
                    params.values()
                            .forEach((key, value) -> splitter.add(Param.newBuilder()
                                    .setKey(key)
                                    .setValue(Names.cut(value, Names.LONGEST_PARAM))
                                    .build()));
                case Event.Tags tags ->
                    tags.values()
                            .forEach((key, value) -> splitter.add(RunTag.newBuilder()
                                    .setKey(key)
                                    .setValue(Names.cut(value, Names.LONGEST_TAG))
                                    .build()));
            }
        }
        return splitter.finished();
    }

    private static Batch empty() {
        return new Batch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private int size() {
        return metrics.size() + params.size() + tags.size();
    }

    /** Bytes of a text in the client's JSON, which writes HTML's special characters and quotes as six-letter escapes. */
    private static int jsonBytes(String text) {
        int bytes = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c < ' ' || "<>&='\"\\".indexOf(c) >= 0 || c == '\u2028' || c == '\u2029';
            bytes += escaped ? 6 : c < 0x80 ? 1 : 3;
        }
        return bytes;
    }

    private static final class Splitter {
        private final List<Batch> done = new ArrayList<>();
        private final Set<String> paramKeys = new HashSet<>();
        private final Set<String> tagKeys = new HashSet<>();
        private Batch current = empty();
        private int bytes;

        void add(Metric metric) {
            makeRoom(jsonBytes(metric.getKey()) + METRIC_FRAME, current.metrics.size() == MOST_METRICS);
            current.metrics.add(metric);
        }

        void add(Param param) {
            boolean full = current.params.size() == MOST_PARAMS || paramKeys.contains(param.getKey());
            makeRoom(jsonBytes(param.getKey()) + jsonBytes(param.getValue()) + PAIR_FRAME, full);
            current.params.add(param);
            paramKeys.add(param.getKey());
        }

        /** Of two values of a tag, the later one must arrive later, in a request of its own. */
        void add(RunTag tag) {
            boolean full = current.tags.size() == MOST_TAGS || tagKeys.contains(tag.getKey());
            makeRoom(jsonBytes(tag.getKey()) + jsonBytes(tag.getValue()) + PAIR_FRAME, full);
            current.tags.add(tag);
            tagKeys.add(tag.getKey());
        }

        List<Batch> finished() {
            makeRoom(0, current.size() > 0);
            return done;
        }

        private void makeRoom(int more, boolean full) {
            if (full || current.size() == MOST_ENTITIES || (bytes + more > MOST_BYTES && current.size() > 0)) {
                done.add(current);
                current = empty();
                paramKeys.clear();
                tagKeys.clear();
                bytes = 0;
            }
            bytes += more;
        }
    }
}
