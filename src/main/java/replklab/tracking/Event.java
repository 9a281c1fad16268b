package replklab.tracking;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/** One thing that happened to a run: a record of its {@link RunLog}. Telling MLflow of it twice does no harm. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Create.class, name = "create"),
    @JsonSubTypes.Type(value = Event.Moved.class, name = "moved"),
    @JsonSubTypes.Type(value = Event.Known.class, name = "known"),
    @JsonSubTypes.Type(value = Event.GivenUp.class, name = "given_up"),
    @JsonSubTypes.Type(value = Event.Resume.class, name = "resume"),
    @JsonSubTypes.Type(value = Event.Params.class, name = "params"),
    @JsonSubTypes.Type(value = Event.Tags.class, name = "tags"),
    @JsonSubTypes.Type(value = Event.Metrics.class, name = "metrics"),
    @JsonSubTypes.Type(value = Event.Input.class, name = "input"),
    @JsonSubTypes.Type(value = Event.Artifact.class, name = "artifact"),
    @JsonSubTypes.Type(value = Event.Note.class, name = "note"),
    @JsonSubTypes.Type(value = Event.Result.class, name = "result"),
    @JsonSubTypes.Type(value = Event.End.class, name = "end"),
})
sealed interface Event {
    /** What goes to the server in batches. */
    sealed interface Batched extends Event {}

    /** What MLflow is not told. */
    sealed interface Local extends Event {}

    /**
     * The first record of every log.
     *
     * @param key the run's {@link RunTags#KEY}
     * @param tracker the {@link Endpoint#identity()} of the server that is told
     * @param parent key of the parent run, or empty
     * @param start milliseconds since 1970
     */
    record Create(
            String key,
            String experiment,
            String tracker,
            String name,
            String parent,
            long start,
            Map<String, String> tags)
            implements Event {}

    /** From here on another server is told, and it is told everything. */
    record Moved(String tracker) implements Local {}

    /** The server has the run, under this id. */
    record Known(String runId, String experimentId, String artifactUri) implements Local {}

    /** The server will never have the rest: it has deleted the run, or refuses it. */
    record GivenUp(String reason) implements Local {}

    /** The run goes on after an end. */
    record Resume(long time) implements Event {}

    record Params(Map<String, String> values) implements Batched {}

    record Tags(Map<String, String> values) implements Batched {}

    record Metrics(long step, long time, Map<String, Double> values) implements Batched {}

    record Input(DatasetInput dataset) implements Event {}

    /**
     * @param path where it goes among the run's artifacts
     * @param file where it lies, relative to the run's folder
     */
    record Artifact(String path, String file) implements Event {}

    /** Something that the program itself wants to find again, as JSON. */
    record Note(String kind, String json) implements Local {}

    /** What came out of the run, as JSON: with it the run is finished, whatever happens to the process afterwards. */
    record Result(String json) implements Local {}

    record End(RunStatus status, long time) implements Event {}
}
