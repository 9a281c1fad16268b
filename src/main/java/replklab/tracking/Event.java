package replklab.tracking;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** One thing that MLflow is to be told about a run: a line of its {@link Outbox}. Telling it twice does no harm. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Create.class, name = "create"),
    @JsonSubTypes.Type(value = Event.Resume.class, name = "resume"),
    @JsonSubTypes.Type(value = Event.Params.class, name = "params"),
    @JsonSubTypes.Type(value = Event.Tags.class, name = "tags"),
    @JsonSubTypes.Type(value = Event.Metrics.class, name = "metrics"),
    @JsonSubTypes.Type(value = Event.Input.class, name = "input"),
    @JsonSubTypes.Type(value = Event.Artifact.class, name = "artifact"),
    @JsonSubTypes.Type(value = Event.Model.class, name = "model"),
    @JsonSubTypes.Type(value = Event.About.class, name = "about"),
    @JsonSubTypes.Type(value = Event.End.class, name = "end"),
})
sealed interface Event {
    /** The first line of an outbox: which run the rest is about, and which tracker ({@link Endpoint#identity()}) has it. */
    sealed interface Origin extends Event {
        String key();

        String experiment();

        String tracker();
    }

    /** What goes to the server in batches. */
    sealed interface Batched extends Event {}

    /** @param parent key of the parent run, or empty */
    record Create(
            String key,
            String experiment,
            String tracker,
            String name,
            String parent,
            long start,
            Map<String, String> tags)
            implements Origin {}

    /** The run of an earlier process goes on. */
    record Resume(String key, String experiment, String tracker, String runId) implements Origin {}

    record Params(Map<String, String> values) implements Batched {}

    record Tags(Map<String, String> values) implements Batched {}

    record Metrics(long step, long time, Map<String, Double> values) implements Batched {}

    record Input(DatasetInput dataset) implements Event {}

    /**
     * @param path where it goes among the run's artifacts
     * @param file where it lies, relative to the run's folder
     */
    record Artifact(String path, String file) implements Event {}

    /**
     * @param key names this model among all, so that it is made once
     * @param files where they lie, relative to the run's folder
     */
    record Model(String key, LoggedModel model, List<String> files) implements Event {}

    /** What the experiment is about, Markdown on its page in MLflow. */
    record About(String description) implements Event {}

    record End(RunStatus status, long time) implements Event {}
}
