package replklab.tracking;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import replklab.tracking.MlflowUnreachable.Kind;

/**
 * HTTP to the tracking server, the one place for credentials, certificates and limits: no request takes longer than its limit,
 * body and all, and no redirect is followed.
 */
final class Transport implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long MOST_BYTES = 256L << 20;
    private static final Pattern CERTIFICATE = Pattern.compile("(?i)PKIX|certificate|subject|no name");

    private final Endpoint endpoint;
    private final AtomicLong answered = new AtomicLong();
    private final HttpClient http;

    Transport(Endpoint endpoint) {
        this.endpoint = endpoint;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        endpoint.tls().ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /**
     * Sends a request.
     *
     * @param uri the whole address
     * @param limit until the whole answer is there
     */
    HttpAnswer send(String method, String uri, HttpRequest.BodyPublisher body, String type, Duration limit)
            throws MlflowUnreachable {
        CompletableFuture<HttpResponse<String>> answer = null;
        URI address = URI.create(uri);
        String name = method + " " + address.getPath();
        try {
            HttpRequest.Builder request = builder(address).method(method, body).header("Content-Type", type);
            endpoint.credentials().header().ifPresent(value -> request.header("Authorization", value));
            answer = http.sendAsync(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_BYTES));
            return answer(name, answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new MlflowUnreachable(Kind.AWAY, "no answer within " + limit.toSeconds() + " s", name, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new MlflowUnreachable(Kind.AWAY, "interrupted", e);
        } catch (ExecutionException e) {
            throw failure(name, e.getCause());
        } catch (UnknownHostException e) {
            throw failure(name, e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** Java's client knows no host with a {@code _}: for such a one it gets the IP address, and the server the name. */
    private static HttpRequest.Builder builder(URI uri) throws UnknownHostException {
        if (uri.getHost() != null) {
            return HttpRequest.newBuilder(uri);
        }
        String[] authority = uri.getRawAuthority().split(":", 2);
        InetAddress address = InetAddress.getByName(authority[0]);
        String literal =
                address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        String port = authority.length > 1 ? ":" + authority[1] : "";
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return HttpRequest.newBuilder(URI.create(uri.getScheme() + "://" + literal + port + uri.getRawPath() + query))
                .header("Host", uri.getRawAuthority());
    }

    /** How many requests were answered with something else than an error. */
    long answered() {
        return answered.get();
    }

    private HttpAnswer answer(String request, HttpResponse<String> response) {
        if (response.statusCode() < 400) {
            answered.incrementAndGet();
        }
        return new HttpAnswer(
                request,
                response.statusCode(),
                endpoint.credentials().redact(response.body()),
                response.headers().firstValue("Retry-After").flatMap(Transport::pause),
                response.headers()
                        .firstValue("Location")
                        .map(place -> TrackingAddress.shown(place.replaceAll("[?#].*", ""))));
    }

    private static MlflowUnreachable failure(String request, Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException
                    && CERTIFICATE.matcher(String.valueOf(each.getMessage())).find()) {
                return new MlflowUnreachable(
                        Kind.BARRED,
                        "the encrypted connection fails (" + each.getMessage()
                                + "): name the server's certificate or its" + " authority's in " + TlsSettings.SERVER,
                        cause);
            }
            if (each instanceof UnresolvedAddressException || each instanceof UnknownHostException) {
                return new MlflowUnreachable(Kind.AWAY, "its host is unknown", cause);
            }
        }
        if (cause instanceof ConnectException) {
            return new MlflowUnreachable(Kind.AWAY, "no connection", cause);
        }
        String message =
                cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
        return new MlflowUnreachable(Kind.AWAY, message, request, cause);
    }

    /** Seconds, or a date. */
    private static Optional<Duration> pause(String header) {
        if (header.strip().matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())));
        }
        try {
            ZonedDateTime until = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration left = Duration.between(ZonedDateTime.now(until.getZone()), until);
            return Optional.of(left).filter(Duration::isPositive);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
