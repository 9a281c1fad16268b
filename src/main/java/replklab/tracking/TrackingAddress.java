package replklab.tracking;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import replklab.base.LabException;

/**
 * The address in {@code MLFLOW_TRACKING_URI}, read as MLflow's own clients read it: a host may have a {@code _}, as in Docker
 * Compose, and user and password may hold characters that a URI would have escaped.
 *
 * @param uri the address without user, password, query and a slash at the end; its host is null where the host has a {@code _}
 * @param user decoded, with a password at most where there is a user
 */
record TrackingAddress(URI uri, Optional<String> user, Optional<String> password) {
    static final String VARIABLE = "MLFLOW_TRACKING_URI";

    private static final String ALLOWED =
            "it must be http://HOST:PORT or https://HOST:PORT of an MLflow server; unset it to use the embedded one";
    private static final Pattern PARTS = Pattern.compile("(?i)(https?)://([^/?#]*)([^?#]*).*", Pattern.DOTALL);
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\\.?|\\[[0-9A-Fa-f:.]+])(:(\\d{1,5})?)?");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/+");
    private static final Pattern ESCAPES = Pattern.compile("(%[0-9A-Fa-f]{2})+");
    private static final int LAST_PORT = 65_535;

    /** @throws LabException if it is none, which tells the address without what may be a password */
    static TrackingAddress of(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw unusable(text);
        }
        String authority = parts.group(2);
        String path = parts.group(3).replaceAll("/+$", "");
        int at = authority.lastIndexOf('@');
        Matcher place = HOST_AND_PORT.matcher(authority.substring(at + 1));
        boolean portFits = place.matches() && (place.group(4) == null || Integer.parseInt(place.group(4)) <= LAST_PORT);
        if (!portFits || path.contains("@")) { // a password with a / in it would be taken for host and path
            throw unusable(text);
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        String port = place.group(4) == null ? "" : ":" + place.group(4);
        if (scheme.equals("https") && place.group(1).contains("_")) {
            throw new LabException(VARIABLE + "=" + shown(text)
                    + " cannot be used: certificates allow no _ in a host's name; give the host another name");
        }
        Optional<String> login = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        try {
            return new TrackingAddress(
                    new URI(scheme + "://" + place.group(1) + port + path),
                    login.map(pair -> decoded(pair.split(":", 2)[0])),
                    login.map(pair -> pair.contains(":") ? decoded(pair.split(":", 2)[1]) : ""));
        } catch (URISyntaxException e) {
            throw unusable(text); // without the cause, whose message repeats the address
        }
    }

    /** An address as it may be shown: without user, password and query, whether it can be parsed or not. */
    static String shown(String text) {
        Matcher scheme = SCHEME.matcher(text);
        String start = scheme.lookingAt() ? scheme.group() : "";
        String rest = text.substring(start.length());
        int at = rest.lastIndexOf('@');
        boolean webLike = rest.substring(at + 1).replaceAll("[/?#].*", "").matches("[^:]*(:\\d*)?");
        if (!webLike || rest.contains("?") || rest.contains("#")) {
            return start + "***";
        }
        return start + (at < 0 ? rest : "***@" + rest.substring(at + 1));
    }

    private static LabException unusable(String text) {
        return new LabException(VARIABLE + "=" + shown(text) + " is not supported: " + ALLOWED);
    }

    /** Escapes become what they stand for; a lone {@code %} stays one. */
    private static String decoded(String text) {
        return ESCAPES.matcher(text).replaceAll(escapes -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String hex : escapes.group().substring(1).split("%")) {
                bytes.write(Integer.parseInt(hex, 16));
            }
            return Matcher.quoteReplacement(bytes.toString(StandardCharsets.UTF_8));
        });
    }
}
