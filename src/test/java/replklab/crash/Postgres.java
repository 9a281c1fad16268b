package replklab.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL server of the suite's own, on 127.0.0.1 and in a folder that goes with it. */
final class Postgres implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path folder;
    private final Path programs;
    private final int port;

    private Postgres(Path folder, Path programs, int port) {
        this.folder = folder;
        this.programs = programs;
        this.port = port;
    }

    /** Starts one; without PostgreSQL on this machine the test is skipped, but fails in CI, which {@code ./lab test} gives it. */
    static Postgres start() throws IOException {
        Optional<Path> programs = programs();
        String missing = "PostgreSQL's server is missing: apt-get install postgresql";
        if ("true".equals(System.getenv("CI"))) {
            assertThat(programs).as(missing).isPresent();
        }
        assumeTrue(programs.isPresent(), missing);
        Postgres postgres =
                new Postgres(Files.createTempDirectory("replklab-postgres-"), programs.get(), MlflowProcess.freePort());
        postgres.prepare();
        return postgres;
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    private void prepare() throws IOException {
        if (isRoot()) {
            plainly("chown", "nobody", folder.toString());
        }
        Path data = folder.resolve("data");
        command("initdb", "-D", data.toString(), "-U", "mlflow", "-A", "trust", "-E", "UTF8", "--no-sync");
        command(
                "pg_ctl",
                "-D",
                data.toString(),
                "-w",
                "-t",
                "120",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder,
                "start");
        command("createdb", "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "mlflow", "mlflow");
    }

    /** For SQLAlchemy. */
    String uri() {
        return "postgresql+psycopg2://mlflow@127.0.0.1:" + port + "/mlflow";
    }

    @Override
    public void close() throws IOException {
        command("pg_ctl", "-D", folder.resolve("data").toString(), "-m", "immediate", "stop");
        plainly("rm", "-rf", folder.toString());
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** PostgreSQL refuses to run as root. */
    private void command(String program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        words.add(programs.resolve(program).toString());
        words.addAll(List.of(arguments));
        plainly(words.toArray(String[]::new));
    }

    private void plainly(String... words) throws IOException {
        Path said = Files.createTempFile("postgres", ".out"); // the server inherits it, so it is no pipe
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new AssertionError(
                        String.join(" ", words) + ":\n" + Files.readString(said, StandardCharsets.UTF_8));
            }
            Files.delete(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
