package replklab.tracking;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import replklab.base.OwnerOnly;

/**
 * By what the embedded server of one folder is told from every other program that may listen on its port. The key is made of
 * a random secret in {@code server.key} and of the folder's place, so that a copied folder has another one. The server
 * is asked to combine it with a number drawn for the question: nothing that listens learns the key by being asked.
 */
final class ServerKey {
    private static final int BYTES = 32;

    private final byte[] key;

    private ServerKey(byte[] key) {
        this.key = key;
    }

    /** The key of a folder, whose secret is drawn if it has none; the caller holds the folder's start lock. */
    static ServerKey of(Path folder) throws IOException {
        Path file = folder.resolve("server.key");
        byte[] secret = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        if (secret.length != BYTES) {
            secret = random();
            OwnerOnly.write(file, secret);
        }
        return new ServerKey(hmac(secret, folder.toRealPath().toString()));
    }

    /** For the server's process. */
    String hex() {
        return HexFormat.of().formatHex(key);
    }

    /**
     * What requests carry, so that a server of another folder refuses them when it has taken the port in between. It proves
     * nothing and need not be kept secret.
     */
    String token() {
        return "replklab-" + HexFormat.of().formatHex(hmac(key, "token"), 0, 16);
    }

    /** Whether what listens on a port of this machine is the server of this folder, and answers in time. */
    boolean answers(int port, Duration patience) {
        String nonce = HexFormat.of().formatHex(random());
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/replklab/proof?" + nonce))
                .timeout(patience)
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            byte[] expected =
                    HexFormat.of().formatHex(hmac(key, nonce + " " + port)).getBytes(StandardCharsets.UTF_8);
            return answer.statusCode() == 200
                    && MessageDigest.isEqual(expected, answer.body().strip().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
