package replklab.tracking;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import replklab.base.LabException;

/**
 * Who we are to MLflow. As in MLflow's own Python client, user and password of the address come first, then {@code
 * MLFLOW_TRACKING_USERNAME} and {@code _PASSWORD}, then the file {@code ~/.mlflow/credentials}, then {@code
 * MLFLOW_TRACKING_TOKEN}.
 *
 * @param password empty unless there is a user, as the token is where there is one
 */
record Credentials(Optional<String> user, Optional<String> password, Optional<String> token) {
    static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String USER = "MLFLOW_TRACKING_USERNAME";
    private static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";
    private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";
    private static final String HIDDEN = "***";

    /** @param environment with {@code HOME}, whose credentials file is read if it is there */
    static Credentials of(TrackingAddress address, Map<String, String> environment) {
        if (address.user().isPresent()) {
            return new Credentials(address.user(), address.password(), Optional.empty());
        }
        Map<String, String> kept = file(environment);
        Optional<String> user = set(environment, USER).or(() -> set(kept, USER.toLowerCase(Locale.ROOT)));
        Optional<String> password = set(environment, PASSWORD).or(() -> set(kept, PASSWORD.toLowerCase(Locale.ROOT)));
        if (user.isPresent() && password.isPresent()) {
            return new Credentials(user, password, Optional.empty());
        }
        return new Credentials(Optional.empty(), Optional.empty(), set(environment, TOKEN));
    }

    /** The value of the {@code Authorization} header. */
    Optional<String> header() {
        return token.map(value -> "Bearer " + value).or(() -> user.map(name -> "Basic " + pair(name)));
    }

    /** The text without password and token, which a server may repeat in its answer. */
    String redact(String text) {
        return Stream.concat(
                        Stream.concat(password.stream(), token.stream())
                                .flatMap(
                                        secret -> Stream.of(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8))),
                        user.map(this::pair).stream())
                .filter(secret -> !secret.isEmpty())
                .reduce(text, (shown, secret) -> shown.replace(secret, HIDDEN));
    }

    @Override
    public String toString() {
        return header().isPresent() ? "credentials (" + HIDDEN + ")" : "no credentials";
    }

    private String pair(String name) {
        return Base64.getEncoder().encodeToString((name + ":" + password.orElse("")).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> set(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** The section {@code [mlflow]} of the credentials file, with names in small letters. */
    private static Map<String, String> file(Map<String, String> environment) {
        Map<String, String> values = new TreeMap<>();
        String home = environment.getOrDefault("HOME", environment.getOrDefault("USERPROFILE", ""));
        Path file = Path.of(home, ".mlflow", "credentials");
        if (home.isEmpty() || !Files.isRegularFile(file)) {
            return values;
        }
        String section = "";
        try {
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                String[] parts = text.split("[=:]", 2);
                if (text.startsWith("[") && text.endsWith("]")) {
                    section = text.substring(1, text.length() - 1);
                } else if (section.equals("mlflow") && !text.matches("[#;].*") && parts.length == 2) {
                    // Python's reader has a double %% stand for one.
                    values.put(
                            parts[0].strip().toLowerCase(Locale.ROOT),
                            parts[1].strip().replace("%%", "%"));
                }
            }
            return values;
        } catch (IOException e) {
            throw new LabException("cannot read " + file + ": " + e.getClass().getSimpleName()); // not what is in it
        }
    }
}
