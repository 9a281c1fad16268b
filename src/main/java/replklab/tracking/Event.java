package replklab.tracking;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One thing that happened to a run: a record of its {@link RunLog}. Telling MLflow of it twice does no harm. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Create.class, name = "create"),
    @JsonSubTypes.Type(value = Event.Moved.class, name = "moved"),
    @JsonSubTypes.Type(value = Event.Known.class, name = "known"),
    @JsonSubTypes.Type(value = Event.GivenUp.class, name = "given_up"),
    @JsonSubTypes.Type(value = Event.LostEnd.class, name = "lost_end"),
    @JsonSubTypes.Type(value = Event.NotTaken.class, name = "not_taken"),
    @JsonSubTypes.Type(value = Event.Resume.class, name = "resume"),
    @JsonSubTypes.Type(value = Event.Params.class, name = "params"),
    @JsonSubTypes.Type(value = Event.Tags.class, name = "tags"),
    @JsonSubTypes.Type(value = Event.Metrics.class, name = "metrics"),
    @JsonSubTypes.Type(value = Event.Input.class, name = "input"),
    @JsonSubTypes.Type(value = Event.Artifact.class, name = "artifact"),
    @JsonSubTypes.Type(value = Event.Note.class, name = "note"),
    @JsonSubTypes.Type(value = Event.Result.class, name = "result"),
    @JsonSubTypes.Type(value = Event.Model.class, name = "model"),
    @JsonSubTypes.Type(value = Event.About.class, name = "about"),
    @JsonSubTypes.Type(value = Event.End.class, name = "end"),
})
sealed interface Event {
    /** What goes to the server in batches. */
    sealed interface Batched extends Event {
        /** An event for each of the values. */
        List<Batched> singles();
    }

    /** What it is about, in a few words. */
    default String told() {
        return switch (this) {
            case Create create -> "the run " + create.key();
            case Resume _ -> "that it goes on";
            case Local _ -> "a note";
            case Params params ->
                "the parameter " + String.join(", ", params.values().keySet());
            case Tags tags -> "the tag " + String.join(", ", tags.values().keySet());
            case Metrics metrics ->
                "the metric " + String.join(", ", metrics.values().keySet());
            case Input input -> "the data set " + input.dataset().name();
            case Artifact artifact -> "the file " + artifact.path();
            case Model model -> "the model " + model.model().name();
            case About _ -> "the experiment's description";
            case End _ -> "the end";
        };
    }

    private static <T> List<Batched> each(Map<String, T> values, Function<Map<String, T>, Batched> event) {
        return values.entrySet().stream()
                .map(one -> event.apply(Map.of(one.getKey(), one.getValue())))
                .toList();
    }

    /** What MLflow is not told. */
    sealed interface Local extends Event {}

    /**
     * The first record of every log.
     *
     * @param key the run's {@link RunTags#KEY}
     * @param tracker the {@link Endpoint#identity()} of the server that is told
     * @param parent key of the parent run, or empty
     * @param start milliseconds since 1970
     * @param lost key of the run that was in this folder before and whose log a damaged disk has taken: the server may believe that
     *     it goes on; empty if there was none
     */
    record Create(
            String key,
            String experiment,
            String tracker,
            String name,
            String parent,
            long start,
            Map<String, String> tags,
            String lost)
            implements Event {
        public Create {
            lost = lost == null ? "" : lost; // as in logs of before
        }

        Create withKey(String other) {
            return new Create(other, experiment, tracker, name, parent, start, tags, lost);
        }
    }

    /**
     * From here on another server is told, or the same one of another run, and it is told everything.
     *
     * @param key the run's {@link RunTags#KEY} there
     */
    record Moved(String tracker, String key) implements Local {}

    /** The server has the run, under this id. */
    record Known(String runId, String experimentId, String artifactUri) implements Local {}

    /** The server will never have the rest: it has deleted the run, or refuses it. */
    record GivenUp(String reason) implements Local {}

    /**
     * A damaged disk has taken the end of the log: the server was told more than came before this.
     *
     * @param bytes of the log that the server was told
     */
    record LostEnd(long bytes) implements Local {}

    /**
     * The server had a request and did not take it, for a reason that may pass.
     *
     * @param at where in the log the event begins that it was about
     * @param request its method and path
     * @param time milliseconds since 1970
     */
    record NotTaken(long at, String request, long time) implements Local {}

    /** The run goes on after an end. */
    record Resume(long time) implements Event {}

    record Params(Map<String, String> values) implements Batched {
        @Override
        public List<Batched> singles() {
            return each(values, Params::new);
        }
    }

    record Tags(Map<String, String> values) implements Batched {
        @Override
        public List<Batched> singles() {
            return each(values, Tags::new);
        }
    }

    record Metrics(long step, long time, Map<String, Double> values) implements Batched {
        @Override
        public List<Batched> singles() {
            return each(values, one -> new Metrics(step, time, one));
        }
    }

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

    /**
     * @param key names this model among all, so that it is made once
     * @param files where they lie, relative to the run's folder
     */
    record Model(String key, LoggedModel model, List<String> files) implements Event {}

    /** What the experiment is about, Markdown on its page in MLflow. */
    record About(String description) implements Event {}

    record End(RunStatus status, long time) implements Event {}
}
