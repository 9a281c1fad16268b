package replklab.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it sets the checkout's folder for the whole JVM")
class CheckoutNoteTest {
    private final CheckoutNote note = new CheckoutNote("note.txt");
    private final String before = System.getProperty(LabHome.PROPERTY);

    @TempDir
    Path folder;

    @BeforeEach
    void home() {
        System.setProperty(LabHome.PROPERTY, folder.toString());
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(LabHome.PROPERTY);
        } else {
            System.setProperty(LabHome.PROPERTY, before);
        }
    }

    @Test
    void whatWasKeptLastIsThere() throws Exception {
        assertThat(note.read()).isEmpty();
        note.keep("first");
        note.keep("sécond");
        assertThat(note.read()).hasValue("sécond");
        assertThat(new CheckoutNote("other.txt").read()).isEmpty();
        assertThat(Files.readString(folder.resolve(".lab/note.txt"))).isEqualTo("sécond");
    }

    @Test
    void whatCannotBeReadIsNotThere() throws Exception {
        Files.createDirectories(folder.resolve(".lab"));
        Files.write(folder.resolve(".lab/note.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(note.read()).as("no UTF-8").isEmpty();
    }

    @Test
    void aFolderInTheWayIsNamed() throws Exception {
        Files.createDirectories(folder.resolve(".lab/note.txt/x"));
        assertThatThrownBy(() -> note.keep("text")).hasMessageContaining("note.txt");
    }
}
