package replklab.tracking;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import replklab.base.LabException;

/** Whom we trust and who we are over HTTPS, by the variables of MLflow's own clients. */
final class TlsSettings {
    static final String SERVER = "MLFLOW_TRACKING_SERVER_CERT_PATH";
    private static final String CLIENT = "MLFLOW_TRACKING_CLIENT_CERT_PATH";
    private static final String INSECURE = "MLFLOW_TRACKING_INSECURE_TLS";

    private static final Pattern KEY = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");
    private static final char[] NO_PASSWORD = {};

    private TlsSettings() {}

    /** The context for these variables, empty where Java's own is right. */
    static Optional<SSLContext> context(Map<String, String> environment) {
        boolean insecure = List.of("true", "1")
                .contains(set(environment, INSECURE).orElse("").toLowerCase(Locale.ROOT));
        Optional<String> named = set(environment, SERVER);
        if (insecure && named.isPresent()) {
            throw new LabException(INSECURE + " and " + SERVER + " are both set: unset one of them");
        }
        String variable = Stream.of(SERVER, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
                .filter(name -> set(environment, name).isPresent())
                .findFirst()
                .orElse("");
        Optional<String> client = set(environment, CLIENT);
        if (!insecure && variable.isEmpty() && client.isEmpty()) {
            return Optional.empty();
        }
        try {
            TrustManager[] trusted = null; // Java's own
            if (insecure) {
                trusted = new TrustManager[] {new TrustsAll()};
            } else if (!variable.isEmpty()) {
                trusted = trusted(variable, Path.of(environment.get(variable)));
            }
            KeyManager[] own = client.isEmpty() ? null : own(Path.of(client.get()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new LabException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    /** @param place a file of certificates, or a folder of such files */
    private static TrustManager[] trusted(String variable, Path place) throws GeneralSecurityException {
        KeyStore store = empty();
        List<Certificate> certificates = new ArrayList<>();
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.list(place)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    certificates.addAll(certificates(variable, file));
                }
            } catch (IOException e) {
                throw unreadable(variable, place, e.toString());
            }
        } else {
            certificates.addAll(certificates(variable, place));
        }
        if (certificates.isEmpty()) {
            throw unreadable(variable, place, "there is no certificate in it");
        }
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("trusted" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** The certificate and the private key that a PEM file holds. */
    private static KeyManager[] own(Path file) throws GeneralSecurityException {
        List<Certificate> chain = certificates(CLIENT, file);
        try {
            Matcher key = KEY.matcher(Files.readString(file));
            if (chain.isEmpty() || !key.find()) {
                throw unreadable(
                        CLIENT,
                        file,
                        "it must hold a certificate and a key that begins with -----BEGIN PRIVATE KEY----- (as `openssl pkcs8"
                                + " -topk8 -nocrypt` writes it)");
            }
            KeyStore store = empty();
            store.setKeyEntry("own", key(file, key.group(1)), NO_PASSWORD, chain.toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException e) {
            throw unreadable(CLIENT, file, e.toString());
        }
    }

    private static PrivateKey key(Path file, String text) throws GeneralSecurityException {
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text));
        Optional<PrivateKey> key = Optional.empty();
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                key = Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm.
            }
        }
        return key.orElseThrow(() -> unreadable(CLIENT, file, "its key is none of RSA, EC and Ed25519"));
    }

    private static List<Certificate> certificates(String variable, Path file) throws GeneralSecurityException {
        try {
            List<Certificate> certificates = new ArrayList<>();
            Matcher blocks = CERTIFICATE.matcher(Files.readString(file)); // a key may stand beside them
            while (blocks.find()) {
                byte[] block = blocks.group().getBytes(StandardCharsets.US_ASCII);
                certificates.add(
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block)));
            }
            return certificates;
        } catch (IOException | GeneralSecurityException e) {
            throw unreadable(variable, file, e.toString());
        }
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static LabException unreadable(String variable, Path file, String reason) {
        return new LabException(variable + "=" + file + " cannot be used: " + reason);
    }

    private static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** What {@code MLFLOW_TRACKING_INSECURE_TLS} asks for: neither certificate nor host name is looked at. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // Nobody is turned away.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // Nobody is turned away.
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // Nobody is turned away.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // Nobody is turned away.
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // Nobody is turned away.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Nobody is turned away.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
