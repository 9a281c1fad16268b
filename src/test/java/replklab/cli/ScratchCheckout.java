package replklab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import replklab.base.FileTree;
import replklab.base.LabHome;

/** An empty folder that commands take for the checkout during a test. */
final class ScratchCheckout implements BeforeEachCallback, AfterEachCallback {
    private String before;
    private Path folder;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("checkout").toRealPath();
        before = System.setProperty(LabHome.PROPERTY, folder.toString());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (before == null) {
            System.clearProperty(LabHome.PROPERTY);
        } else {
            System.setProperty(LabHome.PROPERTY, before);
        }
        FileTree.delete(folder);
    }

    Path resolve(String path) {
        return folder.resolve(path);
    }
}
