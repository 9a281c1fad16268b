package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
    @TempDir
    Path folder;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void filesAndFoldersAreTheOwnersAlone() throws IOException {
        Path made = OwnerOnly.folder(folder.resolve("a/b"));
        Path file = made.resolve("token");
        OwnerOnly.write(file, "secret".getBytes(StandardCharsets.UTF_8));
        assertThat(permissions(made)).isEqualTo("rwx------");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(file).hasContent("secret");
        assertThat(made).isDirectoryContaining(path -> path.equals(file));
        assertThat(OwnerOnly.folder(made)).isDirectoryContaining(path -> path.equals(file));
    }

    @Test
    void aFileThatOthersCouldReadIsReplaced() throws IOException {
        Path log = Files.writeString(folder.resolve("log"), "before");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(OwnerOnly.empty(log)).isEqualTo(log).isEmptyFile();
        assertThat(permissions(log)).isEqualTo("rw-------");
    }
}
