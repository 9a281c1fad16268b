package replklab.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * As much of an MLflow server as the tracker uses, with its limits, that can go away and come back on its port. It
 * remembers what it was told in order, for tests to look at.
 */
public final class FakeMlflow implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every accepted change as one word each, such as {@code metric loss=0.5@3}. */
    final List<String> told = new ArrayList<>();

    final List<String> authorizations = new ArrayList<>();
    final Set<String> hosts = new TreeSet<>();
    private final Set<String> clients = new TreeSet<>();
    final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Map<String, Object>> runs = new LinkedHashMap<>();
    private final Map<String, String> experiments = new LinkedHashMap<>();
    private String artifactRoot = "mlflow-artifacts:";
    private Predicate<String> unanswered = path -> false;
    private Predicate<String> scripted = path -> false;
    private Answer script;
    private Optional<String> poison = Optional.empty();
    private Predicate<String> hanging = path -> false;
    private CountDownLatch hang = new CountDownLatch(0);
    private volatile Duration pause = Duration.ZERO;
    private final Set<String> deleted = new HashSet<>();
    private final Map<String, Integer> asked = new TreeMap<>();
    private int requests;
    private int port;
    private HttpServer server;

    private final Optional<SSLContext> tls;

    public FakeMlflow() {
        this(Optional.empty());
    }

    /** Over HTTPS, where there is a context; any client certificate that the context trusts is asked for and noted. */
    FakeMlflow(Optional<SSLContext> tls) {
        this.tls = tls;
        start();
    }

    void start() {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            server = tls.isPresent() ? https(address, tls.get()) : HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = server.getAddress().getPort();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer https(InetSocketAddress address, SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    /** Names of the certificates that clients have shown. */
    synchronized Set<String> clients() {
        return Set.copyOf(clients);
    }

    void stop() {
        hang.countDown();
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
    }

    String uri() {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    }

    public Map<String, String> environment() {
        return Map.of("MLFLOW_TRACKING_URI", uri());
    }

    synchronized void artifactRoot(String root) {
        artifactRoot = root;
    }

    /** Answers 500 to these paths. */
    void fail(Predicate<String> paths) {
        answer(paths, 500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"told to fail\"}");
    }

    /** Answers so to these paths, and does nothing of what they ask for; the headers are names and values in turn. */
    synchronized void answer(Predicate<String> paths, int status, String body, String... headers) {
        scripted = paths;
        script = new Answer(status, body, List.of(headers));
    }

    /** Answers 500 to every request that holds this text, as a database does that cannot store it. */
    synchronized void poison(String text) {
        poison = Optional.of(text);
    }

    /** Answers as MLflow does, again. */
    synchronized void recover() {
        scripted = path -> false;
        poison = Optional.empty();
        hanging = path -> false;
        hang.countDown();
    }

    /** Takes requests to these paths, does nothing of what they ask for, and does not answer before {@link #recover}. */
    synchronized void hang(Predicate<String> paths) {
        hanging = paths;
        hang = new CountDownLatch(1);
    }

    /** Takes this long for each request from now on. */
    void slow(Duration each) {
        pause = each;
    }

    /** Deletes a run, as MLflow's page does, or for good. */
    synchronized void delete(String runName, boolean forGood) {
        String id = runs.keySet().stream()
                .filter(each -> runName.equals(runs.get(each).get("tag:mlflow.runName")))
                .findFirst()
                .orElseThrow();
        if (forGood) {
            runs.remove(id);
        } else {
            deleted.add(id);
        }
    }

    /** Makes a run of the same tags, as a request to create it does that arrives late. */
    synchronized void createAgain(String runName) {
        Map<String, Object> late = new TreeMap<>(runs.values().stream()
                .filter(each -> runName.equals(each.get("tag:mlflow.runName")))
                .findFirst()
                .orElseThrow());
        late.put("status", "RUNNING");
        runs.put("run" + (runs.size() + 1), late);
    }

    /** Does what these paths ask for, but the answer is lost. */
    synchronized void dropAnswers(Predicate<String> paths) {
        unanswered = paths;
    }

    synchronized int requests() {
        return requests;
    }

    /** How often a path that ends so was asked for. */
    synchronized int requests(String end) {
        return asked.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(end))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    synchronized List<String> told(String kind) {
        return told.stream().filter(line -> line.startsWith(kind)).toList();
    }

    synchronized int runCount() {
        return runs.size();
    }

    /** A run's status, or a tag with {@code tag:} before its name. */
    synchronized String of(String runName, String what) {
        Map<String, Object> run = runs.values().stream()
                .filter(one -> runName.equals(one.get("tag:mlflow.runName")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no run " + runName + " among " + runs));
        return String.valueOf(run.get(what));
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        Answer answer;
        boolean lost;
        CountDownLatch waits = null;
        sleep(pause);
        synchronized (this) {
            requests++;
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            if (exchange instanceof HttpsExchange secure) {
                try {
                    clients.add(secure.getSSLSession().getPeerPrincipal().getName());
                } catch (SSLPeerUnverifiedException e) {
                    clients.add("nobody");
                }
            }
            asked.merge(path, 1, Integer::sum);
            if (hanging.test(path)) {
                waits = hang;
            }
        }
        if (waits != null) {
            try {
                waits.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
            return;
        }
        synchronized (this) {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(exchange.getRequestMethod() + " " + login);
            if (scripted.test(path)) {
                answer = script;
            } else if (poison.filter(new String(body, StandardCharsets.UTF_8)::contains)
                    .isPresent()) {
                answer = new Answer(500, "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"DataError\"}");
            } else {
                String query = exchange.getRequestURI().getQuery();
                answer = answer(exchange.getRequestMethod(), path, query, body);
            }
            lost = unanswered.test(path);
        }
        if (lost) {
            exchange.close();
            return;
        }
        byte[] bytes = answer.text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < answer.headers.size(); i += 2) {
            exchange.getResponseHeaders().add(answer.headers.get(i), answer.headers.get(i + 1));
        }
        exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Answer(int status, String text, List<String> headers) {
        Answer(int status, String text) {
            this(status, text, List.of());
        }

        static Answer refusal(String code, String message) {
            return new Answer(400, "{\"error_code\":\"" + code + "\",\"message\":\"" + message + "\"}");
        }
    }

    private Answer list(String artifactFolder) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("files");
        files.forEach((path, bytes) -> {
            int slash = path.lastIndexOf('/');
            if (path.substring(0, slash).equals(artifactFolder)) {
                list.addObject()
                        .put("path", path.substring(slash + 1))
                        .put("is_dir", false)
                        .put("file_size", bytes.length);
            }
        });
        return new Answer(200, answer.toString());
    }

    private Answer answer(String method, String path, String query, byte[] body) throws IOException {
        if (path.equals("/api/2.0/mlflow-artifacts/artifacts")) {
            return list(URLDecoder.decode(query.replaceFirst("path=", ""), StandardCharsets.UTF_8));
        }
        String artifacts = "/api/2.0/mlflow-artifacts/artifacts/";
        if (path.startsWith(artifacts)) {
            files.put(path.substring(artifacts.length()), body);
            told.add("file " + path.substring(path.indexOf("/artifacts/", artifacts.length()) + 11));
            return new Answer(200, ""); // as MLflow 3 does
        }
        String gone = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"no such run\"}";
        JsonNode json = method.equals("POST") ? JSON.readTree(body) : JSON.createObjectNode();
        String run = json.path("run_id").asText("");
        if (!run.isEmpty() && !runs.containsKey(run)) {
            return new Answer(404, gone);
        }
        if (deleted.contains(run)) {
            return Answer.refusal("INVALID_PARAMETER_VALUE", "The run must be in the 'active' state");
        }
        return switch (path.replace("/api/2.0/mlflow/", "")) {
            case "experiments/search" -> new Answer(200, "{}");
            case "experiments/get-by-name" -> experimentByName(query.replaceAll(".*experiment_name=([^&]*).*", "$1"));
            case "experiments/create" -> {
                String id = Integer.toString(experiments.size() + 1);
                experiments.put(json.get("name").asText(), id);
                yield new Answer(200, "{\"experiment_id\":\"" + id + "\"}");
            }
            case "runs/create" -> create(json);
            case "runs/get" -> {
                String id = query.replaceAll(".*run_id=([^&]*).*", "$1");
                yield runs.containsKey(id) ? new Answer(200, "{\"run\":" + describe(id) + "}") : new Answer(404, gone);
            }
            case "runs/search" -> search(json.get("filter").asText());
            case "experiments/set-experiment-tag" -> {
                told.add("experiment's tag " + json.get("key").asText() + "="
                        + json.get("value").asText());
                yield new Answer(200, "{}");
            }
            case "runs/delete" -> {
                deleted.add(run);
                told.add("delete " + run);
                yield new Answer(200, "{}");
            }
            case "runs/log-batch" -> batch(json, body.length);
            case "runs/log-inputs" -> {
                told.add("input " + json.at("/datasets/0/dataset/name").asText());
                yield new Answer(200, "{}");
            }
            case "runs/update" -> {
                runs.get(json.get("run_id").asText())
                        .put("status", json.get("status").asText());
                told.add("status " + json.get("status").asText());
                yield new Answer(200, "{\"run_info\":{\"run_id\":" + json.get("run_id") + "}}");
            }
            default -> new Answer(404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"" + path + "\"}");
        };
    }

    private Answer experimentByName(String name) {
        String id = experiments.get(name);
        return id == null
                ? new Answer(404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"none\"}")
                : new Answer(
                        200,
                        "{\"experiment\":{\"experiment_id\":\"" + id + "\",\"name\":\"" + name
                                + "\",\"lifecycle_stage\":\"" + (name.equals("gone") ? "deleted" : "active") + "\"}}");
    }

    /** The runs that were created, by id: {@code status}, and each tag as {@code tag:NAME}. */
    public synchronized Map<String, Map<String, Object>> runs() {
        Map<String, Map<String, Object>> copy = new LinkedHashMap<>();
        runs.forEach((id, run) -> copy.put(id, new TreeMap<>(run)));
        return copy;
    }

    private Answer create(JsonNode json) {
        Map<String, Object> run = new TreeMap<>();
        String id = "run" + (runs.size() + 1);
        json.get("tags")
                .forEach(tag -> run.put(
                        "tag:" + tag.get("key").asText(), tag.get("value").asText()));
        run.put("status", "RUNNING");
        run.put("start", json.get("start_time").asText());
        runs.put(id, run);
        told.add("create " + json.get("run_name").asText());
        return new Answer(200, "{\"run\":" + describe(id) + "}");
    }

    private String describe(String id) {
        return "{\"info\":{\"run_id\":\"" + id + "\",\"experiment_id\":\"1\",\"status\":\""
                + runs.get(id).get("status") + "\",\"lifecycle_stage\":\""
                + (deleted.contains(id) ? "deleted" : "active") + "\",\"artifact_uri\":\"" + artifactRoot + "/1/"
                + id + "/artifacts\"},\"data\":{\"tags\":[" + parent(id) + "]}}";
    }

    private String parent(String id) {
        Object parent = runs.get(id).get("tag:" + RunTags.PARENT);
        return parent == null ? "" : "{\"key\":\"" + RunTags.PARENT + "\",\"value\":\"" + parent + "\"}";
    }

    private Answer search(String filter) {
        String tag = filter.replaceAll(".*`(.*)`.*", "$1");
        String value = filter.replaceAll(".*'(.*)'.*", "$1");
        List<String> found = runs.entrySet().stream()
                .filter(run -> value.equals(run.getValue().get("tag:" + tag)))
                .map(run -> describe(run.getKey()))
                .toList();
        return new Answer(200, "{\"runs\":[" + String.join(",", found) + "]}");
    }

    private Answer batch(JsonNode json, int size) {
        JsonNode metrics = json.path("metrics");
        JsonNode params = json.path("params");
        JsonNode tags = json.path("tags");
        int entities = metrics.size() + params.size() + tags.size();
        if (metrics.size() > 1000 || params.size() > 100 || tags.size() > 100 || entities > 1000 || size > 1_000_000) {
            return Answer.refusal("INVALID_PARAMETER_VALUE", "too much in one batch");
        }
        Map<String, Object> run = runs.get(json.get("run_id").asText());
        for (JsonNode param : params) {
            Object before = run.get("param:" + param.get("key").asText());
            if (param.get("key").asText().equals("bad")
                    || (before != null && !before.equals(param.get("value").asText()))) {
                return Answer.refusal("INVALID_PARAMETER_VALUE", "bad parameter");
            }
        }
        params.forEach(param -> {
            run.put("param:" + param.get("key").asText(), param.get("value").asText());
            told.add("param " + param.get("key").asText() + "="
                    + param.get("value").asText());
        });
        tags.forEach(tag -> {
            run.put("tag:" + tag.get("key").asText(), tag.get("value").asText());
            told.add("tag " + tag.get("key").asText() + "=" + tag.get("value").asText());
        });
        metrics.forEach(metric -> told.add("metric " + metric.get("key").asText() + "="
                + metric.get("value").asText() + "@" + metric.path("step").asText("0")));
        return new Answer(200, "{}");
    }

    /** A run's name among those of the experiment {@code gone}, which is deleted. */
    synchronized void addDeletedExperiment() {
        experiments.put("gone", "99");
    }
}
