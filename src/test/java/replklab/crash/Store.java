package replklab.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an MLflow server keeps, read past the server, so that it does not matter whether it lives.
 *
 * @param database such as {@code sqlite:////folder/mlflow.db}
 * @param artifacts the folder that stands for {@code mlflow-artifacts:/}
 * @param python an interpreter that can read the database
 */
record Store(String database, Path artifacts, Path python) {
    private static final String ROOT = "mlflow-artifacts:/";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** That of the embedded server on a folder. */
    static Store embedded(Path mlruns) {
        return new Store("sqlite:///" + mlruns.resolve("mlflow.db"), mlruns.resolve("artifacts"), LabProcess.python());
    }

    /** The runs of an experiment, deleted ones too. */
    List<MlflowRun> runs(String experiment) throws IOException {
        Process reader = new ProcessBuilder(
                        python.toString(),
                        LabProcess.project("src/test/resources/replklab/crash/records.py")
                                .toString(),
                        database)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<MlflowRun> runs = new ArrayList<>();
        if (!text.isEmpty()) {
            JSON.readTree(text).properties().forEach(field -> runs.add(MlflowRun.of(field.getKey(), field.getValue())));
        }
        return runs.stream().filter(run -> run.experiment().equals(experiment)).toList();
    }

    /** The artifacts of a run: for weights their SHA-256, for others whether there is anything in them. */
    Map<String, String> files(MlflowRun run) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (!run.artifacts().startsWith(ROOT)) {
            throw new AssertionError("artifacts of another kind: " + run.artifacts());
        }
        Path root = artifacts.resolve(run.artifacts().substring(ROOT.length()).replaceAll("^/+", ""));
        if (Files.isDirectory(root)) {
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    files.put(root.relativize(file).toString(), content(file));
                }
            }
        }
        return files;
    }

    private static String content(Path file) throws IOException {
        if (!file.toString().endsWith(".safetensors")) {
            return Files.size(file) == 0 ? "empty" : "whole";
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
