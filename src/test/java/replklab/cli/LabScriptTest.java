package replklab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code lab} where nothing is set up, in a folder whose name needs quoting. */
@DisabledOnOs(OS.WINDOWS)
class LabScriptTest {
    private static final Path HELP = Path.of("src/main/resources/replklab/cli/help.txt");

    @TempDir
    private Path folder;

    private Path checkout;

    private final Map<String, String> environment = new HashMap<>();

    private final List<String> asked = new CopyOnWriteArrayList<>();

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void copy() throws IOException {
        checkout = folder.resolve("my check'out");
        Files.createDirectories(checkout.resolve(HELP).getParent());
        Files.createDirectories(checkout.resolve("src/main"));
        Files.copy(HELP, checkout.resolve(HELP));
        Path fetch = Path.of("src/main/python/fetch_jdk.py");
        Files.createDirectories(checkout.resolve(fetch).getParent());
        Files.copy(fetch, checkout.resolve(fetch));
        Files.copy(Path.of("src/main/jvm.options"), checkout.resolve("src/main/jvm.options"));
        // No machine has this JDK.
        String script = Files.readString(Path.of("lab")).replace("JDK_VERSION=25", "JDK_VERSION=999");
        Files.writeString(checkout.resolve("lab"), script);
    }

    @Test
    void helpNeedsNothing() throws Exception {
        for (List<String> arguments : List.of(List.of("help"), List.of("--help"), List.<String>of())) {
            Result result = lab(checkout.resolve("lab"), arguments);
            assertThat(result.code()).isZero();
            assertThat(result.out()).isEqualTo(Files.readString(HELP));
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void worksThroughSymbolicLinks() throws Exception {
        Path first = Files.createSymbolicLink(checkout.resolve("first link"), Path.of("lab"));
        Path second = Files.createSymbolicLink(folder.resolve("second link"), first);
        assertThat(lab(second, List.of("help")).out()).isEqualTo(Files.readString(HELP));
    }

    @Test
    void withoutTheJdkItSaysHowToGetIt() throws Exception {
        Result result = lab(checkout.resolve("lab"), List.of("run"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("RepLK Lab needs a JDK 999")
                .contains("Found instead: ")
                .contains("conda env create -f environment.yml")
                .contains("apt install openjdk-999-jdk")
                .contains("sdk install java")
                .contains("./lab --yes setup");
        assertThat(lab(checkout.resolve("lab"), List.of("--no", "run")).err()).isEqualTo(result.err());
    }

    /** A JDK as Adoptium packs one; its java says what it was called with. */
    private byte[] archive(String version) throws Exception {
        Path jdk = Files.createDirectories(folder.resolve("packed-" + version + "/jdk-" + version + "+1/bin"));
        for (String tool : List.of("java", "javac")) {
            Path file = Files.writeString(jdk.resolve(tool), "#!/bin/sh\necho \"fetched: $*\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(jdk.getParent().resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
        Path packed = folder.resolve("jdk.tar.gz");
        Process tar = new ProcessBuilder(
                        "tar",
                        "czf",
                        packed.toString(),
                        "-C",
                        folder.resolve("packed-" + version).toString(),
                        ".")
                .start();
        assertThat(tar.waitFor()).isZero();
        return Files.readAllBytes(packed);
    }

    /** A server that speaks Adoptium's release API; it sends as many bytes of the archive as said. */
    private HttpServer adoptium(byte[] archive, int sent, String checksum) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/v3/assets/latest/999/hotspot", exchange -> {
            asked.add(exchange.getRequestURI().getQuery());
            byte[] answer = """
                    [{"binary": {"package": {"link": "%s/jdk.tar.gz", "checksum": "%s", "size": %d}}}]""".formatted(address, checksum, archive.length).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.createContext("/jdk.tar.gz", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive, 0, sent);
            exchange.getResponseBody().flush();
            exchange.close();
        });
        server.createContext("/nothing/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>log in</html>".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        environment.put("REPLKLAB_ADOPTIUM", address);
        return server;
    }

    /** What the build would leave. */
    private void built() throws IOException {
        for (String made :
                List.of("target/lib", ".lab", "src/main/java", "src/kernels", "src/main/resources", ".mvn")) {
            Files.createDirectories(checkout.resolve(made));
        }
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createFile(checkout.resolve("target/replk-lab.jar"));
        Files.writeString(checkout.resolve(".lab/built"), "cpu\n");
    }

    /** A JDK whose java is this shell script. */
    private void jdk(String java) throws IOException {
        Path bin = Files.createDirectories(checkout.resolve(".lab/jdk/bin"));
        Files.writeString(checkout.resolve(".lab/jdk/release"), "JAVA_VERSION=\"999.0.1\"\n");
        for (String tool : List.of("java", "javac")) {
            Path file = Files.writeString(bin.resolve(tool), "#!/bin/bash\n" + java + "\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }

    /** Through the real Java, whose standard error is its own again when the program begins. */
    @Test
    void theIncubatorModuleIsNotSpokenOf() throws Exception {
        built();
        jdk("exec '%s' \"$1\" -cp '%s' \"${@:2}\""
                .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path")));
        Result wrong = lab(checkout.resolve("lab"), List.of("model", "info", "replknet-31c"));
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("replknet-31b").doesNotContain("incubator");
        Result right = lab(checkout.resolve("lab"), List.of("model", "info", "replknet-31b"));
        assertThat(right.code()).isZero();
        assertThat(right.out()).contains("79527272");
        assertThat(right.err()).isEmpty();
    }

    @Test
    void whatJavaSaysBeforeItBeginsIsHeard() throws Exception {
        built();
        jdk(
                "echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2; echo Unrecognized VM option >&2; exit 1");
        Result result = lab(checkout.resolve("lab"), List.of("model", "info", "replknet-31b"));
        assertThat(result.code()).isEqualTo(1);
        for (int i = 0; i < 100 && result.err().isEmpty(); i++) { // the filter may end a little later
            Thread.sleep(50);
            result = new Result(1, "", Files.readString(folder.resolve("err")));
        }
        assertThat(result.err()).isEqualTo("Unrecognized VM option\n");
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void fetchesAJdkWhenTold() throws Exception {
        byte[] archive = archive("999");
        HttpServer server = adoptium(archive, archive.length, sha256(archive));
        try {
            built();
            Result first = lab(checkout.resolve("lab"), List.of("--yes", "list", "--json"));
            assertThat(first.code()).as(first.err()).isZero();
            assertThat(first.out()).contains("fetched: ", "replklab.cli.Main list --json");
            assertThat(first.err()).contains("needs a JDK 999", "Fetching http://127.0.0.1:", "jdk.tar.gz");
            assertThat(asked).singleElement().asString().contains("image_type=jdk", "os=", "architecture=");
            Result second = lab(checkout.resolve("lab"), List.of("list"));
            assertThat(second.out()).as("it stays").contains("fetched: ");
            assertThat(second.err()).isEmpty();
            assertThat(asked).hasSize(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatIsNotWholeOrNotTheRightOneIsNotUsed() throws Exception {
        byte[] archive = archive("999");
        byte[] other = archive("998");
        built();
        refused(adoptium(archive, archive.length, "0".repeat(64)), "should have " + "0".repeat(64));
        refused(adoptium(archive, archive.length / 2, sha256(archive)), "broke off");
        refused(adoptium(other, other.length, sha256(other)), "the archive holds no JDK 999");
        byte[] page = "<html>log in</html>".repeat(100).getBytes(StandardCharsets.UTF_8);
        refused(adoptium(page, page.length, sha256(page)), "the archive cannot be unpacked");
        HttpServer server = adoptium(archive, archive.length, sha256(archive));
        environment.compute("REPLKLAB_ADOPTIUM", (_, address) -> address + "/nothing");
        refused(server, "answered nothing that tells of a build: '<html>log in</html>'");
        environment.compute("REPLKLAB_ADOPTIUM", (_, address) -> address + "/missing");
        refused(null, "cannot be reached");
    }

    private void refused(HttpServer server, String why) throws Exception {
        try {
            Result result = lab(checkout.resolve("lab"), List.of("setup", "--yes"));
            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("No JDK was fetched: ", why);
            assertThat(checkout.resolve(".lab/jdk")).doesNotExist();
            assertThat(checkout.resolve(".lab/jdk.part")).doesNotExist();
        } finally {
            if (server != null) {
                server.stop(0);
            }
        }
    }

    private Result lab(Path script, List<String> arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(arguments);
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        return new Result(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
