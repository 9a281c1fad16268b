package replklab.tracking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Parameters, tags and metrics that fit into one {@code log-batch} request. Its fields have the names of MLflow's JSON. */
record LogBatch(List<LogBatch.Metric> metrics, List<LogBatch.Text> params, List<LogBatch.Text> tags) {
    static final int MOST_METRICS = 1000;
    static final int MOST_PARAMS = 100;
    static final int MOST_TAGS = 100;
    static final int MOST_ENTITIES = 1000;
    /** The server counts the JSON text and takes a million; the rest is for the request's frame. */
    static final int MOST_BYTES = 900_000;

    private static final int METRIC_FRAME = 160;
    private static final int PAIR_FRAME = 40;

    /** @param timestamp milliseconds since 1970 */
    record Metric(String key, double value, long timestamp, long step) {}

    /** A parameter or a tag. */
    record Text(String key, String value) {}

    /** The events in order, in as few requests as the limits allow. */
    static List<LogBatch> split(List<? extends Event.Batched> events) {
        Splitter splitter = new Splitter();
        for (Event.Batched event : events) {
            switch (event) {
                case Event.Metrics metrics ->
                    metrics.values()
                            .forEach((name, value) ->
                                    splitter.add(new Metric(name, value, metrics.time(), metrics.step())));
                case Event.Params params ->
                    params.values()
                            .forEach((key, value) ->
                                    splitter.addParam(new Text(key, Names.cut(value, Names.LONGEST_PARAM))));
                case Event.Tags tags ->
                    tags.values()
                            .forEach((key, value) ->
                                    splitter.addTag(new Text(key, Names.cut(value, Names.LONGEST_TAG))));
            }
        }
        return splitter.finished();
    }

    private static LogBatch empty() {
        return new LogBatch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private int size() {
        return metrics.size() + params.size() + tags.size();
    }

    /** At most so many bytes has a text in JSON, whoever writes it: some escape HTML's special characters, too. */
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
        private final List<LogBatch> done = new ArrayList<>();
        private final Set<String> paramKeys = new HashSet<>();
        private final Set<String> tagKeys = new HashSet<>();
        private LogBatch current = empty();
        private int bytes;

        void add(Metric metric) {
            makeRoom(jsonBytes(metric.key()) + METRIC_FRAME, current.metrics.size() == MOST_METRICS);
            current.metrics.add(metric);
        }

        void addParam(Text param) {
            boolean full = current.params.size() == MOST_PARAMS || paramKeys.contains(param.key());
            makeRoom(jsonBytes(param.key()) + jsonBytes(param.value()) + PAIR_FRAME, full);
            current.params.add(param);
            paramKeys.add(param.key());
        }

        /** Of two values of a tag, the later one must arrive later, in a request of its own. */
        void addTag(Text tag) {
            boolean full = current.tags.size() == MOST_TAGS || tagKeys.contains(tag.key());
            makeRoom(jsonBytes(tag.key()) + jsonBytes(tag.value()) + PAIR_FRAME, full);
            current.tags.add(tag);
            tagKeys.add(tag.key());
        }

        List<LogBatch> finished() {
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
