package replklab.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import replklab.base.LabException;

/** HTTPS with certificates that nobody has signed, as MLflow's own variables allow it. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;

    private static FakeMlflow mlflow;

    @BeforeAll
    static void serve() throws IOException, InterruptedException, GeneralSecurityException {
        make("server", "san=ip:127.0.0.1");
        make("client", "san=dns:client");
        make("elsewhere", "san=dns:elsewhere.example.org");
        KeyStore own = store("server");
        own.setCertificateEntry("client", store("client").getCertificate("client"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(own);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        mlflow = new FakeMlflow(Optional.of(context));
    }

    @AfterAll
    static void stop() {
        mlflow.close();
    }

    /** A key with its own certificate: {@code NAME.p12}, {@code NAME.crt} and both as {@code NAME.pem}. */
    private static void make(String name, String extension) throws IOException, InterruptedException {
        keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "3650", "-ext", extension);
        keytool(
                name,
                "-exportcert",
                "-rfc",
                "-file",
                folder.resolve(name + ".crt").toString());
        try {
            byte[] key = store(name).getKey(name, PASSWORD.toCharArray()).getEncoded();
            Files.writeString(
                    folder.resolve(name + ".pem"),
                    Files.readString(folder.resolve(name + ".crt")) + "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(key) + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void keytool(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias",
                name,
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve(name + ".p12").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static KeyStore store(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static List<String> ask(Map<String, String> variables) {
        Map<String, String> environment = new TreeMap<>(variables);
        environment.put("MLFLOW_TRACKING_URI", mlflow.uri());
        try (Tracker tracker = Tracker.open(environment, folder.resolve("mlruns"), folder, notice -> {})) {
            ActiveRun run = tracker.startRun(RunSpec.of("shortcut", "p"), folder.resolve("p"));
            run.artifactText("a.txt", "text");
            run.end(RunStatus.FINISHED);
            return tracker.query().experiments();
        }
    }

    @Test
    void aCertificateThatNobodySignedIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> ask(Map.of()))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("MLFLOW_TRACKING_SERVER_CERT_PATH")
                .hasMessageNotContaining("start it");
        assertThatThrownBy(() -> ask(Map.of(
                        TlsSettings.SERVER, folder.resolve("elsewhere.crt").toString())))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("MLFLOW_TRACKING_SERVER_CERT_PATH");
    }

    @Test
    void aCertificateThatIsNamedIsTrusted() throws IOException {
        Path bundle = folder.resolve("bundle.crt");
        Files.writeString(
                bundle,
                Files.readString(folder.resolve("elsewhere.crt")) + Files.readString(folder.resolve("server.crt")));
        ask(Map.of(TlsSettings.SERVER, folder.resolve("server.crt").toString()));
        ask(Map.of("REQUESTS_CA_BUNDLE", bundle.toString()));
        assertThat(mlflow.clients()).contains("nobody");
    }

    @Test
    void nothingIsCheckedWhereThatIsWanted() {
        ask(Map.of("MLFLOW_TRACKING_INSECURE_TLS", "true"));
        assertThatThrownBy(() -> ask(Map.of("MLFLOW_TRACKING_INSECURE_TLS", "1", TlsSettings.SERVER, "x.crt")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("both set");
    }

    @Test
    void theClientShowsItsOwnCertificate() {
        ask(Map.of(
                TlsSettings.SERVER,
                folder.resolve("server.crt").toString(),
                "MLFLOW_TRACKING_CLIENT_CERT_PATH",
                folder.resolve("client.pem").toString()));
        assertThat(mlflow.clients()).contains("CN=client");
    }

    @Test
    void aFileThatIsNoneIsNamed() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.crt"), "");
        Path nonsense = Files.writeString(folder.resolve("nonsense.crt"), "nonsense");
        for (Path file : List.of(empty, nonsense, folder.resolve("missing.crt"))) {
            for (String variable : List.of(TlsSettings.SERVER, "MLFLOW_TRACKING_CLIENT_CERT_PATH")) {
                assertThatThrownBy(() -> ask(Map.of(variable, file.toString())))
                        .isInstanceOf(LabException.class)
                        .hasMessageContaining(variable + "=" + file);
            }
        }
    }
}
